"""Reviewscape for programs written with LangChain: embedders as `Embeddings`, a bundle as a store and a retriever.

`ReviewscapeEmbeddings("ollama:qwen3-embedding:0.6b")` · `BundleStore.open("demo/bundle")` ·
`BundleRetriever.open("demo/bundle", k=5)`; examples/ has scripts that run.
"""

from pipelines.adapters.embeddings import ReviewscapeEmbeddings
from pipelines.adapters.retriever import BundleRetriever
from pipelines.adapters.vector_store import BundleStore

__all__ = ["BundleRetriever", "BundleStore", "ReviewscapeEmbeddings"]

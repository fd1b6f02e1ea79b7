"""Reviewscape for programs written with LangChain: our embedders as `Embeddings`, a bundle as a `VectorStore`.

from pipelines.adapters import BundleStore, ReviewscapeEmbeddings

embeddings = ReviewscapeEmbeddings("ollama:qwen3-embedding:0.6b")
retriever = BundleStore.open("demo/bundle").as_retriever(search_kwargs={"k": 5})
"""

from pipelines.adapters.embeddings import ReviewscapeEmbeddings
from pipelines.adapters.vector_store import BundleStore

__all__ = ["BundleStore", "ReviewscapeEmbeddings"]

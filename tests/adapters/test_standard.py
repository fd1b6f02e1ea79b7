"""LangChain's own standard tests: embeddings with the bundled model, stores over two kinds of bundle, a retriever."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from langchain_core.embeddings import Embeddings
from langchain_core.retrievers import BaseRetriever
from langchain_core.vectorstores import VectorStore
from langchain_tests.integration_tests import (
    EmbeddingsIntegrationTests,
    RetrieversIntegrationTests,
    VectorStoreIntegrationTests,
)
from langchain_tests.integration_tests.vectorstores import EMBEDDING_SIZE
from langchain_tests.unit_tests import EmbeddingsUnitTests

from pipelines.adapters import BundleRetriever, BundleStore, ReviewscapeEmbeddings
from pipelines.store.bundle import write_bundle
from pipelines.store.reader import open_bundle
from pipelines.store.verify import verify
from tests.conftest import AnalysedSample, build_parts

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class TestEmbeddingsUnit(EmbeddingsUnitTests):
    @property
    def embeddings_class(self) -> type[Embeddings]:
        return ReviewscapeEmbeddings

    @property
    def embedding_model_params(self) -> dict:
        return {"name": "bundled"}


class TestEmbeddingsIntegration(EmbeddingsIntegrationTests):
    @property
    def embeddings_class(self) -> type[Embeddings]:
        return ReviewscapeEmbeddings

    @property
    def embedding_model_params(self) -> dict:
        return {"name": "bundled"}


class TestStoreOverAnEmptyBundle(VectorStoreIntegrationTests):
    @pytest.fixture
    def vectorstore(self, tmp_path: Path) -> VectorStore:
        bundle = open_bundle(write_bundle(tmp_path / "bundle", build_parts(0, dim=EMBEDDING_SIZE, topics=0)))
        return BundleStore(bundle, self.get_embeddings())


class TestStoreOverHiddenReviews(VectorStoreIntegrationTests):
    """A real analysis whose reviews are all hidden, embedded by the model that made it."""

    @pytest.fixture
    def vectorstore(self, analysed_sample: AnalysedSample, embeddings: Embeddings) -> Iterator[VectorStore]:
        bundle = open_bundle(analysed_sample.bundle)
        store = BundleStore(bundle, embeddings)
        store.delete()
        yield store
        assert not verify(bundle.path)


class TestRetriever(RetrieversIntegrationTests):
    @pytest.fixture(autouse=True)
    def _sample(self, analysed_sample: AnalysedSample) -> None:
        self.bundle = open_bundle(analysed_sample.bundle)

    @property
    def retriever_constructor(self) -> type[BaseRetriever]:
        return BundleRetriever

    @property
    def retriever_constructor_params(self) -> dict:
        return {"bundle": self.bundle}

    @property
    def retriever_query_example(self) -> str:
        return "the grinder is too loud"

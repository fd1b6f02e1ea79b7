"""Fixtures of the adapters' tests: the sample's embedder, loaded once."""

from __future__ import annotations

import pytest

from pipelines.adapters import BundleStore, ReviewscapeEmbeddings
from pipelines.store.reader import open_bundle
from tests.conftest import AnalysedSample


@pytest.fixture(scope="session")
def embeddings(analysed_sample: AnalysedSample) -> ReviewscapeEmbeddings:
    return ReviewscapeEmbeddings.of(analysed_sample.bundle)


@pytest.fixture
def store(analysed_sample: AnalysedSample, embeddings: ReviewscapeEmbeddings) -> BundleStore:
    """The coffee sample as a store."""
    return BundleStore(open_bundle(analysed_sample.bundle), embeddings)

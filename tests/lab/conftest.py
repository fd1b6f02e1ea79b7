"""One analysis for the tests of the lab, read by the bundled model."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines import embed
from pipelines.embed import embed_texts
from pipelines.store.bundle import BundleParts, write_bundle
from pipelines.store.reader import Bundle, open_bundle
from tests.embed.conftest import tiny_model
from tests.lab import made

__all__ = ["tiny_model"]


@pytest.fixture(scope="session", autouse=True)
def one_thread() -> Iterator[None]:
    """Small batches gain nothing from a second thread; the bits are the same."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REVIEWSCAPE_THREADS", "1")
        yield


@pytest.fixture(scope="session")
def kitchen(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    """120 reviews of five things."""
    return open_bundle(write_bundle(tmp_path_factory.mktemp("kitchen") / "bundle", made.parts(120)))


@pytest.fixture(scope="session")
def tiny_bundle(tiny_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    """The same reviews by a small random model that puts "ask: " before a question."""
    parts = made.parts(120)
    vectors = embed_texts(embed.resolve(f"st:{tiny_model}").embedder, parts.points["text"].tolist())
    read = BundleParts(
        rows=parts.rows,
        points=parts.points,
        vectors=vectors.matrix,
        state={},
        summary=parts.summary,
        config=parts.config,
        identity=dict(vectors.identity),
    )
    return open_bundle(write_bundle(tmp_path_factory.mktemp("tiny") / "bundle", read))

"""What a run has done is kept: each batch durable before the next is begun, whatever ends the run."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from pipelines.embed import VectorCache, embed_texts
from pipelines.errors import Cancelled, ProviderFailed
from pipelines.progress import unpacked
from tests.embed.moody import MoodyEmbedder

TEXTS = [f"text {i}" for i in range(22)]


class Watched(MoodyEmbedder):
    """Calls `before` with the number of its batch before it computes one."""

    def __init__(self, before: Callable[[int], None], *, batch_dependent: bool = False) -> None:
        super().__init__(batch_dependent=batch_dependent)
        self._before = before

    def embed_documents(self, texts: Sequence[str]) -> np.ndarray:
        self._before(len(self.calls))
        return super().embed_documents(texts)


@pytest.mark.parametrize("batch_dependent", [True, False])
def test_a_batch_is_durable_before_the_next_is_computed(batch_dependent: bool, tmp_path: Path) -> None:
    path = tmp_path / "vectors.db"
    seen = []

    def look(batch: int) -> None:
        # Another connection sees what is committed, and a journal still there would be a commit not over.
        other = sqlite3.connect(path)
        seen.append((batch * 4, other.execute("SELECT count(*) FROM vectors").fetchone()[0]))
        other.close()
        assert not path.with_name("vectors.db-journal").exists()

    with VectorCache(path) as cache:
        embed_texts(Watched(look, batch_dependent=batch_dependent), TEXTS, cache)
    assert seen == [(i, i) for i in range(0, 22, 4)]


@pytest.mark.parametrize("error", [ProviderFailed("gone"), KeyboardInterrupt(), MemoryError()])
def test_whatever_ends_a_run_the_batches_before_are_kept(error: BaseException, tmp_path: Path) -> None:
    def fail(batch: int) -> None:
        if batch == 3:
            raise error

    with VectorCache(tmp_path / "vectors.db") as cache:
        with pytest.raises(type(error)):
            embed_texts(Watched(fail), TEXTS, cache)
        assert cache.stats().texts == 12
        again = MoodyEmbedder(batch_dependent=False)
        vectors = embed_texts(again, TEXTS, cache)
        assert again.calls[0] == TEXTS[12:16]
        assert (vectors.counts["cached"], vectors.counts["embedded"]) == (12, 10)


@pytest.mark.parametrize("batch_dependent", [True, False])
def test_cancelled_after_any_batch_nothing_is_computed_twice(batch_dependent: bool, tmp_path: Path) -> None:
    def stop_at_each(stage: str, done: float, total: float, *, rate: float | None = None, note: str = "") -> None:
        if done > unpacked(note)["cached"]:
            raise Cancelled

    calls: list[list[str]] = []
    with VectorCache(tmp_path / "vectors.db") as cache:
        for _ in range(6):
            embedder = MoodyEmbedder(batch_dependent=batch_dependent)
            with pytest.raises(Cancelled):
                embed_texts(embedder, TEXTS, cache, stop_at_each)
            calls += embedder.calls
        last = MoodyEmbedder(batch_dependent=batch_dependent)
        matrix = embed_texts(last, TEXTS, cache, stop_at_each).matrix
    assert calls == [TEXTS[i : i + 4] for i in range(0, 22, 4)]
    assert last.calls == []
    np.testing.assert_array_equal(matrix, embed_texts(MoodyEmbedder(batch_dependent=batch_dependent), TEXTS).matrix)


@pytest.mark.parametrize("batch_dependent", [True, False])
def test_each_text_is_one_hit_or_one_miss(batch_dependent: bool, tmp_path: Path) -> None:
    path = tmp_path / "vectors.db"
    for hits, misses in ((0, 22), (22, 0)):
        with VectorCache(path) as cache:
            embed_texts(MoodyEmbedder(batch_dependent=batch_dependent), TEXTS, cache)
            assert (cache.stats().hits, cache.stats().misses) == (hits, misses)


@pytest.mark.parametrize("texts", [[], ["one"], ["same"] * 900, ["", ""], ["a", "b", "a"]])
def test_few_or_equal_texts_are_told_right(texts: list[str], tmp_path: Path) -> None:
    told: list[tuple[float, float, dict[str, int]]] = []

    def progress(stage: str, done: float, total: float, *, rate: float | None = None, note: str = "") -> None:
        told.append((done, total, unpacked(note)))

    distinct = len(set(texts))
    with VectorCache(tmp_path / "vectors.db") as cache:
        for cached in (0, distinct):
            embedder = MoodyEmbedder()
            vectors = embed_texts(embedder, texts, cache, progress)
            assert vectors.matrix.shape == (len(texts), 8)
            assert vectors.counts["embedded"] == sum(map(len, embedder.calls)) == distinct - cached
            if texts:
                assert told[-1] == (distinct, distinct, {"tokens": distinct - cached, "cached": cached})
                assert all(
                    vectors.matrix[texts.index(text)].tobytes() == row.tobytes()
                    for text, row in zip(texts, vectors.matrix, strict=True)
                )

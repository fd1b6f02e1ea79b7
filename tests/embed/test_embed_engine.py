"""The engine: nothing twice, nothing lost, the same bits after a stop; and the batches of local models."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from pipelines.embed import VectorCache, embed_texts
from pipelines.embed.base import normalise
from pipelines.embed.bundled import BundledEmbedder
from pipelines.embed.encoder import batches_of_one_length, joined_batches
from pipelines.errors import Cancelled
from tests.embed.moody import MoodyEmbedder

WORDS = ["the", "coffee", "machine", "leaks", "water", "when", "heated", "makes", "a", "very", "loud", "noise"]


class Stopper:
    """A Progress that cancels when so many texts are done, and notes what it was told."""

    def __init__(self, at: float = float("inf")) -> None:
        self.at = at
        self.told: list[tuple[float, float]] = []

    def __call__(self, stage: str, done: float, total: float, *, rate: float | None = None, note: str = "") -> None:
        assert stage == "embedding"
        self.told.append((done, total))
        if done >= self.at:
            raise Cancelled


@pytest.fixture(scope="module")
def bundled() -> BundledEmbedder:
    return BundledEmbedder()


def _texts(n: int, seed: int = 0) -> list[str]:
    rng = np.random.default_rng(seed)
    return [f"{i} " + " ".join(rng.choice(WORDS, rng.integers(1, 40))) for i in range(n)]


@pytest.mark.parametrize("batch_dependent", [True, False])
def test_a_stopped_run_goes_on_with_the_same_bits(batch_dependent: bool, tmp_path: Path) -> None:
    texts = _texts(30)
    whole = embed_texts(MoodyEmbedder(batch_dependent=batch_dependent), texts).matrix
    with VectorCache(tmp_path / "vectors.db") as cache:
        # An earlier file holds some of the texts, in batches of other sizes.
        embed_texts(MoodyEmbedder(batch_dependent=batch_dependent), texts[3:9], cache)
        with pytest.raises(Cancelled):
            embed_texts(MoodyEmbedder(batch_dependent=batch_dependent), texts, cache, Stopper(at=14))
        again = MoodyEmbedder(batch_dependent=batch_dependent)
        resumed = embed_texts(again, texts, cache)
        assert resumed.counts["cached"] >= 12
        assert sum(map(len, again.calls)) == resumed.counts["embedded"] <= 18
        np.testing.assert_array_equal(resumed.matrix, whole)
        last = MoodyEmbedder(batch_dependent=batch_dependent)
        assert embed_texts(last, texts, cache).counts["embedded"] == 0
        assert last.calls == []


def test_progress_counts_distinct_texts_up_to_the_end(tmp_path: Path) -> None:
    progress = Stopper()
    vectors = embed_texts(MoodyEmbedder(), [*_texts(10), *_texts(10)], None, progress)
    assert vectors.counts["distinct"] == 10
    assert progress.told[0] == (0, 10)
    assert progress.told[-1] == (10, 10)
    assert [done for done, _ in progress.told] == sorted(done for done, _ in progress.told)


def test_bundled_bits_do_not_depend_on_the_batch(bundled: BundledEmbedder) -> None:
    assert not bundled.batch_dependent
    texts = _texts(90)
    together = bundled.embed_documents(texts)
    for some in ([0], [7, 89], list(range(40, 70)), list(range(89, 50, -1))):
        np.testing.assert_array_equal(bundled.embed_documents([texts[i] for i in some]), together[some])


def test_bundled_bits_do_not_depend_on_the_batch_size(
    bundled: BundledEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = _texts(60)
    matrix = bundled.embed_documents(texts)
    monkeypatch.setenv("REVIEWSCAPE_BATCH_TOKENS", "300")
    np.testing.assert_array_equal(bundled.embed_documents(texts), matrix)


def test_bundled_vectors_are_those_of_the_model(bundled: BundledEmbedder) -> None:
    from sentence_transformers import SentenceTransformer

    from pipelines.embed.bundled import model_folder

    texts = _texts(25)
    plain = SentenceTransformer(str(model_folder()), device="cpu").encode(texts, normalize_embeddings=True)
    exact = BundledEmbedder(arithmetic_name="fp32").embed_documents(texts)
    np.testing.assert_allclose(exact, plain, atol=2e-6)
    assert (np.einsum("ij,ij->i", bundled.embed_documents(texts), plain) > 0.999).all()


def test_batches_hold_one_length_and_keep_the_budget() -> None:
    lengths = np.random.default_rng(0).integers(3, 60, 500)
    batches = batches_of_one_length(lengths, 256)
    assert sorted(i for batch in batches for i in batch) == list(range(500))
    assert all(len(set(lengths[batch])) == 1 for batch in batches)
    assert all(lengths[batch].sum() <= 256 for batch in batches)
    joined = joined_batches(lengths, 256)
    assert sorted(i for batch in joined for i in batch) == list(range(500))
    assert all(lengths[batch].sum() <= 256 for batch in joined)
    assert len(joined) <= len(batches)
    assert batches_of_one_length(np.array([9999, 1]), 256) == [[1], [0]]


@pytest.mark.parametrize("width", [2, 32, 384, 4096])
def test_what_is_of_length_one_keeps_its_bits(width: int):
    once = normalise(np.random.default_rng(width).standard_normal((2_000, width)))
    np.testing.assert_array_equal(normalise(once), once)
    assert not normalise(np.zeros((1, width), np.float32)).any()

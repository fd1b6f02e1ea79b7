"""The stage of embedding: a draft's stand-in, what is told while it is made, and a few phrases beside the file's."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from pipelines import embed, embedding
from pipelines.config import AnalyzeConfig
from pipelines.embed.bundled import BundledEmbedder
from pipelines.embed.combined import CutEmbedder
from pipelines.embed.gloss import GlossEmbedder
from pipelines.embed.lexical import LexicalEmbedder
from pipelines.embed.offline_zh import OfflineChineseEmbedder
from pipelines.embed.static import StaticEmbedder
from pipelines.errors import Cancelled
from pipelines.types import Units

TEXTS = ["The grinder jams.", "Milk foams well.", "早餐很丰盛", "隔音太差"]
PHRASES = ["very good", "非常好", "terrible, never again"]


@pytest.fixture
def cache(tmp_path: Path):
    with embed.VectorCache(tmp_path / "vectors.db") as opened:
        yield opened


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REVIEWSCAPE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("REVIEWSCAPE_ARITHMETIC", "torch-fp32")


def _units(language: str) -> Units:
    return Units(np.arange(4), TEXTS, TEXTS, [language] * 4)


@pytest.mark.parametrize(
    ("draft", "language", "name"),
    [(False, "en", "bundled"), (True, "en", "static:bundled"), (True, "zh", "offline-zh-draft")],
)
def test_a_draft_is_asked_of_the_registry(draft: bool, language: str, name: str) -> None:
    wanted = {"en": "auto", "zh": "offline-zh"}[language]
    assert embedding.chosen(AnalyzeConfig(embedder=wanted, draft=draft), _units(language)).name == name


@pytest.mark.parametrize(
    "make",
    [
        BundledEmbedder,
        LexicalEmbedder,
        lambda: StaticEmbedder(BundledEmbedder()),
        lambda: CutEmbedder(BundledEmbedder(), 64),
        lambda: OfflineChineseEmbedder([GlossEmbedder(), LexicalEmbedder()]),
    ],
    ids=["bundled", "lexical", "static", "cut", "offline-zh"],
)
def test_phrases_are_embedded_as_the_file_was(make, cache: embed.VectorCache) -> None:
    embedder = make()
    vectors = embedding.vectors(embedder, TEXTS, cache)
    before = embedder.embed_documents(TEXTS + PHRASES)
    encode = embedding.encoder(embedder, cache)
    assert encode is not None
    for _ in range(2):
        np.testing.assert_array_equal(encode(PHRASES), before[len(TEXTS) :])
    np.testing.assert_array_equal(embedder.embed_documents(TEXTS), vectors.matrix)


def test_a_warm_run_loads_no_model_for_its_phrases(cache: embed.VectorCache) -> None:
    first = embedding.encoder(CutEmbedder(BundledEmbedder(), 32), cache)
    inner = BundledEmbedder()
    again = embedding.encoder(CutEmbedder(inner, 32), cache)
    assert first is not None
    assert again is not None
    np.testing.assert_array_equal(first(PHRASES), again(PHRASES))
    assert inner.tokens == 0
    assert "encoder" not in vars(inner)


def test_nobody_is_asked_for_phrases_of_a_remote_model(cache: embed.VectorCache) -> None:
    remote = embed.resolve("ollama:qwen3-embedding:0.6b").embedder
    assert embedding.encoder(remote, cache) is None
    assert embedding.encoder(None, cache) is None


def test_a_draft_tells_and_stops_while_its_tokens_are_made(cache: embed.VectorCache) -> None:
    told: list[tuple[float, float]] = []

    def note(stage: str, done: float, total: float, *, rate: float | None = None, note: str = "") -> None:
        told.append((done, total))
        if len(told) == 2:
            raise Cancelled

    draft = CutEmbedder(StaticEmbedder(BundledEmbedder()), 64)
    with pytest.raises(Cancelled):
        embedding.vectors(draft, TEXTS, cache, note)
    assert told[0] == (0, told[1][1])
    assert told[0][1] > len(TEXTS)
    assert embedding.vectors(draft, TEXTS, cache).matrix.shape == (4, 64)

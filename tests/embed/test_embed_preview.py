"""What a run would cost, told before; the cap that stops it before anything is sent."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from pipelines.embed import VectorCache, embed_texts, resolve
from pipelines.embed.base import document_identity
from pipelines.embed.ollama import OllamaEmbedder
from pipelines.embed.openai import OpenAIEmbedder
from pipelines.embed.preview import check_agreed, preview
from pipelines.embed.prompts import Prompts
from pipelines.embed.remote import RemoteEmbedder
from pipelines.embed.retry import Patience
from pipelines.embed.tokens import estimate, estimate_all
from pipelines.errors import UnusableInput
from tests.embed.provider_server import ProviderServer
from tests.embed.providers import TEXTS


def test_a_preview_counts_what_is_known_and_sends_nothing(
    provider: RemoteEmbedder, server: ProviderServer, tmp_path: Path
) -> None:
    with VectorCache(tmp_path / "vectors.db") as cache:
        before = preview(provider, [*TEXTS, *TEXTS], cache)
        assert (before.texts, before.distinct, before.cached, before.to_embed) == (46, 23, 0, 23)
        assert before.tokens == estimate_all(TEXTS)
        assert before.endpoint == server.url
        assert server.url in str(before.told())
        assert server.requests == []
        embed_texts(provider, TEXTS[:20], cache)
        after = preview(provider, TEXTS, cache)
        assert (after.cached, after.to_embed, after.tokens) == (20, 3, estimate_all(TEXTS[20:]))
        assert preview(provider, [], cache).tokens == 0
        assert (cache.stats().hits, cache.stats().misses) == (0, 20), "only the run counts for the hit rate"


def test_a_preview_counts_prompts_and_texts_too_long(server: ProviderServer, patience: Patience) -> None:
    bare = OpenAIEmbedder("any", server.url, patience=patience)
    marked = OpenAIEmbedder("any", server.url, prompts=Prompts("", "passage: "), patience=patience)
    assert preview(marked, TEXTS).tokens > preview(bare, TEXTS).tokens
    assert preview(bare, ["word " * 9000, "short"]).cut_off == 1


@pytest.mark.parametrize("name", ["bundled", "lexical", "offline-zh"])
def test_a_model_of_this_computer_sends_nothing(name: str) -> None:
    told = preview(resolve(name).embedder, ["coffee", "tea", "tea"])
    assert told.distinct == 2
    assert not told.paid
    assert not told.remote
    assert told.within_budget
    assert "nothing is sent" in str(told.told())


def test_a_run_over_the_budget_is_refused_before_anything_is_sent(
    server: ProviderServer, patience: Patience, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, keys: None
) -> None:
    embedder = OpenAIEmbedder("any", server.url, patience=patience)
    monkeypatch.setenv("REVIEWSCAPE_EMBED_MAX_PAID_TOKENS", "30")
    embed_texts(embedder, TEXTS[:20])
    embedder.paid = True
    server.requests.clear()
    with pytest.raises(UnusableInput, match="more than the 30 allowed"):
        embed_texts(embedder, TEXTS)
    assert server.requests == []
    assert not preview(embedder, TEXTS).within_budget
    with VectorCache(tmp_path / "vectors.db") as cache:
        for start in range(0, 20, 4):
            embed_texts(embedder, TEXTS[start : start + 4], cache)
        assert embed_texts(embedder, TEXTS[:21], cache).counts["embedded"] == 1, "what is cached costs nothing"
    monkeypatch.setenv("REVIEWSCAPE_EMBED_MAX_PAID_TOKENS", "0")
    embed_texts(embedder, TEXTS)


def _qwen() -> object:
    """Qwen's own vocabulary, as the DashScope package brings it."""
    import base64

    tiktoken = pytest.importorskip("tiktoken")
    dashscope = pytest.importorskip("dashscope")
    path = Path(dashscope.__file__).parent / "resources" / "qwen.tiktoken"
    if not path.is_file():
        pytest.skip("no vocabulary in this version")
    lines = [line.split() for line in path.read_bytes().splitlines() if line.strip()]
    pattern = (
        r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}"
        r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
    )
    ranks = {base64.b64decode(token): int(rank) for token, rank in lines}
    return tiktoken.Encoding("qwen", pat_str=pattern, mergeable_ranks=ranks, special_tokens={})


def test_the_estimate_is_near_the_true_count() -> None:
    encoding = _qwen()
    for text in (
        "The kettle whistles so loudly that the neighbours complained; otherwise it boils 1.5 litres in 4 minutes.",
        "水壶的声音太大了，邻居都来投诉，不过烧水很快，1.5升只要4分钟，总体还是满意的。",
        "La bouilloire siffle tellement fort que les voisins se sont plaints, sinon elle est très rapide.",
        "やかんの音が大きすぎて近所から苦情が来ました。でもお湯はすぐに沸きます。",
    ):
        true = len(encoding.encode(text))  # type: ignore[attr-defined]
        assert estimate(text) == pytest.approx(true, rel=0.3)


def test_an_estimate_is_never_nothing() -> None:
    assert estimate("") == 1
    assert estimate("\ud83d \x00") >= 1
    assert estimate("👍👍👍") >= 3


def test_what_costs_money_needs_a_word_which_hears_what_would_be_sent(
    server: ProviderServer, patience: Patience, tmp_path: Path
) -> None:
    embedder = OpenAIEmbedder("any", "https://away.example.invalid/v1", patience=patience)
    with VectorCache(tmp_path / "vectors.db") as cache:
        rows = np.eye(20, 32, dtype=np.float32)
        cache.put(document_identity(embedder.identity()), TEXTS[:20], rows)
        tokens = estimate_all(TEXTS[20:])
        said = rf"3 texts \(about {tokens} tokens\) would go to https://away\.example\.invalid/v1; 20 are known"
        with pytest.raises(UnusableInput, match=said):
            check_agreed(embedder, TEXTS, cache, agreed=False)
        told = check_agreed(embedder, TEXTS, cache, agreed=True)
        assert told is not None
        assert (told.to_embed, told.cached, told.leaves) == (3, 20, True)
        assert check_agreed(embedder, TEXTS[:20], cache, agreed=False) is None, "what is known costs nothing"


def test_no_word_is_needed_where_nothing_leaves_this_computer(server: ProviderServer, patience: Patience) -> None:
    here = OpenAIEmbedder("any", server.url, patience=patience)
    assert check_agreed(here, TEXTS, agreed=False) is None
    assert check_agreed(resolve("bundled").embedder, TEXTS, agreed=False) is None
    assert server.requests == []


def test_a_free_server_elsewhere_is_told_without_a_word(patience: Patience) -> None:
    away = OllamaEmbedder("qwen3-embedding:0.6b", base_url="http://gpu.example.invalid:11434", patience=patience)
    told = check_agreed(away, TEXTS, agreed=False)
    assert told is not None
    assert "23 texts" in str(told.told())
    assert "gpu.example.invalid" in str(told.told())


def test_over_the_budget_no_word_helps(patience: Patience, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REVIEWSCAPE_EMBED_MAX_PAID_TOKENS", "30")
    embedder = OpenAIEmbedder("any", "https://away.example.invalid/v1", patience=patience)
    for agreed in (True, False):
        with pytest.raises(UnusableInput, match="more than the 30 allowed"):
            check_agreed(embedder, TEXTS, agreed=agreed)

"""What every embedder must do, run over all of them; providers answer through a real server on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from pipelines.embed import Embedder, embed_texts, restore, trial
from pipelines.embed.base import identity_digest, is_combined, keeps
from pipelines.embed.bundled import BundledEmbedder
from pipelines.embed.combined import CutEmbedder
from pipelines.embed.dashscope import DashScopeEmbedder
from pipelines.embed.gloss import GlossEmbedder
from pipelines.embed.lexical import LexicalEmbedder
from pipelines.embed.local import SentenceTransformerEmbedder
from pipelines.embed.offline_zh import OfflineChineseEmbedder
from pipelines.embed.offline_zh_draft import OfflineChineseDraft
from pipelines.embed.ollama import OllamaEmbedder
from pipelines.embed.openai import OpenAIEmbedder
from pipelines.embed.preview import preview
from pipelines.embed.retry import Patience
from pipelines.embed.static import StaticEmbedder
from tests.embed.provider_server import ProviderServer

KINDS = (
    "bundled",
    "bundled-fp32",
    "bundled-cut",
    "st",
    "lexical",
    "gloss",
    "offline-zh",
    "offline-zh-draft",
    "static",
    "dashscope",
    "ollama",
    "openai",
)
TEXTS = [
    "The grinder jams every morning.",
    "咖啡很香，机器有点吵",
    "Très bon café ☕️👍🏽",
    "x",
    "ひらがな 한국어 عربي",
    "half a \ud83d pair and a \x00 sign",
    "very long " * 600,
    "The steam wand is weak.",
    "!!!",
]
COUNTS = ("texts", "distinct", "embedded", "cached", "tokens", "truncated", "refused")
_LOADED: dict[str, Embedder] = {}


def _local(kind: str, tiny_model: Path) -> Embedder:
    """Local models are loaded once for all tests of this file."""
    if kind not in _LOADED:
        made = {
            "bundled": BundledEmbedder,
            "bundled-fp32": lambda: BundledEmbedder(arithmetic_name="fp32"),
            "gloss": GlossEmbedder,
            "bundled-cut": lambda: CutEmbedder(_local("bundled", tiny_model), 64),
            "st": lambda: SentenceTransformerEmbedder(str(tiny_model)),
            "static": lambda: StaticEmbedder(_local("st", tiny_model)),
        }[kind]
        _LOADED[kind] = made()
    return _LOADED[kind]


@pytest.fixture(params=KINDS)
def embedder(
    request: pytest.FixtureRequest, server: ProviderServer, patience: Patience, keys: None, tiny_model: Path
) -> Iterator[Embedder]:
    kind = request.param
    if kind == "lexical":
        yield LexicalEmbedder()
    elif kind == "offline-zh":
        yield OfflineChineseEmbedder([_local("gloss", tiny_model), LexicalEmbedder()])
    elif kind == "offline-zh-draft":
        yield OfflineChineseDraft()
    elif kind == "dashscope":
        yield DashScopeEmbedder("text-embedding-v4", dim=64, base_url=server.url, patience=patience)
    elif kind == "ollama":
        yield OllamaEmbedder("qwen3-embedding:0.6b", dim=32, base_url=server.url, patience=patience)
    elif kind == "openai":
        yield OpenAIEmbedder("any", server.url, patience=patience)
    else:
        yield _local(kind, tiny_model)


def test_vectors_have_their_shape_type_and_length(embedder: Embedder) -> None:
    vectors = embed_texts(embedder, TEXTS)
    assert vectors.matrix.shape == (len(TEXTS), embedder.dim)
    assert vectors.matrix.dtype == np.float32
    assert vectors.matrix.flags.c_contiguous
    np.testing.assert_allclose(np.linalg.norm(vectors.matrix, axis=1), 1, atol=1e-5)
    assert 0 < vectors.query_dim <= embedder.dim
    assert vectors.counts["texts"] == vectors.counts["distinct"] == len(TEXTS)
    assert all(isinstance(array, np.ndarray) and array.dtype != object for array in vectors.state.values())


def test_a_text_longer_than_the_model_reads_is_counted(embedder: Embedder) -> None:
    reads_all = embedder.remote or embedder.name in ("lexical", "offline-zh-draft")
    assert embed_texts(embedder, TEXTS).counts["truncated"] == (0 if reads_all else 1)
    assert embed_texts(embedder, TEXTS[:3]).notes == ()


def test_a_model_can_be_tried(embedder: Embedder) -> None:
    tried = trial.test_model(embedder)
    assert tried.dim == embedder.dim
    assert len(tried.first) == 5
    assert all(-1.001 <= cosine <= 1.001 for _, _, cosine in tried.pairs)


def test_a_preview_sends_nothing(embedder: Embedder, server: ProviderServer) -> None:
    told = preview(embedder, [*TEXTS, *TEXTS])
    assert (told.texts, told.distinct, told.to_embed) == (18, 9, 9)
    assert told.tokens > 0
    assert server.requests == []


def test_no_texts_give_no_rows(embedder: Embedder) -> None:
    vectors = embed_texts(embedder, [])
    assert vectors.matrix.shape == (0, embedder.dim)
    assert vectors.counts == dict.fromkeys(COUNTS, 0)


def test_order_of_the_texts_changes_no_bit(embedder: Embedder) -> None:
    matrix = embed_texts(embedder, TEXTS).matrix
    if keeps(embedder) and not (is_combined(embedder) and not any(map(keeps, embedder.parts))):
        again = embedder.embed_documents(TEXTS[::-1])
    else:
        again = embed_texts(embedder, TEXTS[::-1]).matrix
    np.testing.assert_array_equal(again[::-1], matrix)


def test_a_second_run_gives_the_same_bits(embedder: Embedder) -> None:
    first, second = (embed_texts(embedder, TEXTS) for _ in range(2))
    np.testing.assert_array_equal(first.matrix, second.matrix)
    assert first.identity == second.identity
    assert identity_digest(first.identity) == identity_digest(dict(reversed(first.identity.items())))


def test_a_text_alone_has_the_bits_it_has_among_others(embedder: Embedder) -> None:
    matrix = embed_texts(embedder, TEXTS).matrix
    if keeps(embedder):
        alone = [embedder.embed_documents([text])[0] for text in TEXTS]
    else:
        alone = [embed_texts(embedder, [text]).matrix[0] for text in TEXTS]
    np.testing.assert_array_equal(np.stack(alone), matrix)


def test_duplicates_share_one_vector(embedder: Embedder) -> None:
    vectors = embed_texts(embedder, [TEXTS[0], TEXTS[1], TEXTS[0], TEXTS[0]])
    assert vectors.counts["distinct"] == 2
    np.testing.assert_array_equal(vectors.matrix[0], vectors.matrix[2])
    np.testing.assert_array_equal(vectors.matrix[0], vectors.matrix[3])


@pytest.mark.parametrize("texts", [["one"], ["一样"] * 500, ["a", "b"], ["好", "好的", "不好"], ["?", "!", "…"]])
def test_few_or_equal_texts_do_no_harm(embedder: Embedder, texts: list[str]) -> None:
    matrix = embed_texts(embedder, texts).matrix
    assert matrix.shape == (len(texts), embedder.dim)
    np.testing.assert_allclose(np.linalg.norm(matrix, axis=1), 1, atol=1e-5)


def test_a_plan_holds_every_text_once(embedder: Embedder) -> None:
    texts = [f"{text} {i}" for i in range(9) for text in TEXTS]
    batches = list(embedder.plan(texts))
    assert sorted(i for batch in batches for i in batch) == list(range(len(texts)))
    assert all(0 < len(batch) <= embedder.max_batch for batch in batches)
    assert list(embedder.plan([])) == []


def test_a_query_is_a_vector_of_the_same_space(embedder: Embedder) -> None:
    vectors = embed_texts(embedder, TEXTS)
    query = embedder.embed_query("grinder jams")
    assert query.shape == (embedder.dim,)
    assert query.dtype == np.float32
    assert np.linalg.norm(query) == pytest.approx(1, abs=1e-5)
    if embedder.name in ("bundled", "lexical", "gloss", "offline-zh"):
        width = vectors.query_dim
        assert int(np.argmax(vectors.matrix[:, :width] @ query[:width])) == 0


def test_the_identity_is_plain_and_holds_no_key(embedder: Embedder) -> None:
    told = str(embedder.identity())
    assert embedder.identity()["name"] == embedder.name
    assert "sk-test" not in told


def test_a_bundle_brings_its_embedder_back(embedder: Embedder) -> None:
    if embedder.remote or "fp32" in str(embedder.identity().get("arithmetic")):
        return  # needs the provider's address, or the arithmetic of this machine
    vectors = embed_texts(embedder, TEXTS)
    again = restore(vectors.identity, vectors.state)
    assert again.identity() == vectors.identity
    np.testing.assert_array_equal(again.embed_documents(TEXTS), vectors.matrix)
    np.testing.assert_array_equal(again.embed_query("weak steam"), embedder.embed_query("weak steam"))

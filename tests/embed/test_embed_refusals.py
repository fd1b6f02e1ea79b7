"""What a provider will not take: one text costs the others nothing, a long one is cut and counted, the rest is told."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pipelines.embed import VectorCache, embed_texts, without_refused
from pipelines.embed.dashscope import DashScopeEmbedder
from pipelines.embed.openai import OpenAIEmbedder
from pipelines.embed.refusals import Asked, BatchRefusedError, raise_for_refusal, read_error
from pipelines.embed.remote import PROBE, RemoteEmbedder
from pipelines.embed.retry import Patience, TransientError
from pipelines.errors import MissingKey, ProviderFailed, ReviewscapeError, UnusableInput
from tests.embed.faults import FILTERED
from tests.embed.provider_server import Answer, ProviderServer, refuse_texts, status, texts_of
from tests.embed.providers import DIM, TEXTS, expected

TOO_LONG = {
    "dashscope": (400, {"code": "InvalidParameter", "message": "Range of input length should be [1, 8192]"}),
    "openai": (400, {"error": {"message": "This model's maximum context length is 8192 tokens", "code": None}}),
    "ollama": (400, {"error": "the input length exceeds the context length"}),
}


@pytest.mark.parametrize("bad", [[4], [0, 22], [7, 8, 9], [3, 12, 13, 20]])
def test_a_filtered_text_costs_the_others_nothing(
    bad: list[int], kind: str, provider: RemoteEmbedder, server: ProviderServer, tmp_path: Path, waits: list[float]
) -> None:
    texts = [f"bad {text}" if i in bad else text for i, text in enumerate(TEXTS)]
    server.rules = [refuse_texts("bad", *FILTERED[kind])]
    with VectorCache(tmp_path / "vectors.db") as cache:
        vectors = embed_texts(provider, [*texts, texts[bad[0]]], cache)
        assert cache.stats().texts == len(TEXTS) - len(bad)
        assert vectors.refused == dict.fromkeys([*bad, len(TEXTS)], "content")
        assert vectors.counts["refused"] == len(bad)
        assert vectors.counts["embedded"] == len(TEXTS) - len(bad)
        assert "content filter" in str(vectors.notes[0])
        good = [i for i in range(len(TEXTS)) if i not in bad]
        np.testing.assert_allclose(vectors.matrix[good], expected([TEXTS[i] for i in good]), atol=1e-6)
        assert not vectors.matrix[list(vectors.refused)].any()
        kept, rest = without_refused(vectors)
        assert np.flatnonzero(kept).tolist() == good
        np.testing.assert_array_equal(rest.matrix, vectors.matrix[good])
        assert not rest.refused
        asked = len(server.requests)
        again = embed_texts(provider, texts, cache)
        assert set(server.sent[-(len(server.requests) - asked) :]) <= {texts[i] for i in bad}
        assert again.counts["cached"] == len(good)
        np.testing.assert_array_equal(again.matrix, vectors.matrix[:-1])
    assert waits == []


def test_when_every_text_is_filtered_the_run_ends(kind: str, provider: RemoteEmbedder, server: ProviderServer) -> None:
    server.rules = [refuse_texts("", *FILTERED[kind])]
    with pytest.raises(ProviderFailed, match="refused 5 of 5 texts"):
        embed_texts(provider, TEXTS[:5])


def test_a_filtered_query_is_told(kind: str, provider: RemoteEmbedder, server: ProviderServer) -> None:
    server.rules = [refuse_texts("bad", *FILTERED[kind])]
    with pytest.raises(ProviderFailed, match="content filter") as caught:
        provider.embed_query("a bad question")
    assert "bad question" not in str(caught.value)


def test_a_text_refused_for_no_known_reason_is_set_apart(provider: RemoteEmbedder, server: ProviderServer) -> None:
    server.rules = [refuse_texts("odd", 400, {"code": "X1", "message": "odd text", "error": "odd text"})]
    vectors = embed_texts(provider, ["odd one", *TEXTS[:5]])
    assert vectors.refused == {0: "unknown"}
    assert "without saying why" in str(vectors.notes[0])
    np.testing.assert_allclose(vectors.matrix[1:], expected(TEXTS[:5]), atol=1e-6)


def test_a_refusal_of_everything_is_no_texts_fault(
    provider: RemoteEmbedder, server: ProviderServer, waits: list[float]
) -> None:
    server.faults = [status(400)] * 2
    with pytest.raises(ProviderFailed, match="refused the request"):
        embed_texts(provider, TEXTS)
    assert waits == []
    assert len(server.requests) == 2
    assert PROBE in texts_of(server.requests[1])[0]


@pytest.mark.parametrize("most", [20, 700])
def test_a_text_too_long_is_cut_and_counted(
    most: int, kind: str, provider: RemoteEmbedder, server: ProviderServer, waits: list[float]
) -> None:
    def too_long(payload: dict[str, Any], server: ProviderServer) -> Answer | None:
        return (*TOO_LONG[kind][:1], {}, TOO_LONG[kind][1]) if max(map(len, texts_of(payload))) > most else None

    server.rules = [too_long]
    texts = [*TEXTS[:7], "very long " * 100, *TEXTS[7:9]]
    vectors = embed_texts(provider, texts)
    assert vectors.counts["truncated"] == 1
    assert "beginning" in str(vectors.notes[0])
    sent = max((text for text in server.sent if len(text) <= most), key=len)
    assert texts[7].startswith(sent)
    assert len(sent) > most / 2
    np.testing.assert_allclose(vectors.matrix[7:8], expected([sent]), atol=1e-6)
    np.testing.assert_allclose(vectors.matrix[:7], expected(TEXTS[:7]), atol=1e-6)
    np.testing.assert_array_equal(provider.embed_documents([texts[7]])[0], vectors.matrix[7])
    assert waits == []


def test_a_text_whose_beginning_is_filtered_costs_the_others_nothing(
    kind: str, provider: RemoteEmbedder, server: ProviderServer
) -> None:
    def long_and_bad(payload: dict[str, Any], server: ProviderServer) -> Answer | None:
        if max(map(len, texts_of(payload))) > 100:
            return TOO_LONG[kind][0], {}, TOO_LONG[kind][1]
        return refuse_texts("bad", *FILTERED[kind])(payload, server)  # type: ignore[return-value]

    server.rules = [long_and_bad]
    vectors = embed_texts(provider, [*TEXTS[:3], "bad and long " * 20])
    assert vectors.refused == {3: "content"}
    np.testing.assert_allclose(vectors.matrix[:3], expected(TEXTS[:3]), atol=1e-6)


@pytest.mark.parametrize("everything", [True, False])
def test_a_server_that_finds_everything_too_long_is_told(
    everything: bool, kind: str, provider: RemoteEmbedder, server: ProviderServer
) -> None:
    server.rules = [refuse_texts("" if everything else "r", *TOO_LONG[kind])]
    texts = ["rrrrrrrrrr", *([] if everything else ["fine"])]
    if everything:
        with pytest.raises(ProviderFailed, match="refused the request"):
            embed_texts(provider, texts)
    else:
        assert embed_texts(provider, texts).refused == {0: "unknown"}


def test_texts_beyond_a_models_limit_are_counted_though_the_provider_is_silent(provider: RemoteEmbedder) -> None:
    texts = ["short", "word " * 9000, "字" * 20_000]
    assert embed_texts(provider, texts).counts["truncated"] == 2


def test_a_batch_larger_than_a_server_takes_is_halved(
    server: ProviderServer, patience: Patience, waits: list[float]
) -> None:
    def too_many(payload: dict[str, Any], server: ProviderServer) -> Answer | None:
        refused = {"error": "batch size 16 > maximum allowed batch size 4", "error_type": "Validation"}
        return (413, {}, refused) if len(texts_of(payload)) > 4 else None

    server.rules = [too_many]
    vectors = embed_texts(OpenAIEmbedder("any", server.url, dim=DIM, patience=patience), TEXTS)
    np.testing.assert_allclose(vectors.matrix, expected(TEXTS), atol=1e-6)
    assert vectors.counts["truncated"] == vectors.counts["refused"] == 0
    # 16 is refused, then 8, then four times 4 is taken; 7 is refused once, since 8 was learned to be too many.
    assert len(server.requests) <= 2 + 1 + 4 + 3


def test_ollama_must_not_cut_in_silence(server: ProviderServer, patience: Patience) -> None:
    from pipelines.embed.ollama import OllamaEmbedder

    OllamaEmbedder("any", base_url=server.url, patience=patience).embed_documents(["text"])
    assert server.requests[0]["truncate"] is False


def test_an_unknown_model_is_named(provider: RemoteEmbedder, server: ProviderServer, waits: list[float]) -> None:
    server.faults = [status(404, {"error": "model not found"})]
    with pytest.raises(UnusableInput, match="does not have the model"):
        provider.embed_documents(TEXTS[:2])
    assert waits == []


@pytest.mark.parametrize("code", [401, 403])
def test_a_refused_key_is_said_without_the_key(
    code: int, kind: str, provider: RemoteEmbedder, server: ProviderServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    said = f"bad sk-test-{kind} for {TEXTS[0]}"
    server.faults = [status(code, {"error": {"message": said}, "message": said})]
    with pytest.raises(MissingKey, match=provider.key_variable) as caught:
        provider.embed_documents(TEXTS[:2])
    for told in (str(caught.value), caplog.text):
        assert "sk-test" not in told
        assert TEXTS[0] not in told


@pytest.mark.parametrize(
    ("code", "body"),
    [
        (402, {}),
        (429, {"error": {"code": "insufficient_quota", "message": "You exceeded your current quota"}}),
        (400, {"code": "Arrearage", "message": "Access denied"}),
        (403, {"code": "AllocationQuota.FreeTierOnly", "message": "The free tier is exhausted."}),
    ],
)
def test_an_empty_account_is_not_asked_again(
    code: int, body: Any, provider: RemoteEmbedder, server: ProviderServer, waits: list[float]
) -> None:
    server.faults = [status(code, body or {"message": "pay"})]
    with pytest.raises(ProviderFailed, match="nothing left to spend"):
        provider.embed_documents(TEXTS[:2])
    assert waits == []


def test_a_dimension_that_is_ignored_is_cut_here_and_said(
    server: ProviderServer, patience: Patience, waits: list[float]
) -> None:
    server.honours_dim = False
    vectors = embed_texts(OpenAIEmbedder("any", server.url, dim=8, patience=patience), TEXTS)
    whole = expected(TEXTS, server.native_dim)[:, :8]
    np.testing.assert_allclose(vectors.matrix, whole / np.linalg.norm(whole, axis=1, keepdims=True), atol=1e-6)
    assert "does not give" in str(vectors.notes[0])
    assert waits == []


def test_a_dimension_that_is_refused_is_cut_here_and_said(
    provider: RemoteEmbedder, server: ProviderServer, waits: list[float]
) -> None:
    def no_dimension(payload: dict[str, Any], server: ProviderServer) -> Answer | None:
        asked = payload.get("dimensions") or payload.get("parameters", {}).get("dimension")
        refused = {"message": "Model does not support matryoshka representation", "error": "no dimensions"}
        return (400, {}, refused) if asked else None

    server.native_dim = 1024
    server.rules = [no_dimension]
    vectors = embed_texts(provider, TEXTS)
    whole = expected(TEXTS, 1024)[:, :DIM]
    np.testing.assert_allclose(vectors.matrix, whole / np.linalg.norm(whole, axis=1, keepdims=True), atol=1e-6)
    assert len(vectors.notes) == 1
    assert waits == []
    refused = [payload for payload in server.requests if no_dimension(payload, server)]
    assert len(refused) == 1, "asked once, then no more"


def test_a_dimension_between_those_of_the_service_is_cut_from_the_next_larger_one(
    server: ProviderServer, patience: Patience, keys: None, waits: list[float]
) -> None:
    embedder = DashScopeEmbedder("text-embedding-v4", dim=300, base_url=server.url, patience=patience)
    vectors = embed_texts(embedder, TEXTS)
    whole = expected(TEXTS, 512)[:, :300]
    np.testing.assert_allclose(vectors.matrix, whole / np.linalg.norm(whole, axis=1, keepdims=True), atol=1e-6)
    assert {payload["parameters"]["dimension"] for payload in server.requests} == {512}
    assert (embedder.dim, embedder.identity()["dim"]) == (300, 300)
    assert "300 of 512" in str(vectors.notes[0])
    assert waits == []


def test_one_wide_answer_is_not_taken_for_the_models_own(
    server: ProviderServer, patience: Patience, waits: list[float]
) -> None:
    def wide(payload: dict[str, Any], server: ProviderServer) -> Answer:
        from tests.embed.provider_server import wrap

        return 200, {}, wrap(payload, server.vectors(texts_of(payload), 11))

    server.faults = [wide]
    matrix = OpenAIEmbedder("any", server.url, dim=8, patience=patience).embed_documents(TEXTS[:3])
    np.testing.assert_allclose(matrix, expected(TEXTS[:3], 8), atol=1e-6)
    assert len(waits) == 1


ASKED = Asked("Provider", "KEY", "some-model", "http://x", "Advice.", with_dimension=False)


@pytest.mark.parametrize(
    ("code", "body", "error"),
    [
        (500, '{"error": {"message": "input is too large to process. increase the physical batch size"}}', "too_long"),
        (500, '{"error": "failed to encode response: json: unsupported value: NaN"}', "unknown"),
        (413, '{"error": "`inputs` must have less than 512 tokens. Given: 600"}', "too_long"),
        (400, '{"error": {"code": "context_length_exceeded"}}', "too_long"),
        (400, '{"error": {"code": 400, "type": "exceed_context_size_error"}}', "too_long"),
        (400, '{"error": {"innererror": {"code": "ResponsibleAIPolicyViolation"}}}', "content"),
        (400, '{"detail": "no"}', "unknown"),
        (422, "<html>", "unknown"),
        (400, '{"message": "this review speaks of a model that does not exist and of billing"}', "unknown"),
        (400, '{"message": "some-model is an unknown model"}', UnusableInput),
        (400, '{"error": "\\"x\\" does not support embeddings"}', UnusableInput),
        (400, '{"code": "ModelNotFound"}', UnusableInput),
        (405, "", ProviderFailed),
        (500, "", TransientError),
        (529, "{", TransientError),
        (301, "", UnusableInput),
        (407, "", MissingKey),
    ],
)
def test_refusals_are_told_apart(code: int, body: str, error: str | type[Exception]) -> None:
    kind = BatchRefusedError if isinstance(error, str) else error
    with pytest.raises(kind) as caught:
        raise_for_refusal(code, {}, body, ASKED)
    if isinstance(caught.value, BatchRefusedError):
        assert caught.value.kind == error
    if isinstance(caught.value, ReviewscapeError):
        assert "speaks" not in str(caught.value)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("", ""),
        ("null", ""),
        ("[1]", ""),
        ('{"code": "Throttling.RateQuota"}', "Throttling.RateQuota"),
        ('{"error": {"code": null, "type": "invalid_request_error"}}', "invalid_request_error"),
        ('{"code": "the whole review in a code"}', ""),
        ('{"code": {"deep": 1}}', ""),
    ],
)
def test_only_a_plain_short_code_is_told(body: str, code: str) -> None:
    assert read_error(body)[0] == code

"""Providers that misbehave over real HTTP: never a wrong vector, always a clear error, never a key in it."""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from pipelines.embed import Embedder, VectorCache, embed_texts
from pipelines.embed.dashscope import DashScopeEmbedder
from pipelines.embed.ollama import OllamaEmbedder
from pipelines.embed.openai import OpenAIEmbedder
from pipelines.embed.registry import resolve
from pipelines.embed.retry import Patience, retry_after_s
from pipelines.errors import MissingKey, ProviderFailed, ReviewscapeError, UnusableInput
from tests.embed.provider_server import Answer, ProviderServer, dashscope_answer, meaning, openai_answer

DIM = 64
KINDS = ("dashscope", "ollama", "openai")
TEXTS = [f"review number {i}" for i in range(23)]


def _make(kind: str, url: str, patience: Patience) -> Embedder:
    if kind == "dashscope":
        return DashScopeEmbedder("text-embedding-v4", dim=DIM, base_url=url, patience=patience)
    if kind == "ollama":
        return OllamaEmbedder("qwen3-embedding:0.6b", dim=DIM, base_url=url, patience=patience)
    return OpenAIEmbedder("any", url, dim=DIM, patience=patience)


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def embedder(kind: str, server: ProviderServer, patience: Patience, keys: None) -> Embedder:
    return _make(kind, server.url, patience)


def _rows(payload: dict[str, Any], server: ProviderServer) -> list[Any]:
    texts = payload["input"]["texts"] if isinstance(payload["input"], dict) else payload["input"]
    return list(server.vectors(texts, DIM))


def _wrap(payload: dict[str, Any], rows: list[Any]) -> dict[str, Any]:
    if isinstance(payload["input"], dict):
        return dashscope_answer(rows)
    return openai_answer(rows) if "encoding_format" in payload else {"model": payload["model"], "embeddings": rows}


def _altered(change: Callable[[list[Any]], list[Any]]) -> Callable[[dict[str, Any], ProviderServer], Answer]:
    return lambda payload, server: (200, {}, _wrap(payload, change(_rows(payload, server))))


def _status(status: int, body: Any = "", **headers: str) -> Callable[[dict[str, Any], ProviderServer], Answer]:
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    said = body or {"error": "refused", "code": "Throttling", "message": "secret"}
    return lambda payload, server: (status, told, said)


FAULTS = {
    "short": _altered(lambda rows: rows[:-1]),
    "long": _altered(lambda rows: [*rows, rows[0]]),
    "not finite": _altered(lambda rows: [[float("nan")] * DIM, *rows[1:]]),
    "wrong dimension": _altered(lambda rows: [row[:-1] for row in rows]),
    "ragged": _altered(lambda rows: [rows[0][:-1], *rows[1:]]),
    "zeros": _altered(lambda rows: [[0.0] * DIM, *rows[1:]]),
    "null": _altered(lambda rows: [None, *rows[1:]]),
    "cut JSON": lambda payload, server: (200, {}, '{"embeddings": [[0.1, 0.2'),
    "HTML": lambda payload, server: (200, {"Content-Type": "text/html"}, "<html>sign in</html>"),
    "a list": lambda payload, server: (200, {}, "[1, 2]"),
    "empty": lambda payload, server: (200, {}, "{}"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_malformed_answer_is_asked_again_then_told(
    fault: str, embedder: Embedder, server: ProviderServer, waits: list[float]
) -> None:
    server.faults = [FAULTS[fault]] * 2
    matrix = embed_texts(embedder, TEXTS[:5]).matrix
    assert len(waits) == 2
    np.testing.assert_allclose(matrix, _expected(TEXTS[:5]), atol=1e-6)
    server.faults = [FAULTS[fault]] * 50
    with pytest.raises(ProviderFailed):
        embedder.embed_documents(TEXTS[:5])
    assert len(server.faults) == 47, "a malformed answer may have been paid for: three tries at most"


@pytest.mark.parametrize("kind", ["dashscope", "openai"], indirect=True)
def test_a_reordered_answer_is_put_in_order(embedder: Embedder, server: ProviderServer, waits: list[float]) -> None:
    def reordered(payload: dict[str, Any], server: ProviderServer) -> Answer:
        answer = _wrap(payload, _rows(payload, server))
        (answer["output"]["embeddings"] if "output" in answer else answer["data"]).reverse()
        return 200, {}, answer

    server.faults = [reordered]
    np.testing.assert_allclose(embedder.embed_documents(TEXTS[:7]), _expected(TEXTS[:7]), atol=1e-6)
    assert waits == []


@pytest.mark.parametrize("kind", ["dashscope", "openai"], indirect=True)
def test_a_repeated_index_is_refused(embedder: Embedder, server: ProviderServer, waits: list[float]) -> None:
    def repeated(payload: dict[str, Any], server: ProviderServer) -> Answer:
        answer = _wrap(payload, _rows(payload, server))
        items = answer["output"]["embeddings"] if "output" in answer else answer["data"]
        items[1] = items[0]
        return 200, {}, answer

    server.faults = [repeated]
    np.testing.assert_allclose(embedder.embed_documents(TEXTS[:7]), _expected(TEXTS[:7]), atol=1e-6)
    assert len(waits) == 1


def test_too_many_requests_are_waited_for(embedder: Embedder, server: ProviderServer, waits: list[float]) -> None:
    server.faults = [_status(429), _status(429, Retry_After="7"), _status(503)]
    np.testing.assert_allclose(embedder.embed_documents(TEXTS), _expected(TEXTS), atol=1e-6)
    assert waits == [1, 7, 4]


def test_the_budget_ends_a_storm_and_finished_batches_are_kept(
    kind: str, server: ProviderServer, patience: Patience, keys: None, waits: list[float], tmp_path: Any
) -> None:
    with VectorCache(tmp_path / "vectors.db") as cache:
        server.faults = [
            lambda payload, server: (200, {}, _wrap(payload, _rows(payload, server))),
            *[_status(429)] * 50,
        ]
        with pytest.raises(ProviderFailed) as caught:
            embed_texts(_make(kind, server.url, patience), TEXTS, cache)
        assert sum(waits) <= 60
        assert caught.value.exit_code == 3
        kept = cache.stats().texts
        assert kept in (10, 16)
        server.faults = []
        vectors = embed_texts(_make(kind, server.url, patience), TEXTS, cache)
        assert vectors.counts["cached"] == kept
        assert vectors.counts["embedded"] == len(TEXTS) - kept
        np.testing.assert_allclose(vectors.matrix, _expected(TEXTS), atol=1e-6)


def test_batches_keep_the_providers_limit(embedder: Embedder, server: ProviderServer) -> None:
    embed_texts(embedder, [f"text {i}" for i in range(40)])
    sizes = [len(p["input"]["texts"] if isinstance(p["input"], dict) else p["input"]) for p in server.requests]
    assert sum(sizes) == 40
    assert max(sizes) == embedder.max_batch


def test_an_unknown_model_is_named(embedder: Embedder, server: ProviderServer, waits: list[float]) -> None:
    server.faults = [_status(404, {"error": "model not found"})]
    with pytest.raises(UnusableInput, match="does not have the model"):
        embedder.embed_documents(TEXTS[:2])
    assert waits == []


@pytest.mark.parametrize("kind", ["dashscope", "openai"], indirect=True)
@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_key_is_said_without_the_key(status: int, embedder: Embedder, server: ProviderServer) -> None:
    server.faults = [_status(status, {"error": {"message": "bad sk-test-openai"}, "message": "bad sk-test-dashscope"})]
    with pytest.raises(MissingKey) as caught:
        embedder.embed_documents(TEXTS[:2])
    assert "sk-test" not in str(caught.value)


def test_a_final_refusal_is_not_asked_again(embedder: Embedder, server: ProviderServer, waits: list[float]) -> None:
    server.faults = [_status(400)]
    with pytest.raises(ProviderFailed):
        embedder.embed_documents(TEXTS[:2])
    assert waits == []
    assert len(server.requests) == 1


def test_a_refused_connection_is_told(
    kind: str, patience: Patience, keys: None, waits: list[float], caplog: pytest.LogCaptureFixture
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    caplog.set_level(logging.DEBUG, logger="pipelines")
    with pytest.raises(ProviderFailed):
        _make(kind, url, patience).embed_documents(TEXTS[:2])
    assert waits
    assert "sk-test" not in caplog.text
    assert TEXTS[0] not in caplog.text


def test_a_server_that_says_nothing_is_timed_out(
    kind: str, keys: None, waits: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REVIEWSCAPE_PROVIDER_TIMEOUT_S", "0.2")
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(ProviderFailed):
            _make(kind, url, Patience(0.5, sleep=waits.append, clock=lambda: 0.0)).embed_documents(TEXTS[:2])


@pytest.mark.parametrize("name", ["dashscope:text-embedding-v4", "openai:any@https://example.invalid/v1"])
def test_without_a_key_nothing_is_sent(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DASHSCOPE_API_KEY", raising=False)
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    embedder = resolve(name).embedder
    assert embedder.paid
    assert embedder.remote
    with pytest.raises(MissingKey, match="set the environment variable"):
        embedder.embed_documents(["text"])


def test_dashscope_is_asked_as_it_wants(
    server: ProviderServer, patience: Patience, keys: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    embedder = DashScopeEmbedder("text-embedding-v4", dim=DIM, base_url=server.url, patience=patience)
    embedder.embed_documents(["doc"])
    monkeypatch.setenv("DASHSCOPE_API_KEY", "sk-test-second")
    embedder.embed_query("question")
    document, query = server.requests
    assert document["parameters"] == {"text_type": "document", "dimension": DIM}
    assert query["parameters"]["text_type"] == "query"
    assert server.headers[0]["authorization"] == "Bearer sk-test-dashscope"
    assert embedder.tokens == 14
    import dashscope

    assert server.headers[1]["authorization"] == "Bearer sk-test-second", "the key is read at each call"
    assert dashscope.api_key != "sk-test-second", "and must not become process-wide"


def test_a_local_openai_server_needs_no_key(
    server: ProviderServer, patience: Patience, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    embedder = OpenAIEmbedder("any", server.url, patience=patience)
    assert not embedder.paid
    assert embedder.dim == 0
    embedder.embed_documents(["text"])
    assert embedder.dim == server.native_dim
    assert "authorization" not in server.headers[0]


def test_qwen_queries_carry_their_instruction(server: ProviderServer, patience: Patience) -> None:
    embedder = OllamaEmbedder("qwen3-embedding:0.6b", dim=DIM, base_url=server.url, patience=patience)
    embedder.embed_query("too loud?")
    embedder.embed_documents(["too loud"])
    assert server.requests[0]["input"][0].startswith("Instruct: ")
    assert server.requests[0]["input"][0].endswith("\nQuery:too loud?")
    assert server.requests[1]["input"] == ["too loud"]


@pytest.mark.parametrize(
    ("name", "dim"),
    [("dashscope:text-embedding-v4", 500), ("ollama:qwen3-embedding:0.6b", 2000), ("openai:m@ftp://x", None)],
)
def test_impossible_wishes_are_refused_before_a_call(name: str, dim: int | None) -> None:
    with pytest.raises(UnusableInput) as caught:
        resolve(name, dim=dim)
    assert isinstance(caught.value, ReviewscapeError)


def test_retry_after_reads_seconds_and_dates() -> None:
    assert retry_after_s("3") == 3
    assert retry_after_s("Thu, 01 Jan 1970 00:00:00 GMT") == 0
    assert retry_after_s("soon") is None
    assert retry_after_s(None) is None


def _expected(texts: list[str]) -> np.ndarray:
    rows = np.array([meaning(text, DIM) for text in texts])
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)

"""Providers that answer wrongly over real HTTP: never a wrong vector, always a clear error, never a key in it."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pipelines.embed import embed_texts, keys
from pipelines.embed.dashscope import DashScopeEmbedder
from pipelines.embed.ollama import OllamaEmbedder
from pipelines.embed.openai import OpenAIEmbedder
from pipelines.embed.registry import resolve
from pipelines.embed.remote import RemoteEmbedder
from pipelines.embed.retry import Patience, retry_after_s
from pipelines.errors import MissingKey, ProviderFailed, ReviewscapeError, UnusableInput
from tests.embed.faults import MALFORMED, rows_of
from tests.embed.provider_server import Answer, ProviderServer, status, texts_of, wrap
from tests.embed.providers import DIM, TEXTS, expected


@pytest.mark.parametrize("fault", MALFORMED)
def test_a_malformed_answer_is_asked_again_then_told(
    fault: str, provider: RemoteEmbedder, server: ProviderServer, waits: list[float]
) -> None:
    server.faults = [MALFORMED[fault]] * 2
    matrix = embed_texts(provider, TEXTS[:5]).matrix
    assert len(waits) == 2
    np.testing.assert_allclose(matrix, expected(TEXTS[:5]), atol=1e-6)
    server.faults = [MALFORMED[fault]] * 50
    with pytest.raises(ProviderFailed):
        provider.embed_documents(TEXTS[:5])
    if fault != "not UTF-8":
        assert len(server.faults) == 47, "a malformed answer may have been paid for: three tries at most"


@pytest.mark.parametrize("kind", ["dashscope", "openai"], indirect=True)
def test_a_reordered_answer_is_put_in_order(
    provider: RemoteEmbedder, server: ProviderServer, waits: list[float]
) -> None:
    def reordered(payload: dict[str, Any], server: ProviderServer) -> Answer:
        answer = wrap(payload, rows_of(payload, server))
        (answer["output"]["embeddings"] if "output" in answer else answer["data"]).reverse()
        return 200, {}, answer

    server.faults = [reordered]
    np.testing.assert_allclose(provider.embed_documents(TEXTS[:7]), expected(TEXTS[:7]), atol=1e-6)
    assert waits == []


@pytest.mark.parametrize("kind", ["dashscope", "openai"], indirect=True)
@pytest.mark.parametrize("index", [0, -1, 99, None, "1", True, 1.0])
def test_an_index_that_fits_no_text_is_refused(
    index: object, provider: RemoteEmbedder, server: ProviderServer, waits: list[float]
) -> None:
    def renumbered(payload: dict[str, Any], server: ProviderServer) -> Answer:
        answer = wrap(payload, rows_of(payload, server))
        items = answer["output"]["embeddings"] if "output" in answer else answer["data"]
        items[1]["text_index" if "output" in answer else "index"] = index
        return 200, {}, answer

    server.faults = [renumbered]
    np.testing.assert_allclose(provider.embed_documents(TEXTS[:7]), expected(TEXTS[:7]), atol=1e-6)
    assert len(waits) == 1


def test_too_many_requests_are_waited_for(provider: RemoteEmbedder, server: ProviderServer, waits: list[float]) -> None:
    dated = {"Date": "Mon, 23 Nov 2026 10:00:00 GMT", "Retry_After": "Mon, 23 Nov 2026 10:00:09 GMT"}
    server.faults = [status(429), status(429, Retry_After="7"), status(503), status(429, **dated)]
    np.testing.assert_allclose(provider.embed_documents(TEXTS), expected(TEXTS), atol=1e-6)
    assert waits == [1, 7, 4, 9], "a date is counted from the server's own clock"


def test_a_storm_that_asks_for_no_wait_is_not_answered_with_one(
    provider: RemoteEmbedder, server: ProviderServer, waits: list[float]
) -> None:
    server.faults = [status(429, Retry_After="0")] * 500
    with pytest.raises(ProviderFailed):
        provider.embed_documents(TEXTS[:2])
    assert len(waits) < 40
    assert sum(waits) <= 60


def test_a_wait_longer_than_the_budget_ends_at_once(
    provider: RemoteEmbedder, server: ProviderServer, waits: list[float]
) -> None:
    server.faults = [status(429, Retry_After="3600")]
    with pytest.raises(ProviderFailed, match="wait 3600 s"):
        provider.embed_documents(TEXTS[:2])
    assert waits == []


def test_batches_keep_the_providers_limit(provider: RemoteEmbedder, server: ProviderServer) -> None:
    embed_texts(provider, [f"text {i}" for i in range(40)])
    sizes = [len(texts_of(payload)) for payload in server.requests]
    assert sum(sizes) == 40
    assert max(sizes) == provider.max_batch


def test_tokens_are_counted_as_the_provider_tells_them(provider: RemoteEmbedder) -> None:
    assert embed_texts(provider, TEXTS).counts["tokens"] == 7 * len(TEXTS)


@pytest.mark.parametrize("name", ["dashscope:text-embedding-v4", "openai:any@https://example.invalid/v1"])
def test_without_a_key_nothing_is_sent(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DASHSCOPE_API_KEY", raising=False)
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    embedder = resolve(name).embedder
    assert embedder.paid
    assert embedder.remote
    with pytest.raises(MissingKey, match="set the environment variable"):
        embedder.embed_documents(["text"])


def test_a_sessions_own_key_goes_before_the_environments(provider: RemoteEmbedder, server: ProviderServer) -> None:
    variable = provider.key_variable
    with keys.given({variable: " sk-test-session\n"}):
        provider.embed_documents(["text"])
        assert keys.current() == {variable: "sk-test-session"}
        assert "sk-test-session" not in str(vars(provider))
    assert keys.current() == {}
    provider.embed_documents(["text"])
    assert [headers["authorization"] for headers in server.headers] == [
        "Bearer sk-test-session",
        f"Bearer sk-test-{provider.name.partition(':')[0]}",
    ]


@pytest.mark.parametrize("key", ["sk-test\nsecond line", "sk-test“quoted”", "sk-test 密钥"])
def test_a_key_that_no_header_carries_is_not_quoted(
    key: str, provider: RemoteEmbedder, server: ProviderServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(provider.key_variable, key)
    with pytest.raises(MissingKey) as caught:
        provider.embed_documents(["text"])
    assert "sk-test" not in str(caught.value)
    assert server.requests == []


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
    assert query["parameters"]["instruct"] == embedder.prompts.query
    assert server.headers[0]["authorization"] == "Bearer sk-test-dashscope"
    assert embedder.tokens == 14
    import dashscope

    assert server.headers[1]["authorization"] == "Bearer sk-test-second", "the key is read at each call"
    assert dashscope.api_key != "sk-test-second", "and must not become process-wide"


def test_a_local_openai_server_needs_no_key(
    server: ProviderServer, patience: Patience, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login someone password sk-test-netrc\n")
    monkeypatch.setenv("NETRC", str(netrc))
    embedder = OpenAIEmbedder("any", server.url, patience=patience)
    assert not embedder.paid
    assert embedder.dim == 0
    embedder.embed_documents(["text"])
    assert embedder.dim == server.native_dim
    assert "authorization" not in server.headers[0]


def test_vectors_in_base64_are_read(server: ProviderServer, patience: Patience) -> None:
    def encoded(payload: dict[str, Any], server: ProviderServer) -> Answer:
        rows = np.array(server.vectors(texts_of(payload)), "<f4")
        return 200, {}, wrap(payload, [base64.b64encode(row.tobytes()).decode() for row in rows])

    server.faults = [encoded]
    matrix = OpenAIEmbedder("any", server.url, patience=patience).embed_documents(TEXTS[:3])
    np.testing.assert_allclose(matrix, expected(TEXTS[:3], server.native_dim), atol=1e-6)


@pytest.mark.parametrize(
    ("host", "endpoint"),
    [
        ("", "http://127.0.0.1:11434"),
        ("0.0.0.0", "http://127.0.0.1:11434"),
        (":11500", None),
        ("box:11500", "http://box:11500"),
        ("[::1]", "http://[::1]:11434"),
        ("https://box/ollama/", "https://box/ollama"),
    ],
)
def test_ollamas_address_is_read_in_its_forms(host: str, endpoint: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OLLAMA_HOST", host)
    if endpoint is None:
        with pytest.raises(UnusableInput):
            OllamaEmbedder("any")
    else:
        assert OllamaEmbedder("any").identity()["endpoint"] == endpoint


@pytest.mark.parametrize(
    ("name", "dim"),
    [
        ("dashscope:text-embedding-v4", 2049),
        ("dashscope:text-embedding-v4", 1),
        ("ollama:qwen3-embedding:0.6b", 2000),
        ("openai:m@http://127.0.0.1:1/v1", 1),
        ("openai:m@ftp://x", None),
        ("openai:m@http://[broken", None),
        ("openai:@http://127.0.0.1:1/v1", None),
        ("openai:m@https://someone:sk-test@example.invalid/v1", None),
        ("openai:m@https://example.invalid/v1?key=sk-test", None),
    ],
)
def test_impossible_wishes_are_refused_before_a_call(name: str, dim: int | None) -> None:
    with pytest.raises(UnusableInput) as caught:
        resolve(name, dim=dim)
    assert isinstance(caught.value, ReviewscapeError)
    assert "sk-test" not in str(caught.value)


def test_retry_after_reads_seconds_and_dates() -> None:
    assert retry_after_s("3") == 3
    assert retry_after_s("-3") == 0
    assert retry_after_s("nan") is None
    assert retry_after_s("inf") == float("inf")
    assert retry_after_s("Thu, 01 Jan 1970 00:00:00 GMT") == 0
    assert retry_after_s("Mon, 23 Nov 2026 10:00:09 GMT", "Mon, 23 Nov 2026 10:00:00 GMT") == 9
    assert retry_after_s("Mon, 23 Nov 2026 10:00:09 GMT", "soon") is not None
    assert retry_after_s("soon") is None
    assert retry_after_s(None) is None

"""A network that fails: hangs, drips, resets, redirects, refuses. Always told in time, never a key or a text in it."""

from __future__ import annotations

import logging
import socket
import threading
import time

import numpy as np
import pytest

from pipelines.embed.deadline import within
from pipelines.embed.remote import RemoteEmbedder
from pipelines.embed.retry import Patience, TransientError
from pipelines.errors import ProviderFailed, UnusableInput
from tests.embed.provider_server import ProviderServer, hang_up, reset, status
from tests.embed.providers import TEXTS, expected, make


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Time-outs of a fifth of a second (Ollama's: of one)."""
    monkeypatch.setenv("REVIEWSCAPE_PROVIDER_TIMEOUT_S", "0.2")


@pytest.mark.parametrize("misdeed", ["hang", "drip"])
def test_a_slow_answer_is_timed_out_and_asked_again(
    misdeed: str, kind: str, server: ProviderServer, keys: None, hurried: None, waits: list[float]
) -> None:
    server.faults = [lambda payload, server: getattr(server, misdeed)]
    provider = make(kind, server.url, Patience(60, sleep=waits.append, clock=lambda: 0.0))
    started = time.perf_counter()
    np.testing.assert_allclose(provider.embed_documents(TEXTS[:3]), expected(TEXTS[:3]), atol=1e-6)
    assert time.perf_counter() - started < 4
    assert waits == [1]


def test_a_server_that_stays_silent_is_told(kind: str, keys: None, hurried: None, waits: list[float]) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(ProviderFailed):
            make(kind, url, Patience(0.5, sleep=waits.append, clock=lambda: 0.0)).embed_documents(TEXTS[:2])


@pytest.mark.parametrize("misdeed", [reset, hang_up])
def test_a_broken_connection_is_asked_again(
    misdeed: object, provider: RemoteEmbedder, server: ProviderServer, waits: list[float]
) -> None:
    server.faults = [lambda payload, server: misdeed] * 2  # type: ignore[return-value,list-item]
    np.testing.assert_allclose(provider.embed_documents(TEXTS[:3]), expected(TEXTS[:3]), atol=1e-6)
    assert 1 <= len(waits) <= 2
    server.faults = [lambda payload, server: misdeed] * 99  # type: ignore[return-value,list-item]
    with pytest.raises(ProviderFailed, match="Finished texts are kept"):
        provider.embed_documents(TEXTS[:3])


def test_a_refused_connection_is_told_soon(
    kind: str, patience: Patience, keys: None, waits: list[float], caplog: pytest.LogCaptureFixture
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    caplog.set_level(logging.DEBUG)
    with pytest.raises(ProviderFailed, match="nobody answers at") as caught:
        make(kind, url, patience).embed_documents(TEXTS[:2])
    assert url in str(caught.value)
    assert ("ollama serve" in str(caught.value)) == (kind == "ollama")
    assert waits == [1, 2, 4]
    assert "sk-test" not in caplog.text
    assert TEXTS[0] not in caplog.text


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
def test_a_redirect_carries_no_text_away(
    code: int, kind: str, provider: RemoteEmbedder, server: ProviderServer, waits: list[float]
) -> None:
    elsewhere = ProviderServer()
    try:
        server.faults = [status(code, Location=f"{elsewhere.url}/v1/embeddings")]
        with pytest.raises(UnusableInput, match="points to another address"):
            provider.embed_documents(TEXTS[:2])
        assert elsewhere.requests == []
    finally:
        elsewhere.close()
    assert waits == []


def test_nothing_of_a_run_is_logged(
    provider: RemoteEmbedder, server: ProviderServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server.faults = [status(429), status(500, "<html>"), lambda payload, server: reset]
    provider.embed_documents(TEXTS[:3])
    assert "asking again" in caplog.text
    assert "sk-test" not in caplog.text
    assert TEXTS[0] not in caplog.text


def test_a_call_in_time_returns_or_raises_as_it_would() -> None:
    assert within(5, lambda: 7) == 7
    with pytest.raises(KeyError):
        within(5, lambda: {}["missing"])


def test_a_call_out_of_time_is_left_behind() -> None:
    over = threading.Event()
    with pytest.raises(TransientError, match=r"within 0\.01 s"):
        within(0.01, lambda: over.wait(5))
    over.set()

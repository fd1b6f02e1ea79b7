"""Several requests at once, over real HTTP: the vectors of one at a time, nothing lost, one pause for all."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pipelines.embed import VectorCache, embed_texts
from pipelines.embed.openai import OpenAIEmbedder
from pipelines.embed.registry import resolve
from pipelines.embed.remote import AT_ONCE, RemoteEmbedder
from pipelines.embed.retry import Pause
from pipelines.embed.underway import answered
from pipelines.errors import Cancelled, ProviderFailed, UnusableInput
from tests.embed.provider_server import Answer, ProviderServer, refuse_texts, status, texts_of
from tests.embed.providers import expected

TEXTS = [f"review number {i:03}" for i in range(200)]


class Meeting:
    """A server's rule that holds requests until `wanted` of them are there at once, the first of all excepted."""

    def __init__(self, wanted: int) -> None:
        self.wanted = wanted
        self.there = 0
        self.most = 0
        self._first = True
        self._changed = threading.Condition()

    def __call__(self, payload: dict[str, Any], server: ProviderServer) -> Answer | None:
        with self._changed:
            if self._first:
                self._first = False
                return None
            self.there += 1
            self.most = max(self.most, self.there)
            self._changed.notify_all()
            # Five seconds only pass where the test fails.
            self._changed.wait_for(lambda: self.most >= self.wanted, timeout=5)
            self.there -= 1
        return None


@pytest.fixture(params=["dashscope", "openai"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def busy(provider: RemoteEmbedder, monkeypatch: pytest.MonkeyPatch) -> RemoteEmbedder:
    """A provider on loopback that is asked as one far away would be."""
    monkeypatch.setattr(RemoteEmbedder, "at_once", AT_ONCE)
    return provider


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[VectorCache]:
    with VectorCache(tmp_path / "vectors.db") as opened:
        yield opened


def test_a_paid_service_far_away_is_asked_several_things_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = {
        "dashscope:text-embedding-v4": AT_ONCE,
        "openai:any@https://example.invalid/v1": AT_ONCE,
        "openai:any@http://127.0.0.1:1/v1": 1,
        "ollama:qwen3-embedding:0.6b": 1,
    }
    monkeypatch.delenv("OLLAMA_HOST", raising=False)
    for name, at_once in wanted.items():
        assert resolve(name).embedder.at_once == at_once  # type: ignore[attr-defined]


def test_requests_are_under_way_together_and_vectors_in_order(busy: RemoteEmbedder, server: ProviderServer) -> None:
    meeting = Meeting(AT_ONCE)
    server.rules = [meeting]
    vectors = embed_texts(busy, TEXTS)
    assert meeting.most == AT_ONCE
    np.testing.assert_allclose(vectors.matrix, expected(TEXTS), atol=1e-6)
    assert vectors.counts["tokens"] == 7 * len(TEXTS)
    assert len(server.sent) == len(TEXTS)


def test_an_error_in_the_middle_keeps_all_that_was_answered(
    busy: RemoteEmbedder, server: ProviderServer, cache: VectorCache
) -> None:
    server.rules = [refuse_texts("number 077", 404, {"error": "model not found"})]
    with pytest.raises(UnusableInput, match="does not have the model"):
        embed_texts(busy, TEXTS, cache)
    answered_texts = {
        text
        for payload in server.requests
        if not any("number 077" in text for text in texts_of(payload))
        for text in texts_of(payload)
    }
    assert cache.stats().texts == len(answered_texts)
    server.rules = []
    before = len(server.sent)
    vectors = embed_texts(busy, TEXTS, cache)
    assert set(server.sent[before:]) == set(TEXTS) - answered_texts
    np.testing.assert_allclose(vectors.matrix, expected(TEXTS), atol=1e-6)


def test_a_filtered_text_costs_the_others_nothing_here_either(busy: RemoteEmbedder, server: ProviderServer) -> None:
    server.rules = [refuse_texts("number 099", 400, {"code": "DataInspectionFailed", "error": "content_filter"})]
    vectors = embed_texts(busy, TEXTS)
    assert vectors.refused == {99: "content"}
    kept = [i for i in range(len(TEXTS)) if i != 99]
    np.testing.assert_allclose(vectors.matrix[kept], expected([TEXTS[i] for i in kept]), atol=1e-6)


def test_a_storm_is_waited_out_by_all_together(
    busy: RemoteEmbedder, server: ProviderServer, waits: list[float]
) -> None:
    refused = threading.Barrier(AT_ONCE, timeout=5)
    storm = status(429, Retry_After="7")

    def together(payload: dict[str, Any], server: ProviderServer) -> Any:
        refused.wait()
        return storm(payload, server)

    server.faults = [lambda payload, server: (200, {}, server.answer(path, payload)), *[together] * AT_ONCE]
    path = "/embeddings" if isinstance(busy, OpenAIEmbedder) else "/services/embeddings/text-embedding/text-embedding"
    np.testing.assert_allclose(embed_texts(busy, TEXTS).matrix, expected(TEXTS), atol=1e-6)
    assert waits == [7], "told four times at once to wait, all wait once"


def test_a_storm_without_end_is_one_error(
    busy: RemoteEmbedder, server: ProviderServer, cache: VectorCache, waits: list[float]
) -> None:
    server.rules = [lambda payload, server: None if TEXTS[0] in texts_of(payload) else (503, {}, "busy")]
    with pytest.raises(ProviderFailed, match="HTTP 503"):
        embed_texts(busy, TEXTS, cache)
    assert cache.stats().texts == busy.max_batch
    assert 0 < sum(waits) <= 60 * AT_ONCE


def test_a_wish_to_stop_is_heard_while_a_server_is_silent(provider: RemoteEmbedder, server: ProviderServer) -> None:
    hung = threading.Event()

    def hang(payload: dict[str, Any], server: ProviderServer) -> Any:
        hung.set()
        return server.hang

    server.rules = [hang]

    def stop(stage: str, done: float, total: float, *, rate: float | None = None, note: str = "") -> None:
        if hung.is_set():
            raise Cancelled

    with pytest.raises(Cancelled):
        embed_texts(provider, TEXTS, None, stop)
    assert len(server.requests) == 1
    assert not server.closing.is_set()


def test_stopped_at_any_answer_at_most_what_was_under_way_is_asked_again(
    busy: RemoteEmbedder, server: ProviderServer, cache: VectorCache
) -> None:
    stops = [70, 140]

    def stop_twice(stage: str, done: float, total: float, *, rate: float | None = None, note: str = "") -> None:
        if stops and done >= stops[0]:
            del stops[0]
            raise Cancelled

    for _ in (70, 140):
        with pytest.raises(Cancelled):
            embed_texts(busy, TEXTS, cache, stop_twice)
    vectors = embed_texts(busy, TEXTS, cache)
    np.testing.assert_allclose(vectors.matrix, expected(TEXTS), atol=1e-6)
    assert len(server.sent) - len(TEXTS) <= 2 * AT_ONCE * busy.max_batch
    assert vectors.counts["cached"] >= 140


def test_answers_under_way_are_given_before_the_first_error_is_raised() -> None:
    late = threading.Event()

    def ask(job: int) -> int:
        if job == 2:
            raise ProviderFailed("two")
        if job == 3:
            late.wait(5)
        if job > 3:
            late.wait(0.1)
        return job * 10

    got = []
    with pytest.raises(ProviderFailed, match="two"):
        for job, answer in answered(range(100), ask, 4, late.set):
            got.append((job, answer))
    assert (3, 30) in got
    assert max(job for job, _ in got) < 50, "no job is begun after the error"


def test_a_pause_is_for_all() -> None:
    pause, slept = Pause(), []
    first, second = pause.over(), pause.over()
    pause.wait(first, lambda: slept.append("first"))
    pause.wait(second, lambda: slept.append("second"))
    assert slept == ["first"]
    pause.wait(pause.over(), lambda: slept.append("later"))
    assert slept == ["first", "later"]

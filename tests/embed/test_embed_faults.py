"""One table for all providers: what goes wrong after the first batch, for ever, and what is said of it.

Whatever it is, no vector stands beside another's text, the error names what happened, and the texts answered before
are in the cache: the next run sends the others alone.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pipelines.embed import VectorCache, embed_texts
from pipelines.embed.remote import AT_ONCE, RemoteEmbedder
from pipelines.embed.retry import Patience
from pipelines.errors import MissingKey, ProviderFailed, ReviewscapeError, UnusableInput
from tests.embed.faults import FILTERED, MALFORMED, NO_MODEL, rows_of
from tests.embed.provider_server import Answer, Fault, Misdeed, ProviderServer, hang_up, reset, status, texts_of, wrap
from tests.embed.providers import TEXTS, expected, make

Told = tuple[type[ReviewscapeError], str]
"""The error that ends a run, and words of its message."""

_MALFORMED: Told = (ProviderFailed, r"failed after \d tries: .*embedding|failed after \d tries: .*(JSON|answer|vector)")
FAULTS: dict[str, tuple[Fault, Told]] = {
    "429": (status(429), (ProviderFailed, r"failed after \d+ tries: HTTP 429")),
    "429 with Retry-After": (status(429, Retry_After="9"), (ProviderFailed, "it asks to wait 9 s")),
    "429 for an hour": (status(429, Retry_After="3600"), (ProviderFailed, "it asks to wait 3600 s")),
    **{
        str(code): (status(code), (ProviderFailed, rf"failed after \d+ tries: HTTP {code}"))
        for code in (408, 500, 502, 503, 504, 529)
    },
    **{name: (MALFORMED[name], _MALFORMED) for name in MALFORMED},
    "reset": (lambda payload, server: reset, (ProviderFailed, "no answer from|nobody answers")),
    "hang up": (lambda payload, server: hang_up, (ProviderFailed, "no answer from|nobody answers")),
    "hang": (lambda payload, server: server.hang, (ProviderFailed, "no whole answer within|no answer from")),
    "redirect": (status(302, Location="http://127.0.0.1:9/"), (UnusableInput, "points to another address")),
    "refused key": (status(401), (MissingKey, "refused the key in")),
    "empty account": (status(402), (ProviderFailed, "nothing left to spend")),
    "refused request": (status(405), (ProviderFailed, "refused the request")),
}


class FromTheSecond:
    """A server's rule: the first request is answered well, every later one by a fault."""

    def __init__(self, fault: Fault) -> None:
        self._fault = fault
        self.answered: list[str] = []

    def __call__(self, payload: dict[str, Any], server: ProviderServer) -> Answer | Misdeed | None:
        if self.answered:
            return self._fault(payload, server)
        self.answered = texts_of(payload)
        return None


@pytest.fixture(params=[1, AT_ONCE])
def at_once(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """Requests under way: one, and as many as to a service far away."""
    monkeypatch.setattr(RemoteEmbedder, "at_once", request.param)
    return int(request.param)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_that_stays_ends_the_run_and_keeps_what_was_answered(
    fault: str,
    kind: str,
    at_once: int,
    server: ProviderServer,
    patience: Patience,
    keys: None,
    waits: list[float],
    tmp_path: Path,
) -> None:
    wrong, (error, words) = FAULTS[fault]
    rule = FromTheSecond(wrong)
    server.rules = [rule]
    provider = make(kind, server.url, patience)

    def hurry(stage: str, done: float, total: float, **_: Any) -> None:
        if done and fault == "hang":
            provider._timeout_s = 0.05

    with VectorCache(tmp_path / "vectors.db") as cache:
        with pytest.raises(error, match=words) as caught:
            embed_texts(provider, TEXTS * 2, cache, hurry)
        told = str(caught.value)
        assert re.search(r"Finished texts are kept|Check the|Clear|Choose", told), "what to do is said"
        assert not any(text in told for text in TEXTS)
        assert "sk-test" not in told
        assert sum(waits) <= 60 * at_once
        _goes_on(kind, server, patience, cache, rule.answered)


@pytest.mark.parametrize("kind", ["dashscope", "openai"], indirect=True)
def test_a_reordered_answer_is_no_fault(provider: RemoteEmbedder, server: ProviderServer, waits: list[float]) -> None:
    def reordered(payload: dict[str, Any], server: ProviderServer) -> Answer:
        answer = wrap(payload, rows_of(payload, server))
        (answer["output"]["embeddings"] if "output" in answer else answer["data"]).reverse()
        return 200, {}, answer

    server.rules = [reordered]
    np.testing.assert_allclose(embed_texts(provider, TEXTS).matrix, expected(TEXTS), atol=1e-6)
    assert waits == []


def test_a_missing_model_is_named_with_what_to_do(
    kind: str, server: ProviderServer, patience: Patience, keys: None, waits: list[float], tmp_path: Path
) -> None:
    code, body = NO_MODEL[kind]
    rule = FromTheSecond(status(code, body))
    server.rules = [rule]
    with VectorCache(tmp_path / "vectors.db") as cache:
        with pytest.raises(UnusableInput, match="does not have the model") as caught:
            embed_texts(make(kind, server.url, patience), TEXTS, cache)
        assert ("ollama pull" in str(caught.value)) == (kind == "ollama")
        assert waits == []
        _goes_on(kind, server, patience, cache, rule.answered)


def test_a_content_filter_on_one_text_costs_that_text_alone(
    kind: str, at_once: int, server: ProviderServer, patience: Patience, keys: None, waits: list[float]
) -> None:
    code, body = FILTERED[kind]
    server.rules = [lambda payload, server: (code, {}, body) if TEXTS[13] in texts_of(payload) else None]
    vectors = embed_texts(make(kind, server.url, patience), TEXTS)
    assert vectors.refused == {13: "content"}
    others = [i for i in range(len(TEXTS)) if i != 13]
    np.testing.assert_allclose(vectors.matrix[others], expected([TEXTS[i] for i in others]), atol=1e-6)
    assert "content filter" in str(vectors.notes[0])
    assert waits == []


def _goes_on(kind: str, server: ProviderServer, patience: Patience, cache: VectorCache, answered: list[str]) -> None:
    """The next run, at a server that is well again, sends what was not answered and no more."""
    assert cache.stats().texts == len(answered) > 0
    server.rules = []
    before = len(server.sent)
    vectors = embed_texts(make(kind, server.url, patience), TEXTS, cache)
    assert sorted(server.sent[before:]) == sorted(set(TEXTS) - set(answered))
    assert vectors.counts["cached"] == len(answered)
    np.testing.assert_allclose(vectors.matrix, expected(TEXTS), atol=1e-6)

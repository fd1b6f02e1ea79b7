"""How far an analysis is, and how long it will still take, from its stage and the rate in embedding."""

from __future__ import annotations

from collections.abc import Mapping

from pipelines.progress import STAGES

WEIGHTS: Mapping[str, float] = {
    "reading": 2,
    "embedding": 55,
    "neighbors": 4,
    "projection": 20,
    "clusters": 10,
    "topics": 3,
    "sentiment": 3,
    "outliers": 1,
    "saving": 2,
}
"""Share of the whole in percent, as measured on a first run with the bundled model; they add up to 100."""

DRAFT = "draft"
DRAFT_SHARE = 8.0
"""The stage that a draft is told as, and the percent it ends at; the analysis proper then fills its own shares, which
overtake this one early in embedding, so that the bar waits a little and never falls."""

PICTURES = "pictures"
"""A stage that few files have, between reading and embedding; the bar waits in it."""
WHOLE = frozenset({"comparing", "adapting"})
"""Stages of the lab's jobs: each is all that its job does."""

FIXED_AFTER_EMBEDDING_S = 6.0
PER_TEXT_AFTER_EMBEDDING_S = 0.002
"""Seconds that the stages after embedding took on 2 cores: imports and compilation, then so many per text."""


def percent(stage: str, done: float, total: float) -> float:
    """0…100 over the whole analysis; an unknown stage is 0."""
    if stage == DRAFT:
        return DRAFT_SHARE * _share(done, total)
    if stage == PICTURES:
        return WEIGHTS["reading"]
    if stage in WHOLE:
        return 100 * _share(done, total)
    if stage not in WEIGHTS:
        return 0.0
    before = sum(WEIGHTS[name] for name in STAGES[: STAGES.index(stage)])
    return before + WEIGHTS[stage] * _share(done, total)


def seconds_left(
    stage: str, done: float, total: float, *, rate: float | None, texts: float | None, after_s: float | None
) -> float | None:
    """Seconds until the analysis is done; None while nothing is known, as in a draft.

    rate: texts per second in embedding. texts: how many there are, known from embedding on. after_s: seconds since
    embedding ended, None before.
    """
    if stage == "embedding" and rate and rate > 0 and total > 0:
        return max(total - done, 0) / rate + _after_embedding_s(texts or total)
    if stage not in WEIGHTS or STAGES.index(stage) <= STAGES.index("embedding") or after_s is None:
        return None
    later = STAGES[STAGES.index("embedding") + 1 :]
    whole = sum(WEIGHTS[name] for name in later)
    passed = sum(WEIGHTS[name] for name in later[: later.index(stage)]) + WEIGHTS[stage] * _share(done, total)
    share = passed / whole
    expected = _after_embedding_s(texts or 0)
    # The further it is, the more this machine's own speed counts against the table's.
    seen = after_s / share if share > 0.05 else expected
    return (1 - share) * ((1 - share) * expected + share * seen)


def _share(done: float, total: float) -> float:
    return min(max(done / total, 0.0), 1.0) if total > 0 else 0.0


def _after_embedding_s(texts: float) -> float:
    return FIXED_AFTER_EMBEDDING_S + PER_TEXT_AFTER_EMBEDDING_S * texts

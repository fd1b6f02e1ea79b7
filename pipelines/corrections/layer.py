"""The layer of corrections: what stands of the decisions, applied to the bundle so far."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from pipelines.corrections.fold import State
from pipelines.corrections.kinds import decisions
from pipelines.corrections.wording import worded
from pipelines.relabel import entry, relabelled
from pipelines.store.journal import Entry
from pipelines.store.reader import Bundle

BY_HAND = "by_hand"
"""Column of points: a person put the unit where it is, or took it out of its topic."""
OUTCOMES = "corrections"
"""In the summary: what became of each decision that stands on this map (fold.Outcome as plain values)."""


def corrected(below: Bundle, entries: Sequence[Entry], _find: Callable[[str], Bundle | None]) -> Bundle:
    """The bundle with what people corrected; `below` itself where no correction stands.

    Topics carry "plain_name" where a person named them, "pinned" and "hidden" (the decision's seq), "merged" and
    "split_from". Reviews of a hidden topic keep its id and lose its name, so that they are counted and not named.
    """
    standing = [decision for decision in decisions(entries) if not decision.undone]
    if not standing:
        return below
    state = State(below)
    outcomes = [state.apply(decision).as_dict() for decision in standing]
    _find_words(state)
    overlay = relabelled(
        below,
        [(one.seq, one.kind, json.dumps(one.payload, sort_keys=True)) for one in standing],
        cluster=state.cluster,
        joined=state.joined,
        strength=state.strength,
        topics=list(state.topics.values()),
        **{OUTCOMES: outcomes},
    )
    hidden = [one for one, topic in state.topics.items() if topic.get("hidden")]
    overlay.points.loc[np.isin(state.cluster, hidden), "topic"] = ""
    overlay.points[BY_HAND] = state.by_hand
    return overlay


def _find_words(state: State) -> None:
    """Keywords and exemplars of topics that are not quite those whose words were kept; their names stay."""
    wanted = [topic for topic in sorted(state.wordless) if (state.cluster == topic).any()]
    if not wanted:
        return
    number = np.full(len(state.cluster), -1, dtype=np.int32)
    for place, topic in enumerate(wanted):
        number[state.cluster == topic] = place
    for topic, found in zip(wanted, worded(state.below, number, state.strength), strict=True):
        words: dict[str, Any] = entry(found)
        state.topics[topic] |= {"keywords": words["keywords"], "exemplars": words["exemplars"]}

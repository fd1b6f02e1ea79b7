"""What people decided about the topics of an analysis: the journal's kinds, and which of them stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipelines.store.journal import Entry

RENAMED = "topic_renamed"
MERGED = "topics_merged"
SPLIT = "topic_split"
HIDDEN = "topic_hidden"
PINNED = "topic_pinned"
MOVED = "reviews_moved"
UNDONE, REDONE = "correction_undone", "correction_redone"

DECIDED = frozenset({RENAMED, MERGED, SPLIT, HIDDEN, PINNED, MOVED})
"""Kinds that change what is shown; the payload of the other two names one of these by its `seq`."""
KINDS = DECIDED | {UNDONE, REDONE}


@dataclass(frozen=True)
class Decision:
    """One change that somebody made; at is ISO 8601 in UTC. undone: it was taken back, and can be brought back."""

    seq: int
    at: str
    kind: str
    payload: Mapping[str, Any]
    undone: bool = False


def decisions(entries: Sequence[Entry]) -> tuple[Decision, ...]:
    """Every change among the journal's entries, oldest first."""
    undone: set[object] = set()
    for entry in entries:
        if entry.kind == UNDONE:
            undone.add(entry.payload.get("seq"))
        elif entry.kind == REDONE:
            undone.discard(entry.payload.get("seq"))
    return tuple(
        Decision(entry.seq, entry.at, entry.kind, entry.payload, entry.seq in undone)
        for entry in entries
        if entry.kind in DECIDED
    )


def hiding(seen: Sequence[Decision], summary: Mapping[str, Any]) -> dict[int, list[int]]:
    """The topics that each change which hides (by `seq`) hides on a map; summary: of the bundle as shown."""
    standing = {one.seq for one in seen if one.kind == HIDDEN and not one.undone}
    found: dict[int, list[int]] = {}
    for topic in summary["topics"]:
        if topic.get("hidden") in standing:
            found.setdefault(int(topic["hidden"]), []).append(int(topic["id"]))
    return found

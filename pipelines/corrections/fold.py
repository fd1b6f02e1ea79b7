"""Decisions applied one after the other: each finds the topics it meant among those that the earlier ones left."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipelines import members
from pipelines.corrections import kinds, places
from pipelines.corrections.kinds import Decision
from pipelines.errors import N_
from pipelines.members import Found
from pipelines.store.reader import Bundle
from pipelines.types import BoolArray, FloatArray, IntArray

FIRST_ID = 10_000
"""Topics that people make are numbered from here, beyond those that any run finds."""

UNREADABLE = N_("This change cannot be read.")
NO_TOPIC = N_("There is no topic like “{name}” on this map.")
NO_TWO = N_("Of the topics that became one, fewer than two are on this map.")
NO_PARTS = N_("Of the parts of “{name}”, fewer than two are on this map.")
NO_REVIEWS = N_("None of these reviews is on this map.")
SOME_TOPICS = N_("{n} of the {total} topics are on this map.")
SOME_REVIEWS = N_("{n} of the {total} reviews are on this map.")


@dataclass(frozen=True)
class Outcome:
    """What became of a decision on a map. fits: it is in effect. template over values says why not, or how far."""

    seq: int
    fits: bool
    template: str = ""
    values: Mapping[str, object] = field(default_factory=dict)

    def as_dict(self) -> dict[str, object]:
        """Plain values for a summary."""
        return {"seq": self.seq, "fits": self.fits, "template": self.template, "values": dict(self.values)}


class State:
    """The topics of a bundle while decisions are applied; cluster, joined, strength, by_hand over its n units.

    topics: entries as in summary["topics"] by id. wordless: topics that were made here and need their words found.
    """

    def __init__(self, below: Bundle) -> None:
        points = below.points
        self.below = below
        self.row_id: IntArray = points["row_id"].to_numpy(dtype=np.int64)
        self.cluster: NDArray[np.int32] = points["cluster"].to_numpy(dtype=np.int32).copy()
        self.joined: BoolArray = points["joined"].to_numpy(dtype=bool).copy()
        self.strength: FloatArray = points["cluster_strength"].to_numpy(dtype=np.float32).copy()
        self.by_hand: BoolArray = np.zeros(len(points), dtype=bool)
        self.topics: dict[int, dict[str, Any]] = {int(t["id"]): dict(t) for t in below.summary["topics"]}
        self.wordless: set[int] = set()

    def apply(self, decision: Decision) -> Outcome:
        """Apply one decision, or leave everything as it is where it fits no longer."""
        before = self._kept()
        try:
            template, values, fits = _KINDS[decision.kind](self, decision)
        except (KeyError, TypeError, ValueError, IndexError, OverflowError):
            # A journal is a file that outlives the program that wrote it.
            self.__dict__.update(before)
            return Outcome(decision.seq, False, UNREADABLE)
        return Outcome(decision.seq, fits, template, values)

    def _kept(self) -> dict[str, Any]:
        """What a decision can change."""
        arrays = {name: getattr(self, name).copy() for name in ("cluster", "joined", "strength", "by_hand")}
        topics = {one: dict(topic) for one, topic in self.topics.items()}
        return {**arrays, "topics": topics, "wordless": {*self.wordless}}

    def nearest(self, reference: Mapping[str, Any]) -> Found:
        """The topic that a reference means."""
        kept = members.members_from(reference["members"])
        return members.nearest(kept, self.row_id, self.cluster, int(reference["id"]))

    def parts(self, reference: Mapping[str, Any]) -> Found:
        """The topic that a reference means, or the topics that it fell into."""
        kept = members.members_from(reference["members"])
        return members.parts(kept, self.row_id, self.cluster, int(reference["id"]))

    def free_name(self, name: str, without: Iterable[int]) -> str:
        """The name, with a number after it where another topic has it."""
        taken = {str(topic["name"]) for one, topic in self.topics.items() if one not in {*without}}
        free, number = name, 2
        while free in taken:
            free, number = f"{name} ({number})", number + 1
        return free

    def free_id(self, wanted: int) -> int:
        """The id, or the next one that no topic has."""
        while wanted in self.topics or wanted < 0:
            wanted = max(wanted + 1, FIRST_ID)
        return wanted

    def note_words(self, topic_id: int, decision: Decision, inside: BoolArray, digest: object) -> None:
        """Whether a topic of these units is the very one whose words the decision keeps, or needs its own found."""
        is_same = decision.payload["bundle"] == self.below.id and digest == digest_of(self.below, inside)
        (self.wordless.discard if is_same else self.wordless.add)(topic_id)


def digest_of(bundle: Bundle, inside: BoolArray) -> str:
    """A short sum over units (n,) of a bundle."""
    return hashlib.sha256(places.keys(bundle.points)[inside].tobytes()).hexdigest()[:16]


_Result = tuple[str, dict[str, object], bool]
_FITS: _Result = ("", {}, True)


def _missing(reference: Mapping[str, Any]) -> _Result:
    return NO_TOPIC, {"name": str(reference["name"])}, False


def _rename(state: State, decision: Decision) -> _Result:
    reference = decision.payload["topic"]
    found = state.nearest(reference)
    if not found.fits:
        return _missing(reference)
    _name(state, found.ids[0], str(decision.payload["name"]))
    return _FITS


def _name(state: State, topic_id: int, name: str) -> None:
    topic = state.topics[topic_id]
    topic.setdefault("plain_name", topic["name"])
    topic["name"] = state.free_name(name, [topic_id])
    topic["named_by_hand"] = True


def _merge(state: State, decision: Decision) -> _Result:
    payload = decision.payload
    found = [state.parts(reference) for reference in payload["topics"]]
    fitting = [one for one in found if one.fits]
    ids = list(dict.fromkeys(topic for one in fitting for topic in one.ids))
    if len(ids) < 2:
        return _merged_already(state, decision)
    kept = found[int(payload["keep"])]
    target = kept.ids[0] if kept.fits else max(ids, key=lambda one: (int((state.cluster == one).sum()), -one))
    inside = np.isin(state.cluster, ids)
    merged = [{"id": one, "name": state.topics[one]["name"]} for one in ids]
    pinned = next((seq for one in ids if (seq := state.topics[one].get("pinned"))), 0)
    state.cluster[inside] = target
    topic: dict[str, Any] = {
        "id": target,
        "name": state.free_name(str(payload["name"]), ids),
        "keywords": payload["keywords"],
        "exemplars": payload["exemplars"],
        "stability": None,
        "merged": merged,
        "named_by_hand": bool(payload["named"]),
    }
    if payload["named"]:
        topic["plain_name"] = str(payload["plain_name"])
    if pinned:
        topic["pinned"] = pinned
    _replace(state, ids, target, [topic])
    state.wordless -= {*ids}
    state.note_words(target, decision, inside, payload["digest"])
    if len(fitting) < len(found):
        return SOME_TOPICS, {"n": len(fitting), "total": len(found)}, True
    return _FITS


def _merged_already(state: State, decision: Decision) -> _Result:
    """On a coarser map the topics are one without a decision; it keeps the name that a person gave."""
    references = decision.payload["topics"]
    whole = members.united([members.members_from(one["members"]) for one in references])
    found = members.nearest(whole, state.row_id, state.cluster, int(references[0]["id"]))
    if not found.fits:
        return NO_TWO, {}, False
    if decision.payload["named"]:
        _name(state, found.ids[0], str(decision.payload["name"]))
    return _FITS


def _replace(state: State, old: Iterable[int], at: int, new: list[dict[str, Any]]) -> None:
    """Put `new` topics in the place of topic `at`, and take the other `old` ones away."""
    gone = {*old}
    topics: dict[int, dict[str, Any]] = {}
    for one, topic in state.topics.items():
        if one == at:
            topics |= {int(entry["id"]): entry for entry in new}
        elif one not in gone:
            topics[one] = topic
    state.topics = topics


def _split(state: State, decision: Decision) -> _Result:
    payload = decision.payload
    reference = payload["topic"]
    found = state.nearest(reference)
    if not found.fits:
        return _missing(reference)
    topic_id = found.ids[0]
    inside = np.flatnonzero(state.cluster == topic_id)
    part_of = _parts_of(state, [places.from_json(part["units"]) for part in payload["parts"]], inside)
    present = [place for place in range(len(payload["parts"])) if (part_of == place).any()]
    if len(present) < 2:
        return NO_PARTS, {"name": str(reference["name"])}, False
    whole = state.topics[topic_id]
    entries = []
    for place in present:
        part, units = payload["parts"][place], np.zeros(len(state.cluster), dtype=bool)
        units[inside[part_of == place]] = True
        own_id = topic_id if place == present[0] else state.free_id(int(part["id"]))
        entry = {
            "id": own_id,
            "name": state.free_name(str(part["name"]), [topic_id]),
            "keywords": part["keywords"],
            "exemplars": part["exemplars"],
            "stability": None,
            "split_from": {"id": topic_id, "name": whole["name"]},
        }
        if whole.get("pinned") and place == present[0]:
            entry["pinned"] = whole["pinned"]
        state.cluster[units] = own_id
        state.topics[own_id] = entry
        state.note_words(own_id, decision, units, part["digest"])
        entries.append(entry)
    _replace(state, [int(entry["id"]) for entry in entries], topic_id, entries)
    return _FITS


def _parts_of(state: State, parts: list[IntArray], inside: IntArray) -> IntArray:
    """The part of each unit at `inside`: as decided, and for units that came later the nearest in meaning."""
    from_key = places.keys(state.below.points)[inside]
    part_of = np.full(len(inside), -1, dtype=np.int64)
    for place, wanted in enumerate(parts):
        part_of[np.isin(from_key, wanted)] = place
    unknown = np.flatnonzero(part_of < 0)
    known = np.unique(part_of[part_of >= 0])
    if len(unknown) and len(known):
        vectors = np.asarray(state.below.vectors[inside], dtype=np.float32)
        centres = np.stack([vectors[part_of == place].mean(axis=0) for place in known])
        part_of[unknown] = known[np.argmax(vectors[unknown] @ centres.T, axis=1)]
    return part_of


def _hide(state: State, decision: Decision) -> _Result:
    reference = decision.payload["topic"]
    found = state.parts(reference)
    if not found.fits:
        return _missing(reference)
    for one in found.ids:
        state.topics[one].setdefault("hidden", decision.seq)
    return _FITS


def _pin(state: State, decision: Decision) -> _Result:
    reference = decision.payload["topic"]
    found = state.nearest(reference)
    if not found.fits:
        return _missing(reference)
    here, wanted = found.ids[0], int(reference["id"])
    moved = here != wanted and not state.topics.get(wanted, {}).get("pinned")
    if moved:
        _swap(state, here, wanted)
        here = wanted
    topic = state.topics[here]
    topic["pinned"] = decision.seq
    name = decision.payload["name"]
    is_other = moved or decision.payload["bundle"] != state.below.id
    if name and is_other and not topic.get("named_by_hand") and topic["name"] != name:
        topic.setdefault("plain_name", topic["name"])
        topic["name"] = state.free_name(str(name), [here])
    return _FITS


def _swap(state: State, one: int, other: int) -> None:
    """Let two topics change ids; `other` may be one that no topic has."""
    if not 0 <= other <= np.iinfo(np.uint16).max - 1:
        raise ValueError("no topic id")
    renumber = {one: other, other: one}
    at_one, at_other = state.cluster == one, state.cluster == other
    state.cluster[at_one], state.cluster[at_other] = other, one
    state.wordless = {renumber.get(topic, topic) for topic in state.wordless}
    state.topics = {
        renumber.get(topic, topic): {**entry, "id": renumber.get(topic, topic)} for topic, entry in state.topics.items()
    }


def _move(state: State, decision: Decision) -> _Result:
    payload = decision.payload
    wanted, total = places.from_json(payload["units"]), int(payload["reviews"])
    points = state.below.points
    inside = np.isin(places.keys(points), wanted)
    if not inside.any():
        return NO_REVIEWS, {}, False
    there = len(np.unique(state.row_id[inside]))
    target = -1
    if payload["to"] is not None:
        found = state.nearest(payload["to"])
        if not found.fits:
            return _missing(payload["to"])
        target = found.ids[0]
    if payload["copies"]:
        inside = places.with_copies(points, inside)
    state.cluster[inside] = target
    state.joined[inside] = False
    state.strength[inside] = 1.0 if target >= 0 else 0.0
    state.by_hand[inside] = True
    if there < total:
        return SOME_REVIEWS, {"n": there, "total": total}, True
    return _FITS


_KINDS: Mapping[str, Callable[[State, Decision], _Result]] = {
    kinds.RENAMED: _rename,
    kinds.MERGED: _merge,
    kinds.SPLIT: _split,
    kinds.HIDDEN: _hide,
    kinds.PINNED: _pin,
    kinds.MOVED: _move,
}

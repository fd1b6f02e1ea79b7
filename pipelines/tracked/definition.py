"""What a person tracks, as the journal tells it: a phrase or reviews shown as examples, and the answers given since."""

from __future__ import annotations

import base64
import binascii
import contextlib
import hashlib
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from pipelines.duplicates import normalise
from pipelines.store.journal import Entry
from pipelines.text import clean
from pipelines.types import FloatArray
from pipelines.view import TRACKED_PREFIX

CREATED, ANSWERED, CHANGED = "tracked_created", "tracked_answered", "tracked_changed"
REMOVED, RESTORED = "tracked_removed", "tracked_restored"
KINDS = frozenset({CREATED, ANSWERED, CHANGED, REMOVED, RESTORED})

COLUMN = TRACKED_PREFIX
THRESHOLD = 0.5
MOST_EXAMPLES, MOST_PHRASES, MOST_CHARS, MOST_TRACKED = 300, 20, 120, 200


@dataclass(frozen=True)
class Mark:
    """One unit that is meant: where it stands in a bundle, and by what it is known again elsewhere."""

    unit: int
    row: int
    digest: str

    def to_dict(self) -> dict[str, object]:
        """Plain values."""
        return {"unit": self.unit, "row": self.row, "text": self.digest}


@dataclass(frozen=True)
class Answer:
    """yes: it belongs. was: the topic had counted it when it was asked about."""

    mark: Mark
    bundle: str
    yes: bool
    was: bool


@dataclass(frozen=True)
class Meaning:
    """A phrase's vector for bundles that `reader` names, and from which likeness on a review counts (`cut`, half sure
    there; `scale`: how quickly surer)."""

    reader: str
    vector: bytes
    cut: float
    scale: float

    def array(self) -> FloatArray:
        """(d,) float32."""
        return np.frombuffer(self.vector, dtype="<f4").astype(np.float32)

    def to_dict(self) -> dict[str, object]:
        """Plain values."""
        said = base64.b64encode(self.vector).decode("ascii")
        return {"reader": self.reader, "vector": said, "cut": self.cut, "scale": self.scale}

    @classmethod
    def from_dict(cls, fields: object) -> Meaning | None:
        """None where it is not as it should be."""
        try:
            raw = base64.b64decode(fields["vector"], validate=True)  # type: ignore[index]
            found = cls(str(fields["reader"]), raw, float(fields["cut"]), float(fields["scale"]))  # type: ignore[index]
        except (TypeError, KeyError, ValueError, binascii.Error):
            return None
        finite = math.isfinite(found.cut) and math.isfinite(found.scale) and found.scale > 0
        return found if finite and raw and len(raw) % 4 == 0 else None


@dataclass(frozen=True)
class Tracked:
    """A tracked topic. bundle: the one it was made on, which the examples' units are of. threshold: how sure (0…1) a
    review must be to count."""

    id: str
    name: str
    phrases: tuple[str, ...] = ()
    meanings: tuple[Meaning | None, ...] = ()
    examples: tuple[Mark, ...] = ()
    bundle: str = ""
    answers: tuple[Answer, ...] = ()
    threshold: float = THRESHOLD

    @property
    def column(self) -> str:
        """Its column among the points."""
        return COLUMN + self.id


@dataclass
class _Folded:
    topics: dict[str, Tracked] = field(default_factory=dict)
    removed: dict[str, Tracked] = field(default_factory=dict)


def fold(entries: Iterable[Entry]) -> tuple[Tracked, ...]:
    """The tracked topics after the entries, in the order they were made; an entry without sense is passed over."""
    state = _Folded()
    steps = {CREATED: _create, ANSWERED: _answer, CHANGED: _change, REMOVED: _remove, RESTORED: _restore}
    for entry in entries:
        step = steps.get(entry.kind)
        if step is not None:
            # An entry that another version or another hand wrote must not take the page away.
            with contextlib.suppress(TypeError, AttributeError, ValueError):
                step(state, entry.payload)
    return tuple(state.topics.values())


def digest_of(text: str) -> str:
    """By which a review is known again: of the text without what a copy may vary."""
    return hashlib.sha256(normalise(clean(text)).encode("utf-8", "replace")).hexdigest()[:20]


def marks(payload: object) -> tuple[Mark, ...]:
    """Marks from plain values; what is not one is left out."""
    if not isinstance(payload, Sequence) or isinstance(payload, str):
        return ()
    found = []
    for one in payload[:MOST_EXAMPLES]:
        if isinstance(one, Mapping) and isinstance(one.get("unit"), int) and isinstance(one.get("row"), int):
            found.append(Mark(one["unit"], one["row"], str(one.get("text", ""))))
    return tuple(found)


def _create(state: _Folded, payload: Mapping[str, Any]) -> None:
    for one in payload.get("topics", ()) if isinstance(payload.get("topics"), list) else ():
        name, id_ = str(one.get("name", "")).strip(), str(one.get("id", ""))
        phrases = tuple(str(phrase)[:MOST_CHARS] for phrase in one.get("phrases", ()))[:MOST_PHRASES]
        examples = marks(one.get("examples", ()))
        if not name or not id_ or not (phrases or examples) or len(state.topics) >= MOST_TRACKED:
            continue
        kept = [Meaning.from_dict(each) for each in one.get("meanings", ())][: len(phrases)]
        meanings = (*kept, *[None] * (len(phrases) - len(kept)))
        state.topics[id_] = Tracked(id_, name, phrases, meanings, examples, str(payload.get("bundle", "")))


def _answer(state: _Folded, payload: Mapping[str, Any]) -> None:
    topic = state.topics.get(str(payload.get("id")))
    given = payload.get("answers")
    if topic is None or not isinstance(given, list):
        return
    bundle = str(payload.get("bundle", ""))
    for one in given:
        for mark in marks([one]):
            # The last answer about a review counts; one that was taken back is as if never given.
            others = tuple(each for each in topic.answers if each.mark.digest != mark.digest)
            more = () if one.get("yes") is None else (Answer(mark, bundle, bool(one["yes"]), bool(one.get("was"))),)
            topic = replace(topic, answers=(*others, *more))
    state.topics[topic.id] = topic


def _change(state: _Folded, payload: Mapping[str, Any]) -> None:
    topic = state.topics.get(str(payload.get("id")))
    if topic is None:
        return
    name = str(payload.get("name", "")).strip()
    threshold = payload.get("threshold")
    if name:
        topic = replace(topic, name=name)
    if isinstance(threshold, int | float) and 0 < threshold < 1:
        topic = replace(topic, threshold=float(threshold))
    state.topics[topic.id] = topic


def _remove(state: _Folded, payload: Mapping[str, Any]) -> None:
    for id_ in payload.get("ids", ()):
        if str(id_) in state.topics:
            state.removed[str(id_)] = state.topics.pop(str(id_))


def _restore(state: _Folded, payload: Mapping[str, Any]) -> None:
    for id_ in payload.get("ids", ()):
        if str(id_) in state.removed:
            state.topics[str(id_)] = state.removed.pop(str(id_))

"""What people do to tracked topics, written into the analysis's journal before it is acknowledged."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import numpy as np

from pipelines.errors import N_, UnusableInput
from pipelines.store import catalog, journal
from pipelines.store.reader import Bundle
from pipelines.tracked import definition, meaning
from pipelines.tracked.codebook import Line
from pipelines.tracked.definition import Mark, Tracked, digest_of
from pipelines.types import IntArray


def drafted(bundle: Bundle, line: Line, id_: str = "preview") -> Tracked:
    """A tracked topic as it would be, for a preview; nothing is written."""
    return Tracked(id_, line.name, line.phrases, meaning.read(bundle, line.phrases), (), bundle.id)


def create(analysis_id: str, bundle: Bundle, lines: Sequence[Line], *, now: datetime | None = None) -> tuple[str, ...]:
    """Track the phrases of each line, all in one entry; the new ids, in order. Raises UnusableInput."""
    entries = []
    for line in lines:
        topic = drafted(bundle, line, _new_id())
        meanings = [meant.to_dict() if meant else None for meant in topic.meanings]
        entries.append({"id": topic.id, "name": topic.name, "phrases": list(topic.phrases), "meanings": meanings})
    return _create(analysis_id, bundle, entries, now)


def create_from_reviews(
    analysis_id: str, bundle: Bundle, name: str, unit_ids: Iterable[int], *, now: datetime | None = None
) -> str:
    """Track what these reviews have in common; of many, 300 are kept as examples. Raises UnusableInput."""
    places = np.unique([unit for unit in unit_ids if 0 <= unit < len(bundle.points)]).astype(np.int64)
    cleaned = _name(name)
    if not len(places):
        raise UnusableInput(N_("No review is selected."))
    if len(places) > definition.MOST_EXAMPLES:
        places = places[np.linspace(0, len(places) - 1, definition.MOST_EXAMPLES).astype(int)]
    examples = [mark.to_dict() for mark in marks_of(bundle, places)]
    return _create(analysis_id, bundle, [{"id": _new_id(), "name": cleaned, "examples": examples}], now)[0]


def answer(analysis_id: str, bundle: Bundle, topic_id: str, unit: int, yes: bool | None, *, was: bool = False) -> None:
    """Say that a review belongs, or not; None takes the last answer about it back."""
    (mark,) = marks_of(bundle, np.array([unit]))
    given = {**mark.to_dict(), "yes": yes, "was": was}
    _append(analysis_id, definition.ANSWERED, {"id": topic_id, "bundle": bundle.id, "answers": [given]})


def change(analysis_id: str, topic_id: str, *, name: str | None = None, threshold: float | None = None) -> None:
    """Give it another name, or say how sure a review must be to count. Raises UnusableInput for an empty name."""
    payload: dict[str, object] = {"id": topic_id}
    payload |= {} if name is None else {"name": _name(name)}
    payload |= {} if threshold is None else {"threshold": threshold}
    _append(analysis_id, definition.CHANGED, payload)


def remove(analysis_id: str, ids: Sequence[str]) -> None:
    """Track them no longer; `restore` brings them back with all that was answered."""
    _append(analysis_id, definition.REMOVED, {"ids": list(ids)})


def restore(analysis_id: str, ids: Sequence[str]) -> None:
    """Undo `remove`."""
    _append(analysis_id, definition.RESTORED, {"ids": list(ids)})


def tracked(analysis_id: str) -> tuple[Tracked, ...]:
    """The analysis's tracked topics, in the order they were made."""
    return definition.fold(journal.replay(catalog.home() / analysis_id))


def marks_of(bundle: Bundle, places: IntArray) -> tuple[Mark, ...]:
    """Marks of the units at these positions."""
    points = bundle.points
    rows, texts = points["row_id"].to_numpy(), points["text"]
    return tuple(Mark(int(place), int(rows[place]), digest_of(texts.iloc[place])) for place in places)


def _create(
    analysis_id: str, bundle: Bundle, entries: Sequence[Mapping[str, object]], now: datetime | None
) -> tuple[str, ...]:
    if bundle.is_draft:
        raise UnusableInput(N_("Topics can be tracked once the full map is there."))
    if not entries:
        raise UnusableInput(N_("Type a word or a phrase."))
    if len(tracked(analysis_id)) + len(entries) > definition.MOST_TRACKED:
        raise UnusableInput(N_("At most {n} topics can be tracked. Remove some first."), n=definition.MOST_TRACKED)
    _append(analysis_id, definition.CREATED, {"bundle": bundle.id, "topics": list(entries)}, now)
    return tuple(str(one["id"]) for one in entries)


def _append(analysis_id: str, kind: str, payload: Mapping[str, object], now: datetime | None = None) -> None:
    journal.append(catalog.home() / analysis_id, kind, payload, now)
    catalog.refresh(analysis_id)


def _new_id() -> str:
    return secrets.token_hex(4)


def _name(name: str) -> str:
    cleaned = " ".join("".join(char if char.isprintable() else " " for char in name).split())
    if not cleaned:
        raise UnusableInput(N_("The name is empty. Type a name."))
    return cleaned[: definition.MOST_CHARS]

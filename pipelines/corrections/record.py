"""What people decide about topics, checked and written to the journal: each takes the bundle as they see it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import numpy as np

from pipelines import members
from pipelines.corrections import kinds, places
from pipelines.corrections.fold import FIRST_ID, digest_of
from pipelines.corrections.splitting import Parts
from pipelines.corrections.wording import worded
from pipelines.errors import N_, UnusableInput
from pipelines.relabel import entry
from pipelines.store import catalog, journal, library
from pipelines.store.journal import Entry
from pipelines.store.reader import Bundle
from pipelines.types import BoolArray

MAX_NAME_CHARS = 80
"""A topic's name stands on the map and in tables."""


def rename(analysis_id: str, bundle: Bundle, topic_id: int, name: str, *, now: datetime | None = None) -> Entry:
    """Give a topic another name; raises UnusableInput for an empty one, or one that another topic has."""
    topic = _topic(bundle, topic_id)
    cleaned = _clean_name(name)
    if cleaned == topic["name"]:
        raise UnusableInput(N_("This is the topic’s name already."))
    _refuse_taken(bundle, cleaned, [topic_id])
    return _append(analysis_id, kinds.RENAMED, bundle, {"topic": _reference(bundle, topic), "name": cleaned}, now)


def merge(
    analysis_id: str, bundle: Bundle, topic_ids: Sequence[int], name: str = "", *, now: datetime | None = None
) -> Entry:
    """Make one topic of two or more; the largest keeps its id. Without a name it gets one from its reviews' words."""
    wanted = list(dict.fromkeys(topic_ids))
    if len(wanted) < 2:
        raise UnusableInput(N_("Choose at least one other topic to merge with."))
    topics = [_topic(bundle, one) for one in wanted]
    cluster = bundle.points["cluster"].to_numpy(dtype=np.int32)
    inside = np.isin(cluster, wanted)
    strength = bundle.points["cluster_strength"].to_numpy(dtype=np.float32)
    found = worded(bundle, np.where(inside, 0, -1).astype(np.int32), strength)
    words: dict[str, Any] = entry(found[0]) if found else {"name": topics[0]["name"], "keywords": [], "exemplars": []}
    given = _clean_name(name) if name.strip() else ""
    if given:
        _refuse_taken(bundle, given, wanted)
    sizes = [int((cluster == one).sum()) for one in wanted]
    payload = {
        "topics": [_reference(bundle, topic) for topic in topics],
        "keep": int(np.argmax(sizes)),
        "name": given or str(words["name"]),
        "named": bool(given),
        "plain_name": str(words["name"]),
        "keywords": words["keywords"],
        "exemplars": words["exemplars"],
        "digest": digest_of(bundle, inside),
    }
    return _append(analysis_id, kinds.MERGED, bundle, payload, now)


def split(analysis_id: str, bundle: Bundle, topic_id: int, parts: Parts, *, now: datetime | None = None) -> Entry:
    """Put parts in a topic's place, as `splitting.propose` found them; the largest keeps its id."""
    topic = _topic(bundle, topic_id)
    if len(parts.parts) < 2:
        raise UnusableInput(N_("This topic has no parts: its reviews all say much the same."))
    following = _next_id(analysis_id, bundle)
    kept = []
    for rank, part in enumerate(parts.parts):
        inside = np.zeros(len(bundle.points), dtype=bool)
        inside[part.units] = True
        words = entry(part.topic)
        kept.append(
            {
                "id": topic_id if rank == 0 else following + rank - 1,
                "units": places.as_json(bundle.points, inside),
                "digest": digest_of(bundle, inside),
                "reviews": part.reviews,
                **{name: words[name] for name in ("name", "keywords", "exemplars")},
            }
        )
    payload = {"topic": _reference(bundle, topic), "how": parts.how, "parts": kept}
    return _append(analysis_id, kinds.SPLIT, bundle, payload, now)


def hide(analysis_id: str, bundle: Bundle, topic_id: int, *, now: datetime | None = None) -> Entry:
    """Take a topic out of lists, labels and findings; its reviews stay counted. Undo brings it back."""
    topic = _topic(bundle, topic_id)
    if topic.get("hidden"):
        raise UnusableInput(N_("This topic is hidden already."))
    return _append(analysis_id, kinds.HIDDEN, bundle, {"topic": _reference(bundle, topic)}, now)


def pin(analysis_id: str, bundle: Bundle, topic_id: int, *, now: datetime | None = None) -> Entry:
    """Put a topic first, and let it keep its id and name when the map is made anew. Undo takes the pin away."""
    topic = _topic(bundle, topic_id)
    if topic.get("pinned"):
        raise UnusableInput(N_("This topic is pinned already."))
    # A name that a person gave is kept by that decision.
    name = "" if topic.get("named_by_hand") else str(topic["name"])
    return _append(analysis_id, kinds.PINNED, bundle, {"topic": _reference(bundle, topic), "name": name}, now)


def move(
    analysis_id: str,
    bundle: Bundle,
    unit_ids: Sequence[int],
    to: int | None,
    *,
    copies: bool = True,
    now: datetime | None = None,
) -> Entry:
    """Put reviews (units) into the topic `to`, or into none; copies: those that say the same go along."""
    points = bundle.points
    inside = points["unit_id"].isin(list(unit_ids)).to_numpy(dtype=bool)
    if not inside.any():
        raise UnusableInput(N_("Choose the reviews to move first."))
    target = None if to is None or to < 0 else _topic(bundle, to)
    label = -1 if target is None else int(target["id"])
    moving = places.with_copies(points, inside) if copies else inside
    if (points["cluster"].to_numpy()[moving] == label).all():
        raise UnusableInput(N_("These reviews are there already."))
    payload = {
        "units": places.as_json(points, inside),
        "reviews": int(points.loc[inside, "row_id"].nunique()),
        "copies": copies,
        "to": None if target is None else _reference(bundle, target),
    }
    return _append(analysis_id, kinds.MOVED, bundle, payload, now)


def undo(analysis_id: str, seq: int, *, now: datetime | None = None) -> Entry:
    """Take a change back, by a further entry; raises UnusableInput where it is not one that stands."""
    return _switch(analysis_id, kinds.UNDONE, seq, now)


def redo(analysis_id: str, seq: int, *, now: datetime | None = None) -> Entry:
    """Bring a change back that was taken back."""
    return _switch(analysis_id, kinds.REDONE, seq, now)


def _switch(analysis_id: str, kind: str, seq: int, now: datetime | None) -> Entry:
    seen = kinds.decisions(_entries(analysis_id))
    if not any(one.seq == seq and one.undone == (kind == kinds.REDONE) for one in seen):
        raise UnusableInput(N_("There is no such change to take back; reload the page."))
    return _written(analysis_id, kind, {"seq": seq}, now)


def _append(analysis_id: str, kind: str, bundle: Bundle, payload: Mapping[str, Any], now: datetime | None) -> Entry:
    _refuse_draft(bundle)
    return _written(analysis_id, kind, {"bundle": bundle.id, **payload}, now)


def _written(analysis_id: str, kind: str, payload: Mapping[str, Any], now: datetime | None) -> Entry:
    library.info(analysis_id)
    written = journal.append(catalog.home() / analysis_id, kind, payload, now)
    catalog.refresh(analysis_id)
    return written


def _entries(analysis_id: str) -> list[Entry]:
    library.info(analysis_id)
    return journal.replay(catalog.home() / analysis_id)


def _refuse_draft(bundle: Bundle) -> None:
    if bundle.is_draft:
        raise UnusableInput(N_("This is a draft. Changes wait for the full map."))


def _topic(bundle: Bundle, topic_id: int) -> Mapping[str, Any]:
    _refuse_draft(bundle)
    for topic in bundle.summary["topics"]:
        if int(topic["id"]) == topic_id and (bundle.points["cluster"] == topic_id).any():
            return topic
    raise UnusableInput(N_("There is no such topic any more; reload the page."))


def _reference(bundle: Bundle, topic: Mapping[str, Any]) -> dict[str, object]:
    inside: BoolArray = (bundle.points["cluster"] == topic["id"]).to_numpy(dtype=bool)
    kept = members.members_of(bundle.points, inside, len(bundle.rows))
    return {"id": int(topic["id"]), "name": str(topic["name"]), "members": kept.as_json()}


def _next_id(analysis_id: str, bundle: Bundle) -> int:
    """An id that no topic has, nor had by any change of before: a filter in an address must not mean another."""
    used = [int(topic["id"]) for topic in bundle.summary["topics"]]
    for one in _entries(analysis_id):
        if one.kind == kinds.SPLIT:
            used += [int(part["id"]) for part in one.payload.get("parts", ()) if isinstance(part, Mapping)]
    return max([FIRST_ID - 1, *used]) + 1


def _clean_name(name: str) -> str:
    # As the library cleans the names of analyses.
    cleaned = " ".join("".join(char if char.isprintable() else " " for char in name).split())[:MAX_NAME_CHARS]
    if not cleaned:
        raise UnusableInput(N_("The name is empty. Type a name."))
    return cleaned


def _refuse_taken(bundle: Bundle, name: str, own: Sequence[int]) -> None:
    if any(str(topic["name"]) == name for topic in bundle.summary["topics"] if int(topic["id"]) not in own):
        raise UnusableInput(
            N_("Another topic is called “{name}” already. Choose another name, or merge the two."), name=name
        )

"""Names by a model laid over a bundle: the plain name stays beside each, and a name follows its topic.

Journal kinds: names_suggested {"bundle", "model", "names": [{"name", "plain", "members"}]} and
names_withdrawn {"entry": seq, "names": [places in it] or null for all}. Topic ids differ from bundle to bundle and with
how fine the topics are, so a name is found again by its topic's members.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from pipelines.store import catalog, journal
from pipelines.store.journal import Entry
from pipelines.store.overlay import Overlay
from pipelines.store.reader import Bundle
from pipelines.suggested.matching import Find, kept, topic_of

SUGGESTED, WITHDRAWN = "names_suggested", "names_withdrawn"
KINDS = frozenset({SUGGESTED, WITHDRAWN})


def accept(analysis_id: str, bundle: Bundle, names: Mapping[int, str], model: str) -> int:
    """Keep names (topic id → name) of the topics of `bundle` as shown; returns the journal's seq, which undoes them.

    Raises UnusableInput when it cannot be written.
    """
    plain = {topic["id"]: str(topic.get("plain_name") or topic["name"]) for topic in bundle.summary["topics"]}
    named = [
        {"name": name, "plain": plain[topic], "members": kept(bundle, topic)}
        for topic, name in names.items()
        if topic in plain
    ]
    payload = {"bundle": bundle.id, "model": model, "names": named}
    return journal.append(catalog.home() / analysis_id, SUGGESTED, payload).seq


def withdraw(analysis_id: str, entry: int, names: Sequence[int] | None = None) -> None:
    """Show plain names again: of the whole entry, or of its names at some places. Raises UnusableInput as accept."""
    payload = {"entry": entry, "names": None if names is None else list(names)}
    journal.append(catalog.home() / analysis_id, WITHDRAWN, payload)


def layer(bundle: Bundle, entries: Sequence[Entry], find: Find) -> Bundle:
    """The bundle with the names that stand; summary["topics"] gains plain_name, named_by and named_at for those.

    summary["names_lost"]: names whose topic is in this bundle no more.
    """
    standing = _standing(entries)
    if not standing:
        return bundle
    topics = {int(topic["id"]): dict(topic) for topic in bundle.summary["topics"]}
    named: dict[int, dict[str, Any]] = {}
    lost: list[str] = []
    for (seq, place), (entry, name) in standing.items():
        topic = topic_of(bundle, name["members"], str(entry["bundle"]), find)
        if topic is None:
            lost.append(str(name["name"]))
            continue
        named[topic] = {"name": str(name["name"]), "named_by": str(entry["model"]), "named_at": [seq, place]}
    _drop_repeats(named, topics)
    for topic, change in named.items():
        topics[topic] = {**topics[topic], "plain_name": topics[topic]["name"], **change}
    points = bundle.points
    if named:
        points = points.copy()
        cluster = points["cluster"].to_numpy()
        shown = points["topic"].to_numpy(dtype=object, copy=True)
        for topic, change in named.items():
            shown[cluster == topic] = change["name"]
        points["topic"] = pd.array(shown, dtype="str")
    decided = [[seq, place] for seq, place in standing]
    summary = {**bundle.summary, "topics": list(topics.values()), "names_lost": lost}
    return Overlay(bundle, ["suggested", decided], points=points, summary=summary)


def _standing(entries: Sequence[Entry]) -> dict[tuple[int, int], tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """Names not withdrawn, oldest first: (entry's seq, place in it) → the entry's payload and the name."""
    found: dict[tuple[int, int], tuple[Mapping[str, Any], Mapping[str, Any]]] = {}
    for entry in entries:
        if entry.kind == SUGGESTED:
            for place, name in enumerate(entry.payload.get("names", [])):
                found[entry.seq, place] = (entry.payload, name)
        elif entry.kind == WITHDRAWN:
            seq, places = entry.payload.get("entry"), entry.payload.get("names")
            for key in [key for key in found if key[0] == seq and (places is None or key[1] in places)]:
                del found[key]
    return found


def _drop_repeats(named: dict[int, dict[str, Any]], topics: Mapping[int, Mapping[str, Any]]) -> None:
    """Of two topics that would be called the same, the larger keeps the name; a plain name is never taken over."""
    taken = {str(topic["name"]).casefold() for number, topic in topics.items() if number not in named}
    sizes = np.array([-int(topics[topic].get("units", 0)) for topic in named])
    for topic in [list(named)[place] for place in np.argsort(sizes, kind="stable")]:
        name = named[topic]["name"].casefold()
        if name in taken:
            del named[topic]
        taken.add(name)

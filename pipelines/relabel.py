"""Other topics for the units of a finished bundle: what every layer of decisions (shown.py) builds its overlay with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipelines import topics as naming
from pipelines.figures import coverage, heads
from pipelines.store.overlay import Overlay
from pipelines.store.reader import Bundle
from pipelines.topics import Spoken, themes
from pipelines.types import BoolArray, FloatArray, Topic

TERMS = "terms"
"""The state in which a bundle keeps what its distinct texts say, as `Spoken.arrays`."""
_spoken: WeakKeyDictionary[Bundle, Spoken] = WeakKeyDictionary()
_reading = Lock()


def relabelled(
    below: Bundle,
    decided: object,
    *,
    cluster: NDArray[np.int32],
    joined: BoolArray,
    strength: FloatArray,
    topics: Sequence[Mapping[str, Any]],
    **changed: Any,
) -> Overlay:
    """`below` with other topics: cluster, joined and strength over its n units, −1 none.

    topics: entries as in summary["topics"], one for each id in `cluster`; units are counted here, keys of a layer's own
    stay. changed: further entries of the summary. decided: plain values that say what was decided (Overlay).
    """
    points = below.points.copy()
    name_of = {int(topic["id"]): str(topic["name"]) for topic in topics}
    points["cluster"] = cluster.astype(np.int32)
    points["joined"] = np.asarray(joined, dtype=bool)
    points["cluster_strength"] = np.asarray(strength, dtype=np.float32)
    points["topic"] = pd.array([name_of.get(label, "") for label in cluster.tolist()], dtype="str")
    counts = points["cluster"].value_counts()
    summary = {
        **below.summary,
        "topics": [{**topic, "units": int(counts.get(int(topic["id"]), 0))} for topic in topics],
        "coverage": coverage(points),
        "core_coverage": float(((points["cluster"] >= 0) & ~points["joined"]).mean()) if len(points) else float("nan"),
        "themes": themes.regrouped(below.summary.get("themes", ()), topics),
        **changed,
    }
    return Overlay(below, decided, points=points, summary=summary)


def described(bundle: Bundle, cluster: NDArray[np.int32], strength: FloatArray) -> tuple[Topic, ...]:
    """Names, keywords and exemplars (unit ids) of clusters 0…T−1 over the bundle's n units, as an analysis finds them.

    A text that stands several times in a topic counts once. For some topics alone give the others −1: they are the
    background that says which words are common.
    """
    points = bundle.points
    head = heads(points)
    chosen = np.sort(np.unique(np.column_stack([head, cluster]), axis=0, return_index=True)[1])
    texts = points["text"].tolist()
    languages = _languages(bundle)
    found = naming.describe(
        [texts[i] for i in chosen],
        [languages[i] for i in chosen],
        np.asarray(cluster)[chosen],
        np.asarray(strength)[chosen],
        np.asarray(bundle.vectors)[chosen],
        naming.TopicConfig(),
        spoken=spoken(bundle).take(np.searchsorted(np.unique(head), head[chosen])),
    )
    return tuple(replace(topic, exemplars=tuple(int(chosen[i]) for i in topic.exemplars)) for topic in found)


def spoken(bundle: Bundle) -> Spoken:
    """The terms of the bundle's m distinct texts, without personal data; shared by all that is laid over it.

    What the run kept is read, and what was added since is read from the texts: names then cost no reading.
    """
    while isinstance(bundle, Overlay):
        bundle = bundle.below
    with _reading:
        if bundle not in _spoken:
            _spoken[bundle] = _read_spoken(bundle)
        return _spoken[bundle]


def _read_spoken(bundle: Bundle) -> Spoken:
    units = np.unique(heads(bundle.points))
    kept = Spoken.from_arrays(bundle.state(TERMS)) if TERMS in bundle.state_names else None
    known = 0 if kept is None else min(len(kept), len(units))
    texts, languages = bundle.points["text"].tolist(), _languages(bundle)
    rest = naming.read([naming.impersonal(texts[i]) for i in units[known:]], [languages[i] for i in units[known:]])
    return rest if kept is None else kept.followed_by(rest)


def _languages(bundle: Bundle) -> list[str]:
    points = bundle.points
    return points["language"].tolist() if "language" in points else ["und"] * len(points)


def entry(topic: Topic, stability: float | None = None) -> dict[str, Any]:
    """A topic as an entry of summary["topics"], without its count of units."""
    return {
        "id": topic.id,
        "name": topic.name,
        "keywords": [list(keyword) for keyword in topic.keywords],
        "exemplars": list(topic.exemplars),
        "stability": stability,
    }

"""Other topics for the units of a finished bundle: what every layer of decisions (shown.py) builds its overlay with."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipelines import topics as naming
from pipelines.figures import coverage
from pipelines.redact import without_personal_data
from pipelines.store.overlay import Overlay
from pipelines.store.reader import Bundle
from pipelines.text import clean
from pipelines.types import BoolArray, FloatArray, IntArray, Topic


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
        **changed,
    }
    return Overlay(below, decided, points=points, summary=summary)


@dataclass(frozen=True)
class Said:
    """What a bundle's reviews say: heads (h,) unit ids, those that repeat none; their texts for naming; the terms."""

    heads: IntArray
    texts: list[str]
    terms: naming.Terms


_SAID: WeakKeyDictionary[Bundle, Said] = WeakKeyDictionary()
_READING = threading.Lock()


def said(bundle: Bundle) -> Said:
    """Read once per opened bundle, whatever is laid over it: seconds the first time, nothing afterwards."""
    while isinstance(bundle, Overlay):
        bundle = bundle.below
    with _READING:
        if bundle not in _SAID:
            _SAID[bundle] = _read(bundle)
        return _SAID[bundle]


def described(bundle: Bundle, cluster: NDArray[np.int32], strength: FloatArray) -> tuple[Topic, ...]:
    """Names, keywords and exemplars (unit ids) of clusters 0…T−1 over the bundle's n units, as an analysis finds them.

    A text that stands several times in a topic counts once. For some topics alone give the others −1: they are the
    background that says which words are common.
    """
    points = bundle.points
    heads = _heads(points)
    chosen = np.sort(np.unique(np.column_stack([heads, cluster]), axis=0, return_index=True)[1])
    known = said(bundle)
    places = np.searchsorted(known.heads, heads[chosen])
    languages = points["language"].tolist() if "language" in points else ["und"] * len(points)
    found = naming.describe(
        [known.texts[place] for place in places],
        [languages[i] for i in chosen],
        np.asarray(cluster)[chosen],
        np.asarray(strength)[chosen],
        np.asarray(bundle.vectors)[chosen],
        naming.TopicConfig(),
        terms=known.terms.of(places),
    )
    return tuple(replace(topic, exemplars=tuple(int(chosen[i]) for i in topic.exemplars)) for topic in found)


def _read(bundle: Bundle) -> Said:
    points = bundle.points
    heads = np.unique(_heads(points))
    texts = points["text"].tolist()
    languages = points["language"].tolist() if "language" in points else ["und"] * len(points)
    read = [clean(without_personal_data(texts[i])) for i in heads]
    return Said(heads, read, naming.read_terms(read, [languages[i] for i in heads]))


def _heads(points: pd.DataFrame) -> IntArray:
    """The unit that each unit repeats, itself where it repeats none."""
    heads = points["duplicate_of"].astype("Int64").fillna(points["unit_id"].astype("Int64"))
    return np.asarray(heads, dtype=np.int64)


def entry(topic: Topic, stability: float | None = None) -> dict[str, Any]:
    """A topic as an entry of summary["topics"], without its count of units."""
    return {
        "id": topic.id,
        "name": topic.name,
        "keywords": [list(keyword) for keyword in topic.keywords],
        "exemplars": list(topic.exemplars),
        "stability": stability,
    }

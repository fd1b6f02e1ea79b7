"""What a session sends of a map's points: packed once; of very many points those that matter most where it looks."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from pages.ui import map_texts
from pipelines.map import pack
from pipelines.map.colour import ColourSpec
from pipelines.map.density import density_part
from pipelines.map.sample import Sample, more, sample, window
from pipelines.types import BoolArray, IntArray

PARTS, MOST_PARTS = "map_parts", 2
_LABELS, _MOST_LABELS = "map_labels", 4


@dataclass(frozen=True)
class Packed:
    """Points and the part of their places; texts: the name that their texts are fetched by, None without any.

    sample: which are drawn where they are too many; None: all.
    """

    points: pd.DataFrame
    with_text: bool
    digest: str
    places: bytes
    texts: str | None
    sample: Sample | None


def packed(points: pd.DataFrame, with_text: bool) -> Packed:
    """The points, packed: repeated only for other places or texts.

    All maps of all sessions that show the same ones share it, and other topics over them change neither.
    """
    kept: list[Packed] = st.session_state.setdefault(PARTS, [])
    found = next((one for one in kept if one.with_text == with_text and _same(one.points, points)), None)
    if found is None:
        found = _packed(_digest(points), with_text, points)
    st.session_state[PARTS] = [found, *(one for one in kept if one is not found)][:MOST_PARTS]
    return found


@st.cache_resource(max_entries=8, show_spinner=False)
def _packed(digest: str, with_text: bool, _points: pd.DataFrame) -> Packed:
    chosen = sample(_points)
    part = pack.points_part(_points, None if chosen is None else chosen.base)
    return Packed(_points, with_text, *part, map_texts.token() if with_text else None, chosen)


def _digest(points: pd.DataFrame) -> str:
    """Tells points that are packed otherwise: what a reader of a link gets is masked, and another frame each time."""
    found = hashlib.sha256()
    # The sample of very many points is drawn by more than they are packed of.
    drawn_by = ("cluster", "joined", "cluster_strength", "outlier_score")
    for name in (*pack.MADE_OF, *(one for one in drawn_by if one in points)):
        found.update(pd.util.hash_pandas_object(points[name], index=False).to_numpy().tobytes())
    return found.hexdigest()


def labels(points: pd.DataFrame, topics: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """pack.labels, reckoned once for the same points and topics."""
    named = [(topic["id"], topic["name"], bool(topic.get("hidden"))) for topic in topics]
    kept: list[tuple[Any, ...]] = st.session_state.setdefault(_LABELS, [])
    found = next((one for one in kept if one[0] is points and one[1] == named), None)
    if found is None:
        found = (points, named, pack.labels(points, topics))
    st.session_state[_LABELS] = [found, *(one for one in kept if one is not found)][:_MOST_LABELS]
    placed: list[dict[str, Any]] = found[2]
    return placed


@dataclass(frozen=True)
class Drawn:
    """The points that the browser gets: all (at: None), or those at the positions `at`, in that order.

    more: the part of those beside the ones that are always drawn. density, counts: of all points, where not all are
    drawn.
    """

    n: int
    at: IntArray | None = None
    more: tuple[str, bytes] | None = None
    density: tuple[str, bytes] | None = None
    counts: dict[str, Any] | None = None

    def of(self, values: np.ndarray) -> np.ndarray:
        """The drawn points' of one value for each point."""
        return values if self.at is None else values[self.at]

    def places(self, positions: IntArray) -> np.ndarray:
        """Where points stand among the drawn ones, in their order; those that are not drawn are left out."""
        if self.at is None:
            return positions.astype(np.uint32)
        place = np.full(self.n, -1, dtype=np.int64)
        place[self.at] = np.arange(len(self.at))
        found = place[positions]
        return found[found >= 0].astype(np.uint32)


def drawn(
    kept: Packed,
    *,
    mask: BoolArray,
    colour: ColourSpec,
    dims: int,
    camera: Mapping[str, Any] | None,
    selection: IntArray,
    hits: IntArray | None,
    fly: int | None,
) -> Drawn:
    """Which points to draw for a look, and what is said of those that are not."""
    points, n = kept.points, len(kept.points)
    if kept.sample is None:
        return Drawn(n)
    in_sight = window(points, camera) if dims == 2 else None
    inside = mask if in_sight is None else mask & in_sight
    is_narrow = in_sight is not None or not mask.all()
    # A hit's place in the list of drawn points changes only with the search.
    wanted = [np.zeros(0, dtype=np.int64) if hits is None else hits, selection]
    if fly is not None:
        wanted.append(np.array([fly], dtype=np.int64))
    extra = more(kept.sample, inside if is_narrow else None, wanted)
    return Drawn(
        n,
        np.concatenate([kept.sample.base, extra]),
        pack.points_part(points, extra) if len(extra) else None,
        density_part(points, mask) if dims == 2 else None,
        {
            "all": n,
            "inside": int(mask.sum()),
            "categories": np.bincount(colour.index[mask], minlength=256).tolist(),
            "odd": int((points["is_outlier"].to_numpy() & mask).sum()),
            "selected": len(selection),
            "hits": 0 if hits is None else len(hits),
        },
    )


def _same(one: pd.DataFrame, other: pd.DataFrame) -> bool:
    """Whether the parts of two frames, which are made of these columns alone, are the same."""
    return one is other or all(one[name].equals(other[name]) for name in pack.MADE_OF)

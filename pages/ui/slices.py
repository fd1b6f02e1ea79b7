"""Which reviews pass a choice of filters, and figures of them: found once, for every session that looks at the same.

A key is a digest of the bundle and the choice; what lies behind it is shared, so whoever changes it copies it first.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import numpy as np
import pandas as pd
import streamlit as st

from pipelines.store.reader import Bundle
from pipelines.types import BoolArray
from pipelines.view import Filter, View, mask

T = TypeVar("T")
MOST_KEPT_UNITS = 50_000
"""Of larger bundles the chosen points are cut out anew each time: a few copies of them are no cache but a burden."""


def digest(bundle: Bundle, filters: Sequence[Filter], selection: Sequence[int] | None = None) -> str:
    """The key of a bundle's reviews that pass these filters and are in this selection (None: no selection)."""
    found = hashlib.sha256(f"{bundle.key}\n{View(filters=tuple(filters)).to_json()}".encode())
    found.update(np.array(selection or (), dtype=np.int64).tobytes())
    return found.hexdigest()


def passing(bundle: Bundle, filters: Sequence[Filter], selection: Sequence[int] | None = None) -> BoolArray:
    """(units,) which units pass; not writable."""
    return _mask(digest(bundle, filters, selection), bundle, filters, selection)


def points_of(bundle: Bundle, filters: Sequence[Filter], selection: Sequence[int] | None = None) -> pd.DataFrame:
    """The points that pass, shared; all of them are no copy."""
    if not filters and not selection:
        # Not the frame itself: what somebody sets on this one (pandas copies then) stays theirs.
        return bundle.points.copy(deep=False)
    key, chosen = digest(bundle, filters, selection), passing(bundle, filters, selection)
    if len(chosen) > MOST_KEPT_UNITS:
        return bundle.points[chosen]
    return _points(key, bundle, chosen).copy(deep=False)


def first(points: pd.DataFrame, n: int) -> pd.DataFrame:
    """The first n of them as a frame to keep: `head` would hold on to the texts of all."""
    return points.take(np.arange(min(n, len(points))))


def reckoned(name: str, key: str, make: Callable[[], T]) -> T:
    """What `make` gives, once for each name and key: small figures only, since many are kept."""
    found: T = _reckoned(name, key, make)
    return found


@st.cache_resource(max_entries=64, show_spinner=False)
def _mask(key: str, _bundle: Bundle, _filters: Sequence[Filter], _selection: Sequence[int] | None) -> BoolArray:
    chosen = mask(_bundle.points, _bundle.rows, _filters)
    if _selection:
        chosen = chosen & _bundle.points["unit_id"].isin(_selection).to_numpy()
    chosen.setflags(write=False)
    return chosen


@st.cache_resource(max_entries=8, show_spinner=False)
def _points(key: str, _bundle: Bundle, _chosen: BoolArray) -> pd.DataFrame:
    return _bundle.points[_chosen]


@st.cache_resource(max_entries=512, show_spinner=False)
def _reckoned(name: str, key: str, _make: Callable[[], Any]) -> Any:
    return _make()

"""The map's time brush: which periods it plays, and the filter that keeps one of them."""

from __future__ import annotations

import streamlit as st

from pages.ui import state
from pipelines.map.pack import periods_part
from pipelines.store.reader import Bundle
from pipelines.trends.brush import brush_periods
from pipelines.view import Filter


def part(bundle: Bundle) -> tuple[str, bytes] | None:
    """What the browser needs to play the periods; None where the reviews have no dates or one period only."""
    return _brush(bundle.key, bundle)[1]


def keep(bundle: Bundle, period: int) -> None:
    """Filter every page to a period of the brush."""
    periods = _brush(bundle.key, bundle)[0]
    if 0 <= period < len(periods):
        state.add_filter(Filter("date", "between", periods[period]))


@st.cache_resource(max_entries=8, show_spinner=False)
def _brush(key: str, _bundle: Bundle) -> tuple[list[tuple[str, str]], tuple[str, bytes] | None]:
    index, periods = brush_periods(_bundle.points)
    return periods, periods_part(index, periods)

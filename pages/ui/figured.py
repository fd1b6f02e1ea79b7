"""Impact and trends of the reviews in sight, reckoned once for each choice of filters: several panels show them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import pandas as pd
import streamlit as st

from pages.ui import state
from pipelines.impact import Impact, impact
from pipelines.store.reader import Bundle
from pipelines.trends import Trends, trends


def impact_of(bundle: Bundle, points: pd.DataFrame, *, leave: Collection[str] = ()) -> Impact:
    """The topics' effects in `points`: those that pass the view's filters but the ones on the columns in `leave`."""
    return _impact(state.digest(bundle, leave=leave), bundle, points)


def trends_of(bundle: Bundle, points: pd.DataFrame, *, leave: Collection[str] = ()) -> Trends | None:
    """The topics' trends in `points`, chosen likewise; None where fewer than two periods have dates."""
    return _trends(state.digest(bundle, leave=leave), points)


def of_tracked(
    bundle: Bundle, labelled: pd.DataFrame, topics: Sequence[Mapping[str, object]]
) -> tuple[Impact, Trends | None]:
    """Effects and trends of tracked topics; labelled: the reviews in sight, these topics as their clusters."""
    return _tracked(state.digest(bundle), labelled, topics)


@st.cache_resource(max_entries=32, show_spinner=False)
def _impact(key: str, _bundle: Bundle, _points: pd.DataFrame) -> Impact:
    return impact(_points, _bundle.summary["topics"])


@st.cache_resource(max_entries=32, show_spinner=False)
def _trends(key: str, _points: pd.DataFrame) -> Trends | None:
    return trends(_points)


@st.cache_resource(max_entries=16, show_spinner=False)
def _tracked(
    key: str, _labelled: pd.DataFrame, _topics: Sequence[Mapping[str, object]]
) -> tuple[Impact, Trends | None]:
    return impact(_labelled, _topics), trends(_labelled)

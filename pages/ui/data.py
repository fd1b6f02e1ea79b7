"""Opened bundles, shared by all sessions: a bundle never changes once published, so its path is its cache key."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import streamlit as st

from pipelines import figures
from pipelines.findings import segment_columns
from pipelines.store.reader import Bundle, open_bundle

FREE_TEXT_ROLES = ("text", "title", "user", "date")


@st.cache_resource(max_entries=8, show_spinner=False)
def bundle_at(path: str) -> Bundle:
    """The bundle in a folder; raises DamagedBundle."""
    return open_bundle(Path(path))


@st.cache_resource(max_entries=16, show_spinner=False)
def whole_table(path: str) -> pd.DataFrame:
    """The topic table of all reviews of a bundle."""
    bundle = bundle_at(path)
    return figures.topic_table(bundle.points, bundle.summary["topics"])


@st.cache_resource(max_entries=16, show_spinner=False)
def segments(path: str) -> list[str]:
    """Upload columns that can slice the reviews."""
    bundle = bundle_at(path)
    roles = bundle.summary["roles"]
    free = {roles.get(role) for role in FREE_TEXT_ROLES} | {roles.get("rating")}
    return segment_columns(bundle.points, bundle.rows, [c for c in bundle.summary["columns"] if c not in free])

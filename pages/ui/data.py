"""Opened bundles, shared by all sessions: a bundle never changes once published, so its key is its cache key."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import streamlit as st

from pipelines import checked
from pipelines import shown as layers
from pipelines.errors import DamagedBundle, UnusableInput
from pipelines.findings import segment_columns
from pipelines.store import catalog, journal, library
from pipelines.store.reader import Bundle, open_bundle

FREE_TEXT_ROLES = ("text", "title", "user", "date")


@st.cache_resource(max_entries=8, show_spinner=False)
def bundle_at(path: str) -> Bundle:
    """The bundle in a folder; raises DamagedBundle."""
    return open_bundle(Path(path))


def entries(analysis_id: str) -> tuple[journal.Entry, ...]:
    """The journal of an analysis, read anew only when it changed."""
    return _read(str(catalog.home() / analysis_id), _stamp(analysis_id))[0]


def damaged_lines(analysis_id: str) -> tuple[int, ...]:
    """Numbers of the journal's lines that cannot be read; `entries` goes without them."""
    return _read(str(catalog.home() / analysis_id), _stamp(analysis_id))[1]


def shown(analysis_id: str, path: str | Path, *, up_to: int | None = None) -> Bundle:
    """The bundle at `path` as people left it (up to the journal's entry `up_to`); raises DamagedBundle."""
    decisions = layers.deciding(entries(analysis_id), up_to=up_to)
    # What is said of single reviews is laid over last, and quickly: an answer must not make every other layer anew.
    below_of = tuple(entry for entry in decisions if entry.kind not in checked.KINDS)
    below = _shown(str(path), analysis_id, _signed(below_of), below_of) if below_of else bundle_at(str(path))
    said = tuple(entry for entry in decisions if entry.kind in checked.KINDS)
    return _checked(below.key, _signed(said), below, said) if said else below


def _signed(decisions: Sequence[journal.Entry]) -> tuple[tuple[int, str], ...]:
    return tuple((entry.seq, entry.at) for entry in decisions)


@st.cache_resource(max_entries=16, show_spinner=False)
def _checked(
    key: str, signature: tuple[tuple[int, str], ...], _below: Bundle, _entries: tuple[journal.Entry, ...]
) -> Bundle:
    return checked.lay(_below, _entries, lambda _bundle_id: None)


def _stamp(analysis_id: str) -> tuple[int, int]:
    """Changes with every line that the journal gains: pages ask for it on every run, and lines can be long."""
    try:
        state = (catalog.home() / analysis_id / journal.JOURNAL).stat()
    except FileNotFoundError:
        return 0, 0
    return state.st_size, state.st_mtime_ns


@lru_cache(maxsize=32)
def _read(folder: str, stamp: tuple[int, int]) -> tuple[tuple[journal.Entry, ...], tuple[int, ...]]:
    entries, damaged = journal.read(Path(folder))
    return tuple(entries), tuple(damaged)


@st.cache_resource(max_entries=8, show_spinner=False)
def _shown(
    path: str, analysis_id: str, signature: tuple[tuple[int, str], ...], _entries: tuple[journal.Entry, ...]
) -> Bundle:
    def find(bundle_id: str) -> Bundle | None:
        try:
            return bundle_at(str(library.bundle_path(analysis_id, bundle_id)))
        except (UnusableInput, DamagedBundle):
            return None

    return layers.shown(bundle_at(path), _entries, find)


def segments(bundle: Bundle) -> list[str]:
    """Upload columns that can slice the reviews."""
    return _segments(bundle.key, bundle)


@st.cache_resource(max_entries=16, show_spinner=False)
def _segments(key: str, _bundle: Bundle) -> list[str]:
    roles = _bundle.summary["roles"]
    free = {roles.get(role) for role in FREE_TEXT_ROLES} | {roles.get("rating")}
    columns = [column for column in _bundle.summary["columns"] if column not in free]
    return segment_columns(_bundle.points, _bundle.rows, columns)

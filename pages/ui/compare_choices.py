"""What Compare can split the reviews by, and how columns and their values are called."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.ui import data, state
from pages.ui.chips import column_name
from pages.ui.i18n import _
from pipelines import compare
from pipelines.findings import telling
from pipelines.store.reader import Bundle
from pipelines.view import UPLOAD_PREFIX
from pipelines.words import LANGUAGE_NAMES


def keys(bundle: Bundle) -> list[str]:
    """Every split that the analysis has, the selection on the map last where there is one."""
    found = _offered(bundle.key, bundle)
    return [*found, compare.SELECTION] if state.current().selection else found


@st.cache_resource(max_entries=16, show_spinner=False)
def _offered(key: str, _bundle: Bundle) -> list[str]:
    columns = telling(data.segments(_bundle), _bundle.summary)
    return compare.offered(_bundle.points, _bundle.rows, columns)


def grouping(bundle: Bundle, key: str) -> compare.Grouping:
    """The split by one of the keys, over all units."""
    if key == compare.SELECTION:
        return compare.selected(bundle.points, state.current().selection or ())
    return _split(bundle.key, key, bundle)


@st.cache_resource(max_entries=64, show_spinner=False)
def _split(bundle_key: str, key: str, _bundle: Bundle) -> compare.Grouping:
    return compare.split(_bundle.points, _bundle.rows, key)


def can_compare(bundle: Bundle, found: Sequence[str]) -> bool:
    """Whether there is anything to compare; else the page says what is missing."""
    if not any(not topic.get("hidden") for topic in bundle.summary["topics"]):
        st.info(_("No topic was found: there are too few reviews that say similar things."))
        return False
    if not found:
        st.info(
            _(
                "There is nothing to compare by yet. It takes a column that says where a review belongs (a shop, a "
                "product, a country: 2 to 40 different values with about ten reviews each), stars or dates. Or draw "
                "round some reviews on the map: the selection is compared with the rest."
            )
        )
        st.page_link("pages/main/map.py", label=_("Open the map"), icon=":material/bubble_chart:")
        return False
    return True


def key_name(key: str) -> str:
    """A split in plain words; a column of the file by its own name."""
    if key.startswith(UPLOAD_PREFIX):
        return key.removeprefix(UPLOAD_PREFIX)
    return {compare.SELECTION: _("Selection on the map"), "date": _("Period")}.get(key) or column_name(key)


def segment_name(key: str, name: str) -> str:
    """A segment in plain words; a value of the file as it stands there."""
    if key == compare.SELECTION:
        return _("Selected on the map")
    if key == "rating":
        return _("{x} stars").format(x=name)
    return _(LANGUAGE_NAMES[name]) if key == "language" and name in LANGUAGE_NAMES else name


def filter_columns(key: str) -> tuple[str, ...]:
    """The columns of the filters that a split makes: they choose among its segments and do not narrow it down."""
    return () if key == compare.SELECTION else (key,)

"""The Pictures page: what reviewers photographed, found by what it shows; each picture opens its review."""

from __future__ import annotations

from pathlib import PurePath
from typing import NamedTuple

import numpy as np
import pandas as pd
import streamlit as st

from pages.ui import csv_button, go, state, thumbnails
from pages.ui.escape import plain
from pages.ui.i18n import _, n_
from pages.ui.picture_grid import Tile, grid
from pages.ui.reviews import reviews_dialog
from pages.ui.table import table
from pipelines import pictures
from pipelines.errors import ReviewscapeError
from pipelines.figures import count_reviews
from pipelines.pictures import Found, Pictures
from pipelines.store.reader import Bundle
from pipelines.types import IntArray
from pipelines.view import MAX_SEARCH_CHARS

BOX = "pictures_words"
PAGE = 48
_SHOWN = "pictures_shown"
_TOLD_CHARS = 120


class _Listed(NamedTuple):
    """Pictures in the order they are shown in; alike: their cosines with what is looked for, None without."""

    pictures: IntArray
    alike: np.ndarray | None


def show(bundle: Bundle) -> None:
    """The facts, the search box, and the pictures of the reviews that pass the filters."""
    kept = pictures.of_bundle(bundle)
    if kept is None:
        st.info(_("This analysis has no pictures: when you open a file, choose the column that names them."))
        return
    _chosen, points = state.in_focus(bundle)
    is_in = np.isin(kept.row_id, points["row_id"].to_numpy())
    _facts(kept, is_in, points)
    if not is_in.any():
        st.info(_("No review in sight has a picture. Remove a filter to see more."))
        return
    words = st.text_input(
        _("What should a picture show?"),
        key=BOX,
        max_chars=MAX_SEARCH_CHARS,
        icon=":material/image_search:",
        placeholder=_("a broken lid"),
    )
    listed = _listed(bundle, kept, is_in, (words or "").strip())
    shown = _page(listed, key=f"{bundle.key}\n{words}\n{int(is_in.sum())}")
    _draw(bundle, kept, listed, shown)


def _facts(kept: Pictures, is_in: np.ndarray, points: pd.DataFrame) -> None:
    with_one, reviews = len(np.unique(kept.row_id[is_in])), count_reviews(points)
    facts = [
        n_("{n} picture", "{n} pictures", int(is_in.sum())),
        _("{n} of the {total} reviews in sight have one").format(n=f"{with_one:,}", total=f"{reviews:,}"),
        _("read by {model}").format(model=plain(PurePath(str(kept.identity.get("name", ""))).name, 80)),
    ]
    st.caption(" · ".join(facts))


def _listed(bundle: Bundle, kept: Pictures, is_in: np.ndarray, words: str) -> _Listed:
    in_order = _Listed(np.flatnonzero(is_in).astype(np.int64), None)
    if not words:
        return in_order
    try:
        with st.spinner(_("Looking for it …"), show_time=False):
            found = _search(bundle.key, bundle, words, len(kept))
    except ReviewscapeError as error:
        st.error(plain(error.translated(_), 600))
        return in_order
    middle = float(np.median(found.alike))
    st.caption(
        _(
            "The likest come first. A likeness (cosine) only says which picture fits better: the middle one of all has "
            "{x}. The model knows the language it was taught, mostly English."
        ).format(x=_number(middle))
    )
    part = is_in[found.pictures]
    return _Listed(found.pictures[part], found.alike[part])


@st.cache_resource(max_entries=16, show_spinner=False)
def _search(key: str, _bundle: Bundle, words: str, count: int) -> Found:
    return pictures.search(_bundle, words, count)


def _page(listed: _Listed, key: str) -> int:
    """How many are shown; a new search or filter begins at one page."""
    before, count = st.session_state.get(_SHOWN, ("", PAGE))
    if before != key:
        count = PAGE
    st.session_state[_SHOWN] = (key, count)
    return min(count, len(listed.pictures))


def _more() -> None:
    key, count = st.session_state[_SHOWN]
    st.session_state[_SHOWN] = (key, count + PAGE)


def _draw(bundle: Bundle, kept: Pictures, listed: _Listed, shown: int) -> None:
    rows = kept.row_id[listed.pictures[:shown]].tolist()
    units = bundle.points[bundle.points["row_id"].isin(rows)]
    said = units.groupby("row_id")["text"].first()
    likeness = [""] * shown if listed.alike is None else [_number(one) for one in listed.alike[:shown].tolist()]
    tiles = [
        Tile(
            picture,
            thumbnails.address(kept.thumbnail(picture)),
            str(said.get(row, ""))[:_TOLD_CHARS],
            _("likeness {x}").format(x=alike) if alike else "",
        )
        for picture, row, alike in zip(listed.pictures[:shown].tolist(), rows, likeness, strict=True)
    ]
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if st.button(_("Show these reviews on the map"), key="pictures_map", icon=":material/bubble_chart:"):
            chosen = tuple(sorted(units["unit_id"].tolist()))
            go.to("pages/main/map.py", lambda: state.change(selection=chosen))
    opened = grid(tiles, key="pictures_grid")
    if shown < len(listed.pictures):
        st.button(_("Show more"), key="pictures_more", on_click=_more)
    told = pd.DataFrame(
        {
            _("Row"): [row + 1 for row in rows],
            _("Review"): [str(said.get(row, "")) for row in rows],
            **({} if listed.alike is None else {_("Likeness"): listed.alike[:shown].round(3)}),
        }
    )
    behind = st.expander(
        _("Table and download"), type="compact", icon=":material/table_rows:", key="pictures_behind", on_change="rerun"
    )
    if behind.open:
        with behind:
            table(told, key="pictures_table", height=320)
            csv_button.csv_button(told, "pictures", key="pictures_csv")
    if opened is not None:
        row = int(kept.row_id[opened])
        reviews_dialog(bundle.points[bundle.points["row_id"] == row], bundle, _("The review"), key="picture_review")


def _number(value: float) -> str:
    return f"{value:.2f}".replace("-0.00", "0.00").replace("-", "−")

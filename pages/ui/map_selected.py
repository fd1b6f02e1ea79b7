"""The panel of a selection: what it is like beside all the other reviews, and the reviews themselves."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import numpy as np
import pandas as pd
import streamlit as st

from pages.ui import compare_table, edit_moved, map_trust, state, topic_trend
from pages.ui.behind import LONG, LONG_PX
from pages.ui.compare_cells import between, number
from pages.ui.csv_button import csv_button
from pages.ui.i18n import _, n_
from pages.ui.reviews import show_reviews
from pages.ui.sure import counted, has_core
from pages.ui.table import picked
from pages.ui.tracked.selected import make_from
from pipelines import compare
from pipelines.compare import Mean, Portrait
from pipelines.figures import count_reviews, heads
from pipelines.relabel import spoken
from pipelines.store.reader import Bundle
from pipelines.trends import Trends, trends
from pipelines.types import BoolArray
from pipelines.view import Filter, View

_PART = "map_selected_part"
_HEIGHT = 560
_INSIDE = 1


def panel(bundle: Bundle, points: pd.DataFrame, dims: int) -> None:
    """Draw it; points: those that pass the filters, among which the selected ones are the group."""
    selected = np.isin(points["unit_id"].to_numpy(), state.current().selection or ())
    part = points[selected]
    st.subheader(_("Selected") + " · " + n_("{n} review", "{n} reviews", count_reviews(part)))
    if part.empty:
        st.info(_("None of the selected reviews passes the filters."))
        return
    map_trust.region(bundle, part, dims)
    key = _key(bundle)
    found = _portrait(key, bundle, points, selected)
    _facts(found)
    if has_core(bundle):
        st.caption(counted(part))
    with st.container(horizontal=True, gap="small"):
        edit_moved.selection(bundle, part)
    make_from(bundle, part)
    names = {
        "reviews": _("Most typical"),
        "topics": _("Topics"),
        "words": _("Words"),
        **({"time": _("Over time")} if "date" in points and points["date"].notna().any() else {}),
    }
    if st.session_state.get(_PART) not in names:
        st.session_state[_PART] = "reviews"
    shown = st.segmented_control(
        _("What to see of the selection"),
        list(names),
        required=True,
        format_func=names.__getitem__,
        key=_PART,
        label_visibility="collapsed",
    )
    if shown == "topics":
        _topics(bundle, found)
    elif shown == "words":
        _words(key, bundle, points, selected)
    elif shown == "time":
        _over_time(key, points, selected)
    else:
        _reviews(bundle, points, selected)


def _facts(found: Portrait) -> None:
    """Share, stars and sentiment with their intervals, the other reviews' beside them."""
    value, low, high = found.share
    share = _("{x} ({ends}) of the {n} reviews in sight").format(
        x=number(value, "share"), ends=between(low, high, "share"), n=f"{found.of:,}"
    )
    lines = [share]
    for name, means, measure in (
        (_("Stars"), found.rating, "rating"),
        (_("Sentiment"), found.sentiment, "sentiment"),
    ):
        if means is not None:
            lines.append(f"{name}: {_mean(means[0], measure)}; " + _("all others") + f" {_mean(means[1], measure)}")
    st.markdown("\n".join(f"- {line}" for line in lines))
    st.caption(_("In brackets: 95 % intervals, and how many reviews were counted."))


def _mean(mean: Mean, measure: str) -> str:
    return f"**{number(mean.value, measure)}** ({between(mean.low, mean.high, measure)}; n {mean.n:,})"


def _reviews(bundle: Bundle, points: pd.DataFrame, selected: BoolArray) -> None:
    everywhere = np.isin(bundle.points["unit_id"].to_numpy(), points["unit_id"].to_numpy()[selected])
    order = compare.typical(bundle.vectors, bundle.points, everywhere)
    st.caption(_("Most typical first: nearest in meaning to the middle of the selection."))
    with st.container(height=_HEIGHT, border=False):
        show_reviews(bundle.points.iloc[order], bundle, key="map_reviews", on_move=edit_moved.of_one(bundle))


def _topics(bundle: Bundle, found: Portrait) -> None:
    """Every topic of the selection beside its share of the others, what is surely more there first."""
    topics = {int(topic["id"]): str(topic["name"]) for topic in bundle.summary["topics"]}
    table = found.pair.topics
    table = table[table["a"] > 0].reset_index(drop=True)
    if table.empty:
        st.caption(_("None of these reviews has a topic."))
        return
    shown = pd.DataFrame(
        {
            "topic": [topics[i] for i in table["id"]],
            "a": table["a"],
            "share": [compare_table.share(row, "a") for row in table.to_dict("records")],
            "rest": [compare_table.share(row, "b") for row in table.to_dict("records")],
            "sure": np.where(table["corrected"] < 0.05, np.where(table["log_odds"] > 0, "↑", "↓"), ""),
        }
    )
    columns = {
        "topic": st.column_config.TextColumn(_("Topic"), width=130),
        "a": st.column_config.NumberColumn(_("Reviews"), format="localized", width=60),
        "share": st.column_config.TextColumn(_("here"), width=100),
        "rest": st.column_config.TextColumn(_("all others"), width=100),
        "sure": st.column_config.TextColumn("↑↓", width=34, help=_("Where the difference holds at 5 %, corrected")),
    }
    row = _chosen(shown, "map_selected_topics", columns)
    csv_button(shown, "selection-topics", key="map_selected_topics_csv")
    if row is not None:
        state.add_filter(Filter("cluster", "is", int(table["id"].iloc[row])))
        st.rerun()


def _words(key: str, bundle: Bundle, points: pd.DataFrame, selected: BoolArray) -> None:
    """Words that the selection uses more than all others do; a chosen one is a filter."""
    found = _telling(key, bundle, points, selected)
    found = found[found["log_odds"] > 0].reset_index(drop=True)
    if found.empty:
        st.caption(_("No word surely tells the selection apart from the other reviews."))
        return
    shown = pd.DataFrame(
        {
            "word": found["word"],
            "a": found["a"],
            "b": found["b"],
            "odds": list(map(compare_table.odds, found["log_odds"], found["low"], found["high"])),
        }
    )
    columns: dict[str, object] = {
        "word": st.column_config.TextColumn(_("Word"), width=110),
        "a": st.column_config.NumberColumn(_("here"), format="localized", width=56),
        "b": st.column_config.NumberColumn(_("all others"), format="localized", width=64),
        "odds": st.column_config.TextColumn(_("Odds"), width=130, help=_("With its 95 % interval")),
    }
    row = _chosen(shown, "map_selected_words", columns)
    st.caption(
        _(
            "Texts that hold the word; equal texts count once; corrected over all words. Choose one to read those "
            "reviews."
        )
    )
    csv_button(shown, "selection-words", key="map_selected_words_csv")
    if row is not None:
        state.add_filter(Filter("text", "contains", str(found["word"].iloc[row])))
        st.rerun()


def _chosen(shown: pd.DataFrame, key: str, columns: Mapping[str, object]) -> int | None:
    return picked(shown, height="content" if len(shown) <= LONG else LONG_PX, key=key, column_config=columns)


def _over_time(key: str, points: pd.DataFrame, selected: BoolArray) -> None:
    """The selection's share of the reviews in sight, its sentiment and its stars, over time."""
    moves = _trends(key, points, selected)
    said = topic_trend.words(moves, _INSIDE)
    if moves is None or not said:
        topic_trend.no_dates()
        return
    st.markdown("\n".join(f"- {line}" for line in said))
    topic_trend.chart(moves, _INSIDE, key="selected_trend")


def _key(bundle: Bundle) -> str:
    view = state.current()
    units = np.array(view.selection or (), dtype=np.int64)
    told = f"{bundle.key}\n{View(filters=view.filters).to_json()}".encode()
    return hashlib.sha256(told + units.tobytes()).hexdigest()


@st.cache_resource(max_entries=16, show_spinner=False)
def _portrait(key: str, _bundle: Bundle, _points: pd.DataFrame, _selected: BoolArray) -> Portrait:
    return compare.portrait(_points, _selected, _bundle.summary["topics"])


@st.cache_resource(max_entries=16, show_spinner=False)
def _trends(key: str, _points: pd.DataFrame, _selected: BoolArray) -> Trends | None:
    return trends(_points.assign(cluster=np.where(_selected, _INSIDE, -1).astype(np.int32)))


@st.cache_resource(max_entries=16, show_spinner=False)
def _telling(key: str, _bundle: Bundle, _points: pd.DataFrame, _selected: BoolArray) -> pd.DataFrame:
    with st.spinner(_("Reading the words")):
        known = spoken(_bundle)
    head = heads(_bundle.points)
    distinct = np.unique(head)
    place = dict(zip(_bundle.points["unit_id"].tolist(), range(len(head)), strict=True))
    at = np.array([place[unit] for unit in _points["unit_id"].tolist()], dtype=np.int64)
    here, others = np.unique(head[at[_selected]]), np.unique(head[at[~_selected]])
    # A text that stands on both sides tells nothing apart.
    texts_a, texts_b = (
        np.searchsorted(distinct, side).astype(np.int64)
        for side in (np.setdiff1d(here, others), np.setdiff1d(others, here))
    )
    return compare.telling_words(known, texts_a, texts_b)

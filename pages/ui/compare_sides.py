"""What stands behind a pair: two small maps on the same layout, example reviews of a topic, words that differ."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from pages.ui import compare_table, state
from pages.ui import map as review_map
from pages.ui.csv_button import csv_button
from pages.ui.escape import plain
from pages.ui.i18n import _, n_
from pages.ui.reviews import show_reviews, strongest_first
from pages.ui.table import picked
from pages.ui.theme import is_dark
from pipelines import compare
from pipelines.compare import Pair
from pipelines.figures import count_reviews, heads
from pipelines.relabel import spoken
from pipelines.store.reader import Bundle
from pipelines.types import BoolArray
from pipelines.view import Filter

MAP_HEIGHT = 300


@dataclass(frozen=True)
class Sides:
    """A pair and what it was counted from: chosen (units of the bundle,) those in sight, counted their reviews.

    units_a, units_b (units of the bundle,): those of reviews in one side only.
    """

    pair: Pair
    counted: compare.Counted
    units_a: BoolArray
    units_b: BoolArray
    label_a: str
    label_b: str

    def each(self) -> Iterator[tuple[Any, str, str, BoolArray]]:
        """For either side a column of the page, its letter, its label and its units."""
        return zip(st.columns(2), "AB", (self.label_a, self.label_b), (self.units_a, self.units_b), strict=True)


def maps(bundle: Bundle, sides: Sides) -> None:
    """Either side on the map, the other reviews grey: the same places in both."""
    st.subheader(_("On the map"))
    topics = bundle.summary["topics"]
    colour = review_map.colour_by(bundle.points, bundle.rows, "topic", topics)
    # The same flat look at both, whatever the Map page shows.
    view = replace(state.current(), dims=2, camera=None, selection=None)
    for column, side, label, units in sides.each():
        with column:
            st.caption(f"**{side}** · {plain(label)}")
            event = review_map.show_map(
                bundle.points,
                topics,
                view,
                mask=units,
                colour=colour,
                key=f"compare_map_{side}",
                height=MAP_HEIGHT,
                dark=is_dark(),
                words=review_map.default_words(),
                compact=True,
            )
            if event is not None and event.topic is not None:
                st.session_state["compare_topic"] = event.topic
                st.rerun()


def examples(bundle: Bundle, sides: Sides, names: dict[int, str]) -> None:
    """Reviews of one topic from either side; the topic is the surest difference unless a person chose one."""
    st.subheader(_("What they say"))
    topics = sides.pair.topics["id"].tolist()
    if st.session_state.get("compare_topic") not in topics:
        st.session_state["compare_topic"] = topics[0]
    topic = st.selectbox(_("Topic"), topics, format_func=names.__getitem__, key="compare_topic")
    for column, side, label, units in sides.each():
        part = bundle.points[units & (bundle.points["cluster"] == topic).to_numpy()]
        with column:
            st.markdown(f"**{side}** · {plain(label)} · " + n_("{n} review", "{n} reviews", count_reviews(part)))
            # What repeats another review comes last: three times the same sentence is one example.
            once = strongest_first(part).sort_values("duplicate_of", key=pd.Series.notna, kind="stable")
            show_reviews(once, bundle, key=f"compare_examples_{side}", show_topic=False, page=3)


def words(bundle: Bundle, sides: Sides) -> None:
    """Words that one side uses more, where a person asks: a map of another version has to read its texts first."""
    st.subheader(_("Words that tell them apart"))
    if not st.toggle(_("Find them"), key="compare_words"):
        return
    with st.spinner(_("Reading the words")):
        known = spoken(bundle)
    head = heads(bundle.points)
    distinct = np.unique(head)
    texts_a, texts_b = (
        np.searchsorted(distinct, np.unique(head[units])).astype(np.int64) for units in (sides.units_a, sides.units_b)
    )
    found = compare.telling_words(known, texts_a, texts_b)
    if found.empty:
        st.write(_("No word surely tells them apart."))
        return
    for column, side, label, _units in sides.each():
        part = found[found["log_odds"] > 0] if side == "A" else found[found["log_odds"] < 0]
        with column:
            st.markdown(f"**{side}** · {plain(label)}")
            if part.empty:
                st.caption(_("No word stands out here."))
            else:
                _word_table(part.reset_index(drop=True), side)
    st.caption(
        _(
            "Texts that hold the word; equal texts count once. Tested as the topics are, corrected over all words. "
            "Choose a word to read the reviews that hold it."
        )
    )
    csv_button(found.assign(group_a=sides.label_a, group_b=sides.label_b), "compare-words", key="compare_words_csv")


def _word_table(part: pd.DataFrame, side: str) -> None:
    sign = 1 if side == "A" else -1
    ends = (part["low"], part["high"]) if sign > 0 else (-part["high"], -part["low"])
    shown = pd.DataFrame(
        {
            "word": part["word"],
            "a": part["a"],
            "b": part["b"],
            "odds": list(map(compare_table.odds, sign * part["log_odds"], *ends)),
        }
    )
    row = picked(
        shown,
        height="content",
        key=f"compare_words_{side}",
        column_config={
            "word": st.column_config.TextColumn(_("Word"), width=110),
            "a": st.column_config.NumberColumn("A", format="localized", width=50),
            "b": st.column_config.NumberColumn("B", format="localized", width=50),
            "odds": st.column_config.TextColumn(_("Odds"), width=130, help=_("With its 95 % interval")),
        },
    )
    if row is not None:
        state.add_filter(Filter("text", "contains", str(part["word"].iloc[row])))
        st.rerun()

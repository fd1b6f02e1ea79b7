"""The bar above each page: how many reviews are in sight, and a chip for each filter that takes it away."""

from __future__ import annotations

import streamlit as st

from pages.ui import done_line, quotes, state, views
from pages.ui.escape import plain
from pages.ui.i18n import _
from pages.ui.tracked.names import filter_label as filter_label_of_tracked
from pipelines.figures import count_reviews
from pipelines.store.reader import Bundle
from pipelines.view import Filter, describe

MOST_VALUES = 2


def column_name(column: str) -> str:
    """A points column in plain words; an upload column by its own name."""
    names = {
        "cluster": _("Topic"),
        "topic": _("Topic"),
        "sentiment": _("Sentiment"),
        "sentiment_label": _("Sentiment"),
        "rating": _("Stars"),
        "date": _("Date"),
        "user": _("User"),
        "item": _("Product"),
        "language": _("Language"),
        "is_outlier": _("Odd review"),
        "outlier_score": _("Oddness"),
        "joined": _("Joined"),
        "text": _("Text"),
        "row_id": _("Row"),
        "duplicate_of": _("Duplicate"),
        "cluster_strength": _("How well it fits its topic"),
        "belonging": _("How clearly it belongs"),
        "stability": _("How sure its topic is"),
        "map_trust": _("Map trust"),
        "map_trust_3d": _("Map trust"),
    }
    return names.get(column, column)


def value_name(item: Filter, value: str, bundle: Bundle) -> str:
    """A filter's value in plain words."""
    if item.column == "cluster":
        names = {str(topic["id"]): str(topic["name"]) for topic in bundle.summary["topics"]}
        return names.get(value, _("no clear topic"))
    words = {
        "negative": _("negative"),
        "neutral": _("neutral"),
        "positive": _("positive"),
        "True": _("yes"),
        "False": _("no"),
    }
    return words.get(value, value or _("(empty)"))


def filter_label(item: Filter, bundle: Bundle) -> str:
    """A filter as a person reads it: "Topic: late delivery"."""
    if tracked := filter_label_of_tracked(bundle, item):
        return tracked
    parts = describe(item)
    values = [value_name(item, value, bundle) for value in parts.values]
    if parts.op == "between":
        text = f"{values[0] if parts.values[0] else '…'} – {values[1] if parts.values[1] else '…'}"
    else:
        text = ", ".join(values[:MOST_VALUES]) + (f" +{len(values) - MOST_VALUES}" if len(values) > MOST_VALUES else "")
    joint = {"not": " ≠ ", "contains": " ∋ "}.get(parts.op, ": ")
    return f"{column_name(parts.column) if not parts.is_upload else parts.column}{joint}{text}"


def bar(bundle: Bundle) -> None:
    """Draw the bar; leaves for the page of a view that was just opened."""
    views.follow()
    view = state.current()
    _mask, points = state.in_focus(bundle)
    total = count_reviews(bundle.points)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="chips"):
        count = f"{count_reviews(points):,}"
        if not view.filters and not view.selection:
            st.caption(_("All {n} reviews").format(n=count))
        else:
            st.caption(_("{n} of {total} reviews").format(n=count, total=f"{total:,}"))
        for i, item in enumerate(view.filters):
            st.button(
                plain(filter_label(item, bundle)),
                key=f"chip_{i}",
                icon=":material/close:",
                icon_position="right",
                help=_("Remove this filter"),
                on_click=state.remove_filter,
                args=(item,),
            )
        if view.selection:
            st.button(
                _("{n} selected on the map").format(n=f"{len(view.selection):,}"),
                key="chip_selection",
                icon=":material/close:",
                icon_position="right",
                help=_("Clear the selection"),
                on_click=state.change,
                kwargs={"selection": None},
            )
        if len(view.filters) + bool(view.selection) > 1:
            st.button(
                _("Clear all"),
                key="chip_clear",
                type="tertiary",
                on_click=state.change,
                kwargs={"filters": (), "selection": None},
            )
        # A fragment takes all the width there is, unless what it stands in does not.
        with st.container(width="content"):
            views.popover(bundle, filter_label)
        with st.container(width="content"):
            quotes.popover(bundle)
    done_line.line()

"""The Map page's parts: controls, the map itself, and the panel beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import streamlit as st

from pages.ui import (
    bound,
    edit_moved,
    edits,
    granularity,
    map_search,
    map_selected,
    map_time,
    map_trust,
    state,
    topic_groups,
    topic_trend,
)
from pages.ui import map as review_map
from pages.ui.chips import column_name
from pages.ui.escape import plain
from pages.ui.i18n import _, n_
from pages.ui.reviews import show_reviews, strongest_first
from pages.ui.sampled import sampled
from pages.ui.sure import counted, has_core
from pages.ui.theme import is_dark
from pages.ui.tracked.names import colour_name
from pipelines.figures import count_reviews
from pipelines.map.colour import MORE_COLOURS, allowed_colours, asked_colour
from pipelines.map.outline import outlines
from pipelines.map.pack import outlines_part
from pipelines.store.reader import Bundle
from pipelines.view import UPLOAD_PREFIX, Filter

MAP_HEIGHT = 640


def colours(bundle: Bundle, asked: str = "topic") -> list[str]:
    """What points can be coloured by: ours first, then every column of the file without a role; `asked` is kept."""
    seldom = {*MORE_COLOURS}
    if "language" in bundle.points and bundle.points["language"].nunique() > 1:
        seldom -= {"language"}
    return [c for c in allowed_colours(bundle.points, bundle.summary) if c not in seldom or c == asked]


def _asked(bundle: Bundle) -> str:
    return asked_colour(state.current().colour, allowed_colours(bundle.points, bundle.summary))


def colour_labels(columns: Sequence[str], bundle: Bundle) -> dict[str, str]:
    """Ours in plain words, an upload column by its name, marked where it is called like one of ours."""
    ours = {column_name(c) for c in bundle.points.columns}
    labels = {}
    for column in columns:
        name = column.removeprefix(UPLOAD_PREFIX)
        if name == column:
            labels[column] = colour_name(bundle, column) or column_name(column)
        else:
            labels[column] = _("{name} (in the file)").format(name=name) if name in ours else name
    return labels


def controls(bundle: Bundle) -> None:
    """Colour, 2D or 3D, and the search."""
    view = state.current()
    left, middle, right = st.columns([3, 3, 5], vertical_alignment="bottom")
    asked = _asked(bundle)
    options = colours(bundle, asked)
    bound.show("map_colour", asked)
    bound.show("map_dims", view.dims)
    left.selectbox(
        _("Colour by"),
        options,
        format_func=colour_labels(options, bundle).__getitem__,
        key="map_colour",
        on_change=bound.take,
        args=("map_colour", lambda colour: state.change(colour=colour)),
    )
    with middle.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.segmented_control(
            _("View"),
            [2, 3],
            required=True,
            format_func=lambda d: f"{d}D",
            key="map_dims",
            on_change=bound.take,
            args=("map_dims", lambda dims: state.change(dims=dims)),
        )
        for by, name, icon, keys in (
            (-1, "undo", ":material/undo:", _("Undo the last change of the look (Ctrl+Z)")),
            (1, "redo", ":material/redo:", _("Redo it (Ctrl+Y)")),
        ):
            st.button(
                "",
                key=f"map_{name}",
                icon=icon,
                help=keys,
                disabled=not state.can_step(by),
                on_click=state.step,
                args=(by,),
            )
    with right:
        map_search.box(bundle)


def _colour(bundle: Bundle) -> review_map.ColourSpec:
    asked = _asked(bundle)
    column = map_trust.column(asked, state.current().dims, bundle.points)
    return replace(_coloured(bundle.key, bundle, column), column=asked)


@st.cache_resource(max_entries=16, show_spinner=False)
def _coloured(key: str, _bundle: Bundle, column: str) -> review_map.ColourSpec:
    return review_map.colour_by(_bundle.points, _bundle.rows, column, _bundle.summary["topics"])


@st.cache_resource(max_entries=16, show_spinner=False)
def _outlines(key: str, _bundle: Bundle) -> tuple[str, bytes] | None:
    """Lines around topics, where places mean likeness."""
    if (_bundle.summary.get("given") or {}).get("places"):
        return None
    return outlines_part(outlines(_bundle.points, _bundle.summary["topics"]))


def draw(bundle: Bundle, chosen: np.ndarray) -> None:
    """The map; what a person does on it goes into the view."""
    view = state.current()
    topics = bundle.summary["topics"]
    event = review_map.show_map(
        bundle.points,
        topics,
        view,
        mask=chosen,
        colour=_colour(bundle),
        key="map",
        height=MAP_HEIGHT,
        dark=is_dark(),
        words=review_map.default_words(),
        brush=map_time.part(bundle),
        themes=topic_groups.themes(bundle),
        outlines=_outlines(bundle.key, bundle),
        hits=map_search.positions(bundle, chosen),
        fly=map_search.fly(),
        picks=True,
        undoes=True,
        search_box=f".st-key-{map_search.BOX}",
    )
    places = bundle.summary.get("given", {}).get("places")
    if places:
        said = _(
            "Places are the columns “{x}” and “{y}” of the file. Drag with the lasso to read a region; Esc clears."
        )
        st.caption(said.format(x=plain(places[0]), y=plain(places[1])))
    else:
        st.caption(
            _(
                "Close together = similar. Distances between far-apart groups mean little. Drag with the "
                "lasso to read a region; Esc clears."
            )
        )
    if sampled(bundle.summary):
        st.caption(sampled(bundle.summary))
    map_trust.line(bundle, view.dims)
    if event is None:
        return
    if event.topic is not None:
        state.toggle_filter(Filter("cluster", "is", event.topic))
        st.rerun()
    if event.period is not None:
        map_time.keep(bundle, event.period)
        st.rerun()
    if event.asked is not None:
        _do(bundle, *event.asked)
        st.rerun()
    if event.camera is not None:
        state.change(camera=event.camera or None)
    if event.selection is not None and (event.selection or None) != view.selection:
        state.change(selection=event.selection or None)
        st.rerun()


def _do(bundle: Bundle, what: str, value: str | int | None) -> None:
    """What was asked for on the map, beside a selection."""
    if what in ("undo", "redo"):
        state.step(-1 if what == "undo" else 1)
    elif what == "end_search":
        map_search.end()
    elif what == "theme":
        found = [theme for theme in topic_groups.themes(bundle) if theme["id"] == value]
        if found:
            state.toggle_filter(topic_groups.of_theme(found[0]))
    elif what == "value" and isinstance(value, str):
        state.toggle_filter(Filter(map_trust.column(_asked(bundle), state.current().dims, bundle.points), "is", value))


def side_panel(bundle: Bundle, points: pd.DataFrame, chosen: np.ndarray) -> None:
    """The topics, or the reviews of what is selected, found or filtered. chosen (units,): which of all are `points`."""
    granularity.show(bundle)
    view = state.current()
    edits.last_change(bundle)
    if view.selection:
        map_selected.panel(bundle, points, view.dims)
    elif view.search:
        map_search.panel(bundle, points, chosen, MAP_HEIGHT)
    elif view.filters:
        _reviews(bundle, points)
    else:
        _topics(bundle, points)


def _reviews(bundle: Bundle, part: pd.DataFrame) -> None:
    st.subheader(_("Filtered") + " · " + n_("{n} review", "{n} reviews", count_reviews(part)))
    if part.empty:
        st.info(_("No review passes these filters. Take one away above."))
        return
    facts = [_("sentiment {x}").format(x=f"{part['sentiment'].mean():+.2f}".replace("-", "−"))]
    if "rating" in part and part["rating"].notna().any():
        facts.insert(0, _("{x} stars on average").format(x=f"{part['rating'].mean():.2f}"))
    top = part.loc[part["topic"] != "", "topic"].value_counts().head(3)
    facts += [f"{plain(str(name), 40)} {n / len(part):.0%}" for name, n in top.items()]
    st.caption(" · ".join(facts))
    if has_core(bundle):
        st.caption(counted(part))
    topic = state.topic()
    if topic is not None:
        with st.expander(_("Impact and trend"), icon=":material/show_chart:"):
            topic_trend.show(bundle, part, topic)
    with st.container(height=MAP_HEIGHT, border=False):
        show_reviews(strongest_first(part), bundle, key="map_reviews", on_move=edit_moved.of_one(bundle))


def _topics(bundle: Bundle, points: pd.DataFrame) -> None:
    st.subheader(_("Topics"))
    if not bundle.summary["topics"]:
        st.info(_("No topic was found: there are too few reviews that say similar things."))
        return
    with st.container(height=MAP_HEIGHT, border=False, gap="xsmall"):
        topic_groups.listed(bundle, points)

"""The grid segment × topic: a cell's colour says how it differs from the rest, a click opens its reviews."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from pages.ui import charts, compare_cells, compare_table, slices, state
from pages.ui.compare_choices import filter_columns, grouping, key_name, segment_name
from pages.ui.escape import plain
from pages.ui.i18n import _, n_
from pages.ui.reviews import show_reviews, strongest_first
from pages.ui.theme import theme_name
from pipelines import compare, palette
from pipelines.compare import Grid
from pipelines.store.reader import Bundle
from pipelines.view import Filter

MOST_TOPICS, MOST_SEGMENTS = 12, 10
FEW_SEGMENTS = 4
"""So few have room for longer names."""
ROW_PX, LABEL_PX, CELL_PX = 46, 150, 96


def show(bundle: Bundle, keys: Sequence[str]) -> None:
    """The choices, the grid, the reviews of the open cell, and the table behind it all."""
    key, measure = _choices(bundle, keys)
    split = grouping(bundle, key)
    topics = bundle.summary["topics"]
    leave = ("cluster", *filter_columns(key))
    # The selection is a segment of its own in the grid that compares by it, so it is part of the key either way.
    digest = state.digest(bundle, leave=leave)
    found = slices.reckoned(f"grid/{key}/{measure}", digest, lambda: _reckon(bundle, split, key, measure, leave))
    rows, columns = _topics(found, topics), np.flatnonzero(found.of_segment > 0)
    if not len(rows) or not len(columns) or (key != compare.SELECTION and len(columns) < 2):
        st.info(_("Fewer than two segments are left to compare. Remove a filter above, or compare by something else."))
        return
    names = {int(topic["id"]): str(topic["name"]) for topic in topics}
    labels = [segment_name(key, segment.name) for segment in split.segments]
    _verdict(found, len(rows) * len(columns))
    rows_shown, columns_shown = _fewer(rows, columns)
    opened = _opened(split, found)
    about = (key, measure, rows_shown.tolist(), columns_shown.tolist(), opened)
    figure = charts.made(
        f"grid/{about}", digest, lambda: _figure(found, rows_shown, columns_shown, labels, names, opened)
    )
    clicked = _draw(figure, rows_shown, columns_shown)
    _legend(found)
    if clicked is not None:
        open_cell(split, clicked[0], found.topics[clicked[1]])
        st.rerun()
    if opened is not None:
        _reviews(bundle, labels[opened[0]], names[found.topics[opened[1]]])
    else:
        st.caption(_("Click a cell: its reviews open here, and every page shows them."))
    picked = compare_table.behind_grid(found, rows, columns, labels, names, key_name(key))
    if picked is not None:
        open_cell(split, picked[0], found.topics[picked[1]])
        st.rerun()


def _reckon(bundle: Bundle, split: compare.Grouping, key: str, measure: compare.Measure, leave: Sequence[str]) -> Grid:
    chosen = state.passing(bundle, leave=leave, selection=key != compare.SELECTION)
    counted = compare.count(bundle.points[chosen], bundle.summary["topics"])
    return compare.grid(counted, split.of_reviews(chosen, counted), len(split.segments), measure)


def _choices(bundle: Bundle, keys: Sequence[str]) -> tuple[str, compare.Measure]:
    if st.session_state.get("compare_by") not in keys:
        st.session_state.pop("compare_by", None)
    left, right = st.columns([2, 3], vertical_alignment="bottom")
    # What was chosen keeps its place while another view of the page is open.
    with left:
        key = st.selectbox(
            _("Compare by"), keys, index=_kept("compare_by_kept", keys), format_func=key_name, key="compare_by"
        )
    measures = [m for m in compare.MEASURES if m != "rating" or (key != "rating" and _has_stars(bundle))]
    if st.session_state.get("compare_measure") not in measures:
        st.session_state.pop("compare_measure", None)
    with right:
        measure = st.segmented_control(
            _("Colour by"),
            measures,
            default=measures[_kept("compare_measure_kept", measures)],
            required=True,
            format_func=lambda name: {
                "share": _("How often"),
                "sentiment": _("Sentiment"),
                "rating": _("Stars"),
            }[name],
            key="compare_measure",
        )
    st.session_state["compare_by_kept"], st.session_state["compare_measure_kept"] = key, measure
    return key, measure


def _kept(name: str, options: Sequence[str]) -> int:
    kept = st.session_state.get(name)
    return options.index(kept) if kept in options else 0


def _has_stars(bundle: Bundle) -> bool:
    return "rating" in bundle.points and bool(bundle.points["rating"].notna().any())


def _topics(found: Grid, topics: Sequence[dict[str, object]]) -> np.ndarray:
    """Places of the topics that anybody speaks of: pinned ones first, then the largest."""
    pinned = {int(str(topic["id"])) for topic in topics if topic.get("pinned")}
    is_pinned = np.array([topic in pinned for topic in found.topics], dtype=bool)
    order = np.lexsort((-found.of_topic, ~is_pinned))
    return order[found.of_topic[order] > 0]


def _fewer(rows: np.ndarray, columns: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The largest topics and segments, or all of them where a person asks."""
    if len(rows) <= MOST_TOPICS and len(columns) <= MOST_SEGMENTS:
        return rows, columns
    said = _("Show all {topics} topics and {segments} segments").format(topics=len(rows), segments=len(columns))
    if st.toggle(said, key="compare_all"):
        return rows, columns
    return rows[:MOST_TOPICS], columns[:MOST_SEGMENTS]


def _verdict(found: Grid, cells: int) -> None:
    n = int(found.differs.sum())
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="compare_verdict"):
        said = (
            n_("**{n} cell** differs from the rest", "**{n} cells** differ from the rest", n)
            if n
            else _("**No cell** surely differs from the rest")
        )
        st.markdown(said + " " + _("(of {cells}).").format(cells=f"{cells:,}"), width="content")
        with st.popover(_("how"), type="tertiary", icon=":material/help:"):
            _how(found)


def _how(found: Grid) -> None:
    what = {
        "share": _(
            "A cell says which part of a segment's reviews speaks of the topic. The interval is Wilson's (95 %), that "
            "of the difference Newcombe's; the test is Fisher's exact test."
        ),
        "sentiment": _("A cell says how those reviews of a segment sound that speak of the topic (mean of −1 to 1)."),
        "rating": _("A cell says how many stars those reviews of a segment give that speak of the topic (mean)."),
    }[found.measure]
    st.markdown(what)
    if found.measure != "share":
        st.markdown(
            _(
                "Intervals are score intervals (95 %, as Wilson's for shares) with a dispersion drawn towards that of "
                "all reviews of the topic (quasi-likelihood, moderated variance), for the difference by MOVER (Zou and "
                "Donner 2008); the test is a permutation test (Pearson type III approximation)."
            )
        )
    st.markdown(
        _(
            "The rest is all other reviews in sight. ▲▼ stands where the difference holds at 5 % after "
            "Benjamini–Hochberg correction over all {n} cells that were tested; neither side of a test has fewer than "
            "{small} reviews."
        ).format(n=f"{found.tests:,}", small=compare.SMALL)
    )
    if found.unknown:
        st.markdown(
            n_(
                "{n} review belongs to no segment and takes no part.",
                "{n} reviews belong to no segment and take no part.",
                found.unknown,
            )
        )


def _legend(found: Grid) -> None:
    said = {
        "share": _("Blue: spoken of more often than in the rest. Orange: less often."),
        "sentiment": _("Blue: sounds better than in the rest. Orange: worse."),
        "rating": _("Blue: more stars than in the rest. Orange: fewer."),
    }[found.measure]
    st.caption(
        said
        + " "
        + _("Pale: fewer than {n} reviews. ▲▼: a sure difference. In small: 95 % interval and reviews.").format(
            n=compare.SMALL
        )
    )


def _opened(split: compare.Grouping, found: Grid) -> tuple[int, int] | None:
    """The cell that the filters say."""
    filters = state.current().filters
    topics = [item.value for item in filters if item.column == "cluster" and item.op == "is"]
    if not topics or topics[0] not in found.topics:
        return None
    for place, segment in enumerate(split.segments):
        if all(item in filters for item in segment.filters) and found.of_segment[place]:
            return place, found.topics.index(int(topics[0]))
    return None


def open_cell(split: compare.Grouping, segment: int, topic: int) -> None:
    """Make the filters say one cell: its topic and its segment, beside what else is filtered."""
    own = {"cluster", *filter_columns(split.key)}
    others = tuple(item for item in state.current().filters if item.column not in own)
    state.change(filters=(*others, *split.segments[segment].filters, Filter("cluster", "is", topic)))


def _reviews(bundle: Bundle, segment: str, topic: str) -> None:
    _chosen, part = state.in_focus(bundle)
    with st.container(border=True, key="compare_cell"):
        st.markdown(
            f"**{plain(segment)}** · {plain(topic)} · " + n_("{n} review", "{n} reviews", part["row_id"].nunique())
        )
        show_reviews(strongest_first(part), bundle, key="compare_reviews", show_topic=False, page=5)


def _draw(figure: go.Figure, rows: np.ndarray, columns: np.ndarray) -> tuple[int, int] | None:
    """The grid; the clicked cell's places."""
    st.html(_scroll(LABEL_PX + CELL_PX * len(columns)))
    with st.container(key="compare_grid"), st.container(key="compare_grid_wide"):
        point = charts.show(figure, "compare_grid_chart", name="compare-grid")
    if point is None:
        return None
    row, column = divmod(int(str(point["point_index"])), len(columns))
    return int(columns[column]), int(rows[row])


def _figure(
    found: Grid,
    rows: np.ndarray,
    columns: np.ndarray,
    labels: Sequence[str],
    names: dict[int, str],
    opened: tuple[int, int] | None,
) -> go.Figure:
    """Bars of equal length, which can be clicked where a heat map cannot."""
    theme = theme_name()
    fills, inks = compare_cells.colours(found, theme)
    cells = [(int(s), int(t)) for t in rows for s in columns]
    greys = palette.GREYS[theme]
    text_colour = greys["text"]
    label_columns = 14 if len(columns) > FEW_SEGMENTS else 24
    at = pd.MultiIndex.from_product([range(len(rows)), range(len(columns))])
    figure = go.Figure(
        go.Bar(
            y=at.get_level_values(0),
            x=np.ones(len(cells)),
            base=at.get_level_values(1),
            orientation="h",
            width=0.94,
            text=[compare_cells.words(found, s, t) for s, t in cells],
            textposition="inside",
            insidetextanchor="middle",
            textangle=0,
            constraintext="none",
            textfont={"color": [inks[cell] for cell in cells], "size": 13},
            marker={
                "color": [fills[cell] for cell in cells],
                # What surely differs has a thin frame, the open cell a thick one.
                "line": {
                    "width": [4 if cell == opened else 1.5 for cell in cells],
                    "color": [
                        text_colour if cell == opened or found.differs[cell] else greys["page"] for cell in cells
                    ],
                },
            },
            customdata=[compare_cells.told(found, s, t, labels[s], names[found.topics[t]]) for s, t in cells],
            hovertemplate="%{customdata}<extra></extra>",
            unselected={"marker": {"opacity": 1}},
        )
    )
    figure.update_layout(
        height=90 + ROW_PX * len(rows),
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        hoverlabel={"align": "left"},
        clickmode="event+select",
        dragmode=False,
        showlegend=False,
        barmode="overlay",
    )
    figure.update_yaxes(
        fixedrange=True,
        tickvals=list(range(len(rows))),
        ticktext=[compare_cells.wrapped(names[found.topics[t]], 20, 2) + " " for t in rows],
        range=[len(rows) - 0.5, -0.5],
        showgrid=False,
        zeroline=False,
    )
    figure.update_xaxes(
        fixedrange=True,
        tickvals=np.arange(len(columns)) + 0.5,
        ticktext=[
            f"{compare_cells.wrapped(labels[s], label_columns, 2)}<br>n {int(found.of_segment[s]):,}" for s in columns
        ],
        range=[0, len(columns)],
        side="top",
        tickangle=0,
        showgrid=False,
        zeroline=False,
    )
    return figure


def _scroll(width_px: int) -> str:
    """Cells stay wide enough to be read: where the screen is not, the grid scrolls inside itself."""
    return f"""<style>
.st-key-compare_grid {{ overflow-x: auto; }}
.st-key-compare_grid_wide {{ min-width: {width_px}px; }}
</style>"""

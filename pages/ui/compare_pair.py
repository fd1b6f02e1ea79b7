"""Two groups side by side: which topics one speaks of more, small maps, examples, and words that tell them apart."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from pages.ui import charts, compare_cells, compare_sides, compare_table, state
from pages.ui.compare_choices import filter_columns, grouping, key_name, segment_name
from pages.ui.compare_sides import Sides
from pages.ui.escape import plain
from pages.ui.i18n import _, n_
from pages.ui.reviews import reviews_dialog
from pages.ui.theme import theme_name
from pipelines import compare, palette
from pipelines.compare import Pair
from pipelines.store.reader import Bundle
from pipelines.types import BoolArray

REST = ("", "")
"""The choice of B that is all that is not in A."""
MOST_TOPICS = 16
_TICKS = (1 / 16, 1 / 8, 1 / 4, 1 / 2, 1, 2, 4, 8, 16)
Choice = tuple[str, str]


def show(bundle: Bundle, keys: Sequence[str]) -> None:
    """The choices of A and B, the topics that tell them apart, and what stands behind."""
    splits = {key: grouping(bundle, key) for key in keys}
    choices = [(key, segment.name) for key, split in splits.items() for segment in split.segments]
    first = next((one for one in choices if one[0] == compare.SELECTION), choices[0])
    left, right = st.columns(2)
    with left:
        chosen_a = _choose(_("Group A"), "compare_a", choices, first)
    with right:
        chosen_b = _choose(_("Group B"), "compare_b", [REST, *(one for one in choices if one != chosen_a)], REST)
    sides = _sides(bundle, splits, chosen_a, chosen_b)
    _figures(bundle, sides)
    found = sides.pair
    if min(found.only_a.sum(), found.only_b.sum()) < compare.SMALL:
        st.info(_("A group of fewer than {n} reviews says too little to compare.").format(n=compare.SMALL))
        return
    names = {int(topic["id"]): str(topic["name"]) for topic in bundle.summary["topics"]}
    _verdict(found)
    picked = _chart(found, names)
    listed = compare_table.behind_pair(found, names, sides.label_a, sides.label_b)
    for topic in (picked, listed):
        if topic is not None:
            st.session_state["compare_topic"] = topic
            st.rerun()
    compare_sides.maps(bundle, sides)
    compare_sides.examples(bundle, sides, names)
    compare_sides.words(bundle, sides)


def _choose(label: str, key: str, options: Sequence[Choice], first: Choice) -> Choice:
    kept = st.session_state.get(f"{key}_kept")
    if st.session_state.get(key) not in options:
        st.session_state.pop(key, None)
    chosen = st.selectbox(
        label, options, index=options.index(kept if kept in options else first), format_func=choice_name, key=key
    )
    st.session_state[f"{key}_kept"] = chosen
    return chosen


def choice_name(choice: Choice) -> str:
    """A group in words: "country: Norway"."""
    if choice == REST:
        return _("All others")
    name = segment_name(*choice)
    return name if choice[0] in (compare.SELECTION, "rating") else f"{key_name(choice[0])}: {name}"


def _sides(bundle: Bundle, splits: dict[str, compare.Grouping], chosen_a: Choice, chosen_b: Choice) -> Sides:
    own = {choice[0] for choice in (chosen_a, chosen_b) if choice != REST}
    # A filter that chose a cell of the grid must not leave one of the two groups empty.
    leave = {"cluster", *(column for key in own for column in filter_columns(key))}
    chosen = state.passing(bundle, leave=leave, selection=compare.SELECTION not in own)
    counted = compare.count(bundle.points[chosen], bundle.summary["topics"])

    def members(choice: Choice) -> BoolArray:
        split = splits[choice[0]]
        place = [segment.name for segment in split.segments].index(choice[1])
        return np.asarray(split.of_reviews(chosen, counted) == place)

    in_a = members(chosen_a)
    if chosen_b == REST:
        # A review that has no value in the column is on neither side.
        in_b = ~in_a & (splits[chosen_a[0]].of_reviews(chosen, counted) != compare.UNKNOWN)
    else:
        in_b = members(chosen_b)
    found = compare.pair(counted, in_a, in_b)
    at = np.flatnonzero(chosen)
    units = []
    for only in (found.only_a, found.only_b):
        inside = np.zeros(len(bundle.points), dtype=bool)
        inside[at] = only[counted.review]
        units.append(inside)
    return Sides(found, counted, units[0], units[1], choice_name(chosen_a), choice_name(chosen_b))


def _figures(bundle: Bundle, sides: Sides) -> None:
    """How many reviews either side has, its stars and sentiment; the number opens them."""
    onlys = (sides.pair.only_a, sides.pair.only_b)
    for (column, side, label, units), only in zip(sides.each(), onlys, strict=True):
        facts = [_("sentiment {x}").format(x=_mean(sides.counted.sentiment[only], "sentiment"))]
        stars = sides.counted.rating[only]
        if np.isfinite(stars).any():
            facts.insert(0, _("{x} stars on average").format(x=_mean(stars[np.isfinite(stars)], "rating")))
        with column, st.container(gap=None, key=f"compare_side_{side}"):
            st.markdown(f"**{side}** · {plain(label)}")
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                n = int(only.sum())
                if st.button(
                    n_("{n} review", "{n} reviews", n),
                    key=f"compare_read_{side}",
                    type="tertiary",
                    icon=":material/format_quote:",
                    disabled=not n,
                ):
                    reviews_dialog(bundle.points[units], bundle, plain(label), f"compare_cards_{side}")
                if n:
                    st.caption(" · ".join(facts), width="content")
    if sides.pair.both:
        st.caption(
            n_(
                "{n} review is in both groups and is left out.",
                "{n} reviews are in both groups and are left out.",
                sides.pair.both,
            )
        )


def _mean(values: np.ndarray, measure: str) -> str:
    """A mean with its interval."""
    value, low, high = compare.mean_of(values)
    return f"{compare_cells.number(value, measure)} ({compare_cells.between(low, high, measure)})"


def _verdict(found: Pair) -> None:
    n = int(found.differs.sum())
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="compare_pair_verdict"):
        said = (
            n_("**{n} topic** tells them apart.", "**{n} topics** tell them apart.", n)
            if n
            else _("**No topic** surely tells them apart.")
        )
        st.markdown(said, width="content")
        with st.popover(_("how"), type="tertiary", icon=":material/help:"):
            st.markdown(
                _(
                    "For each topic the odds that a review speaks of it in A are divided by those in B (odds ratio). "
                    "The interval is Woolf's on the logarithm with half a review added to each count "
                    "(Haldane–Anscombe), the test Fisher's exact test. A topic counts as different when it is so at "
                    "5 % after Benjamini–Hochberg correction over all {n} topics that were tested."
                ).format(n=int(found.topics["p"].notna().sum()))
            )
            st.markdown(
                _(
                    "Reviews are counted, not sentences. Filters on a topic, and on what the groups are made of, do "
                    "not apply here; all others do."
                )
            )


def _chart(found: Pair, names: dict[int, str]) -> int | None:
    """Odds ratios with intervals, the surest topics; returns the id of a clicked one."""
    table = found.topics.assign(differs=found.differs)
    table = table[table["a"] + table["b"] > 0].head(MOST_TOPICS).sort_values("log_odds", kind="stable")
    theme = theme_name()
    scale = palette.DIVERGING[theme]
    colours = np.where(
        table["differs"], np.where(table["log_odds"] > 0, scale[-1], scale[0]), palette.GREYS[theme]["other"]
    )
    limit = float(np.log(16))
    low, high = table["low"].clip(-limit, limit), table["high"].clip(-limit, limit)
    at = table["log_odds"].clip(-limit, limit)
    figure = go.Figure()
    for row, (left, right, colour) in enumerate(zip(low, high, colours, strict=True)):
        figure.add_shape(type="line", x0=left, x1=right, y0=row, y1=row, line={"color": colour, "width": 2.5})
    figure.add_scatter(
        x=at,
        y=np.arange(len(table)),
        mode="markers",
        marker={"color": colours, "size": 12},
        customdata=_told(table, names),
        hovertemplate="%{customdata}<extra></extra>",
        unselected={"marker": {"opacity": 1}},
    )
    figure.update_layout(
        height=80 + 36 * len(table),
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        hoverlabel={"align": "left"},
        clickmode="event+select",
        dragmode=False,
        showlegend=False,
    )
    figure.update_yaxes(
        fixedrange=True,
        tickvals=np.arange(len(table)),
        ticktext=[compare_cells.wrapped(names[i], 22, 2) + " " for i in table["id"]],
        range=[-0.6, len(table) - 0.4],
        showgrid=False,
        zeroline=False,
    )
    reach = min(max(float(np.abs([low, high]).max()) * 1.05, float(np.log(2.2))), limit * 1.02)
    ticks = [tick for tick in _TICKS if abs(np.log(tick)) <= reach]
    figure.update_xaxes(
        fixedrange=True,
        tickvals=np.log(ticks),
        ticktext=[f"×{tick:g}" if tick >= 1 else f"÷{1 / tick:g}" for tick in ticks],
        range=[-reach, reach],
        title=_("← more in B · odds · more in A →"),
        zeroline=True,
        zerolinecolor=palette.GREYS[theme]["missing"],
    )
    point = charts.show(figure, "compare_pair_chart", name="compare-groups")
    left_out = len(found.topics) - len(table)
    if left_out > 0:
        st.caption(n_("{n} more topic in the table.", "{n} more topics in the table.", left_out))
    return None if point is None else int(table["id"].iloc[int(str(point["point_index"]))])


def _told(table: pd.DataFrame, names: dict[int, str]) -> list[str]:
    """What is said of each topic when it is pointed at."""
    told = []
    for row in table.to_dict("records"):
        p = row["corrected"]
        lines = [
            f"<b>{charts.escape(names[row['id']])}</b>",
            compare_table.odds(row["log_odds"], row["low"], row["high"]),
            *(f"{side.upper()}: {compare_table.share(row, side)} · n {row[side]:,}" for side in "ab"),
            compare_cells.p_value(p) if np.isfinite(p) else _("too few reviews to say whether it differs"),
        ]
        told.append("<br>".join(lines))
    return told

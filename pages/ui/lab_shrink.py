"""Fewer and coarser numbers a review: what is kept of neighbours and topics, against the bytes that it takes."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from pages.ui import charts
from pages.ui.behind import Figures, behind
from pages.ui.i18n import _, n_
from pages.ui.lab_reader import percent
from pages.ui.reviews import by_ids, show_reviews
from pages.ui.theme import theme_name
from pipelines import palette
from pipelines.embed import dimensions
from pipelines.lab import shrinking
from pipelines.lab.shrinking import Mean, Shrunk, Variant
from pipelines.store.reader import Bundle

_SYMBOLS = {"float32": "circle", "float16": "square", "int8": "diamond", "binary": "x"}
_OPENED = "lab_shrink_opened"


def show(bundle: Bundle) -> None:
    """Draw the tab."""
    st.markdown(
        _(
            "A vector can be cut short (its first numbers alone, Matryoshka) and its numbers can be kept more coarsely "
            "(quantisation): smaller files, a quicker search. What is lost is measured on your own reviews: of the ten "
            "nearest of each review, how many stay (recall@10), and how many of its ten nearest are of its own topic."
        )
    )
    with st.spinner(_("Comparing neighbours …"), show_time=False):
        found = _shrunk(bundle.key, bundle)
    if found is None:
        st.info(_("Too few different reviews to compare: it takes {n}.").format(n=shrinking.LEAST))
        return
    _advice(found, bundle)
    kept = _chart(found, topic=False)
    if found.variants[0].topic is not None:
        _chart(found, topic=True)
    else:
        st.caption(_("This analysis has no topics to compare by."))
    st.caption(
        n_("Measured on {n} review", "Measured on {n} reviews", found.asked)
        + ", "
        + n_(
            "each against {n} different one; bars: the mean with 95% certainty.",
            "each against {n} different ones; bars: the mean with 95% certainty.",
            found.among,
        )
        + " "
        + _("By chance {chance} of the neighbours would stay.").format(chance=percent(found.by_chance))
    )
    row = behind("fewer-numbers", lambda: _figures(found), key="lab_shrink", picks=True)
    chosen = found.variants[row] if row is not None else kept
    if chosen is not None:
        st.session_state[_OPENED] = (chosen.dim, chosen.precision)
    _example(found, bundle)


@st.cache_data(max_entries=8, show_spinner=False)
def _shrunk(key: str, _bundle: Bundle) -> Shrunk | None:
    return shrinking.shrink(_bundle)


def name_of(variant: Variant) -> str:
    """A variant in words."""
    return _("{dim} numbers, {precision}").format(dim=variant.dim, precision=_precision(variant.precision))


def _precision(name: str) -> str:
    return {
        "float32": _("as they come (float32)"),
        "float16": _("half as long (float16)"),
        "int8": _("in 256 steps (int8)"),
        "binary": _("one bit each (binary)"),
    }[name]


def _advice(found: Shrunk, bundle: Bundle) -> None:
    best, full = found.smallest, found.variants[0]
    if best is full:
        st.markdown(_("**Keep all of it:** whatever is smaller loses more than one neighbour in twenty."))
    else:
        st.markdown(
            _("**{variant}** keep {kept} of the nearest neighbours at {size} of the size.").format(
                variant=name_of(best), kept=percent(best.kept.value), size=percent(best.bytes / full.bytes)
            )
        )
    if not dimensions.can_be_cut(bundle.identity):
        st.caption(
            _("This model joins several kinds of numbers side by side: cut short, it would lose whole kinds.")
            + " "
            + _("Only how coarsely they are kept is compared.")
        )
    elif not dimensions.is_trained(bundle.identity):
        st.caption(_("This model was not trained to be cut short; one that was loses far less."))


def _chart(found: Shrunk, *, topic: bool) -> Variant | None:
    theme = theme_name()
    figure = go.Figure()
    for i, precision in enumerate(shrinking.BYTES):
        own = [v for v in found.variants if v.precision == precision]
        means = [_mean(v, topic=topic) for v in own]
        colour = palette.CATEGORIES[theme][i]
        figure.add_scatter(
            x=[v.bytes for v in own],
            y=[m.value for m in means],
            error_y={
                "type": "data",
                "symmetric": False,
                "array": [m.high - m.value for m in means],
                "arrayminus": [m.value - m.low for m in means],
                "thickness": 1,
            },
            mode="lines+markers",
            name=_precision(precision),
            line={"color": colour, "width": 1},
            marker={"color": colour, "size": 8, "symbol": _SYMBOLS[precision]},
            customdata=[name_of(v) for v in own],
            hovertemplate="%{customdata}<br>%{x:,} B: %{y:.1%}<extra></extra>",
        )
    if not topic:
        figure.add_hline(y=shrinking.ENOUGH, line_dash="dot", line_color=palette.GREYS[theme]["other"])
    title = _("Neighbours of one's own topic") if topic else _("Neighbours kept (recall@10)")
    figure.update_xaxes(title=_("Bytes per review"), type="log", dtick=1, minor={"ticks": "outside"})
    figure.update_yaxes(title=title, tickformat=".0%", range=[0, 1.04])
    name = "topic" if topic else "kept"
    point = charts.show(
        charts.layout(figure, 330, legend=charts.ON_TOP), f"lab_shrink_{name}", name=f"fewer-numbers-{name}"
    )
    if point is None:
        return None
    precision = list(shrinking.BYTES)[int(point["curve_number"])]  # type: ignore[call-overload]
    return [v for v in found.variants if v.precision == precision][int(point["point_index"])]  # type: ignore[call-overload]


def _mean(variant: Variant, *, topic: bool) -> Mean:
    if not topic:
        return variant.kept
    assert variant.topic is not None
    return variant.topic


def _figures(found: Shrunk) -> Figures:
    def cells(mean: Mean | None) -> str:
        return "–" if mean is None else f"{percent(mean.value)} ({percent(mean.low)}–{percent(mean.high)})"

    return Figures(
        pd.DataFrame(
            {
                _("Numbers"): [v.dim for v in found.variants],
                _("Kept as"): [_precision(v.precision) for v in found.variants],
                _("Bytes per review"): [v.bytes for v in found.variants],
                _("Neighbours kept"): [cells(v.kept) for v in found.variants],
                _("Neighbours of one's own topic"): [cells(v.topic) for v in found.variants],
            }
        )
    )


def _example(found: Shrunk, bundle: Bundle) -> None:
    """The review that loses most by the chosen variant, and what it loses."""
    opened = st.session_state.get(_OPENED)
    variant = next((v for v in found.variants if (v.dim, v.precision) == opened), None)
    if variant is None:
        st.caption(_("Click a point, or choose a row of the table, to see which review loses most."))
        return
    st.subheader(_("What is lost"))
    if not variant.lost:
        st.caption(_("{variant}: no review loses any of its ten nearest.").format(variant=name_of(variant)))
        return
    st.markdown(
        _("{variant}: this review loses most.").format(variant=name_of(variant))
        + " "
        + n_("{n} of its nearest is gone:", "{n} of its nearest are gone:", len(variant.lost))
    )
    show_reviews(by_ids(bundle.points, [variant.worst, *variant.lost]), bundle, key="lab_shrink_reviews", page=4,
                 why={variant.worst: _("this review")})  # fmt: skip

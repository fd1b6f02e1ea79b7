"""How much each topic is spoken of against what it does to the stars: four corners, intervals, the table behind."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from pages.ui import charts, compare_cells, figured, state, topic_columns
from pages.ui.behind import Figures, behind
from pages.ui.escape import plain
from pages.ui.i18n import _
from pages.ui.theme import theme_name
from pipelines import palette
from pipelines.figures import MIN_RATED
from pipelines.impact import CORNER_WORDS, CORNERS, UNSURE, Impact
from pipelines.store.reader import Bundle

HEIGHT = 420
NAMED = 8
"""Topics with their names on the chart, those that move the mean most; the others tell theirs when pointed at."""
SAID = 3


def corner_names() -> dict[str, str]:
    """The four corners in the session's language."""
    return {corner: _(word) for corner, word in CORNER_WORDS.items()}


def show(bundle: Bundle) -> None:
    """The chart of the reviews that the filters leave, whatever topic is open."""
    points = state.without(bundle, "cluster")
    effects = figured.impact_of(bundle, points, leave=("cluster",))
    table = effects.table
    known = table[(table["id"] >= 0) & table["effect"].notna()].reset_index(drop=True)
    st.subheader(_("What moves the sentiment") if effects.outcome == "sentiment" else _("What moves the stars"))
    if known.empty:
        said = _("No topic has {n} reviews with stars, and {n} others to compare them with: too few to say anything.")
        st.caption(said.format(n=MIN_RATED))
        return
    if effects.outcome == "sentiment":
        st.caption(
            _(
                "There are too few stars to compare, so this is about the sentiment of the texts (−1 to 1): "
                "a weaker sign."
            )
        )
    _verdict(known)
    clicked = charts.show(
        charts.made("impact", state.digest(bundle, leave=("cluster",)), lambda: _figure(known, effects)),
        "impact_chart",
        name="impact",
    )
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(_("Click a point to read its reviews. Lines: 95 % intervals."), width="content")
        with st.popover(_("how"), type="tertiary", icon=":material/help:"):
            _method(effects)
    chosen = behind("impact", lambda: _figures(known, effects), key="impact", picks=True)
    if clicked is not None:
        chosen = int(clicked["customdata"][0])  # type: ignore[index]
    if chosen is not None:
        state.choose_topic(int(known["id"].iloc[chosen]))
        st.rerun()


def _verdict(known: pd.DataFrame) -> None:
    """The topics of each corner, in words."""
    names = corner_names()
    lines = []
    for corner in ("fix", "keep", "watch"):
        part = known[known["corner"] == corner]
        part = part.loc[part["pull"].abs().sort_values(ascending=False, kind="stable").index]
        said = [
            plain(str(name), 60) + " " + topic_columns.effect(*figures)
            for name, *figures in part.head(SAID)[["name", "effect", "low", "high"]].itertuples(index=False, name=None)
        ]
        said += [f"+{len(part) - SAID}"] if len(part) > SAID else []
        if said:
            lines.append(f"**{names[corner]}:** " + " · ".join(said))
    st.markdown("  \n".join(lines) if lines else _("No topic differs surely from the rest."))


def _figure(known: pd.DataFrame, effects: Impact) -> go.Figure:
    theme = theme_name()
    scale, greys = palette.DIVERGING[theme], palette.GREYS[theme]
    figure = go.Figure()
    kinds = (
        (~known["sure"], greys["other"], "circle", _(UNSURE)),
        (known["sure"] & (known["effect"] < 0), scale[0], "triangle-down", _("worse than the rest")),
        (known["sure"] & (known["effect"] > 0), scale[-1], "triangle-up", _("better than the rest")),
    )
    few, many = known["reviews"].min() / 1.3, known["reviews"].max() * 1.3
    middle = np.sqrt(few * many)
    named = set(known.loc[known["sure"], "pull"].abs().nlargest(NAMED).index)
    for mask, colour, symbol, name in kinds:
        part = known[mask]
        if part.empty:
            continue
        figure.add_scatter(
            x=part["reviews"],
            y=part["effect"],
            error_y={
                "array": part["high"] - part["effect"],
                "arrayminus": part["effect"] - part["low"],
                "color": colour,
                "thickness": 1,
                "width": 0,
            },
            mode="markers+text",
            marker={"color": colour, "symbol": symbol, "size": 11, "line": {"color": greys["page"], "width": 1}},
            text=[charts.short(str(known["name"][i])) if i in named else "" for i in part.index],
            textposition=np.where(part["reviews"] > middle, "middle left", "middle right"),
            textfont={"size": 11, "color": greys["text"]},
            name=name,
            customdata=np.array([[i, *_hover(known.loc[i], effects)] for i in part.index], dtype=object),
            hovertemplate="%{customdata[1]}<br>%{customdata[2]}<br>%{customdata[3]}<extra></extra>",
        )
    figure.add_hline(y=0, line={"color": greys["missing"], "width": 1})
    figure.add_vline(x=effects.typical, line={"color": greys["missing"], "width": 1, "dash": "dot"})
    for corner, (x, y) in zip(CORNERS, ((1, 0), (1, 1), (0, 0), (0, 1)), strict=True):
        figure.add_annotation(
            x=x, y=y, xref="paper", yref="paper", text=f"<b>{corner_names()[corner]}</b>", showarrow=False,
            xanchor="right" if x else "left", yanchor="top" if y else "bottom", font={"color": greys["other"]},
        )  # fmt: skip
    what = _("Mean sentiment against the rest") if effects.outcome == "sentiment" else _("Mean stars against the rest")
    figure.update_xaxes(
        title=_("Reviews"), type="log", tickvals=_ticks(few, many), showgrid=False, range=np.log10([few, many])
    )
    figure.update_yaxes(title=what, zeroline=False, tickformat="+")
    return charts.layout(figure, HEIGHT, legend=charts.ON_TOP)


def _ticks(low: float, high: float) -> list[float]:
    """Round numbers along a logarithmic axis, five to nine of them where its span allows."""
    found: list[float] = []
    for steps in ((1,), (1, 2, 5), (1, 2, 3, 5, 7), range(1, 10)):
        every = [step * 10.0**power for power in range(9) for step in steps]
        found = [value for value in every if low <= value <= high]
        if len(found) >= 4:
            break
    return found


def _hover(row: pd.Series, effects: Impact) -> tuple[str, str, str]:
    counted = _("{n} reviews against {rest} others").format(n=f"{int(row['n']):,}", rest=f"{int(row['rest']):,}")
    said = topic_columns.effect(row["effect"], row["low"], row["high"])
    if effects.several and pd.notna(row["adjusted"]):
        adjusted = topic_columns.effect(row["adjusted"], row["adjusted_low"], row["adjusted_high"])
        said += "<br>" + _("other topics held equal: {effect}").format(effect=adjusted)
    return charts.escape(str(row["name"])), said, counted


def _figures(known: pd.DataFrame, effects: Impact) -> Figures:
    """A row a topic."""
    names, luck = corner_names(), _("Chance of so much by luck (p)")
    columns = {
        _("Topic"): known["name"],
        _("Reviews"): known["reviews"],
        _("Against the rest"): known["effect"],
        _("from"): known["low"],
        _("to"): known["high"],
    }
    if effects.several:
        columns |= {
            _("Other topics held equal"): known["adjusted"],
            _("from (held equal)"): known["adjusted_low"],
            _("to (held equal)"): known["adjusted_high"],
        }
    columns |= {
        _("Moves the mean by"): known["pull"],
        luck: known["p"],
        _("Corner"): known["corner"].map(names).fillna(_(UNSURE)),
    }
    frame = pd.DataFrame(columns)
    return Figures(frame.assign(**{luck: [compare_cells.p_figure(p) for p in known["p"]]}), frame)


def _method(effects: Impact) -> None:
    said = [
        _(
            "For each topic: the mean over the reviews that speak of it minus the mean over those that do not ({n} "
            "reviews in all, mean {mean}). No figure where either side has fewer than {least}."
        ).format(n=f"{effects.n:,}", mean=f"{effects.mean:.2f}".replace("-", "−"), least=MIN_RATED),
        _("“Moves the mean by” is the mean of all reviews minus the mean without these: effect times share."),
        _(
            "Intervals: bootstrap-t with 999 draws of the reviews (Efron & Tibshirani 1993) or Welch's t, whichever "
            "is wider. Sure: a permutation test and Welch's, corrected over all topics (Benjamini & Hochberg 1995, 5 % "
            "false ones)."
        ),
        _(
            "Much or little spoken of: above or below the middle (median) topic, {n} reviews, the dotted line. A "
            "difference is no proof of a cause: reviews with a topic may differ in other ways too."
        ).format(n=f"{effects.typical:,.0f}"),
    ]
    if effects.several:
        said.insert(
            1,
            _(
                "Reviews here speak of several topics. “Other topics held equal” compares speaking of this topic with "
                "speaking of another instead, by least squares on all topics at once."
            ),
        )
    else:
        said.insert(1, _("Each review has one topic here, so there are no other topics to hold equal."))
    for line in said:
        st.markdown("- " + line)

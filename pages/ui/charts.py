"""Plotly charts in one style; each returns what was clicked, so that the page can make a filter of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from pages.ui import slices
from pages.ui.i18n import _, language
from pages.ui.theme import theme_name
from pipelines import palette
from pipelines.figures import NEUTRAL_BAND

LABEL_CHARS = 28
PICTURES = ("png", "svg")
PICTURE_KEY = "picture_format"


def escape(text: str) -> str:
    """Plotly reads some HTML tags in any text it draws: text of others is escaped."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def short(text: str) -> str:
    """A label that fits an axis."""
    return escape(text if len(text) <= LABEL_CHARS else text[: LABEL_CHARS - 1] + "…")


ABOVE, ON_TOP = {"y": 1.12}, {"y": 1.02, "yanchor": "bottom"}
"""Places of a legend; the second grows upwards where it needs several lines."""


def layout(figure: go.Figure, height: int, *, legend: Mapping[str, object] = ABOVE) -> go.Figure:
    """What all charts share; legend: where it stands."""
    figure.update_layout(
        height=height,
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        legend={"orientation": "h", "x": 0, **legend},
        hoverlabel={"align": "left"},
        clickmode="event+select",
        dragmode=False,
    )
    return figure


def picture_format() -> str:
    """The kind of file that charts are saved as in this session: one of PICTURES."""
    return str(st.session_state.get(PICTURE_KEY, PICTURES[0]))


def choose_picture(kind: str) -> None:
    """Save charts as this kind from now on."""
    st.session_state[PICTURE_KEY] = kind


def config(name: str) -> dict[str, object]:
    """Plotly's settings: one button, which saves the chart as the file `name`, and the session's language."""
    return {
        "displaylogo": False,
        "showSendToCloud": False,
        "displayModeBar": "hover",
        "modeBarButtons": [["toImage"]],
        "toImageButtonOptions": {"format": picture_format(), "filename": name, "scale": 2},
        **({"locale": "zh-CN", "locales": {"zh-CN": _chinese()}} if language() == "zh" else {}),
    }


def _chinese() -> dict[str, object]:
    """What Plotly's own code says, and how it writes dates: as figures, like the rest of the page."""
    months, days = [f"{month}月" for month in range(1, 13)], "日一二三四五六"
    return {
        "dictionary": {
            "Download plot as a PNG": _("Save as PNG"),
            "Download plot": _("Save as a picture"),
            "Preparing image - this may take a few seconds": _("Making the picture …"),
            "Snapshot succeeded": _("The picture is saved."),
            "Sorry, there was a problem downloading your snapshot!": _("The picture could not be saved."),
        },
        "format": {
            "days": [f"星期{day}" for day in days],
            "shortDays": [f"周{day}" for day in days],
            "months": months,
            "shortMonths": months,
            "date": "%Y-%m-%d",
            "year": "%Y",
            "month": "%Y-%m",
            "dayMonth": "%m-%d",
            "dayMonthYear": "%Y-%m-%d",
        },
    }


def made(name: str, digest: str, make: Callable[[], go.Figure]) -> go.Figure:
    """The figure that `make` gives, once for each name, digest of what it shows, language and theme; "": made anew."""
    return slices.reckoned(f"{name}/{language()}/{theme_name()}", digest, make) if digest else make()


def show(figure: go.Figure, key: str, *, name: str) -> dict[str, object] | None:
    """Draw; the first clicked point since the last run, once (a selection that was used is not used again).

    name: of the file that the chart is saved as.
    """
    # A new generation of the widget after each use: otherwise the old click would act again on every run.
    generation = st.session_state.get(f"{key}_generation", 0)
    event = st.plotly_chart(
        figure,
        key=f"{key}_{generation}",
        on_select="rerun",
        selection_mode="points",
        config=config(name),
        width="stretch",
    )
    points = event["selection"]["points"] if event else []
    if not points:
        return None
    st.session_state[f"{key}_generation"] = generation + 1
    return dict(points[0])


def sentiment_colours() -> tuple[str, str, str]:
    """Negative, neutral, positive."""
    theme = theme_name()
    scale = palette.DIVERGING[theme]
    return scale[0], palette.GREYS[theme]["other"], scale[-1]


def histogram(
    values: pd.Series, *, bins: int, low: float, high: float, name: str, key: str, digest: str = ""
) -> tuple[float, float] | None:
    """Bars of counts over [low, high]; returns the clicked bar's ends. digest: of what is shown (`made`)."""
    figure = made(key, digest, lambda: _histogram(values, bins, low, high, name))
    point = show(figure, key, name="sentiment")
    if point is None:
        return None
    index = int(point["point_index"])  # type: ignore[call-overload]
    edges = np.linspace(low, high, bins + 1)
    # Filters include both ends, a bar only its lower one, but for the last.
    high = edges[index + 1] if index == bins - 1 else np.nextafter(edges[index + 1], -np.inf)
    return float(edges[index]), float(high)


def _histogram(values: pd.Series, bins: int, low: float, high: float, name: str) -> go.Figure:
    counts, edges = np.histogram(values.dropna(), bins=bins, range=(low, high))
    middle = (edges[:-1] + edges[1:]) / 2
    negative, neutral, positive = sentiment_colours()
    colours = [negative if m < -NEUTRAL_BAND else positive if m > NEUTRAL_BAND else neutral for m in middle]
    figure = go.Figure(
        go.Bar(
            x=middle,
            y=counts,
            marker_color=colours,
            customdata=np.stack([edges[:-1], edges[1:]], axis=1),
            hovertemplate="%{customdata[0]:.2f} … %{customdata[1]:.2f}: %{y:,}<extra></extra>",
        )
    )
    figure.update_layout(bargap=0.05, yaxis_tickformat=",")
    figure.update_xaxes(title=name, range=[low, high])
    return layout(figure, 260)


def stacked_bars(
    names: Sequence[str], series: dict[str, list[int]], *, ids: Sequence[int], key: str, digest: str = ""
) -> tuple[int, int] | None:
    """Horizontal bars of shares, one a name; returns (id, series index) of the clicked part. digest: as in `made`."""
    point = show(made(key, digest, lambda: _stacked_bars(names, series)), key, name="sentiment-by-topic")
    if point is None:
        return None
    return int(ids[int(point["point_index"])]), int(point["curve_number"])  # type: ignore[call-overload]


def _stacked_bars(names: Sequence[str], series: dict[str, list[int]]) -> go.Figure:
    totals = np.maximum(np.sum(list(series.values()), axis=0), 1)
    labels = [f"{short(name)} " for name in names]
    figure = go.Figure()
    for (label, counts), colour in zip(series.items(), sentiment_colours(), strict=True):
        figure.add_bar(
            y=list(range(len(names))),
            x=np.array(counts) / totals,
            orientation="h",
            name=label,
            marker_color=colour,
            customdata=np.stack([counts, totals], axis=1),
            hovertemplate="%{customdata[0]:,} / %{customdata[1]:,} (%{x:.0%})<extra>" + label + "</extra>",
        )
    figure.update_layout(barmode="stack", legend_traceorder="normal")
    figure.update_yaxes(tickvals=list(range(len(names))), ticktext=labels, autorange="reversed")
    figure.update_xaxes(tickformat=".0%", range=[0, 1])
    return layout(figure, max(180, 60 + 26 * len(names)), legend=ON_TOP)


def over_time(table: pd.DataFrame, *, key: str, digest: str = "") -> int | None:
    """Reviews per period as bars, mean sentiment as a line; returns the clicked period's position.

    A period that the file holds a part of is a paler bar: it is no fall. digest: as in `made`.
    """
    point = show(made(key, digest, lambda: _over_time(table)), key, name="sentiment-over-time")
    return None if point is None else int(point["point_index"])  # type: ignore[call-overload]


def _over_time(table: pd.DataFrame) -> go.Figure:
    theme = theme_name()
    figure = go.Figure()
    figure.add_bar(
        x=table["period"],
        y=table["reviews"],
        name=_("Reviews"),
        marker_color=palette.GREYS[theme]["missing"],
        marker_opacity=np.where(table["whole"], 1.0, 0.4),
        customdata=np.where(table["whole"], "", _("part of a period only")),
        hovertemplate="%{x|%Y-%m-%d}: %{y:,} %{customdata}<extra></extra>",
    )
    figure.add_scatter(
        x=table["period"],
        y=table["sentiment"],
        name=_("Mean sentiment"),
        yaxis="y2",
        mode="lines+markers",
        line_color=palette.DIVERGING[theme][-1],
        hovertemplate="%{x|%Y-%m-%d}: %{y:+.2f}<extra></extra>",
    )
    figure.update_layout(
        yaxis_tickformat=",",
        yaxis2={
            "overlaying": "y",
            "side": "right",
            "range": [-1.05, 1.05],
            "showgrid": False,
            "zeroline": False,
            "tickvals": [-1, -0.5, 0, 0.5, 1],
            "tickformat": "+",
        },
    )
    return layout(figure, 300)

"""One topic over time: a dot a period, a smooth curve with its band, the change point; a dot leads to its reviews."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from pages.ui import charts
from pages.ui.i18n import _, n_
from pages.ui.theme import theme_name
from pipelines import palette

HEIGHT = 290
BAND_OPACITY = 0.22


def draw(series: pd.DataFrame, verdict: pd.Series, measure: str, *, key: str) -> int | None:
    """The chart of a series (Trends.series) with its verdict's change point; returns the clicked period's position."""
    theme = theme_name()
    colour, greys = palette.CATEGORIES[theme][0], palette.GREYS[theme]
    percent = measure == "share"
    shape = ".1%" if percent else "+.2f" if measure == "sentiment" else ".2f"
    known = series[series["value"].notna()]
    figure = go.Figure()
    # Up along the upper end and back along the lower one.
    figure.add_scatter(
        x=[*series["start"], *series["start"][::-1]],
        y=[*series["high"], *series["low"][::-1]],
        fill="toself", mode="lines", line={"width": 0}, fillcolor=_pale(colour), hoverinfo="skip",
        name=_("95 % band"),
    )  # fmt: skip
    figure.add_scatter(
        x=series["start"],
        y=series["fit"],
        mode="lines",
        line={"color": colour, "width": 2},
        name=_("smoothed"),
        customdata=np.stack([series["low"], series["high"]], axis=1),
        hovertemplate=f"%{{y:{shape}}} (%{{customdata[0]:{shape}}} … %{{customdata[1]:{shape}}})<extra></extra>",
    )
    figure.add_scatter(
        x=known["start"],
        y=known["value"],
        mode="markers",
        cliponaxis=False,
        marker={
            "color": greys["other"],
            "size": 8,
            "symbol": np.where(known["whole"], "circle", "circle-open"),
            "line": {"color": greys["other"], "width": 1},
        },
        name=_("each period"),
        customdata=[[i, *_hover(known.loc[i], percent=percent)] for i in known.index],
        hovertemplate=f"%{{customdata[1]}}<br>%{{y:{shape}}} %{{customdata[2]}}<extra></extra>",
    )
    if pd.notna(verdict["step"]):
        before, after = verdict["step_before"], verdict["step_after"]
        figure.add_scatter(
            x=[series["start"].iloc[0], verdict["step"], verdict["step"], series["start"].iloc[-1]],
            y=[before, before, after, after],
            mode="lines",
            line={"color": greys["text"], "width": 1, "dash": "dash"},
            hoverinfo="skip",
            name=_("before and after the jump"),
        )
    figure.update_yaxes(tickformat=".0%" if percent and series["value"].max() > 0.05 else shape, zeroline=False)
    if percent:
        figure.update_yaxes(rangemode="tozero")
    charts.layout(figure, HEIGHT, legend=charts.ON_TOP)
    point = charts.show(figure, key, name=f"trend-{measure}")
    if point is None:
        return None
    index = int(point["point_index"])  # type: ignore[call-overload]
    # The curve has a point a period; the dots leave out those without reviews.
    return int(known.index[index]) if point["curve_number"] == 2 else min(index, len(series) - 1)


def _pale(colour: str) -> str:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{BAND_OPACITY})"


def _hover(row: pd.Series, *, percent: bool) -> tuple[str, str]:
    days = f"{row['start']:%Y-%m-%d}"
    if row["start"] != row["end"]:
        days += f" – {row['end']:%Y-%m-%d}"
    of_all = _("({n} of {of} reviews)").format(n=f"{int(row['n']):,}", of=f"{int(row['of']):,}")
    said = of_all if percent else n_("({n} review)", "({n} reviews)", int(row["n"]))
    return days, said if row["whole"] else f"{said}<br>{_('part of a period only')}"

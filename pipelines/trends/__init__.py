"""Trends of topics: volume, sentiment and rating by day, week or month, with bands, change points and verdicts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipelines.trends.smooth import Curve, Smoother, mean_band, mean_curve, share_band, share_curve
from pipelines.trends.steps import Chance
from pipelines.trends.timeline import Timeline
from pipelines.trends.verdicts import (
    TREND_WORDS,
    mean_dispersion,
    mean_variance,
    mean_verdicts,
    share_dispersion,
    share_verdicts,
)

__all__ = ["MEASURES", "TREND_WORDS", "Timeline", "Trends", "trends"]

MEASURES = ("share", "sentiment", "rating")


@dataclass(frozen=True)
class Trends:
    """The trends of a slice. tables and curves: by measure (one of MEASURES, where known), in the timeline's topics."""

    timeline: Timeline
    tables: dict[str, pd.DataFrame]
    curves: dict[str, list[Curve]]

    @property
    def measures(self) -> list[str]:
        """Those of MEASURES that the slice has."""
        return [name for name in MEASURES if name in self.tables]

    def verdict(self, topic: int, measure: str = "share") -> pd.Series | None:
        """A topic's row of a measure's table (see verdicts.COLUMNS); None for a topic that is not there."""
        if topic not in self.timeline.ids:
            return None
        return self.tables[measure].iloc[self.timeline.ids.index(topic)]

    def line(self, topic: int) -> list[float]:
        """The smooth curve of a topic's share, for a sparkline; empty for a topic that is not there."""
        if topic not in self.timeline.ids:
            return []
        return [float(value) for value in self.curves["share"][self.timeline.ids.index(topic)].fit]

    def series(self, topic: int, measure: str = "share") -> pd.DataFrame:
        """A topic over time: columns start, end, whole, n (its reviews), of (all reviews), value, fit, low, high.

        value: the period's own figure, NaN without reviews; fit, low, high: the smooth curve and its 95 % band.
        """
        timeline, i = self.timeline, self.timeline.ids.index(topic)
        curve = self.curves[measure][i]
        n, of = timeline.counts[:, i], timeline.total
        with np.errstate(divide="ignore", invalid="ignore"):
            if measure == "share":
                value = n / of
                low, high = share_band(curve)
            else:
                n, sums = timeline.means[measure][:2, :, i]
                value = sums / n
                low, high = mean_band(curve, float(mean_variance(timeline, measure)[i]))
        columns = {"start": timeline.starts, "end": timeline.ends, "whole": timeline.whole}
        figures = {"n": n.astype(int), "of": of.astype(int), "value": value, "fit": curve.fit, "low": low, "high": high}
        return pd.DataFrame(columns | figures)


def trends(points: pd.DataFrame) -> Trends | None:
    """The trends of every topic in a slice (one row a unit, topics not among what it was restricted by).

    None where fewer than two periods have dates.
    """
    timeline = Timeline.of(points)
    if timeline is None:
        return None
    chance = Chance(len(timeline.starts))
    of_all = Smoother(timeline.total)
    excess = share_dispersion(timeline)
    curves = {"share": [share_curve(of_all, one, more) for one, more in zip(timeline.counts.T, excess, strict=True)]}
    tables = {"share": share_verdicts(timeline, curves["share"], chance)}
    for name, (n, sums, _squares) in timeline.means.items():
        excess = mean_dispersion(timeline, name)
        curves[name] = [mean_curve(Smoother(n[:, i]), sums[:, i], excess[i]) for i in range(len(timeline.ids))]
        tables[name] = mean_verdicts(timeline, name, curves[name], chance)
    return Trends(timeline, tables, curves)

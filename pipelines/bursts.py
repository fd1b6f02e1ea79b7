"""Bursts: more equal texts within a few days than the file's own rate of reviews explains.

For a group of n equal texts and a window of days that holds k of them, each member is taken to fall on a day as the
file's reviews do: the chance of k or more is binomial, with the share of all dated reviews that the window holds. The
least likely window is told (a scan statistic: Naus 1965, "The distribution of the size of the maximum cluster of points
on a line"; Kulldorff 1997), with Bonferroni's correction for every window of every group that could have been it. The
group's own members are among the file's reviews, which errs on the side of silence.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import binom

from pipelines.figures import duplicate_groups

WIDTHS_DAYS = (1, 2, 3, 7)
LEAST = 3
"""Fewer equal texts than this are no burst, however unlikely."""
SURE = 0.01
"""Corrected probability below which a window is told."""

COLUMNS = ("burst", "burst_days", "burst_users", "start", "end", "expected", "p")


def repeated_groups(points: pd.DataFrame) -> pd.DataFrame:
    """figures.duplicate_groups with what is known of a burst in each, bursts first (least likely first), then by size.

    burst: members in the window (<NA> where there is none), burst_days: its days, burst_users: distinct users in it
    (NaN without users), start, end: its first and last day that has a member, expected: how many of the group the
    file's own rate puts there, p: corrected, 1 where nothing was looked at.
    """
    groups = duplicate_groups(points)
    found = pd.DataFrame({name: [None] * len(groups) for name in COLUMNS}).astype(
        {
            "burst": "Int64", "burst_days": "Int64", "burst_users": "Int64", "start": "datetime64[us]",
            "end": "datetime64[us]", "expected": "float64", "p": "float64",
        }
    )  # fmt: skip
    found["p"] = 1.0
    table = pd.concat([groups, found], axis=1)
    if "date" in points and not groups.empty:
        _mark(table, points)
    order = table.assign(is_none=table["burst"].isna()).sort_values(
        ["is_none", "p", "n"], ascending=[True, True, False], kind="stable"
    )
    return order.drop(columns="is_none").reset_index(drop=True)


def _mark(table: pd.DataFrame, points: pd.DataFrame) -> None:
    """Write the bursts into `table`."""
    once = points.drop_duplicates("row_id")["date"].dropna()
    if once.empty:
        return
    first_day = once.min().normalize()
    per_day = np.bincount(_days(once, first_day))
    before = np.concatenate([[0], np.cumsum(per_day)])
    dates = points.set_index("unit_id")["date"]
    tried = len(table) * len(WIDTHS_DAYS) * len(per_day)
    for row, units in enumerate(table["unit_ids"]):
        known = dates.loc[units].dropna()
        if len(known) < LEAST:
            continue
        days = _days(known, first_day)
        window = _least_likely(np.sort(days), before)
        p = min(1.0, window[0] * tried)
        if p >= SURE:
            continue
        _, start, width, k, expected = window
        inside = known[(days >= start) & (days < start + width)]
        table.loc[row, ["burst", "burst_days", "expected", "p"]] = [k, width, expected, p]
        table.loc[row, ["start", "end"]] = [inside.min().normalize(), inside.max().normalize()]
        if "user" in points:
            users = points.loc[points["unit_id"].isin(inside.index), "user"]
            table.loc[row, "burst_users"] = users[users.astype("str") != ""].nunique()


def _days(dates: pd.Series, first_day: pd.Timestamp) -> NDArray[np.int64]:
    return (dates.dt.normalize() - first_day).dt.days.to_numpy(dtype=np.int64)


def _least_likely(days: NDArray[np.int64], before: NDArray[np.int64]) -> tuple[float, int, int, int, float]:
    """(p, first day, days, members, expected) of the least likely window that begins at a member's day and holds LEAST.

    days: the members', sorted. before (d + 1,): reviews of the file before each day.
    """
    n, last = len(days), len(before) - 1
    best = (1.0, 0, 1, 0, 0.0)
    starts = np.unique(days)
    for width in WIDTHS_DAYS:
        held = np.searchsorted(days, starts + width) - np.searchsorted(days, starts)
        share = (before[np.minimum(starts + width, last)] - before[starts]) / before[-1]
        chance = np.where(held >= LEAST, binom.sf(held - 1, n, share), 1.0)
        at = int(chance.argmin())
        if chance[at] < best[0]:
            best = (float(chance[at]), int(starts[at]), width, int(held[at]), float(n * share[at]))
    return best

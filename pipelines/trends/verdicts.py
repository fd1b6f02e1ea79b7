"""Which topics are new, rising or fading, and whose stars or sentiment change: tests corrected over the topics.

A share's trend is Cochran and Armitage's test (1954, 1955) over the periods, a mean's the weighted least-squares slope;
either is divided by the dispersion (smooth.dispersion) and held against Student's t, so that mere bursts are no trend.
Over the topics the tests are corrected by Benjamini and Hochberg (1995) at 5 %, and the change points likewise. What is
said is the latest third of the reviews against the earliest: a ratio of shares (interval after Katz et al. 1978), a
difference of means.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import false_discovery_control
from scipy.stats import t as student

from pipelines.errors import N_
from pipelines.figures import MIN_RATED
from pipelines.intervals import Z
from pipelines.trends.smooth import Curve, dispersion, freedom
from pipelines.trends.steps import Chance, Step, mean_steps, share_steps
from pipelines.trends.timeline import Timeline

Floats = NDArray[np.float64]
FALSE_SHARE = 0.05
"""Share of false ones among what is claimed."""
LEAST_PERIODS = 4
COLUMNS = [
    "id", "n", "early", "late", "change", "low", "high", "p", "kind", "step", "step_before", "step_after", "step_p",
]  # fmt: skip
TREND_WORDS = {"new": N_("New"), "rising": N_("Rising"), "fading": N_("Fading"), "steady": N_("no sure change")}
"""A share's kind in words; of few reviews nothing is said."""


def share_verdicts(timeline: Timeline, curves: list[Curve], chance: Chance) -> pd.DataFrame:
    """One row a topic (COLUMNS): early and late shares, change as their ratio, kind, and the change point.

    kind: new (next to nothing in the earliest third) · rising · fading · steady (no sure change) · few.
    """
    total, counts = timeline.total, timeline.counts
    excess = np.array([curve.excess for curve in curves])
    first, last = timeline.thirds()
    n_early, n_late = total[first].sum(), total[last].sum()
    early, late = counts[first].sum(axis=0), counts[last].sum(axis=0)
    n = counts.sum(axis=0)
    # Half a review more on each side, so that none of few is no infinity (Haldane–Anscombe).
    ratio = (late + 0.5) / (n_late + 1) / ((early + 0.5) / (n_early + 1))
    error = np.sqrt(excess * (1 / (late + 0.5) - 1 / (n_late + 1) + 1 / (early + 0.5) - 1 / (n_early + 1)))
    low, high = ratio * np.exp(-Z * error), ratio * np.exp(Z * error)
    at = np.arange(len(total)) - np.average(np.arange(len(total)), weights=total)
    share = n / total.sum()
    with np.errstate(divide="ignore", invalid="ignore"):
        slope = at @ (counts - total[:, None] * share) / np.sqrt(share * (1 - share) * (total @ at**2) * excess)
    tested = (n >= MIN_RATED) & (n < total.sum()) & (len(total) >= LEAST_PERIODS)
    tested &= min(n_early, n_late) >= MIN_RATED
    p = np.where(tested, 2 * student.sf(np.abs(slope), freedom(excess, len(total))), np.nan)
    up, down = _corrected(p) & (slope > 0) & (low > 1), _corrected(p) & (slope < 0) & (high < 1)
    kind = np.select([~tested, up & (early <= 1), up, down], ["few", "new", "rising", "fading"], "steady")
    steps = share_steps(total, counts, excess, chance)
    table = {
        "id": timeline.ids, "n": n.astype(int), "early": early / max(n_early, 1), "late": late / max(n_late, 1),
        "change": ratio, "low": low, "high": high, "p": p, "kind": kind,
    }  # fmt: skip
    return _with_steps(pd.DataFrame(table), timeline, steps, slope, tested, counts, total[:, None])


def mean_verdicts(timeline: Timeline, name: str, curves: list[Curve], chance: Chance) -> pd.DataFrame:
    """One row a topic (COLUMNS) for the mean of "rating" or "sentiment": early, late and change as their difference.

    kind: rising · falling · steady (no sure change) · few.
    """
    n, total, _squares = timeline.means[name]
    excess = np.array([curve.excess for curve in curves])
    variance = mean_variance(timeline, name)
    first, last = timeline.thirds()
    n_early, n_late = n[first].sum(axis=0), n[last].sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        early, late = total[first].sum(axis=0) / n_early, total[last].sum(axis=0) / n_late
        error = np.sqrt(variance * excess * (1 / n_early + 1 / n_late))
        at = np.arange(len(n))[:, None] - (np.arange(len(n)) @ n) / n.sum(axis=0)
        middle = total.sum(axis=0) / n.sum(axis=0)
        slope = np.sum(at * (total - n * middle), axis=0) / np.sqrt(variance * excess * np.sum(n * at**2, axis=0))
        margin = student.isf(0.025, np.maximum(n_early + n_late - 2, 1)) * error
        least = np.minimum(np.maximum(n.sum(axis=0) - 2, 1), freedom(excess, len(n)))
    tested = (np.minimum(n_early, n_late) >= MIN_RATED) & (len(n) >= LEAST_PERIODS) & np.isfinite(slope)
    p = np.where(tested, 2 * student.sf(np.abs(slope), least), np.nan)
    change = late - early
    sure = _corrected(p)
    up, down = sure & (slope > 0) & (change > margin), sure & (slope < 0) & (change < -margin)
    kind = np.select([~tested, up, down], ["few", "rising", "falling"], "steady")
    steps = mean_steps(np.stack([n, total]), variance, excess, chance)
    table = {
        "id": timeline.ids, "n": n.sum(axis=0).astype(int), "early": early, "late": late,
        "change": change, "low": change - margin, "high": change + margin, "p": p, "kind": kind,
    }  # fmt: skip
    return _with_steps(pd.DataFrame(table), timeline, steps, slope, tested, total, n)


def mean_variance(timeline: Timeline, name: str) -> Floats:
    """(k,) the variance of one value within a period; that of all topics counts as one more review."""
    n, total, squares = timeline.means[name]
    with np.errstate(divide="ignore", invalid="ignore"):
        within = np.nansum(squares - np.where(n > 0, total**2 / n, 0), axis=0)
    freedom = np.maximum(n.sum(axis=0) - (n > 0).sum(axis=0), 0)
    prior = max(within.sum() / max(freedom.sum(), 1), 1e-9)
    return np.asarray((within + prior) / (freedom + 1))


def share_dispersion(timeline: Timeline) -> Floats:
    """(k,) the dispersion of shares."""
    n, counts = timeline.total[:, None], timeline.counts
    # A neighbour's count helps: where both have none nothing is expected, and nothing is learned.
    both = (counts[1:] + counts[:-1]) / np.maximum(n[1:] + n[:-1], 1)
    share = np.concatenate([both[:1], (both[1:] + both[:-1]) / 2, both[-1:]])
    return dispersion(counts / np.maximum(n, 1), np.broadcast_to(n, counts.shape), share * (1 - share))


def mean_dispersion(timeline: Timeline, name: str) -> Floats:
    """(k,) the dispersion of means."""
    n, total, _squares = timeline.means[name]
    return dispersion(total / np.maximum(n, 1), n, np.broadcast_to(mean_variance(timeline, name), n.shape))


def _corrected(p: Floats) -> NDArray[np.bool_]:
    sure = np.zeros(len(p), dtype=bool)
    known = np.isfinite(p)
    if known.any():
        sure[known] = false_discovery_control(p[known]) < FALSE_SHARE
    return sure


def _with_steps(
    table: pd.DataFrame,
    timeline: Timeline,
    steps: list[Step | None],
    slope: Floats,
    tested: NDArray[np.bool_],
    values: Floats,
    weights: Floats,
) -> pd.DataFrame:
    """The change point of each topic that has one: a jump that is sure and explains more than a straight line does."""
    p = np.array([step.p if step is not None and ok else np.nan for step, ok in zip(steps, tested, strict=True)])
    sure = _corrected(p)
    weights = np.broadcast_to(weights, values.shape)
    rows: list[tuple[object, float, float, float]] = []
    for i, step in enumerate(steps):
        # Akaike's criterion: where the jump is is one figure more than a line needs.
        if step is None or not sure[i] or step.z2 - 2 <= slope[i] ** 2:
            rows.append((pd.NaT, np.nan, np.nan, p[i]))
            continue
        before, after = slice(0, step.at), slice(step.at, None)
        means = [values[part, i].sum() / weights[part, i].sum() for part in (before, after)]
        rows.append((timeline.starts[step.at], *means, p[i]))
    added = pd.DataFrame(rows, columns=["step", "step_before", "step_after", "step_p"])
    added["step"] = pd.to_datetime(added["step"])
    return pd.concat([table, added], axis=1)[COLUMNS]

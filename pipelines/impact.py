"""What each topic does to the mean rating, with an interval; where nobody rated, to the mean sentiment of the text.

Two figures a topic. *effect*: the mean of the reviews that speak of it minus that of the reviews that do not.
*adjusted*: the same with the other topics of a review held equal, where reviews speak of several. It is the
least-squares coefficient on indicators (reviews × topics) minus the mean of the other topics' coefficients, each as
often as it occurs in the reviews without this one. That contrast compares speaking of this topic with speaking of
another instead, so it does not depend on a base category, a tendency of long reviews to be harsher drops out, and where
a review has one topic it is exactly the plain difference.

Intervals are bootstrap-t (Efron & Tibshirani 1993, "An Introduction to the Bootstrap", ch. 12): reviews are drawn anew
with Poisson weights, and those with the same topics and value are drawn together, since the sum of Poisson counts is
Poisson. The adjusted figure uses the scores of the regression (Kline & Santos 2012, "A score based approach to wild
bootstrap inference"). Where Welch's t interval reaches farther at an end, that end is taken: of twenty equal ratings
the bootstrap draws nothing but equal ones.

Whether there is an effect at all is a permutation test, its distribution by three moments (Mielke & Berry 2007,
"Permutation Methods"), or Welch's where that is less sure: the first knows how lopsided stars are, the second that a
topic's may be more spread. Over the topics the test is corrected by Benjamini and Hochberg (1995).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack
from scipy.stats import false_discovery_control, pearson3, poisson
from scipy.stats import t as student

from pipelines.errors import N_
from pipelines.figures import MIN_RATED

DRAWS = 999
LEVEL = 0.95
SEED = 20
PRIOR = 2
"""Reviews with the spread of all that count in each group's variance: twenty equal ratings do not prove it to be 0."""
CHUNK = 2_000_000
"""Weights held in memory at a time."""
_ONCE = poisson.ppf((np.arange(65_536) + 0.5) / 65_536, 1)
"""Poisson counts of mean 1 by 16 random bits."""
CORNERS = ("fix", "keep", "watch", "minor")
"""Much said and bad · much said and good · little said and bad · little said and good."""
CORNER_WORDS = dict(zip(CORNERS, (N_("Fix first"), N_("Keep up"), N_("Watch"), N_("Minor")), strict=True))
UNSURE = N_("no sure difference")
"""What is said of a topic in no corner."""

Floats = NDArray[np.float64]
COLUMNS = [
    "id", "name", "reviews", "share", "n", "rest", "effect", "low", "high", "adjusted", "adjusted_low", "adjusted_high",
    "pull", "p", "sure", "corner",
]  # fmt: skip


@dataclass(frozen=True)
class Impact:
    """Effects of topics in a slice of an analysis.

    outcome: "rating" (stars) or "sentiment" (−1…1), "" where neither is known. mean: of the n reviews that have it.
    several: whether reviews speak of several topics, so that `adjusted` says something of its own. typical: the number
    of reviews that parts small topics from large ones. table: one row a topic asked for (COLUMNS), NaN where a side
    has fewer than MIN_RATED reviews; pull is what the topic's reviews add to the mean, sure holds after the correction,
    corner is one of CORNERS, or "" without a claim.
    """

    outcome: str
    mean: float
    n: int
    several: bool
    typical: float
    table: pd.DataFrame


def impact(
    points: pd.DataFrame, topics: Sequence[Mapping[str, object]], *, draws: int = DRAWS, seed: int = SEED
) -> Impact:
    """The effect of each topic that is not hidden, and of the reviews without one (id −1) where there are any.

    points: one row a unit, restricted to the slice, topics not among what it was restricted by.
    """
    held = Held.of(points)
    listed = [topic for topic in topics if not topic.get("hidden")]
    if -1 in held.ids:
        listed = [*listed, {"id": -1, "name": ""}]
    for outcome in ("rating", "sentiment"):
        values = held.values(points, outcome)
        known = np.isfinite(values)
        inside = np.asarray(held.indicators[known].sum(axis=0)).ravel()
        if (np.minimum(inside, known.sum() - inside) >= MIN_RATED).any():
            break
    else:
        outcome, known = "", np.zeros(len(held.rows), dtype=bool)
    figures = _figures(held, values, known, draws=draws, seed=seed)
    table = _table(held, listed, figures)
    named = table[(table["id"] >= 0) & (table["reviews"] > 0)]
    typical = float(named["reviews"].median()) if len(named) else float("nan")
    table["sure"] = _sure(table)
    place = 2 * (table["reviews"] < typical).to_numpy() + (table["effect"] > 0).to_numpy()
    table["corner"] = np.where(table["sure"], np.array(CORNERS)[place], "")
    mean = float(values[known].mean()) if known.any() else float("nan")
    several = bool((np.diff(held.indicators[known].indptr) > 1).any())
    return Impact(outcome, mean, int(known.sum()), several, typical, table[COLUMNS])


@dataclass(frozen=True)
class Held:
    """Which reviews hold which topics: rows (n,) row ids, ids (k,) clusters with −1, indicators (n, k) of 0 and 1."""

    rows: NDArray[np.int64]
    ids: list[int]
    indicators: csr_array

    @classmethod
    def of(cls, points: pd.DataFrame) -> Held:
        """From units: a review holds the topic of each of its units once."""
        review, rows = pd.factorize(points["row_id"])
        topic, ids = pd.factorize(points["cluster"], sort=True)
        width = max(len(ids), 1)
        pairs = np.unique(review.astype(np.int64) * width + topic)
        where = (pairs // width, pairs % width)
        indicators = csr_array((np.ones(len(pairs)), where), shape=(len(rows), len(ids)))
        return cls(np.asarray(rows, dtype=np.int64), [int(one) for one in ids], indicators)

    def values(self, points: pd.DataFrame, outcome: str) -> Floats:
        """(n,) the rating of each review, or the mean sentiment of its units to two digits; NaN where unknown."""
        if outcome not in points:
            return np.full(len(self.rows), np.nan)
        if outcome == "rating":
            return points.drop_duplicates("row_id")["rating"].to_numpy(dtype=float, na_value=np.nan)
        review = pd.factorize(points["row_id"])[0]
        # Two digits are all that is meant, and let reviews of the same topic and value be drawn together.
        return np.round(points["sentiment"].groupby(review).mean().to_numpy(dtype=float), 2)


def _figures(held: Held, values: Floats, known: NDArray[np.bool_], *, draws: int, seed: int) -> dict[str, Floats]:
    """Per topic (k,): n, rest, effect, low, high, p, pull and the adjusted three."""
    k = len(held.ids)
    names = ("n", "rest", "effect", "low", "high", "p", "pull", "adjusted", "adjusted_low", "adjusted_high")
    result = {name: np.full(k, np.nan) for name in names}
    result["n"], result["rest"] = np.zeros(k), np.zeros(k)
    if not known.any():
        return result
    indicators, y, counts = _cells(held.indicators[known], values[known] - values[known].mean())
    sums = _Sums(indicators, y, counts)
    enough = np.minimum(sums.n, sums.rest) >= MIN_RATED
    effect, error, freedom = sums.difference(counts[:, None])
    adjusting = _Adjusting(indicators, y, counts) if (np.diff(indicators.indptr) > 1).any() else None
    plain_t, adjusted_t = [], []
    random = np.random.default_rng(seed)
    for start in range(0, draws, step := max(1, CHUNK // len(counts))):
        weights = _weights(random, counts, min(step, draws - start))
        drawn, drawn_error, _ = sums.difference(weights)
        plain_t.append((drawn - effect) / drawn_error)
        if adjusting is not None:
            adjusted_t.append(adjusting.drawn(weights))
    low, high = _ends(effect[:, 0], error[:, 0], freedom[:, 0], np.concatenate(plain_t, axis=1))
    with np.errstate(divide="ignore", invalid="ignore"):
        p = np.maximum(
            2 * student.sf(np.abs(effect / error), freedom)[:, 0], _permuted(effect[:, 0], sums.n, y, counts)
        )
    found = {"effect": effect[:, 0], "low": low, "high": high, "p": p}
    found["pull"] = found["effect"] * sums.n / counts.sum()
    adjusted = (found["effect"], low, high)
    if adjusting is not None:
        ends = _ends(adjusting.effect, adjusting.error, adjusting.freedom, np.concatenate(adjusted_t, axis=1))
        adjusted = (adjusting.effect, *ends)
    found |= dict(zip(("adjusted", "adjusted_low", "adjusted_high"), adjusted, strict=True))
    result |= {name: np.where(enough, figure, np.nan) for name, figure in found.items()}
    return result | {"n": sums.n, "rest": sums.rest}


def _cells(indicators: csr_array, y: Floats) -> tuple[csr_array, Floats, Floats]:
    """Reviews with the same topics and the same value as one row: indicators (c, k), y (c,), counts (c,)."""
    # A random number a topic: equal sums are equal sets, but for a chance of about 2⁻⁵².
    key = indicators @ np.random.default_rng(0).random(indicators.shape[1])
    frame = pd.DataFrame({"key": key, "y": y})
    cell = frame.groupby(["key", "y"], sort=False).ngroup().to_numpy()
    _, first, counts = np.unique(cell, return_index=True, return_counts=True)
    return indicators[first], y[first], counts.astype(float)


def _weights(random: np.random.Generator, counts: Floats, draws: int) -> Floats:
    """(c, draws): how often each cell's reviews are drawn."""
    # Most cells hold one review where reviews have several topics: a table look-up is four times as fast there.
    weights = _ONCE[random.integers(0, len(_ONCE), size=(len(counts), draws), dtype=np.uint16)]
    more = counts > 1
    weights[more] = random.poisson(counts[more, None], size=(int(more.sum()), draws))
    return weights


class _Sums:
    """Sums per topic, from which means and their errors follow for any weights."""

    def __init__(self, indicators: csr_array, y: Floats, counts: Floats) -> None:
        inside = csr_array(indicators.T)
        self.stacked = csr_array(vstack([inside, inside * y, inside * y**2]))
        self.whole = np.stack([np.ones(len(y)), y, y**2])
        self.n = np.asarray(inside @ counts)
        self.rest = counts.sum() - self.n
        self.prior = PRIOR * float(counts @ y**2 / counts.sum())

    def difference(self, weights: Floats) -> tuple[Floats, Floats, Floats]:
        """Mean with minus mean without, its standard error, Welch's degrees of freedom: (k, draws) each."""
        inside = (self.stacked @ weights).reshape(3, len(self.n), -1)
        outside = (self.whole @ weights)[:, None] - inside
        with np.errstate(divide="ignore", invalid="ignore"):
            means = [part[1] / part[0] for part in (inside, outside)]
            spread = [
                (np.maximum(part[2] - part[1] * mean, 0) + self.prior) / part[0] ** 2
                for part, mean in zip((inside, outside), means, strict=True)
            ]
            total = spread[0] + spread[1]
            freedom = total**2 / (spread[0] ** 2 / inside[0] + spread[1] ** 2 / outside[0])
            return means[0] - means[1], np.sqrt(total), freedom


class _Adjusting:
    """The regression on all topics at once, and its scores."""

    def __init__(self, indicators: csr_array, y: Floats, counts: Floats) -> None:
        design = np.column_stack([np.ones(len(y)), indicators.toarray()])
        inverse = np.linalg.pinv(design.T @ (design * counts[:, None]), hermitian=True)
        solved = design @ inverse
        coefficients = solved.T @ (counts * y)
        together = np.asarray((indicators.T @ (indicators * counts[:, None])).todense())
        instead = np.diag(together)[None, :] - together
        with np.errstate(divide="ignore", invalid="ignore"):
            contrast = np.eye(len(instead)) - instead / instead.sum(axis=1, keepdims=True)
        contrast = np.column_stack([np.zeros(len(contrast)), contrast])
        self.effect: Floats = contrast @ coefficients
        lever = np.einsum("ij,ij->i", solved, design)
        residual = y - design @ coefficients
        weight = solved @ contrast.T
        self.scores = weight * residual[:, None]
        # A residual is smaller than the error behind it by its leverage; given back, as for plain means.
        self.spread = weight**2 * (residual**2 + PRIOR * lever * float(counts @ y**2 / counts.sum()))[:, None]
        variance = counts @ self.spread
        self.error: Floats = np.sqrt(variance)
        # Satterthwaite's, each review with one degree: about the size of the smaller side.
        with np.errstate(divide="ignore", invalid="ignore"):
            self.freedom: Floats = variance**2 / (counts @ self.spread**2)

    def drawn(self, weights: Floats) -> Floats:
        """The t-values of draws: (k, draws)."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return (self.scores.T @ weights) / np.sqrt(self.spread.T @ weights)


def _permuted(effect: Floats, n: Floats, y: Floats, counts: Floats) -> Floats:
    """Two-sided p of differences of means (k,) if which n reviews speak of a topic were chance."""
    total = counts.sum()
    spread = float(counts @ y**2 / total)
    share = n / total
    with np.errstate(divide="ignore", invalid="ignore"):
        z = effect * np.sqrt(n * (1 - share) / (spread * total / (total - 1)))
        skew = float(counts @ y**3 / total) / spread**1.5 * (1 - 2 * share) / np.sqrt(n * (1 - share))
        return np.asarray(np.minimum(2 * np.minimum(pearson3.sf(z, skew), pearson3.cdf(z, skew)), 1.0))


def _ends(effect: Floats, error: Floats, freedom: Floats, t_values: Floats) -> tuple[Floats, Floats]:
    # The interval's lower end comes from the upper tail of t: it is the estimate that is drawn, not the truth.
    t_values[~np.isfinite(t_values)] = 0.0
    tail = (1 - LEVEL) / 2
    high_t, low_t = np.quantile(t_values, [1 - tail, tail], axis=1)
    welch = student.isf(tail, freedom)
    return effect - np.maximum(high_t, welch) * error, effect + np.maximum(-low_t, welch) * error


def _table(held: Held, listed: Sequence[Mapping[str, object]], figures: Mapping[str, Floats]) -> pd.DataFrame:
    place = {topic: i for i, topic in enumerate(held.ids)}
    reviews = np.asarray(held.indicators.sum(axis=0)).ravel()
    rows = []
    for topic in listed:
        i = place.get(int(topic["id"]))  # type: ignore[call-overload]
        count = 0 if i is None else int(reviews[i])
        row = {"id": topic["id"], "name": topic["name"], "reviews": count, "share": count / max(len(held.rows), 1)}
        row |= {name: (np.nan if i is None else figure[i]) for name, figure in figures.items()}
        rows.append(row)
    table = pd.DataFrame(rows, columns=[name for name in COLUMNS if name not in ("sure", "corner")])
    table[["n", "rest"]] = table[["n", "rest"]].fillna(0).astype(int)
    return table


def _sure(table: pd.DataFrame) -> NDArray[np.bool_]:
    """Whether a topic has an effect: Benjamini–Hochberg at 5 % over the topics, and an interval that leaves 0 out."""
    sure = np.zeros(len(table), dtype=bool)
    tested = (table["p"].notna() & (table["id"] >= 0)).to_numpy()
    if tested.any():
        sure[tested] = false_discovery_control(table.loc[tested, "p"]) < 1 - LEVEL
    return sure & ((table["low"] > 0) | (table["high"] < 0)).to_numpy()

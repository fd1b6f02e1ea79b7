"""What learns from n-grams: a student of the teachers, and a model of the stars, cross-validated."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from pipelines.sentiment.teachers import Verdicts
from pipelines.types import BoolArray, FloatArray, IntArray

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

SURE = 0.2
"""The lexicon's verdict from which a text is an example, when the other teachers are on its side."""

FEWEST_EXAMPLES = 10
"""Examples that each side needs before a classifier is trained."""

FOLDS = 5

_REGRESSION_WEIGHT = 8.0
_STUDENT_BALANCE = 0.5
"""Between no weights, which lose the rarer side, and balanced ones, which pull every file to half and half."""

_QUICK_WEIGHT, _QUICK_ROWS = 0.5, 2000
"""Standard deviations of a quick teacher to one of the student that learned from so many rows or fewer.

Measured: 0.01–0.02 AUC at 2,000 rows, none at 8,000."""
_PART = 2000
"""Rows of a part in which the share of praise is measured. From 1,000 to 4,500 make little difference: of 43 sets drawn
from eleven files 32 to 34 come within five points; with all rows in one part 31 do."""
_LEAST_SPREAD = 1e-6
_STRENGTH = 2.0
_MOST_ITERATIONS = 300


def student(features: csr_matrix, verdicts: Verdicts, taught: IntArray, seed: int) -> FloatArray:
    """Log-odds of praise for every row of features (n, f), learned from the rows `taught` that the teachers judged.

    The sum of a logistic regression on the examples that the teachers agree on, its classes weighted by the root of
    their inverse frequency, of a ridge regression on the teachers' mean, and of what quick teachers say of the row
    itself. Nothing assumes half and half: the examples are those on either side of the teachers' absolute zero, and as
    many rows are above 0 as such regressions call praise (`_called`).
    """
    from sklearn.linear_model import Ridge

    verdicts = _completed(features, verdicts, taught)
    mean = verdicts.mean
    if not len(taught) or float(mean.std()) < _LEAST_SPREAD:
        return np.full(
            features.shape[0], _REGRESSION_WEIGHT * float(mean.mean()) if len(mean) else 0.0, dtype=np.float32
        )
    rows = features if len(taught) == features.shape[0] else features[taught]
    ridge = Ridge(alpha=1.0, solver="sparse_cg").fit(rows, mean)
    odds = (_REGRESSION_WEIGHT * ridge.predict(features)).astype(np.float32)
    side = _sides(verdicts)
    sided = _sided(rows, side, features)
    if sided is None:
        return _with_quick(odds, verdicts, len(taught))
    odds = _with_quick(odds + sided, verdicts, len(taught))
    return (odds - np.quantile(odds, 1.0 - _called(rows, side, sided, seed))).astype(np.float32)


def _called(rows: csr_matrix, side: IntArray, sided: FloatArray, seed: int) -> float:
    """Share of praise; sided: log-odds by a regression on all examples among rows (t, f).

    Teachers err on both sides, so that the rarer side looks larger to them than it is. A regression that fits its
    examples undoes some of that, the less, the more it has: it is measured in parts of like size, each called by a
    regression of its own.
    """
    count = -(-rows.shape[0] // _PART)
    if count == 1:
        return float((sided > 0).mean())
    part_of = np.random.default_rng(seed).permutation(rows.shape[0]) % count
    shares = []
    for part in range(count):
        inside = np.flatnonzero(part_of == part)
        own = _sided(rows[inside], side[inside], rows[inside])
        shares.append(float(((sided if own is None else own) > 0).mean()))
    return float(np.mean(shares))


def _sides(verdicts: Verdicts) -> IntArray:
    """1 for examples of praise (t,), −1 for complaints, 0 for texts on which the teachers do not agree."""
    first, second = verdicts.first, verdicts.second
    return np.select([(first > SURE) & (second > 0), (first < -SURE) & (second < 0)], [1, -1], 0).astype(np.int64)


def _sided(rows: csr_matrix, side: IntArray, asked: csr_matrix) -> FloatArray | None:
    """Log-odds of `asked` by the examples among rows; None where one side has too few."""
    chosen = np.flatnonzero(side)
    praise = side[chosen] > 0
    if min(int(praise.sum()), int((~praise).sum())) < FEWEST_EXAMPLES:
        return None
    return _logistic(rows[chosen], praise, asked, balance=_STUDENT_BALANCE)


def _with_quick(odds: FloatArray, verdicts: Verdicts, taught: int) -> FloatArray:
    """Log-odds with what quick teachers say of all rows; the less, the more rows the student has learned from."""
    spread = [one / one.std() for one in verdicts.everywhere if float(one.std()) >= _LEAST_SPREAD]
    if not spread:
        return odds
    weight = _QUICK_WEIGHT * min(1.0, _QUICK_ROWS / taught) * float(odds.std())
    return (odds + weight * np.mean(spread, axis=0)).astype(np.float32)


def _completed(features: csr_matrix, verdicts: Verdicts, taught: IntArray) -> Verdicts:
    """Verdicts in which what a slow teacher would say of texts that it did not read is learned from those it did."""
    rows = features[taught]
    nothing = np.zeros(len(taught), dtype=np.float32)
    return replace(
        verdicts,
        listed=_filled(rows, verdicts.listed, verdicts.glanced),
        others=tuple(_filled(rows, other, nothing) for other in verdicts.others),
    )


def _filled(rows: csr_matrix, told: FloatArray, glanced: FloatArray) -> FloatArray:
    """What a teacher told (t,) of rows (t, f), its NaN filled by a ridge regression on what `glanced` leaves open."""
    from sklearn.linear_model import Ridge

    heard = ~np.isnan(told)
    if heard.all() or not heard.any():
        return told
    known = glanced[heard]
    slope = float(known @ told[heard]) / max(float(known @ known), _LEAST_SPREAD)
    ridge = Ridge(alpha=1.0, solver="sparse_cg").fit(rows[heard], told[heard] - slope * known)
    guessed = slope * glanced[~heard] + ridge.predict(rows[~heard])
    # A regression's guesses lie closer together than what they guess.
    spread = float(told[heard].std()) / max(float(guessed.std()), _LEAST_SPREAD)
    filled = told.copy()
    filled[~heard] = np.clip(guessed * spread, -1.0, 1.0)
    return filled


def from_stars(features: csr_matrix, praise: BoolArray, rated: IntArray, groups: IntArray, seed: int) -> FloatArray:
    """Log-odds of praise for every row of features (n, f), learned from the stars of the rows `rated`.

    praise (rated,): ≥4 stars against ≤2. A rated row is scored by a model of the other folds; equal texts (equal
    groups) share a fold, so that no text meets its own stars. Unrated rows are scored by a model of all.
    """
    odds = np.zeros(features.shape[0], dtype=np.float32)
    fold_of_group = np.random.default_rng(seed).integers(FOLDS, size=int(groups.max()) + 1)
    folds = fold_of_group[groups]
    for fold in range(FOLDS):
        inside = folds == fold
        others = praise[~inside]
        if inside.any() and others.any() and not others.all():
            odds[rated[inside]] = _logistic(features[rated[~inside]], others, features[rated[inside]], balance=1.0)
    unrated = np.setdiff1d(np.arange(features.shape[0]), rated)
    if len(unrated):
        odds[unrated] = _logistic(features[rated], praise, features[unrated], balance=1.0)
    return odds


def _logistic(features: csr_matrix, praise: BoolArray, asked: csr_matrix, balance: float) -> FloatArray:
    """Log-odds of `asked`; classes weighted by their inverse frequency to the power of `balance`."""
    from sklearn.linear_model import LogisticRegression

    share = float(praise.mean())
    weights = {True: (0.5 / share) ** balance, False: (0.5 / (1.0 - share)) ** balance}
    model = LogisticRegression(C=_STRENGTH, class_weight=weights, max_iter=_MOST_ITERATIONS)
    return model.fit(features, praise).decision_function(asked).astype(np.float32)


def stacked(stars: FloatArray, student: FloatArray, rated: IntArray, praise: BoolArray) -> FloatArray:
    """One log-odds (n,) out of the stars' model's and the student's, 0 where both are.

    How much each counts is what a logistic regression on the rated rows finds, where neither has seen a row's own stars
    (Wolpert 1992, "Stacked generalization"): in a small file the student, in a large one the stars.
    """
    from sklearn.linear_model import LogisticRegression

    both = np.column_stack([stars, student]).astype(np.float64)
    both /= np.maximum(both[rated].std(axis=0), _LEAST_SPREAD)
    weights = LogisticRegression(max_iter=_MOST_ITERATIONS).fit(both[rated], praise).coef_[0]
    return (both @ np.maximum(weights, 0.0)).astype(np.float32)

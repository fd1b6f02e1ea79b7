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
_LEAST_SPREAD = 1e-6
_STRENGTH = 2.0
_MOST_ITERATIONS = 300


def student(features: csr_matrix, verdicts: Verdicts, taught: IntArray) -> FloatArray:
    """Log-odds of praise for every row of features (n, f), learned from the rows `taught` that the teachers judged.

    The sum of a logistic regression on the examples that the teachers agree on, its classes weighted by the root of
    their inverse frequency, of a ridge regression on the teachers' mean, and of what quick teachers say of the row
    itself. Nothing assumes half and half: the examples are those on either side of the teachers' absolute zero, and as
    many rows are above 0 as the logistic regression calls praise.
    """
    from sklearn.linear_model import Ridge

    verdicts = _completed(features, verdicts, taught)
    mean = verdicts.mean
    if not len(taught) or float(mean.std()) < _LEAST_SPREAD:
        return np.full(
            features.shape[0], _REGRESSION_WEIGHT * float(mean.mean()) if len(mean) else 0.0, dtype=np.float32
        )
    ridge = Ridge(alpha=1.0, solver="sparse_cg").fit(features[taught], mean)
    odds = (_REGRESSION_WEIGHT * ridge.predict(features)).astype(np.float32)
    good = np.flatnonzero((verdicts.first > SURE) & (verdicts.second > 0))
    bad = np.flatnonzero((verdicts.first < -SURE) & (verdicts.second < 0))
    if min(len(good), len(bad)) < FEWEST_EXAMPLES:
        return _with_quick(odds, verdicts, len(taught))
    chosen = np.concatenate([good, bad])
    praise = np.concatenate([np.ones(len(good), dtype=bool), np.zeros(len(bad), dtype=bool)])
    sided = _logistic(features[taught[chosen]], praise, features, balance=_STUDENT_BALANCE)
    odds = _with_quick(odds + sided, verdicts, len(taught))
    return (odds - np.quantile(odds, 1.0 - float((sided > 0).mean()))).astype(np.float32)


def _with_quick(odds: FloatArray, verdicts: Verdicts, taught: int) -> FloatArray:
    """Log-odds with what quick teachers say of all rows; the less, the more rows the student has learned from."""
    spread = [one / one.std() for one in verdicts.everywhere if float(one.std()) >= _LEAST_SPREAD]
    if not spread:
        return odds
    weight = _QUICK_WEIGHT * min(1.0, _QUICK_ROWS / taught) * float(odds.std())
    return (odds + weight * np.mean(spread, axis=0)).astype(np.float32)


def _completed(features: csr_matrix, verdicts: Verdicts, taught: IntArray) -> Verdicts:
    """Verdicts in which what a slow teacher would say of texts that it did not read is learned from those it did."""
    from sklearn.linear_model import Ridge

    others = []
    for other in verdicts.others:
        heard = ~np.isnan(other)
        if heard.all() or not heard.any():
            others.append(other)
            continue
        ridge = Ridge(alpha=1.0, solver="sparse_cg").fit(features[taught[heard]], other[heard])
        guessed = ridge.predict(features[taught[~heard]])
        # A regression's guesses lie closer together than what they guess.
        spread = float(other[heard].std()) / max(float(guessed.std()), _LEAST_SPREAD)
        filled = other.copy()
        filled[~heard] = np.clip(guessed * spread, -1.0, 1.0)
        others.append(filled)
    return replace(verdicts, others=tuple(others))


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

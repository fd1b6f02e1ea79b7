"""What learns from n-grams: a student of the teachers, and a model of the stars, cross-validated."""

from __future__ import annotations

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

_STRENGTH = 2.0
_MOST_ITERATIONS = 300


def student(features: csr_matrix, verdicts: Verdicts, taught: IntArray) -> FloatArray:
    """Log-odds of praise for every row of features (n, f), learned from the rows `taught` that the teachers judged.

    The sum of a logistic regression on the examples that the teachers agree on, its classes weighted by the root of
    their inverse frequency, and a ridge regression on the teachers' mean. Both keep the teachers' absolute zero, so
    that a file of praise stays one; examples chosen by quantiles would halve it.
    """
    from sklearn.linear_model import Ridge

    mean = verdicts.mean
    if not len(taught) or float(mean.std()) < 1e-9:
        return np.full(
            features.shape[0], _REGRESSION_WEIGHT * float(mean.mean()) if len(mean) else 0.0, dtype=np.float32
        )
    ridge = Ridge(alpha=1.0, solver="sparse_cg").fit(features[taught], mean)
    odds = _REGRESSION_WEIGHT * ridge.predict(features)
    good = np.flatnonzero((verdicts.first > SURE) & (verdicts.second > 0))
    bad = np.flatnonzero((verdicts.first < -SURE) & (verdicts.second < 0))
    if min(len(good), len(bad)) >= FEWEST_EXAMPLES:
        chosen = np.concatenate([good, bad])
        praise = np.concatenate([np.ones(len(good), dtype=bool), np.zeros(len(bad), dtype=bool)])
        odds = odds + _logistic(features[taught[chosen]], praise, features, balance=_STUDENT_BALANCE)
    return odds.astype(np.float32)


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

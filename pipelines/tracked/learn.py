"""A small classifier that learns from a person's answers which reviews belong to a tracked topic."""

from __future__ import annotations

import warnings
from contextlib import AbstractContextManager

import numpy as np
from numpy.typing import NDArray

from pipelines.types import BoolArray, FloatArray, IntArray

FEWEST, FEWEST_OF_A_KIND = 6, 2
"""Answers from which it is worth asking a classifier, and how many of them must be yes, and no."""
_PRESUMED, _FAR = 40, 240
"""Strong matches taken for members, reviews at random taken for others."""
_PRESUMED_WEIGHT, _EXAMPLE_WEIGHT = 0.3, 0.5
"""Of an answer's weight."""
_STRENGTH = 8.0
"""Inverse of the regularisation; vectors are of length 1."""
_WORD_SHARE, _PRIOR_SHARE = 0.5, 0.25
"""Scale of the two features beside the vector."""
_FOLDS = 3
_ANCHOR = 6.0
"""Weight in sum of the presumed members, and of the others, when scores become probabilities: answers near the border
decide where it lies."""


def is_enough(yes: int, no: int, examples: int = 0) -> bool:
    """Whether the answers say enough for a classifier; reviews shown as examples are of the kind yes."""
    return examples >= FEWEST or (yes + no >= FEWEST and min(yes, no) >= FEWEST_OF_A_KIND)


def learned(
    matrix: FloatArray,
    words: FloatArray,
    prior: FloatArray,
    yes: IntArray,
    no: IntArray,
    examples: IntArray,
    seed: int,
) -> FloatArray:
    """(n,) how likely each unit belongs, 0…1, learned from the answers.

    matrix (n, d) unit vectors, words (n,) word matches 0…1, prior (n,) what was thought before. yes, no, examples:
    positions. Regularised logistic regression on vector, word match and prior; with the answers learn the strongest
    matches as members and reviews at random, far from the phrase, as others (pseudo-labels), each class with the same
    weight in sum. Its scores become probabilities by a second logistic regression on scores
    of left-out folds, in which the pseudo-labels weigh little: the answers say where the border lies (Platt 1999).
    """
    presumed, far = _pseudo(prior, np.concatenate([yes, no, examples]), seed)
    positions = np.concatenate([yes, examples, presumed, no, far])
    is_yes = np.arange(len(positions)) < len(yes) + len(examples) + len(presumed)
    weight = np.concatenate(
        [
            np.ones(len(yes)),
            np.full(len(examples), _EXAMPLE_WEIGHT),
            _PRESUMED_WEIGHT * prior[presumed].astype(np.float64),
            np.ones(len(no)),
            np.full(len(far), _PRESUMED_WEIGHT),
        ]
    )
    beside = np.column_stack([_WORD_SHARE * words, _PRIOR_SHARE * prior]).astype(np.float32)
    trained = np.hstack([np.asarray(matrix[positions], dtype=np.float64), beside[positions]])
    with _one_thread():
        held_out = _held_out(trained, is_yes, weight)
        line = _fit(trained, is_yes, weight)
        anchors = weight.copy()
        first = len(yes) + len(examples)
        anchors[first : first + len(presumed)] *= _ANCHOR / max(anchors[first : first + len(presumed)].sum(), _ANCHOR)
        anchors[len(positions) - len(far) :] = _ANCHOR / max(len(far), 1)
        slope, shift = _fit(held_out[:, None], is_yes, anchors, strength=1.0, balanced=False)
    scores = np.asarray(matrix @ line[:-3].astype(np.float32), dtype=np.float64) + beside @ line[-3:-1] + line[-1]
    return _logistic(max(slope, 0.1) * scores + shift).astype(np.float32)


def _pseudo(prior: FloatArray, taken: IntArray, seed: int) -> tuple[IntArray, IntArray]:
    free = np.ones(len(prior), dtype=bool)
    free[taken] = False
    order = np.argsort(-prior, kind="stable")
    strong = order[(prior[order] >= 0.5) & free[order]]
    # Evenly among all strong ones: the very strongest are often the same sentence.
    step = max(1, len(strong) // _PRESUMED)
    weak = np.flatnonzero(free & (prior < 0.2))
    chosen = np.random.default_rng(seed).permutation(len(weak))[:_FAR]
    return strong[::step][:_PRESUMED], np.sort(weak[chosen])


def _held_out(features: FloatArray, is_yes: BoolArray, weight: NDArray[np.float64]) -> NDArray[np.float64]:
    """(m,) scores of each training unit by a classifier that has not seen it."""
    fold = np.zeros(len(features), dtype=int)
    for kind in (True, False):
        own = np.flatnonzero(is_yes == kind)
        fold[own] = np.arange(len(own)) % _FOLDS
    scores = np.zeros(len(features))
    for number in range(_FOLDS):
        inside = fold != number
        if not is_yes[inside].any() or is_yes[inside].all():
            inside = np.ones(len(features), dtype=bool)
        line = _fit(features[inside], is_yes[inside], weight[inside])
        scores[fold == number] = features[fold == number] @ line[:-1] + line[-1]
    return scores


def _fit(
    features: np.ndarray,
    is_yes: BoolArray,
    weight: NDArray[np.float64],
    *,
    strength: float = _STRENGTH,
    balanced: bool = True,
) -> NDArray[np.float64]:
    """Coefficients and, last, the intercept."""
    from sklearn.linear_model import LogisticRegression

    weight = weight.copy()
    if balanced:
        weight[is_yes] /= weight[is_yes].sum()
        weight[~is_yes] /= weight[~is_yes].sum()
        weight *= min(len(weight), 80) / 2.0
    with warnings.catch_warnings():
        # Far from convergence is near enough here, and the same every time.
        warnings.simplefilter("ignore")
        model = LogisticRegression(C=strength, solver="lbfgs", max_iter=60).fit(features, is_yes, sample_weight=weight)
    return np.append(model.coef_[0], model.intercept_[0])


def _logistic(values: np.ndarray) -> np.ndarray:
    return 1.0 / (1.0 + np.exp(-np.clip(values, -30, 30)))


def _one_thread() -> AbstractContextManager[object]:
    """Matrices this small are multiplied faster without handing them round."""
    from threadpoolctl import threadpool_limits

    return threadpool_limits(1, user_api="blas")

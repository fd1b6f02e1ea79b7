"""Which reviews to ask a person about, and what their answers say about the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipelines.embed.base import normalise
from pipelines.figures import share_interval
from pipelines.store.reader import Bundle
from pipelines.tracked.definition import Answer, Tracked
from pipelines.tracked.judge import Judged
from pipelines.types import IntArray

AT_ONCE = 10
_CANDIDATES = 30
"""Most doubtful reviews on each side of which diverse ones are taken."""


def borderline(bundle: Bundle, topic: Tracked, judged: Judged, count: int = AT_ONCE) -> IntArray:
    """Positions of the reviews that say most, most doubtful first: as many that count as such that do not.

    Each text once, none answered already, and on each side unlike each other (the farthest from those taken, of the 30
    nearest to the threshold).
    """
    points = bundle.points
    free = points["duplicate_of"].isna().to_numpy(dtype=bool).copy()
    free[judged.answered] = False
    doubt = np.abs(judged.probability.astype(np.float64) - topic.threshold)
    tie = _unlike_members(bundle, judged)
    above = _diverse(bundle, _nearest(free & judged.belongs, doubt, tie), count)
    below = _diverse(bundle, _nearest(free & ~judged.belongs, doubt, tie), count)
    half = count // 2
    taken = above[: max(half, count - len(below))] + below[: max(count - half, count - len(above))]
    return np.array(sorted(taken[:count], key=lambda i: (doubt[i], i)), dtype=np.int64)


def _nearest(allowed: np.ndarray, doubt: NDArray[np.float64], tie: NDArray[np.float64]) -> IntArray:
    places = np.flatnonzero(allowed)
    order = np.lexsort((places, np.round(tie[places], 5), np.round(doubt[places], 4)))
    return places[order[:_CANDIDATES]].astype(np.int64)


def _unlike_members(bundle: Bundle, judged: Judged) -> NDArray[np.float64]:
    """(n,) how unlike the members a review is, where there are any: it decides among equally doubtful ones."""
    if not judged.belongs.any():
        return 1.0 - judged.probability.astype(np.float64)
    matrix = np.asarray(bundle.vectors)
    centre = normalise(matrix[judged.belongs].mean(axis=0, keepdims=True))[0]
    return 1.0 - (matrix @ centre).astype(np.float64)


def _diverse(bundle: Bundle, candidates: IntArray, count: int) -> list[int]:
    """Greedy farthest-first among the candidates, from the first on (Gonzalez 1985)."""
    if not len(candidates):
        return []
    matrix = np.asarray(bundle.vectors)[candidates]
    taken = [0]
    nearest = matrix @ matrix[0]
    while len(taken) < min(count, len(candidates)):
        nearest[taken] = np.inf
        taken.append(int(np.argmin(np.round(nearest, 5))))
        nearest = np.maximum(nearest, matrix @ matrix[taken[-1]])
    return [int(candidates[i]) for i in taken]


@dataclass(frozen=True)
class Checked:
    """Of `asked` reviews that had counted, `right` were confirmed; the share lies between low and high (95 %)."""

    right: int
    asked: int
    low: float
    high: float


def checked(answers: Sequence[Answer]) -> Checked | None:
    """How many of the reviews that had counted were confirmed; None while none was asked about.

    Doubtful reviews are asked about first, so the share among all that count is rather higher.
    """
    asked = [answer for answer in answers if answer.was]
    if not asked:
        return None
    right = sum(answer.yes for answer in asked)
    return Checked(right, len(asked), *share_interval(right, len(asked)))

"""What is known of people and items once some pairs are hidden: counts, and profiles of what they wrote."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from pipelines.recommend import sure
from pipelines.recommend.tastes import Tastes
from pipelines.types import BoolArray, FloatArray, IntArray

_POWER, _SHRINK = 0.3, 2.0
"""Chosen on half of the people of one file (benchmarks/README.md, Recommending)."""


@dataclass(frozen=True)
class History:
    """Tastes with the pairs that `known` (p,) leaves; vectors (all units of the bundle, d), rows of length 1.

    Everything that a ranker may look at is made from the known pairs alone: what was hidden is in no count, no
    profile and no mean.
    """

    tastes: Tastes
    vectors: FloatArray
    known: BoolArray

    @cached_property
    def seen(self) -> sparse.csr_matrix:
        """(u, i) 1 where a person reviewed an item, liked or not: a dislike, too, says what they look for."""
        t, at = self.tastes, np.flatnonzero(self.known)
        places = (t.pair_user[at], t.pair_item[at])
        return sparse.csr_matrix((np.ones(len(at), np.float32), places), shape=(len(t.users), len(t.items)))

    @cached_property
    def reviewers(self) -> IntArray:
        """(i,) how many people reviewed each item: its popularity."""
        return np.bincount(self.tastes.pair_item[self.known], minlength=len(self.tastes.items))

    @cached_property
    def opinions(self) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        """(i,) each: the mean opinion of an item's reviewers, −1…1, and its 95 % interval; NaN where there is none."""
        t, at = self.tastes, np.flatnonzero(self.known)
        return sure.means(t.opinion[at], t.pair_item[at], len(t.items), t.opinion[at], (-1.0, 1.0))

    @cached_property
    def alike(self) -> sparse.csr_matrix:
        """(i, i) how much two items are reviewed by the same people, 0 on the diagonal: |both| / ((n₁n₂)^0.3 + 2).

        Between cosine (power 0.5; Sarwar et al. 2001, "Item-based collaborative filtering") and the bare count, which
        leans to popular items; the 2 keeps one chance reviewer from making twins of two rare ones.
        """
        both = (self.seen.T @ self.seen).tocoo()
        n = self.reviewers.astype(np.float64)
        value = both.data / ((n[both.row] * n[both.col]) ** _POWER + _SHRINK)
        value[both.row == both.col] = 0.0
        alike = sparse.csr_matrix((value.astype(np.float32), (both.row, both.col)), shape=both.shape)
        alike.eliminate_zeros()
        return alike

    @cached_property
    def middle(self) -> FloatArray:
        """(d,) mean vector of the known units."""
        chosen = self.known[self.tastes.unit_pair]
        weights = np.zeros(len(self.vectors), dtype=np.float32)
        np.add.at(weights, self.tastes.unit[chosen], 1.0)
        return (weights @ self.vectors) / max(weights.sum(), 1.0)

    @cached_property
    def interests(self) -> FloatArray:
        """(u, d) what each person writes about: the mean of their reviews' vectors less the middle, of length 1.

        Not weighted by how they liked it: a person was known again by one half of their reviews less often so, and
        the list it made was no better (benchmarks/README.md, Recommending).
        """
        return unit_length(self.profiles(self.tastes.pair_user, len(self.tastes.users)))

    @cached_property
    def portraits(self) -> FloatArray:
        """(i, d) what is written about each item, less the middle, of length 1."""
        return unit_length(self.profiles(self.tastes.pair_item, len(self.tastes.items)))

    def profiles(self, owner: IntArray, owners: int, weight: FloatArray | None = None) -> FloatArray:
        """(owners, d) sums of vectors, less the middle, of what belongs to each; owner, weight (p,) of the pairs."""
        t = self.tastes
        chosen = np.flatnonzero(self.known[t.unit_pair])
        pair = t.unit_pair[chosen]
        # A pair counts once, however many sentences it has.
        each = (1.0 / np.bincount(pair, minlength=len(self.known))[pair]).astype(np.float32)
        if weight is not None:
            each *= weight[pair]
        of = sparse.csr_matrix((each, (owner[pair], t.unit[chosen])), shape=(owners, len(self.vectors)))
        total = np.asarray(of.sum(axis=1), dtype=np.float32)
        return np.asarray(of @ self.vectors, dtype=np.float32) - total * self.middle[None, :]


def whole(tastes: Tastes, vectors: FloatArray) -> History:
    """Everything known."""
    return History(tastes, vectors, np.ones(len(tastes.pair_user), dtype=bool))


def unit_length(matrix: FloatArray) -> FloatArray:
    """The rows of a matrix at length 1; a row of zeros stays one."""
    norms = np.linalg.norm(matrix, axis=1, keepdims=True)
    return np.asarray(matrix / np.where(norms > 1e-9, norms, 1.0), dtype=np.float32)

"""Which reviews hold the words of a question, and how much that says: BM25 over a sparse matrix.

Own, on scipy: building and asking are 60 lines. bm25s (MIT), the well-kept library for it, does the same over the same
kind of matrix, but would be one more dependency, has no Chinese, and names no matched words.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse

from pipelines.search.terms import terms
from pipelines.types import FloatArray, IntArray

K1, B = 1.2, 0.75
"""Lucene's own values; on reviews of tens of words they matter little."""


@dataclass(frozen=True)
class WordIndex:
    """n texts by their terms. weights: (n, terms) float32 CSC, what a term in a text is worth; column: of each term."""

    weights: sparse.csc_array
    column: dict[str, int]

    def score(self, wanted: Iterable[str]) -> FloatArray:
        """(n,) float32 BM25 as a share of what is asked: 1 as a text of mean length with each term once."""
        asked = [*dict.fromkeys(wanted)]
        score = np.zeros(self.weights.shape[0], dtype=np.float32)
        for term in asked:
            start, end = self._span(term)
            # A text stands once in a column.
            score[self.weights.indices[start:end]] += self.weights.data[start:end]
        # A term that no text has counts as asked: half of a question is not the whole.
        whole = sum(map(self.rarity, asked))
        return (score / (whole or 1.0)).astype(np.float32)

    def rarity(self, term: str) -> float:
        """The term's idf: the fewer texts have it, the more it says."""
        start, end = self._span(term)
        return float(_idf(self.weights.shape[0], np.float64(end - start)))

    def holds(self, term: str, positions: IntArray) -> np.ndarray:
        """(m,) whether the texts at `positions` have the term."""
        start, end = self._span(term)
        having = self.weights.indices[start:end]
        place = np.searchsorted(having, positions)
        found = np.zeros(len(positions), dtype=bool)
        inside = place < len(having)
        found[inside] = having[place[inside]] == positions[inside]
        return found

    def holds_all(self, wanted: Iterable[str]) -> np.ndarray:
        """(n,) whether a text has every wanted term; nowhere where none is wanted."""
        asked = [*dict.fromkeys(wanted)]
        held = np.zeros(self.weights.shape[0], dtype=np.int32)
        for term in asked:
            start, end = self._span(term)
            held[self.weights.indices[start:end]] += 1
        return held == max(len(asked), 1)

    def _span(self, term: str) -> tuple[int, int]:
        column = self.column.get(term)
        return (0, 0) if column is None else (self.weights.indptr[column], self.weights.indptr[column + 1])


def build(texts: Sequence[str]) -> WordIndex:
    """The index of n texts; equal texts are cut once.

    Okapi BM25 (Robertson & Zaragoza 2009, "The probabilistic relevance framework"), with an idf that is never
    negative, log(1 + (n − df + ½) / (df + ½)), as Lucene has it.
    """
    codes, distinct = pd.factorize(np.asarray(texts, dtype=object))
    column: defaultdict[str, int] = defaultdict()
    column.default_factory = column.__len__
    ids, ends = array("i"), array("q", [0])
    for text in distinct:
        ids.extend([column[term] for term in terms(text)])
        ends.append(len(ids))
    ones = np.ones(len(ids), dtype=np.float32)
    shape = (len(distinct), len(column))
    counts = sparse.csr_array((ones, np.asarray(ids, dtype=np.int32), np.asarray(ends)), shape=shape)
    counts.sum_duplicates()
    return WordIndex(_weighted(counts[codes].tocsc()), dict(column))


def _idf(n: int, df: np.ndarray | np.float64) -> Any:
    return np.log1p((n - df + 0.5) / (df + 0.5))


def _weighted(counts: sparse.csc_array) -> sparse.csc_array:
    n = counts.shape[0]
    length = np.asarray(counts.sum(axis=1), dtype=np.float32).ravel()
    mean = float(length.mean()) if n and length.any() else 1.0
    df = np.diff(counts.indptr)
    idf = _idf(n, df).astype(np.float32)
    saturation = (K1 * (1 - B + B * length / mean)).astype(np.float32)
    weights = counts.data * np.float32(K1 + 1) / (counts.data + saturation[counts.indices])
    weights *= np.repeat(idf, df)
    found = sparse.csc_array((weights.astype(np.float32), counts.indices, counts.indptr), shape=counts.shape)
    found.sort_indices()
    return found

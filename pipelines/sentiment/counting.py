"""Features of many more texts in a vocabulary that is already learned: scikit-learn's figures, counted in numpy.

Of a large file most texts only answer, and looking up each n-gram of each text as a string takes most of that time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from pipelines.types import FloatArray, IntArray

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

_BLOCK = 5000
"""Texts counted at a time."""


@dataclass(frozen=True)
class _Grams:
    """The vocabulary's n-grams of one length: keys, sorted, and their columns."""

    length: int
    keys: IntArray
    columns: IntArray


def transform(
    texts: Sequence[str],
    vocabulary: Mapping[str, int],
    idf: FloatArray,
    tokens_of: Callable[[str], Sequence[str]],
    parts_of: Callable[[str], Sequence[str]],
) -> csr_matrix:
    """TF-IDF (n, len(vocabulary)) as of a TfidfVectorizer with sublinear tf: (1 + ln count) · idf, rows of length 1.

    tokens_of: a text's tokens in order; parts_of: those of an n-gram of the vocabulary, of which there are few enough
    for their n-th power to fit 63 bits.
    """
    from scipy.sparse import vstack
    from sklearn.preprocessing import normalize

    split = {column: parts_of(gram) for gram, column in vocabulary.items()}
    number_of = {token: number for number, token in enumerate(sorted(set(chain.from_iterable(split.values()))))}
    known = _known(split, number_of)
    blocks = [
        _counted([tokens_of(text) for text in texts[start : start + _BLOCK]], number_of, known, len(vocabulary))
        for start in range(0, len(texts), _BLOCK)
    ]
    counted = vstack(blocks, format="csr")
    counted.data = (1.0 + np.log(counted.data)) * idf[counted.indices]
    return normalize(counted, copy=False)


def _known(split: Mapping[int, Sequence[str]], number_of: Mapping[str, int]) -> list[_Grams]:
    found = []
    for length in sorted({len(parts) for parts in split.values()}):
        columns = np.array([column for column, parts in split.items() if len(parts) == length], dtype=np.int64)
        parts = np.array([[number_of[part] for part in split[column]] for column in columns.tolist()], dtype=np.int64)
        keys = _keys([parts[:, place] for place in range(length)], len(number_of))
        order = np.argsort(keys)
        found.append(_Grams(length, keys[order], columns[order]))
    return found


def _keys(parts: Sequence[IntArray], tokens: int) -> IntArray:
    """One number for each n-gram, whose parts are numbers below `tokens`."""
    keys = parts[0]
    for part in parts[1:]:
        keys = keys * tokens + part
    return keys


def _counted(
    read: Sequence[Sequence[str]], number_of: Mapping[str, int], known: Sequence[_Grams], width: int
) -> csr_matrix:
    """How often each n-gram of the vocabulary occurs in each of some texts, given as tokens."""
    from scipy.sparse import coo_matrix

    lengths = np.array([len(tokens) for tokens in read], dtype=np.int64)
    numbers = np.fromiter((number_of.get(token, -1) for token in chain.from_iterable(read)), np.int64, lengths.sum())
    row_of = np.repeat(np.arange(len(read)), lengths)
    rows, columns = [], []
    for grams in known:
        count = max(0, len(numbers) - grams.length + 1)
        parts = [numbers[place : place + count] for place in range(grams.length)]
        whole = row_of[:count] == row_of[grams.length - 1 : grams.length - 1 + count]
        whole &= np.all([part >= 0 for part in parts], axis=0)
        keys = _keys([part[whole] for part in parts], len(number_of))
        place = np.minimum(np.searchsorted(grams.keys, keys), len(grams.keys) - 1)
        hit = grams.keys[place] == keys
        rows.append(row_of[:count][whole][hit])
        columns.append(grams.columns[place[hit]])
    row, column = np.concatenate(rows), np.concatenate(columns)
    counted = coo_matrix((np.ones(len(row)), (row, column)), shape=(len(read), width)).tocsr()
    counted.sort_indices()
    return counted

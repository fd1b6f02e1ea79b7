"""Character n-grams of texts, counted as numbers: each n-gram is its signs' code points side by side in an int64.

The same n-grams as scikit-learn's CountVectorizer(analyzer="char") finds, some ten times faster.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

LONGEST = 3
MAX_CHARS = 5_000
_CHUNK_CHARS = 500_000
"""Read at a time: some 40 MB of numbers."""

_SPACES = re.compile(r"\s\s+")
_BITS = 21
"""Of one code point."""


def vocabulary(texts: Sequence[str], max_terms: int) -> np.ndarray:
    """The n-grams to keep as a sorted unicode array: the commonest of those in at least two texts (one, where few)."""
    terms, held_by = np.zeros(0, np.int64), np.zeros(0, np.int64)
    for _, rows, codes in _chunks(texts):
        found, column = np.unique(codes, return_inverse=True)
        pairs = np.unique(rows * np.int64(len(found)) + column)
        counts = np.bincount(pairs % len(found), minlength=len(found)) if len(found) else np.zeros(0, np.int64)
        terms, place = np.unique(np.concatenate([terms, found]), return_inverse=True)
        held_by = np.bincount(place, weights=np.concatenate([held_by, counts]), minlength=len(terms)).astype(np.int64)
    wanted = np.flatnonzero(held_by >= 2)
    if len(wanted) < 8:
        wanted = np.arange(len(terms))
    # Stable: of equally common n-grams the first in code point order is kept.
    commonest = wanted[np.argsort(-held_by[wanted], kind="stable")][:max_terms]
    return _strings(terms[np.sort(commonest)])


def counts(texts: Sequence[str], terms: np.ndarray) -> csr_matrix:
    """(texts, terms) how often each text holds each of `terms`, as `vocabulary` gives them; int64."""
    from scipy.sparse import csr_matrix

    known = _codes(terms)
    columns, values, lengths = [], [], np.zeros(len(texts) + 1, np.int64)
    for begin, rows, codes in _chunks(texts):
        place = np.searchsorted(known, codes)
        place[place == len(known)] = 0
        held = known[place] == codes if len(known) else np.zeros(len(codes), bool)
        pairs, often = np.unique(rows[held] * np.int64(len(known)) + place[held], return_counts=True)
        columns.append(pairs % len(known) if len(known) else pairs)
        values.append(often)
        if len(pairs):
            owner = pairs // len(known)
            lengths[1 + begin :][: owner[-1] + 1] += np.bincount(owner)
    every = [np.concatenate([np.zeros(0, np.int64), *parts]) for parts in (values, columns)]
    return csr_matrix((every[0], every[1], np.cumsum(lengths)), shape=(len(texts), len(terms)))


def _chunks(texts: Sequence[str]) -> Iterator[tuple[int, np.ndarray, np.ndarray]]:
    """(first text, rows counted from it, codes) of so many texts at a time that their signs stay in bounds."""
    begin, size = 0, 0
    readable: list[str] = []
    for i, text in enumerate(texts):
        readable.append(_readable(text))
        size += len(readable[-1])
        if size >= _CHUNK_CHARS or i + 1 == len(texts):
            yield (begin, *_ngrams(readable))
            begin, size, readable = i + 1, 0, []


def _readable(text: str) -> str:
    """What is read of a text. NUL would be lost at the end of a unicode array's entry."""
    return _SPACES.sub(" ", text[:MAX_CHARS].replace("\x00", " ").lower())


def _ngrams(texts: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Rows and codes of all n-grams of some texts."""
    length = np.array([len(text) for text in texts], np.int64)
    signs = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.int64)
    row = np.repeat(np.arange(len(texts)), length)
    left = np.repeat(np.cumsum(length), length) - np.arange(len(signs))
    rows, codes = [], []
    code = np.zeros(len(signs), np.int64)
    for n in range(1, LONGEST + 1):
        following = np.zeros(len(signs), np.int64)
        following[: len(signs) - n + 1] = signs[n - 1 :]
        code |= following << (_BITS * (LONGEST - n))
        whole = left >= n
        rows.append(row[whole])
        codes.append(code[whole])
    return np.concatenate(rows), np.concatenate(codes)


def _codes(terms: np.ndarray) -> np.ndarray:
    """The numbers of n-grams (terms,) unicode, int64, in the same order."""
    width = terms.dtype.itemsize // 4
    signs = np.ascontiguousarray(terms).view(np.uint32).reshape(len(terms), width).astype(np.int64)
    result = np.zeros(len(terms), np.int64)
    for place in range(min(width, LONGEST)):
        result |= signs[:, place] << (_BITS * (LONGEST - 1 - place))
    return result


def _strings(codes: np.ndarray) -> np.ndarray:
    signs = [(codes >> (_BITS * (LONGEST - 1 - place))) & ((1 << _BITS) - 1) for place in range(LONGEST)]
    return np.ascontiguousarray(np.stack(signs, axis=1).astype(np.uint32)).view(f"<U{LONGEST}").reshape(len(codes))

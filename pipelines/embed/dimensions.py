"""What fewer numbers per review would cost: how many nearest neighbours survive when vectors are cut (Matryoshka).

Models trained for it (Kusupati et al. 2022, "Matryoshka Representation Learning") put what matters most first, so that
the leading numbers of a vector, scaled to length 1 again, serve nearly as well as all of them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from pipelines.embed.base import normalise
from pipelines.errors import N_
from pipelines.types import FloatArray, Warning_

NEIGHBOURS = 10
MOST_SAMPLED = 2000
LEAST_SAMPLED = 200
SMALLEST_DIM = 16
ENOUGH = 0.95
"""The share of neighbours that a recommended dimension keeps at least."""

TRAINED = (
    r"text-embedding-v[34]\b",
    r"text-embedding-3-(small|large)",
    r"qwen3-embedding",
    r"nomic-embed-text(?!-v1\b(?!\.5))",
    r"embedding-?gemma",
    r"mxbai-embed-(large|xsmall)",
    r"snowflake-arctic-embed(2|-[lm]-v(1\.5|2\.0))",
    r"jina-embeddings-v[345]",
)
"""Families whose cards say that they were trained to be cut; patterns over a lower-case embedder's name."""

UNCUTTABLE = frozenset({"offline-zh"})
"""Embedders whose vector is parts side by side: its beginning is one part, not a shorter whole."""

_PAIRS = 16_000_000
"""Similarities of one dimension at most: of 14,000 reviews 1,100 are sampled, of 8,000 or fewer 2,000."""
_BLOCK = 4_000_000
_ROUNDING = 1e-6


@dataclass(frozen=True)
class Agreement:
    """Per dimension, ascending, the last being all: the mean share of neighbours kept and its 95 % band (low, high).

    sampled reviews of `total`, each against all others; with `neighbours` nearest (ten, where there are more).
    """

    dims: tuple[int, ...]
    kept: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    sampled: int
    total: int
    neighbours: int

    @property
    def recommended(self) -> int:
        """The smallest dimension that keeps ENOUGH; all of it where none does."""
        return next(dim for dim, kept in zip(self.dims, self.kept, strict=True) if kept >= ENOUGH or dim == self.native)

    @property
    def native(self) -> int:
        """All numbers of a vector."""
        return self.dims[-1]


def powers_of_two(native: int) -> tuple[int, ...]:
    """Dimensions worth looking at: the powers of two from SMALLEST_DIM that are below all, and all."""
    below = [2**i for i in range(SMALLEST_DIM.bit_length() - 1, native.bit_length()) if 2**i < native]
    return (*below, native)


def agreement(matrix: FloatArray, *, seed: int = 0, sample: int | None = None) -> Agreement | None:
    """How vectors (n, dim) of length 1 lose neighbours as they are cut; None for fewer than three of them.

    A neighbour is kept when no ten others are nearer after the cut; equals count as kept, so duplicates lose nothing.
    """
    total, native = matrix.shape
    if total < 3 or native < 1:
        return None
    k = min(NEIGHBOURS, total - 1)
    wanted = min(MOST_SAMPLED, max(LEAST_SAMPLED, _PAIRS // total)) if sample is None else sample
    chosen = np.sort(np.random.default_rng(seed).permutation(total)[:wanted])
    nearest = _nearest(matrix, chosen, k)
    dims = powers_of_two(native)
    shares = [
        np.ones(len(chosen)) if dim == native else _kept(normalise(matrix[:, :dim]), chosen, nearest) for dim in dims
    ]
    means = [float(share.mean()) for share in shares]
    half = [1.96 * float(share.std()) / len(chosen) ** 0.5 for share in shares]
    return Agreement(
        dims=dims,
        kept=tuple(means),
        low=tuple(max(0.0, mean - by) for mean, by in zip(means, half, strict=True)),
        high=tuple(min(1.0, mean + by) for mean, by in zip(means, half, strict=True)),
        sampled=len(chosen),
        total=total,
        neighbours=k,
    )


def is_trained(identity: Mapping[str, object]) -> bool:
    """Whether the embedder of a bundle is one whose makers trained it to be cut."""
    name = str(identity.get("name", "")).lower()
    return any(re.search(pattern, name) for pattern in TRAINED)


def can_be_cut(identity: Mapping[str, object]) -> bool:
    """Whether the leading numbers of an embedder's vectors mean anything alone."""
    return str(identity.get("name", "")) not in UNCUTTABLE


def recommendation(found: Agreement) -> Warning_:
    """What to do, in a sentence."""
    dim, native = found.recommended, found.native
    kept = found.kept[found.dims.index(dim)]
    values = {"dim": dim, "kept": round(100 * kept), "size": dim / native, "native": native, "enough": ENOUGH}
    if dim == native:
        told = N_("Keep all {native} numbers: with fewer, less than {enough:.0%} of the nearest neighbours stay.")
        return Warning_(told, values)
    told = N_("{dim} numbers keep {kept} of 100 nearest neighbours at {size:.0%} of the size.")
    return Warning_(told, values)


def _blocks(rows: Sequence[int] | np.ndarray, columns: int) -> list[slice]:
    step = max(1, _BLOCK // columns)
    return [slice(start, start + step) for start in range(0, len(rows), step)]


def _nearest(matrix: FloatArray, chosen: np.ndarray, k: int) -> np.ndarray:
    """(chosen, k): the exact k nearest others of each chosen row, in no order."""
    found = np.empty((len(chosen), k), np.int64)
    for block in _blocks(chosen, len(matrix)):
        rows = chosen[block]
        cosine = matrix[rows] @ matrix.T
        cosine[np.arange(len(rows)), rows] = -np.inf
        found[block] = np.argpartition(cosine, -k, axis=1)[:, -k:]
    return found


def _kept(cut: FloatArray, chosen: np.ndarray, nearest: np.ndarray) -> np.ndarray:
    """(chosen,): the share of each row's neighbours that are among as many nearest of the cut vectors."""
    k = nearest.shape[1]
    shares = np.empty(len(chosen))
    for block in _blocks(chosen, len(cut)):
        rows = chosen[block]
        cosine = cut[rows] @ cut.T
        cosine[np.arange(len(rows)), rows] = -np.inf
        old = np.take_along_axis(cosine, nearest[block], axis=1)
        # The k-th best is no lower than the worst of any k: few entries reach that, and only those are sorted.
        at, _ = np.nonzero(reach := cosine >= old.min(axis=1, keepdims=True))
        values = cosine[reach]
        order = np.lexsort((-values, at))
        first = np.searchsorted(at, np.arange(len(rows)))
        kth = values[order][first + k - 1]
        shares[block] = (old >= kth[:, np.newaxis] - _ROUNDING).mean(axis=1)
    return shares

"""Who belongs to a topic, kept small enough for a journal line, and found again among the topics of another bundle.

A topic is known by the rows of its reviews. Of a large one a sample is kept: the rows whose hash is small. The sample
of another topic takes the same rows, so that the overlap of two samples estimates that of the topics (Broder 1997,
"On the resemblance and containment of documents").
"""

from __future__ import annotations

import base64
import binascii
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipelines.types import BoolArray, IntArray

MOST_ROWS = 4_096
"""Rows of a topic that are kept at most."""
LEAST = 0.5
"""Least overlap (Jaccard) at which a topic is the one that was meant: of topics that share no review, at most one has
more."""
_INSIDE = 0.5
"""A topic that has more than this share of its reviews in the one that was meant is a part of it."""
_BITS = 64


@dataclass(frozen=True)
class Members:
    """rows: sorted row ids whose hash has `level` zero bits before it; upto: row ids below it existed then."""

    rows: IntArray
    level: int
    upto: int

    def as_json(self) -> dict[str, object]:
        """Plain values that `members_from` reads."""
        return {"rows": packed(self.rows), "level": self.level, "upto": self.upto}


def members_from(fields: Mapping[str, Any]) -> Members:
    """Members from `as_json`; raises ValueError for anything else."""
    try:
        return Members(unpacked(fields["rows"]), int(fields["level"]), int(fields["upto"]))
    except (KeyError, TypeError) as error:
        raise ValueError("no members") from error


def members_of(points: pd.DataFrame, inside: BoolArray, rows: int, most: int = MOST_ROWS) -> Members:
    """Members of the units `inside` (n,) of a bundle with `rows` rows; of more than `most` rows a sample."""
    found = np.unique(points["row_id"].to_numpy(dtype=np.int64)[inside])
    level, kept = 0, found
    while len(kept) > most:
        level += 1
        kept = found[_sampled(found, level)]
    return Members(kept, level, rows)


def united(several: Sequence[Members]) -> Members:
    """The members of several topics as of one."""
    level = max(one.level for one in several)
    rows = np.unique(np.concatenate([one.rows for one in several]))
    return Members(rows[_sampled(rows, level)], level, min(one.upto for one in several))


@dataclass(frozen=True)
class Found:
    """Topics that are, or together make up, the one that was meant; overlap: Jaccard, of all of them together."""

    ids: tuple[int, ...]
    overlap: float

    @property
    def fits(self) -> bool:
        """Whether they are it, and not merely the nearest."""
        return bool(self.ids) and self.overlap >= LEAST


def nearest(members: Members, row_id: IntArray, cluster: NDArray[np.int32], prefer: int) -> Found:
    """The one topic that overlaps most with `members`, `prefer` on a tie; row_id, cluster (n,) of a bundle's units."""
    ids, shared, sizes, whole = _overlaps(members, row_id, cluster)
    if not len(ids):
        return Found((), 0.0)
    overlap = shared / np.maximum(sizes + whole - shared, 1)
    best = np.flatnonzero(overlap == overlap.max())
    place = next((i for i in best if ids[i] == prefer), best[0])
    return Found((int(ids[place]),), float(overlap[place]))


def parts(members: Members, row_id: IntArray, cluster: NDArray[np.int32], prefer: int) -> Found:
    """Like `nearest`, or all topics that lie in `members` where together they overlap more: it fell into parts."""
    one = nearest(members, row_id, cluster, prefer)
    ids, shared, sizes, whole = _overlaps(members, row_id, cluster)
    inside = shared > _INSIDE * sizes
    if inside.sum() < 2:
        return one
    together = float(shared[inside].sum() / max(sizes[inside].sum() + whole - shared[inside].sum(), 1))
    return Found(tuple(int(i) for i in ids[inside]), together) if together > one.overlap else one


def _overlaps(
    members: Members, row_id: IntArray, cluster: NDArray[np.int32]
) -> tuple[IntArray, IntArray, IntArray, int]:
    """(topics, rows that each shares, rows of each, rows meant), counted over rows that both bundles have."""
    known = row_id < members.upto
    known &= _sampled(row_id, members.level)
    pairs = np.unique(np.column_stack([row_id[known], cluster[known]]), axis=0)
    meant = np.isin(pairs[:, 0], members.rows)
    whole = len(np.unique(pairs[meant, 0]))
    named = pairs[:, 1] >= 0
    ids, place = np.unique(pairs[named, 1], return_inverse=True)
    sizes = np.bincount(place, minlength=len(ids))
    shared = np.bincount(place[meant[named]], minlength=len(ids))
    return ids, shared, sizes, whole


def _sampled(rows: IntArray, level: int) -> BoolArray:
    """Which rows a level's sample takes: a share of 1 / 2^level, by splitmix64's finaliser (Steele et al. 2014)."""
    if level <= 0:
        return np.ones(len(rows), dtype=bool)
    mixed = rows.astype(np.uint64) + np.uint64(0x9E3779B97F4A7C15)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
    mixed ^= mixed >> np.uint64(31)
    return (mixed >> np.uint64(_BITS - min(level, _BITS - 1))) == 0


def packed(numbers: IntArray) -> str:
    """Sorted numbers from 0 as a short text: their differences, compressed."""
    steps = np.diff(np.asarray(numbers, dtype=np.int64), prepend=np.int64(0)).astype("<u4")
    return base64.b64encode(zlib.compress(steps.tobytes(), 9)).decode("ascii")


def unpacked(text: str) -> IntArray:
    """The inverse of `packed`; raises ValueError."""
    try:
        raw = zlib.decompress(base64.b64decode(text, validate=True))
        return np.cumsum(np.frombuffer(raw, dtype="<u4").astype(np.int64))
    except (zlib.error, binascii.Error, TypeError) as error:
        raise ValueError("no packed numbers") from error

"""The parts of a topic, shown before a person agrees to them: by the map's own tree, else two halves by meaning."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from pipelines.cluster import hierarchy
from pipelines.corrections.wording import worded
from pipelines.errors import N_, UnusableInput
from pipelines.figures import heads
from pipelines.store.reader import Bundle
from pipelines.types import IntArray, Topic

LEAST_TEXTS = 12
"""A topic of fewer different texts is not split."""
_LEAST_PART = 5
_LEAST_SHARE = 0.05
_LEAST_IN_PARTS = 0.4
"""Parts of the tree are taken where this share of the texts is in one of them; the rest goes to the nearest."""
_MOST_PARTS = 6
_FRACTIONS = (4, 8, 16)


@dataclass(frozen=True)
class Part:
    """topic: name, keywords, exemplars (unit ids). units: places in points. reviews: how many it has."""

    topic: Topic
    units: IntArray
    reviews: int


@dataclass(frozen=True)
class Parts:
    """how: "tree", parts that HDBSCAN's tree has, or "halves", 2-means in the vectors. parts: largest first."""

    how: Literal["tree", "halves"]
    parts: tuple[Part, ...]


def propose(bundle: Bundle, topic_id: int) -> Parts:
    """The parts of a topic of `bundle` as shown; raises UnusableInput where it is too small or has none."""
    points = bundle.points
    inside = np.flatnonzero(points["cluster"].to_numpy() == topic_id)
    texts, first, place = np.unique(heads(points)[inside], return_index=True, return_inverse=True)
    if len(texts) < LEAST_TEXTS:
        raise UnusableInput(
            N_("This topic has {n} different texts; from {least} on it can be split."), n=len(texts), least=LEAST_TEXTS
        )
    vectors = np.asarray(bundle.vectors[inside[first]], dtype=np.float32)
    how: Literal["tree", "halves"] = "tree"
    labels = _by_tree(bundle, texts, vectors)
    if labels is None:
        how, labels = "halves", _halves(vectors)
    if labels is None:
        raise UnusableInput(N_("This topic has no parts: its reviews all say much the same."))
    part_of = labels[place]
    order = np.argsort(-np.bincount(part_of), kind="stable")
    number = np.full(len(points), -1, dtype=np.int32)
    for rank, part in enumerate(order.tolist()):
        number[inside[part_of == part]] = rank
    strength = points["cluster_strength"].to_numpy(dtype=np.float32)
    row_id = points["row_id"].to_numpy()
    found = []
    for topic in worded(bundle, number, strength):
        units = np.flatnonzero(number == topic.id)
        found.append(Part(topic, units, len(np.unique(row_id[units]))))
    return Parts(how, tuple(found))


def _by_tree(bundle: Bundle, heads: IntArray, vectors: np.ndarray) -> IntArray | None:
    """(m,) part of each of the m different texts, from finer cuts of the tree; None where those find no two parts."""
    try:
        tree, representatives = bundle.state("trees").get("linkage"), bundle.state("graph")["representatives"]
    except KeyError:
        return None
    if tree is None or len(tree) < LEAST_TEXTS:
        return None
    # Reviews that were added later are not in the tree, which was made before; they come after it.
    known = representatives[: len(tree) + 1]
    at = np.searchsorted(known, heads)
    in_tree = (at < len(known)) & (known[np.minimum(at, len(known) - 1)] == heads)
    total = int(in_tree.sum())
    for fraction in _FRACTIONS:
        size = max(_LEAST_PART, total // fraction)
        cut = hierarchy.cut(np.asarray(tree), size, max(size, total - size)).labels
        labels = np.full(len(heads), -1, dtype=np.int64)
        labels[in_tree] = cut[at[in_tree]]
        ids, counts = np.unique(labels[labels >= 0], return_counts=True)
        large = ids[counts >= max(_LEAST_PART, _LEAST_SHARE * len(heads))]
        large = large[np.argsort(-counts[np.isin(ids, large)], kind="stable")][:_MOST_PARTS]
        if len(large) >= 2 and np.isin(labels, large).mean() >= _LEAST_IN_PARTS:
            return _with_rest(labels, large, vectors)
        if size == _LEAST_PART:
            break
    return None


def _with_rest(labels: IntArray, parts: IntArray, vectors: np.ndarray) -> IntArray:
    """Each text in one of `parts`, numbered from 0: its own, or that whose mean vector is nearest."""
    number = np.full(len(labels), -1, dtype=np.int64)
    for place, part in enumerate(parts.tolist()):
        number[labels == part] = place
    centres = np.stack([vectors[number == place].mean(axis=0) for place in range(len(parts))])
    rest = number < 0
    number[rest] = np.argmax(vectors[rest] @ centres.T, axis=1)
    return number


def _halves(vectors: np.ndarray) -> IntArray | None:
    """2-means of (m, dim) vectors, m ≥ 2; None where they are all alike or one half is a handful."""
    from sklearn.cluster import KMeans

    if np.allclose(vectors, vectors[0], atol=1e-4):
        return None
    labels = KMeans(n_clusters=2, n_init=4, random_state=0).fit_predict(vectors.astype(np.float64))
    return labels.astype(np.int64) if np.bincount(labels, minlength=2).min() >= _LEAST_PART else None

"""How much a term says about a topic: class-based TF-IDF over the topics' texts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipelines.topics.reading import Terms
from pipelines.topics.terms import Key


@dataclass(frozen=True)
class Weighted:
    """A term in one topic: surface as most often written, weight ≥ 0, count of texts that hold it; doing: see Terms."""

    key: Key
    surface: str
    weight: float
    count: int
    doing: bool = False


def weigh(terms: Terms, labels: NDArray[np.integer], topics: int) -> list[list[Weighted]]:
    """The terms of topics 0…topics−1, heaviest first; labels (m,), those of texts labelled −1 serve as background.

    Class-based TF-IDF (Grootendorst 2022, BERTopic): W(t, c) = tf(t, c) · log(1 + A / f(t)), where tf is the share of t
    among the terms of class c, f its frequency in all classes and A the mean number of terms per class. A text counts
    once per term, so that one long rant does not name a topic. The weight is scaled by how far the term's share in
    the topic exceeds its share elsewhere (1 − 1/lift), which matters where topics are few.
    """
    known = max(1, len(terms.keys))
    label_of = np.repeat(np.asarray(labels, dtype=np.int64), np.diff(terms.starts))
    pairs, counts = np.unique((label_of + 1) * known + terms.held, return_counts=True)
    class_of, term_of = np.divmod(pairs, known)
    everywhere = np.bincount(terms.held, minlength=known)
    texts_of = np.bincount(np.asarray(labels, dtype=np.int64) + 1, minlength=topics + 1)
    classes = max(1, len(np.unique(class_of)))
    found: list[list[Weighted]] = []
    for topic in range(topics):
        start, end = np.searchsorted(class_of, [topic + 1, topic + 2])
        found.append(
            _of_topic(
                terms,
                term_of[start:end],
                counts[start:end],
                everywhere,
                size=int(texts_of[topic + 1]),
                texts=len(labels),
                mean_terms=len(terms.held) / classes,
            )
        )
    return found


def _of_topic(
    terms: Terms,
    places: NDArray[np.int64],
    counts: NDArray[np.int64],
    everywhere: NDArray[np.int64],
    *,
    size: int,
    texts: int,
    mean_terms: float,
) -> list[Weighted]:
    total = max(1, int(counts.sum()))
    rarest = 1 if size < 10 else 2 if size < 60 else max(3, round(0.012 * size))
    often = counts >= rarest
    places, counts = places[often], counts[often]
    weights = counts / total * np.log1p(mean_terms / everywhere[places])
    if size < texts:
        lift = (counts / size) / (everywhere[places] / texts)
        weights = weights * np.maximum(0.02, 1.0 - 1.0 / np.maximum(lift, 1.0))
    found = [
        Weighted(terms.keys[place], terms.surfaces[place], weight, count, bool(terms.doing[place]))
        for place, weight, count in zip(places.tolist(), weights.tolist(), counts.tolist(), strict=True)
    ]
    return sorted(found, key=lambda term: (-term.weight, term.key))

"""How much a term says about a topic: class-based TF-IDF over the topics' texts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipelines.topics.spoken import Spoken
from pipelines.topics.terms import Key


@dataclass(frozen=True)
class Weighted:
    """A term in one topic: surface as mostly written, weight ≥ 0, count of texts that hold it, doing as in Spoken."""

    key: Key
    surface: str
    weight: float
    count: int
    doing: bool = False


def weigh(spoken: Spoken, labels: NDArray[np.integer], topics: int) -> list[list[Weighted]]:
    """The terms of topics 0…topics−1, heaviest first; texts labelled −1 serve as background.

    Class-based TF-IDF (Grootendorst 2022, BERTopic): W(t, c) = tf(t, c) · log(1 + A / f(t)), where tf is the share of t
    among the terms of class c, f its frequency in all classes and A the mean number of terms per class. A text counts
    once per term, so that one long rant does not name a topic. The weight is scaled by how far the term's share in
    the topic exceeds its share elsewhere (1 − 1/lift), which matters where topics are few.
    """
    classes = np.where(labels < 0, topics, labels)
    texts_of, terms_of, held = spoken.counts(classes, topics + 1)
    everywhere = np.bincount(spoken.term, minlength=len(spoken.keys))
    mean_terms = float(terms_of.sum()) / max(1, int((terms_of > 0).sum()))
    found = []
    for topic in range(topics):
        inside = slice(held.indptr[topic], held.indptr[topic + 1])
        terms, counts = held.indices[inside], held.data[inside]
        found.append(_of_topic(spoken, terms, counts, int(texts_of[topic]), everywhere, len(spoken), mean_terms))
    return found


def _of_topic(
    spoken: Spoken,
    terms: NDArray[np.integer],
    counts: NDArray[np.integer],
    size: int,
    everywhere: NDArray[np.integer],
    texts: int,
    mean_terms: float,
) -> list[Weighted]:
    total = max(1, int(counts.sum()))
    rarest = 1 if size < 10 else 2 if size < 60 else max(3, round(0.012 * size))
    often = counts >= rarest
    terms, counts = terms[often], counts[often]
    lift = (counts / size) / (everywhere[terms] / texts)
    weight = counts / total * np.log1p(mean_terms / everywhere[terms])
    if size < texts:
        weight *= np.where(lift > 1, np.maximum(0.02, 1.0 - 1.0 / np.maximum(lift, 1e-9)), 0.02)
    found = [
        Weighted(spoken.keys[term], spoken.surfaces[term], value, count, bool(spoken.doing[term]))
        for term, value, count in zip(terms.tolist(), weight.tolist(), counts.tolist(), strict=True)
    ]
    return sorted(found, key=lambda term: (-term.weight, term.key))

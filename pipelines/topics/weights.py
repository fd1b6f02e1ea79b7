"""How much a term says about a topic: class-based TF-IDF over the topics' texts."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pipelines.topics.terms import Key, extract


@dataclass(frozen=True)
class Weighted:
    """A term in one topic: surface as most often written, weight ≥ 0, count of texts that hold it."""

    key: Key
    surface: str
    weight: float
    count: int


def weigh(
    texts: Sequence[str],
    languages: Sequence[str],
    labels: Sequence[int],
    topics: int,
    tick: Callable[[int], None],
) -> list[list[Weighted]]:
    """The terms of topics 0…topics−1, heaviest first; texts labelled −1 serve as background.

    Class-based TF-IDF (Grootendorst 2022, BERTopic): W(t, c) = tf(t, c) · log(1 + A / f(t)), where tf is the share of t
    among the terms of class c, f its frequency in all classes and A the mean number of terms per class. A text counts
    once per term, so that one long rant does not name a topic. The weight is scaled by how far the term's share in
    the topic exceeds its share elsewhere (1 − 1/lift), which matters where topics are few.
    """
    in_topic: list[Counter[Key]] = [Counter() for _ in range(topics + 1)]
    texts_of = [0] * (topics + 1)
    surfaces: dict[Key, Counter[str]] = {}
    for place, (text, language, label) in enumerate(zip(texts, languages, labels, strict=True)):
        if place % 512 == 0:
            tick(place)
        seen = dict(extract(text, language))
        in_topic[label].update(seen.keys())
        texts_of[label] += 1
        for key, surface in seen.items():
            surfaces.setdefault(key, Counter())[surface] += 1
    everywhere: Counter[Key] = Counter()
    for counter in in_topic:
        everywhere.update(counter)
    classes = [counter for counter in in_topic if counter]
    mean_terms = sum(counter.total() for counter in classes) / max(1, len(classes))
    return [
        _of_topic(in_topic[topic], texts_of[topic], everywhere, sum(texts_of), mean_terms, surfaces)
        for topic in range(topics)
    ]


def _of_topic(
    counts: Counter[Key],
    size: int,
    everywhere: Counter[Key],
    texts: int,
    mean_terms: float,
    surfaces: dict[Key, Counter[str]],
) -> list[Weighted]:
    total = max(1, counts.total())
    rarest = 1 if size < 10 else 2 if size < 60 else max(3, round(0.012 * size))
    found: list[Weighted] = []
    for key, count in counts.items():
        if count < rarest:
            continue
        lift = (count / size) / (everywhere[key] / texts)
        weight = count / total * math.log1p(mean_terms / everywhere[key])
        if size < texts:
            weight *= max(0.02, 1.0 - 1.0 / max(lift, 1e-9)) if lift > 1 else 0.02
        surface = max(surfaces[key].items(), key=lambda item: (item[1], item[0]))[0]
        found.append(Weighted(key, surface, weight, count))
    return sorted(found, key=lambda term: (-term.weight, term.key))

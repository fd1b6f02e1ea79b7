"""Themes above topics: groups of topics that speak of similar things, named by what is typical of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipelines.topics.names import LONGEST_NAME, SEPARATOR, columns
from pipelines.topics.terms import GENERIC
from pipelines.types import FloatArray

LEAST_TOPICS = 8
"""Fewer topics are seen at one look and need nothing above them."""
FEWEST, MOST = 3, 9
_WORDS = 3
_GENERIC_FACTOR = 0.3

Entry = Mapping[str, Any]
"""A topic as in summary["topics"]: id, name, keywords, units; here also theme, an id or None."""


def grouped(topics: Sequence[Entry], centroids: FloatArray) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The topics with their "theme", and the themes [{"id", "name", "topics"}], largest first; none under 8 topics.

    centroids (T, dim): each topic's mean vector, in the topics' order. As many themes as the root of T, 3 to 9, by
    Ward's criterion (Ward 1963) on the centroids brought to length 1.

    Why not where topics meet in HDBSCAN's tree: single linkage takes topics into one growing group one by one.
    Measured on 3,000 questions of 150 intents in 10 domains (CLINC), AMI of nine themes with the domains at 120 and 84
    topics: Ward on centroids 0.57 and 0.49, average linkage on them 0.49 and 0.39, on the neighbours that topics share
    0.54 and 0.54 (but 0.6 of the reviews in one of three themes), the tree 0.09 and 0.11.
    """
    if len(topics) < LEAST_TOPICS:
        return [{**topic, "theme": None} for topic in topics], []
    of_topic = _agglomerated(centroids, min(MOST, max(FEWEST, round(len(topics) ** 0.5))))
    weight = np.bincount(of_topic, [float(topic["units"]) for topic in topics])
    rank = np.empty(len(weight), dtype=np.int64)
    rank[np.argsort(-weight, kind="stable")] = np.arange(len(weight))
    placed = [{**topic, "theme": int(rank[theme])} for topic, theme in zip(topics, of_topic, strict=True)]
    members = [[topic for topic in placed if topic["theme"] == theme] for theme in range(len(weight))]
    names = _names(members)
    return placed, [
        {"id": theme, "name": names[theme], "topics": [int(topic["id"]) for topic in inside]}
        for theme, inside in enumerate(members)
    ]


def regrouped(themes: Sequence[Entry], topics: Sequence[Entry]) -> list[dict[str, Any]]:
    """The themes over other topics that say which theme they are of; a theme left without any is gone."""
    found = [
        {**theme, "topics": [int(topic["id"]) for topic in topics if topic.get("theme") == theme["id"]]}
        for theme in themes
    ]
    return [theme for theme in found if theme["topics"]]


def centroids(matrix: FloatArray, cluster: NDArray[np.integer], ids: Sequence[int]) -> FloatArray:
    """(T, dim) the mean vector of the units (n, dim) of each topic in `ids`; zeros where it has none."""
    from scipy.sparse import csr_array

    place = {one: i for i, one in enumerate(ids)}
    at = np.array([place.get(int(one), -1) for one in cluster.tolist()], dtype=np.int64)
    inside = np.flatnonzero(at >= 0)
    member = csr_array((np.ones(len(inside), np.float32), (at[inside], inside)), shape=(len(ids), len(matrix)))
    counts = np.bincount(at[inside], minlength=len(ids))
    total: Any = member @ matrix
    return (total / np.maximum(counts, 1)[:, None]).astype(np.float32)


def _agglomerated(points: FloatArray, most: int) -> NDArray[np.int64]:
    from scipy.cluster.hierarchy import fcluster, linkage

    length = np.linalg.norm(points, axis=1, keepdims=True)
    merged = linkage(points.astype(np.float64) / np.where(length > 0, length, 1.0), "ward")
    return fcluster(merged, most, "maxclust").astype(np.int64) - 1


def _names(themes: Sequence[Sequence[Entry]]) -> list[str]:
    """A name for each theme: the one topic's own, else its words that the other themes have least; no two alike.

    A word's weight in a theme is that in its topics, each by its units, times the share of the texts with this word
    that are in the theme, times the topics of the theme that have it: what holds a theme together stands first.
    """
    everywhere: dict[str, float] = defaultdict(float)
    for topics in themes:
        for topic in topics:
            for word, _, count in topic["keywords"]:
                everywhere[word] += count
    names: list[str] = []
    for number, topics in enumerate(themes):
        name = str(topics[0]["name"]) if len(topics) == 1 else _joined(_ranked(topics, everywhere))
        name = name or SEPARATOR.join(str(topic["name"]) for topic in topics[:2])
        names.append(name if name not in names else f"{name} ({number + 1})")
    return names


def _ranked(topics: Sequence[Entry], everywhere: Mapping[str, float]) -> list[str]:
    units = sum(float(topic["units"]) for topic in topics) or 1.0
    weight: dict[str, float] = defaultdict(float)
    inside: dict[str, float] = defaultdict(float)
    times: dict[str, int] = defaultdict(int)
    for topic in topics:
        for word, value, count in topic["keywords"]:
            weight[word] += value * float(topic["units"]) / units
            inside[word] += count
            times[word] += 1
    score = {
        word: weight[word]
        * (inside[word] / max(everywhere[word], 1.0))
        * times[word]
        * (_GENERIC_FACTOR if word in GENERIC else 1.0)
        for word in weight
    }
    return sorted(score, key=lambda word: (-score[word], word))


def _joined(words: Sequence[str]) -> str:
    picked: list[str] = []
    for word in words:
        if len(picked) == _WORDS:
            break
        if any(_is_like(word, other) for other in picked):
            continue
        if not picked or columns(SEPARATOR.join([*picked, word])) <= LONGEST_NAME:
            picked.append(word)
    return SEPARATOR.join(picked)


def _is_like(word: str, other: str) -> bool:
    """Whether the two share a word, or in Chinese two characters."""
    if word in other or other in word or set(word.split()) & set(other.split()):
        return True
    return any(not word[i : i + 2].isascii() and word[i : i + 2] in other for i in range(len(word) - 1))

"""Groups of people who write about the same things, and a map on which they lie."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipelines import neighbors, project
from pipelines.compare import intervals
from pipelines.recommend.history import History
from pipelines.recommend.people import topics_of
from pipelines.recommend.tastes import Tastes
from pipelines.types import FloatArray, IntArray

LEAST_REVIEWS, LEAST_PEOPLE, MOST_PEOPLE = 2, 30, 2_000
"""Reviews of a person who has a place; people without whom there is no map; of more, those who wrote most."""
SIZES = range(2, 9)
STEADY = 0.6
"""Mean overlap (Jaccard) below which a group should not be believed (Hennig 2007)."""
_RESAMPLES, _LEFT = 8, 0.9
_COMPONENTS = 20
_SEED = 0


@dataclass(frozen=True)
class Groups:
    """people (m,): their numbers. xy (m, 2): places. label (m,): group, the largest 0.

    stability (groups,): mean overlap of each group with the one found again without a tenth of the people, 0…1.
    """

    people: IntArray
    xy: FloatArray
    label: IntArray
    stability: FloatArray


def find(history: History) -> Groups | None:
    """Groups by what people write about (k-means over their profiles), on a map by UMAP; None for too few people.

    As many groups as all come back when a tenth of the people is left out; else those of which the least steady one is
    steadiest.
    """
    t = history.tastes
    count = np.bincount(t.pair_user, minlength=len(t.users))
    has_profile = (history.interests != 0).any(axis=1)
    people = np.flatnonzero((count >= LEAST_REVIEWS) & has_profile)
    people = np.sort(people[np.argsort(-count[people], kind="stable")[:MOST_PEOPLE]])
    if len(people) < LEAST_PEOPLE:
        return None
    profiles = np.ascontiguousarray(history.interests[people])
    label, stability = _steadiest(_reduced(profiles))
    graph = neighbors.build_graph(profiles)
    return Groups(people, project.layout(graph, 2), label, stability)


def told(found: Groups, tastes: Tastes, points: pd.DataFrame) -> pd.DataFrame:
    """What each group talks about: a row a group and topic, those that most exceed their share elsewhere first.

    Columns: group, people, reviews, topic (its id), name, n (the group's reviews with it), share (of the group's
    reviews) with Wilson's 95 % interval low … high, elsewhere (share of all other groups' reviews), more (the
    difference), liking (mean, as topics_of has it).
    """
    lines = []
    rows = [
        topics_of(tastes, points, found.people[found.label == g]).assign(group=g) for g in range(len(found.stability))
    ]
    every = pd.concat(rows, ignore_index=True)
    total = {g: reviews_of(tastes, points, found.people[found.label == g]) for g in range(len(found.stability))}
    all_reviews = sum(total.values())
    of_topic = every.groupby("id")["reviews"].sum()
    for line in every.to_dict("records"):
        n, here = int(line["reviews"]), total[line["group"]]
        rest = all_reviews - here
        low, high = (float(end) for end in intervals.wilson(np.array(n), np.array(max(here, n))))
        lines.append(
            {
                "group": line["group"],
                "people": int((found.label == line["group"]).sum()),
                "reviews": here,
                "topic": int(line["id"]),
                "name": line["name"],
                "n": n,
                "share": n / max(here, 1),
                "low": low,
                "high": high,
                "elsewhere": (int(of_topic[line["id"]]) - n) / max(rest, 1),
                "liking": float(line["liking"]),
            }
        )
    frame = pd.DataFrame(lines)
    if frame.empty:
        return frame
    frame["more"] = frame["share"] - frame["elsewhere"]
    return frame.sort_values(["group", "more"], ascending=[True, False], kind="stable", ignore_index=True)


def reviews_of(tastes: Tastes, points: pd.DataFrame, people: IntArray) -> int:
    """How many reviews some people wrote."""
    inside = np.isin(tastes.pair_user[tastes.unit_pair], people)
    return int(points["row_id"].iloc[tastes.unit[inside]].nunique())


def _reduced(profiles: FloatArray) -> FloatArray:
    """The first principal components, in which distances are those of the whole but for what is noise."""
    from sklearn.decomposition import PCA

    size = min(_COMPONENTS, *profiles.shape)
    return PCA(size, random_state=_SEED, svd_solver="full").fit_transform(profiles).astype(np.float32)


def _steadiest(space: FloatArray) -> tuple[IntArray, FloatArray]:
    tried = [_tried(space, k) for k in SIZES if k * 10 <= len(space)] or [_tried(space, 2)]
    steady = [one for one in tried if one[1].min() >= STEADY]
    return max(steady, key=lambda one: len(one[1])) if steady else max(tried, key=lambda one: float(one[1].min()))


def _tried(space: FloatArray, k: int) -> tuple[IntArray, FloatArray]:
    """Labels (m,), the largest group 0, and each group's mean overlap with what is found of it without some people."""
    label = _grouped(space, k)
    sizes = np.bincount(label, minlength=k)
    label = np.argsort(np.argsort(-sizes, kind="stable"), kind="stable")[label]
    random = np.random.default_rng(_SEED)
    overlap = np.zeros((_RESAMPLES, k))
    for run in range(_RESAMPLES):
        kept = np.sort(random.permutation(len(space))[: max(k, round(_LEFT * len(space)))])
        again = _grouped(space[kept], k)
        both = np.zeros((k, k))
        np.add.at(both, (label[kept], again), 1)
        either = both.sum(axis=1, keepdims=True) + both.sum(axis=0, keepdims=True) - both
        overlap[run] = (both / np.maximum(either, 1)).max(axis=1)
    return label, overlap.mean(axis=0)


def _grouped(space: FloatArray, k: int) -> IntArray:
    from sklearn.cluster import KMeans

    return KMeans(k, n_init=4, random_state=_SEED).fit_predict(space).astype(np.int64)

"""Items for a person, items for a sentence, and items like another, each with the reviews that say why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipelines.errors import N_, UnusableInput
from pipelines.recommend.history import History
from pipelines.recommend.rankers import RANKERS, for_vectors
from pipelines.recommend.tastes import Tastes
from pipelines.types import FloatArray, IntArray

WHY = 3
"""Reviews that say why, an item."""
BECAUSE = 2
MOST = 1_000


@dataclass(frozen=True)
class Suggestion:
    """item: its number. score: the ranker's, comparable within one list. units: positions of the reviews of it that say
    why, nearest first. because: items of the person's own that are reviewed by the same people, with how many. n:
    reviewers.
    """

    item: int
    score: float
    units: tuple[int, ...]
    because: tuple[tuple[int, int], ...]
    n: int


@dataclass(frozen=True)
class Alike:
    """An item like another. people: who reviewed both. wording: cosine of what is written about the two."""

    item: int
    score: float
    people: int
    wording: float
    n: int


def for_person(history: History, user: int, ranker: str, k: int = 10) -> list[Suggestion]:
    """The k items that a person has not reviewed and is likeliest to like, best first; fewer where there are fewer.

    Raises UnusableInput for a `k` that makes no sense.
    """
    scores = RANKERS[ranker](history, np.array([user]))[0]
    mine = history.seen[user].indices
    return _listed(history, scores, mine, history.interests[user], k)


def for_vector(history: History, vector: FloatArray, k: int = 10) -> list[Suggestion]:
    """The k items that fit somebody of whom nothing is known but a sentence, or topics, as a vector (q,).

    One shorter than the reviews' vectors is compared with their first part, as queries are.
    """
    scores = for_vectors(history, vector[None, :])[0]
    return _listed(history, scores, np.zeros(0, dtype=np.int64), vector, k)


def like_item(history: History, item: int, k: int = 10) -> list[Alike]:
    """The k items most like another: by who reviewed both (of the most that any two share) and by what is written."""
    by_people = np.asarray(history.alike[item].todense(), dtype=np.float32).ravel()
    wording = history.portraits @ history.portraits[item]
    score = by_people / max(float(history.alike.max()), 1e-9) + wording
    score[item] = -np.inf
    both = np.asarray((history.seen[:, item].T @ history.seen).todense()).ravel()
    return [
        Alike(int(i), float(score[i] / 2), int(both[i]), float(wording[i]), int(history.reviewers[i]))
        for i in _best(score, k)
    ]


def subjects(tastes: Tastes, points: pd.DataFrame) -> list[str]:
    """(i,) the topic of which most reviews of each item speak; "" where none has a clear one."""
    frame = pd.DataFrame(
        {
            "item": tastes.pair_item[tastes.unit_pair],
            "row": points["row_id"].to_numpy()[tastes.unit],
            "topic": points["topic"].to_numpy()[tastes.unit],
        }
    )
    frame = frame[frame["topic"] != ""].drop_duplicates()
    counted = frame.groupby(["item", "topic"], sort=True).size().reset_index(name="n")
    first = counted.sort_values(["item", "n"], ascending=[True, False], kind="stable").drop_duplicates("item")
    return pd.Series(first["topic"].to_numpy(), first["item"]).reindex(range(len(tastes.items)), fill_value="").tolist()


def units_of_item(history: History, item: int) -> IntArray:
    """(n,) positions of what is written about an item, in the order of the upload."""
    t = history.tastes
    return t.unit[t.pair_item[t.unit_pair] == item]


def reasons(history: History, item: int, vector: FloatArray, most: int = WHY) -> tuple[int, ...]:
    """Positions of units about an item: of reviews that liked it, where there are such, the nearest to a vector."""
    t = history.tastes
    chosen = np.flatnonzero(t.pair_item[t.unit_pair] == item)
    good = chosen[t.opinion[t.unit_pair[chosen]] > 0]
    chosen = good if len(good) else chosen
    units = t.unit[chosen]
    near = (np.asarray(history.vectors[units])[:, : len(vector)] - history.middle[: len(vector)]) @ vector
    return tuple(int(unit) for unit in units[np.argsort(-near, kind="stable")[:most]])


def _listed(
    history: History, scores: FloatArray, mine: Sequence[int] | IntArray, vector: FloatArray, k: int
) -> list[Suggestion]:
    if not 1 <= k <= MOST:
        raise UnusableInput(N_("-k {k} is not a number of items from 1 to {most}."), k=k, most=MOST)
    scores = np.array(scores, dtype=np.float64)
    scores[mine] = -np.inf
    return [
        Suggestion(
            int(item),
            float(scores[item]),
            reasons(history, int(item), vector),
            _because(history, int(item), mine),
            int(history.reviewers[item]),
        )
        for item in _best(scores, k)
    ]


def _because(history: History, item: int, mine: Sequence[int] | IntArray) -> tuple[tuple[int, int], ...]:
    """A person's own items that share reviewers with an item, those that speak for it most first."""
    if not len(mine):
        return ()
    of_mine = np.asarray(history.alike[item, :].todense()).ravel()[mine]
    both = np.asarray((history.seen[:, item].T @ history.seen[:, mine]).todense()).ravel()
    order = np.argsort(-of_mine, kind="stable")[:BECAUSE]
    return tuple((int(mine[i]), int(both[i])) for i in order if both[i] > 0)


def _best(scores: FloatArray, k: int) -> IntArray:
    order = np.argsort(-scores, kind="stable")[:k]
    return order[np.isfinite(scores[order])]

"""A person's taste in topics, and people who are like them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pipelines.recommend import sure
from pipelines.recommend.history import History
from pipelines.recommend.tastes import Tastes
from pipelines.types import FloatArray, IntArray

LEAST = 2
"""Reviews of a person who can be like another: one review is a subject, not a person's."""
LIKING = (-2.0, 2.0)
"""The ends of liking: the worst from whoever usually praises, and the other way round."""
_RANDOM_PAIRS = 20_000


def units_of(tastes: Tastes, user: int) -> IntArray:
    """(n,) positions of what a person wrote."""
    return tastes.unit[tastes.pair_user[tastes.unit_pair] == user]


def topics_of(tastes: Tastes, points: pd.DataFrame, users: IntArray | list[int]) -> pd.DataFrame:
    """What people speak of, and how they like it, most reviews first.

    Columns: id, name, reviews, liking (mean, −2…2) with its 95 % interval low … high. Reviews without a clear topic are
    left out, and topics that a person hid.
    """
    chosen = np.isin(tastes.pair_user[tastes.unit_pair], users)
    part = points.iloc[tastes.unit[chosen]]
    frame = pd.DataFrame(
        {
            "id": part["cluster"].to_numpy(),
            "name": part["topic"].to_numpy(),
            "row": part["row_id"].to_numpy(),
            "liking": tastes.liking[tastes.unit_pair[chosen]],
        }
    )
    frame = frame[(frame["id"] >= 0) & (frame["name"] != "")].drop_duplicates(["id", "row"])
    owner, ids = pd.factorize(frame["id"], sort=True)
    liking, low, high = sure.means(frame["liking"].to_numpy(), owner, len(ids), tastes.liking, LIKING)
    found = pd.DataFrame(
        {
            "id": ids,
            "name": frame.groupby("id", sort=True)["name"].first().to_numpy(),
            "reviews": np.bincount(owner, minlength=len(ids)),
            "liking": liking,
            "low": low,
            "high": high,
        }
    )
    return found.sort_values(["reviews", "id"], ascending=[False, True], kind="stable", ignore_index=True)


def similar(history: History, user: int, k: int = 10) -> pd.DataFrame:
    """The k people who write most like one: columns user, likeness (cosine), above (share of random pairs of people
    who are less alike), shared (items that both reviewed), agree (of those, both liked or both disliked), reviews.
    """
    t = history.tastes
    count = np.bincount(t.pair_user, minlength=len(t.users))
    likeness = history.interests @ history.interests[user]
    likeness[(count < LEAST) | (np.arange(len(count)) == user)] = -np.inf
    best = np.argsort(-likeness, kind="stable")[:k]
    best = best[np.isfinite(likeness[best])]
    usual = usual_likeness(history)
    mine = dict(zip(t.pair_item[t.pairs_of(user)].tolist(), t.liking[t.pairs_of(user)].tolist(), strict=True))
    lines = []
    for other in best.tolist():
        pairs = t.pairs_of(other)
        shared = [(mine[item], liked) for item, liked in zip(t.pair_item[pairs].tolist(), t.liking[pairs].tolist(),
                  strict=True) if item in mine]  # fmt: skip
        lines.append(
            {
                "user": other,
                "likeness": float(likeness[other]),
                "above": float(np.searchsorted(usual, likeness[other]) / max(len(usual), 1)),
                "shared": len(shared),
                "agree": sum((one > 0) == (two > 0) for one, two in shared),
                "reviews": int(count[other]),
            }
        )
    return pd.DataFrame(lines, columns=["user", "likeness", "above", "shared", "agree", "reviews"])


def usual_likeness(history: History) -> FloatArray:
    """Likeness of random pairs of people with as many reviews as are compared, sorted: what a number means here."""
    t = history.tastes
    people = np.flatnonzero(np.bincount(t.pair_user, minlength=len(t.users)) >= LEAST)
    if len(people) < 2:
        return np.zeros(0, dtype=np.float32)
    random = np.random.default_rng(0)
    one, two = random.choice(people, (2, min(_RANDOM_PAIRS, 20 * len(people))))
    different = one != two
    profiles = history.interests
    return np.sort(np.einsum("ij,ij->i", profiles[one[different]], profiles[two[different]]))


def recognised(first: History, second: History) -> tuple[float, int]:
    """How well a profile is a person's own: share of others that one half of a person's reviews is less like than the
    other half of the same person's (0.5 is chance), and the number of people.
    """
    here = np.flatnonzero((first.interests != 0).any(axis=1) & (second.interests != 0).any(axis=1))
    if len(here) < 2:
        return float("nan"), len(here)
    # As many at once as a processor's memory takes.
    here = here[:2_000]
    likeness = first.interests[here] @ second.interests[here].T
    own = np.diag(likeness)
    return float(((likeness < own[:, None]).sum(axis=1) / (len(here) - 1)).mean()), len(here)

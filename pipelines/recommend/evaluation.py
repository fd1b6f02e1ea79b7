"""How well items are recommended: a liked item of each person is hidden, and looked for in the list made without it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from pipelines.recommend import people as people_
from pipelines.recommend.history import History
from pipelines.recommend.rankers import BLEND, POPULARITY, RANKERS, Ranker, for_vectors
from pipelines.recommend.tastes import Tastes
from pipelines.types import BoolArray, FloatArray, IntArray

K = 10
RANDOM = "random"
LEAST_PEOPLE, LEAST_ITEMS = 60, 30
"""Fewest people to measure with, in both halves together, and fewest items: a list of ten of twelve finds anything."""
MOST_PEOPLE = 3_000
"""Of more people so many are drawn."""
DRAWS = 3
"""Times that an item of each person is hidden anew; a person's figures are the mean."""
SAMPLES = 1_000
LEAST_PART = 20
"""Of fewer people no part is told."""
_BLOCK = 512


@dataclass(frozen=True)
class Places:
    """place (m,): where each hidden pair's item stood in its list, 0 first; ties are halved. pair (m,): which pairs."""

    pair: IntArray
    place: FloatArray

    def hit(self, k: int = K) -> FloatArray:
        """(m,) 1 where the item was among the first k."""
        return (self.place < k).astype(np.float32)

    def ndcg(self, k: int = K) -> FloatArray:
        """(m,) 1/log₂(place + 2) among the first k, else 0: with one item to find, normalised DCG is that."""
        return np.where(self.place < k, 1.0 / np.log2(self.place + 2.0), 0.0).astype(np.float32)


@dataclass(frozen=True)
class Measured:
    """chosen: of RANKERS, the best by nDCG@10 on one half of the people. table: the other half's figures.

    Columns of table: ranker, hit, hit_low, hit_high, ndcg, ndcg_low, ndcg_high, and gain, gain_low, gain_high (hits
    less popularity's), all as shares with 95 % intervals. parts: the same people in parts, one row each: kind
    ("reviews" by how many other items a person had reviewed, "popular" by whether the hidden item is of the tenth that
    is reviewed most), part, n, chosen, popularity, gain, gain_low, gain_high. people, items: in the reporting half, in
    all. chosen_on: people of the choosing half. about: as a row of table, how often the item that a hidden review is
    about is found by that review's own text alone, as a sentence typed by somebody new would find it. onward: how often
    it is found by the text of another review of the same person: what else they may like. own: how well a profile tells
    its person (people.recognised), of own_people people. Tables are empty, chosen is the default and figures are NaN
    where `few` says that there are too few: "people" or "items".
    """

    chosen: str
    table: pd.DataFrame
    parts: pd.DataFrame
    people: int
    chosen_on: int
    items: int
    few: str = ""
    about: Mapping[str, float] = field(default_factory=dict)
    onward: Mapping[str, float] = field(default_factory=dict)
    own: float = float("nan")
    own_people: int = 0


def eligible(tastes: Tastes) -> IntArray:
    """People of whom an item can be hidden: two reviewed at least, and one of them liked."""
    count = np.bincount(tastes.pair_user, minlength=len(tastes.users))
    liked = np.bincount(tastes.pair_user[tastes.liking > 0], minlength=len(tastes.users))
    return np.flatnonzero((count >= 2) & (liked >= 1))


def halves(tastes: Tastes, seed: int = 0, most: int = MOST_PEOPLE) -> tuple[IntArray, IntArray]:
    """The eligible people, at most `most` of them, in two random halves: to choose on, and to report."""
    people = np.random.default_rng(seed).permutation(eligible(tastes))[:most]
    middle = len(people) // 2
    return np.sort(people[:middle]), np.sort(people[middle:])


def hide(tastes: Tastes, people: IntArray, seed: int, *, latest: bool = False) -> IntArray:
    """A liked pair of each of `people`: a random one, or the `latest` that they wrote."""
    random = np.random.default_rng(seed)
    wanted = np.zeros(len(tastes.users), dtype=bool)
    wanted[people] = True
    pairs = np.flatnonzero(wanted[tastes.pair_user] & (tastes.liking > 0))
    chance = random.random(len(pairs))
    if latest:
        when = tastes.time[pairs].astype("datetime64[us]").astype(np.int64)
        order = np.lexsort((chance, when, tastes.pair_user[pairs]))
    else:
        order = np.lexsort((chance, tastes.pair_user[pairs]))
    ordered = pairs[order]
    last = np.append(np.diff(tastes.pair_user[ordered]) != 0, True)
    return ordered[last]


def without(tastes: Tastes, vectors: FloatArray, hidden: IntArray) -> History:
    """The history that is known with some pairs hidden."""
    known = np.ones(len(tastes.pair_user), dtype=bool)
    known[hidden] = False
    return History(tastes, vectors, known)


def places(history: History, hidden: IntArray, ranker: Ranker) -> Places:
    """Where the hidden pairs' items stand among all items that their people have not reviewed."""
    t = history.tastes
    found = np.empty(len(hidden), dtype=np.float32)
    for begin in range(0, len(hidden), _BLOCK):
        part = hidden[begin : begin + _BLOCK]
        people, wanted = t.pair_user[part], t.pair_item[part]
        scores = np.array(ranker(history, people), dtype=np.float64)
        reached = scores[np.arange(len(part)), wanted][:, None]
        scores[history.seen[people].nonzero()] = -np.inf
        # Ties are broken by chance in life: an item stands in the middle of those that score alike.
        found[begin : begin + len(part)] = (scores > reached).sum(axis=1) + ((scores == reached).sum(axis=1) - 1) / 2
    return Places(hidden, found)


def by_chance(seed: int = 0) -> Ranker:
    """A ranker that knows nothing."""
    random = np.random.default_rng(seed)
    return lambda history, people: random.random((len(people), len(history.tastes.items))).astype(np.float32)


def trials(
    tastes: Tastes, vectors: FloatArray, people: IntArray, rankers: Mapping[str, Ranker], *,
    draws: int = DRAWS, latest: bool = False,
) -> dict[str, list[Places]]:  # fmt: skip
    """Each ranker's places for a hidden item of each of `people`, `draws` times; the same ones hidden for all."""
    found: dict[str, list[Places]] = {name: [] for name in rankers}
    for draw in range(1 if latest else draws):
        hidden = hide(tastes, people, draw + 1, latest=latest)
        history = without(tastes, vectors, hidden)
        for name, ranker in rankers.items():
            found[name].append(places(history, hidden, ranker))
    return found


def measure(tastes: Tastes, vectors: FloatArray, *, seed: int = 0) -> Measured:
    """Choose a ranker on half of the people and measure all of them on the other half."""
    first, second = halves(tastes, seed)
    few = "items" if len(tastes.items) < LEAST_ITEMS else "people" if len(first) + len(second) < LEAST_PEOPLE else ""
    if few:
        return Measured(BLEND, pd.DataFrame(), pd.DataFrame(), len(second), len(first), len(tastes.items), few=few)
    tried = trials(tastes, vectors, first, RANKERS)
    worth = {name: _mean([one.ndcg() for one in found]).mean() for name, found in tried.items()}
    # The first of equals: popularity, which needs nothing.
    chosen = max(worth, key=lambda name: worth[name])
    reported = trials(tastes, vectors, second, {RANDOM: by_chance(seed), **RANKERS})
    own, own_people = people_.recognised(*in_two(tastes, vectors))
    return Measured(
        about=about(tastes, vectors, second, seed=seed),
        onward=about(tastes, vectors, second, onward=True, seed=seed),
        own=own,
        own_people=own_people,
        chosen=chosen,
        table=summarise(reported, seed=seed),
        parts=in_parts(tastes, reported[chosen], reported[POPULARITY], seed=seed),
        people=len(second),
        chosen_on=len(first),
        items=len(tastes.items),
    )


def about(
    tastes: Tastes, vectors: FloatArray, people: IntArray, *, onward: bool = False, seed: int = 0
) -> dict[str, float]:
    """Measured.about, of one hidden pair of each of `people`; its text is in no item's profile.

    onward: Measured.onward instead: the sentence is another review of the person, one that they liked if there is one.
    """
    hidden = hide(tastes, people, 1)
    history = without(tastes, vectors, hidden)
    first = np.zeros(len(tastes.pair_user), dtype=np.int64)
    first[tastes.unit_pair[::-1]] = tastes.unit[::-1]
    spoken = _others(tastes, hidden, seed) if onward else hidden
    asked = dict(zip(tastes.pair_user[spoken].tolist(), np.asarray(vectors[first[spoken]]), strict=True))

    def by_text(known: History, who: IntArray) -> FloatArray:
        return for_vectors(known, np.stack([asked[one] for one in who.tolist()]))

    found = places(history, hidden, by_text)
    return {**_with_interval("hit", found.hit(), seed), **_with_interval("ndcg", found.ndcg(), seed)}


def _others(tastes: Tastes, hidden: IntArray, seed: int) -> IntArray:
    """For each hidden pair another one of the same person, in the same order: a liked one first, else any."""
    random = np.random.default_rng(seed)
    pairs = np.setdiff1d(np.flatnonzero(np.isin(tastes.pair_user, tastes.pair_user[hidden])), hidden)
    order = pairs[np.lexsort((random.random(len(pairs)), tastes.liking[pairs] <= 0, tastes.pair_user[pairs]))]
    _users, starts = np.unique(tastes.pair_user[order], return_index=True)
    return order[starts]


def in_two(tastes: Tastes, vectors: FloatArray, seed: int = 0) -> tuple[History, History]:
    """The pairs of each person in two halves, every other one at random."""
    order = np.lexsort((np.random.default_rng(seed).random(len(tastes.pair_user)), tastes.pair_user))
    owner = tastes.pair_user[order]
    starts = np.append(0, np.flatnonzero(np.diff(owner)) + 1)
    place = np.arange(len(owner)) - np.repeat(starts, np.diff(np.append(starts, len(owner))))
    first = np.zeros(len(order), dtype=bool)
    first[order] = place % 2 == 0
    return History(tastes, vectors, first), History(tastes, vectors, ~first)


def summarise(found: Mapping[str, Sequence[Places]], *, k: int = K, seed: int = 0) -> pd.DataFrame:
    """A row a ranker (Measured.table); 95 % intervals by bootstrap over people, percentiles of 1,000 samples."""
    usual = _mean([one.hit(k) for one in found[POPULARITY]])
    lines = []
    for name, runs in found.items():
        hit, ndcg = _mean([one.hit(k) for one in runs]), _mean([one.ndcg(k) for one in runs])
        lines.append(
            {
                "ranker": name,
                **_with_interval("hit", hit, seed),
                **_with_interval("ndcg", ndcg, seed),
                **_with_interval("gain", hit - usual, seed),
            }
        )
    return pd.DataFrame(lines)


def in_parts(
    tastes: Tastes, chosen: Sequence[Places], popular: Sequence[Places], *, k: int = K, seed: int = 0
) -> pd.DataFrame:
    """Where the chosen ranker finds more than popularity, and where less (Measured.parts)."""
    pair = np.concatenate([one.pair for one in chosen])
    ours = np.concatenate([one.hit(k) for one in chosen])
    theirs = np.concatenate([one.hit(k) for one in popular])
    person = tastes.pair_user[pair]
    others = np.bincount(tastes.pair_user, minlength=len(tastes.users))[person] - 1
    reviewers = np.bincount(tastes.pair_item, minlength=len(tastes.items))
    head = np.zeros(len(reviewers), dtype=bool)
    head[np.argsort(-reviewers, kind="stable")[: max(1, len(reviewers) // 10)]] = True
    is_head = head[tastes.pair_item[pair]]
    cuts: list[tuple[str, str, BoolArray]] = [
        ("reviews", "1–3", others <= 3),
        ("reviews", "4–9", (others >= 4) & (others <= 9)),
        ("reviews", "10+", others >= 10),
        ("popular", "head", is_head),
        ("popular", "tail", ~is_head),
    ]
    lines = []
    for kind, part, inside in cuts:
        # By person, since the draws of one are not independent.
        by_person = pd.DataFrame({"ours": ours[inside], "theirs": theirs[inside]}).groupby(person[inside]).mean()
        if len(by_person) < LEAST_PART:
            continue
        gain = _with_interval("gain", (by_person["ours"] - by_person["theirs"]).to_numpy(), seed)
        means = {"chosen": float(by_person["ours"].mean()), "popularity": float(by_person["theirs"].mean())}
        lines.append({"kind": kind, "part": part, "n": len(by_person), **means, **gain})
    return pd.DataFrame(lines)


def _mean(runs: Sequence[FloatArray]) -> FloatArray:
    """(m,) a person's mean over the draws, which hide for the same people in the same order."""
    return np.mean(runs, axis=0)


def _with_interval(name: str, values: FloatArray, seed: int) -> dict[str, float]:
    """The mean of one value a person, and its 95 % interval by bootstrap (Efron & Tibshirani 1993)."""
    n = len(values)
    random = np.random.default_rng(seed)
    means = np.concatenate([values[random.integers(0, n, (100, n))].mean(axis=1) for _ in range(SAMPLES // 100)])
    low, high = np.percentile(means, [2.5, 97.5])
    return {name: float(values.mean()), f"{name}_low": float(low), f"{name}_high": float(high)}

"""Recommending against popularity and chance: python -m benchmarks.recommend FILE [--bundle DIR].

A liked item of each person is hidden and looked for in the list made without it. The people are split into halves: on
the first the way is chosen, the second is told. Beside the ways of the dashboard stand EASE^R (Steck 2019) and implicit
ALS (Hu, Koren & Volinsky 2008), with their settings chosen on the first half too. The file is analysed first, as the
command line does, unless --bundle names a finished analysis of it. Prints one JSON object a line.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipelines import recommend
from pipelines.recommend import History
from pipelines.recommend.evaluation import RANDOM, about, by_chance, halves, in_parts, in_two, summarise, trials
from pipelines.recommend.people import recognised
from pipelines.recommend.rankers import Ranker
from pipelines.store.reader import Bundle, open_bundle
from pipelines.types import FloatArray, IntArray

EASE_PENALTIES = (10.0, 30.0, 100.0, 300.0, 1000.0)
ALS_SETTINGS = ((16, 3.0, 3.0), (32, 10.0, 5.0), (64, 30.0, 5.0), (64, 10.0, 1.0))
"""Factors, regularisation, and how much more a review weighs than none."""
ALS_ROUNDS = 8


def ease(penalty: float) -> Ranker:
    """EASE^R (Steck 2019, "Embarrassingly Shallow Autoencoders"): one inverse of the items' regularised co-counts."""
    kept: list[tuple[History, FloatArray]] = []

    def rank(history: History, people: IntArray) -> FloatArray:
        if not kept or kept[0][0] is not history:
            gram = np.asarray((history.seen.T @ history.seen).todense(), dtype=np.float64)
            inverse = np.linalg.inv(gram + penalty * np.eye(len(gram)))
            weights = -inverse / np.diag(inverse)[None, :]
            np.fill_diagonal(weights, 0.0)
            kept[:] = [(history, weights.astype(np.float32))]
        return np.asarray(history.seen[people] @ kept[0][1], dtype=np.float32)

    return rank


def als(factors: int, penalty: float, confidence: float, *, rounds: int = ALS_ROUNDS, seed: int = 0) -> Ranker:
    """Implicit ALS (Hu, Koren & Volinsky 2008): factors of people and of items in turn, what is unseen as a weak no."""
    kept: list[tuple[History, NDArray[Any], NDArray[Any]]] = []

    def solve(seen: Any, other: NDArray[Any]) -> NDArray[Any]:
        common = other.T @ other + penalty * np.eye(factors)
        found = np.zeros((seen.shape[0], factors))
        for row in range(seen.shape[0]):
            of = other[seen.indices[seen.indptr[row] : seen.indptr[row + 1]]]
            found[row] = np.linalg.solve(common + confidence * of.T @ of, (1.0 + confidence) * of.sum(axis=0))
        return found

    def rank(history: History, people: IntArray) -> FloatArray:
        if not kept or kept[0][0] is not history:
            of_item = np.random.default_rng(seed).normal(0, 0.01, (history.seen.shape[1], factors))
            across = history.seen.T.tocsr()
            for _round in range(rounds):
                of_person = solve(history.seen, of_item)
                of_item = solve(across, of_person)
            kept[:] = [(history, of_person, of_item)]
        return np.asarray(kept[0][1][people] @ kept[0][2].T, dtype=np.float32)

    return rank


def best(makers: Mapping[str, Callable[[], Ranker]], worth: Callable[[Ranker], float]) -> tuple[str, Ranker]:
    """The one of some settings that is worth most, and its name."""
    found = {name: make() for name, make in makers.items()}
    name = max(found, key=lambda each: worth(found[each]))
    return name, found[name]


def compare(bundle: Bundle, *, seed: int = 0, draws: int = 3, latest: bool = False) -> list[dict[str, Any]]:
    """A line a way, measured on the second half of the people; then the parts, and what else was measured."""
    tastes, history = recommend.of(bundle)
    first, second = halves(tastes, seed)

    def worth(ranker: Ranker) -> float:
        runs = trials(tastes, history.vectors, first, {"it": ranker}, draws=draws, latest=latest)["it"]
        return float(np.mean([run.ndcg().mean() for run in runs]))

    own = {name: worth(ranker) for name, ranker in recommend.RANKERS.items()}
    chosen = max(own, key=lambda name: own[name])
    of_ease = {f"EASE^R {penalty:g}": partial(ease, penalty) for penalty in EASE_PENALTIES}
    of_als = {f"ALS {one[0]}/{one[1]:g}/{one[2]:g}": partial(als, *one) for one in ALS_SETTINGS}
    peers = dict([best(of_ease, worth), best(of_als, worth)])
    rankers = {RANDOM: by_chance(seed), **recommend.RANKERS, **peers}
    found = trials(tastes, history.vectors, second, rankers, draws=draws, latest=latest)
    lines: list[dict[str, Any]] = [
        {
            "people": len(tastes.users), "items": len(tastes.items), "pairs": len(tastes.pair_user),
            "nameless": tastes.nameless, "chosen_on": len(first), "told_of": len(second),
            "hidden": "latest" if latest else "random", "chosen": chosen,
        }
    ]  # fmt: skip
    parts = in_parts(tastes, found[chosen], found[recommend.POPULARITY], seed=seed)
    for table in (summarise(found, seed=seed), parts):
        lines += [{str(key): value for key, value in line.items()} for line in table.round(4).to_dict("records")]
    for name, onward in (("about", False), ("onward", True)):
        told = about(tastes, history.vectors, second, onward=onward, seed=seed)
        lines.append({name: {key: round(value, 4) for key, value in told.items()}})
    share, n = recognised(*in_two(tastes, history.vectors))
    lines.append({"own_profile": round(share, 4), "people": n})
    return lines


def main(arguments: Sequence[str] | None = None) -> None:
    """Analyse where no bundle is given, measure, print a JSON object a line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--bundle", type=Path, help="a finished analysis of the file")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--draws", type=int, default=3, help="times that an item of each person is hidden")
    parser.add_argument("--latest", action="store_true", help="hide the last liked item, once, instead of random ones")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        target = given.bundle or Path(folder) / "bundle"
        if given.bundle is None:
            command = [sys.executable, "-m", "pipelines", "analyze", str(given.file.resolve()), "--out", str(target)]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        for line in compare(open_bundle(target), seed=given.seed, draws=given.draws, latest=given.latest):
            print(json.dumps(line, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()

"""Simulations: intervals hold a planted truth as often as they say, and where nothing is planted nothing is found."""

from __future__ import annotations

import numpy as np
import pytest

from pipelines.compare import MEASURES, grid, pair, telling_words
from pipelines.topics import Spoken
from tests.compare import planted

N = 1500


def at_most(share: float, runs: int) -> float:
    """What a true share stays under in `runs` runs, but for one time in a thousand."""
    return share + 3.1 * np.sqrt(share * (1 - share) / runs)


def false_alarms(runs: int, measure: str) -> float:
    """In which share of runs anything at all is said to differ, though nothing does."""
    made = planted.world()
    return np.mean([grid(*planted.counted(made, N, seed), 6, measure).differs.any() for seed in range(runs)])


def covered(runs: int, measure: str) -> tuple[float, float]:
    """How often the intervals of cells and of their differences to the rest hold the planted truth."""
    made = planted.world(planted=True)
    inside, outside = [], []
    for seed in range(runs):
        counted, shop = planted.counted(made, N, seed)
        found = grid(counted, shop, 6, measure)
        truth = getattr(made, measure)
        weight = np.broadcast_to(found.of_segment[:, None], found.n.shape) if measure == "share" else found.n
        elsewhere = ((weight * truth).sum(axis=0) - weight * truth) / (weight.sum(axis=0) - weight)
        looked = ~found.is_small
        inside.append(((found.low <= truth) & (truth <= found.high))[looked])
        difference = truth - elsewhere
        outside.append(((found.difference_low <= difference) & (difference <= found.difference_high))[looked])
    return np.concatenate(inside).mean(), np.concatenate(outside).mean()


@pytest.mark.parametrize("measure", MEASURES)
def test_nothing_planted_nothing_differs(measure):
    assert false_alarms(60, measure) <= at_most(0.05, 60)


@pytest.mark.parametrize("measure", MEASURES)
def test_intervals_of_the_grid_hold_the_truth(measure):
    for rate in covered(40, measure):
        assert 0.935 <= rate <= 0.985


def test_what_is_planted_is_found():
    made = planted.world(planted=True)
    counted, shop = planted.counted(made, 3000, 1)
    assert grid(counted, shop, 6).differs[1, 0]
    assert grid(counted, shop, 6, "rating").differs[1, 1]
    assert grid(counted, shop, 6, "sentiment").differs[1, 1]
    found = pair(counted, shop == 1, shop == 0)
    assert found.topics.loc[0, "id"] == 0 and found.topics.loc[0, "low"] > 0 and found.differs[0]


def pairs(runs: int, *, different: bool) -> tuple[float, float]:
    """How often the log-odds intervals hold the truth, and in which share of runs something is said to differ."""
    made = planted.world(planted=different)
    odds = made.share / (1 - made.share)
    truth = np.log(odds[1] / odds[0])
    held, alarms = [], []
    for seed in range(runs):
        counted, shop = planted.counted(made, 600, seed)
        found = pair(counted, shop == 1, shop == 0)
        table = found.topics.sort_values("id")
        held.append((table["low"] <= truth) & (truth <= table["high"]))
        alarms.append(found.differs.any())
    return np.concatenate(held).mean(), np.mean(alarms)


def test_log_odds_of_two_groups():
    assert 0.94 <= pairs(150, different=True)[0] <= 0.985
    held, alarms = pairs(100, different=False)
    assert held >= 0.94
    assert alarms <= at_most(0.05, 100)


def made_words(seed: int, texts: int = 400, words: int = 300, planted_word: int | None = None) -> Spoken:
    """Texts of twelve words each by Zipf's law; in the first half one word is four times as frequent."""
    rng = np.random.default_rng(seed)
    often = 1 / np.arange(1, words + 1)
    start, term = [0], []
    for text in range(texts):
        weight = often.copy()
        if planted_word is not None and text < texts // 2:
            weight[planted_word] *= 4
        term += np.sort(rng.choice(words, 12, replace=False, p=weight / weight.sum())).tolist()
        start.append(len(term))
    names = [(f"word{i}",) for i in range(words)]
    return Spoken(
        np.array(start), np.array(term, dtype=np.int32), tuple(names), tuple(n[0] for n in names), np.zeros(words, bool)
    )


def test_words_that_tell_two_groups_apart():
    halves = np.arange(200), np.arange(200, 400)
    found = telling_words(made_words(1, planted_word=40), *halves)
    assert found["word"].tolist()[0] == "word40" and found.loc[0, "low"] > 0
    often = [telling_words(made_words(seed, planted_word=40), *halves)["word"].eq("word40").any() for seed in range(40)]
    assert np.mean(often) > 0.7
    alarms = [len(telling_words(made_words(seed), *halves)) > 0 for seed in range(40)]
    assert np.mean(alarms) <= at_most(0.05, 40)


@pytest.mark.torture
@pytest.mark.parametrize("measure", MEASURES)
def test_long_runs_of_the_grid(measure):
    assert false_alarms(1000, measure) <= at_most(0.05, 1000)
    for rate in covered(400, measure):
        assert 0.94 <= rate <= 0.98


@pytest.mark.torture
def test_long_runs_of_pairs():
    held, alarms = pairs(1000, different=False)
    assert held >= 0.945 and alarms <= at_most(0.05, 1000)
    assert pairs(1000, different=True)[0] >= 0.945

from __future__ import annotations

import math
import random

import numpy as np
import pytest

from pipelines.search.bm25 import K1, B, build
from pipelines.search.found import MODES
from pipelines.search.ranking import SAID, best, scores
from pipelines.search.terms import terms

WORDS = ["grinder", "loud", "refund", "late", "早餐", "隔音", "battery", "wi-fi", "the", "is"]


@pytest.fixture(scope="module")
def texts() -> list[str]:
    random_ = random.Random(3)
    made = [" ".join(random_.choices(WORDS, k=random_.randint(0, 12))) for _ in range(200)]
    return [*made, made[0], made[0], "", "😡"]


def by_definition(texts: list[str], wanted: list[str]) -> np.ndarray:
    """BM25 by its formula, text for text, over the sum of the idf."""
    cut = [terms(text) for text in texts]
    mean = sum(map(len, cut)) / len(cut)
    score, whole = np.zeros(len(cut)), 0.0
    for term in wanted:
        df = sum(term in one for one in cut)
        idf = math.log(1 + (len(cut) - df + 0.5) / (df + 0.5))
        whole += idf
        for i, one in enumerate(cut):
            tf = one.count(term)
            score[i] += idf * tf * (K1 + 1) / (tf + K1 * (1 - B + B * len(one) / mean))
    return score / whole


@pytest.mark.parametrize("asked", ["refund", "loud grinder", "早餐 隔音 late wifi", "unheard of", "the the the"])
def test_scores_are_those_of_the_formula(texts, asked):
    wanted = [*dict.fromkeys(terms(asked))]
    np.testing.assert_allclose(build(texts).score(terms(asked)), by_definition(texts, wanted), rtol=1e-5, atol=1e-6)


def test_what_a_text_holds_is_told(texts):
    index = build(texts)
    everywhere = np.arange(len(texts))
    for term in ("loud", "隔音", "unheard"):
        assert index.holds(term, everywhere).tolist() == [term in terms(text) for text in texts]
    both = [{"loud", "refund"} <= {*terms(text)} for text in texts]
    assert index.holds_all(["loud", "refund", "loud"]).tolist() == both
    assert not index.holds_all(["loud", "unheard"]).any()
    assert not index.holds_all([]).any()
    assert index.rarity("unheard") > index.rarity("refund") > 0


@pytest.mark.parametrize("texts", [[], [""], ["", "😡"]])
def test_texts_without_words_make_an_index(texts):
    index = build(texts)
    assert index.score(["loud"]).tolist() == [0.0] * len(texts)
    assert index.holds_all(["loud"]).tolist() == [False] * len(texts)


@pytest.mark.parametrize("limit", [0, 1, 3, 7, 100])
def test_best_is_a_full_sort_cut(limit):
    score = np.array([1, 3, 3, -np.inf, 2, 3, 0], dtype=np.float32)
    tie = np.array([0, 1, 2, 9, 0, 2, 0], dtype=np.float32)
    assert best(score, limit, tie).tolist() == [2, 5, 1, 4, 0, 6][:limit]
    assert best(score, limit).tolist() == [1, 2, 5, 4, 0, 6][:limit]


def test_fused_adds_the_words_to_the_meaning_above_the_usual():
    said, alike = np.array([0.5, 0, 1, 0, 0], dtype=np.float32), np.array([0.6, 0.2, 0.4, 0.1, 0.2], dtype=np.float32)
    expected = [0.5 + 0.5 * SAID, 0, 0.25 + SAID, -0.125, 0]
    np.testing.assert_allclose(scores(said, alike, "fused"), expected, rtol=1e-5, atol=1e-6)
    # Without a word held the meaning decides, and the other way round.
    assert best(scores(np.zeros(5, np.float32), alike, "fused"), 2).tolist() == [0, 2]
    assert best(scores(said, np.full(5, 0.3, np.float32), "fused"), 2).tolist() == [2, 0]
    assert np.isfinite(scores(said, np.ones(5, np.float32), "fused")).all()


def test_ranks_are_summed_as_reciprocals_and_words_that_are_missing_give_none():
    said, alike = np.array([0.5, 0, 1, 0], dtype=np.float32), np.array([0.6, 0.2, 0.4, 0.1], dtype=np.float32)
    expected = [1 / 62 + 1 / 61, 1 / 63, 1 / 61 + 1 / 62, 1 / 64]
    np.testing.assert_allclose(scores(said, alike, "ranks"), expected, rtol=1e-6)
    assert best(scores(said, alike, "ranks"), 4, alike).tolist() == [0, 2, 1, 3]


def test_what_is_not_allowed_is_no_hit_and_changes_no_score():
    random_ = np.random.default_rng(0)
    n = 3000
    by_words = np.where(random_.random(n) < 0.5, random_.random(n), 0).astype(np.float32)
    alike = random_.random(n).astype(np.float32)
    allowed = random_.random(n) < 0.1
    for mode in MODES:
        within = scores(by_words, alike, mode, allowed)
        assert np.isneginf(within[~allowed]).all()
        np.testing.assert_array_equal(within[allowed], scores(by_words, alike, mode)[allowed])
        assert np.isneginf(scores(by_words, alike, mode, np.zeros(n, dtype=bool))).all()

"""Word vectors from a file, and reckoning with them."""

from __future__ import annotations

import numpy as np
import pytest

from pipelines.lab import analogies, analogy_set, cooccurrence
from pipelines.lab.cooccurrence import WordSpace

COUNTRIES = {"france": "paris", "italy": "rome", "japan": "tokyo", "china": "beijing"}


def company(seed: int = 0) -> list[str]:
    """Texts in which tea and coffee keep one company, and a bus and a train another, each with words of their own."""
    random = np.random.default_rng(seed)
    drinks = [f"drink{i}" for i in range(30)]
    rides = [f"ride{i}" for i in range(30)]
    made = []
    for i in range(600):
        around, named = (drinks, ("tea", "coffee")) if i % 2 else (rides, ("bus", "train"))
        words = random.choice(around, 6).tolist()
        words.insert(3, str(random.choice(named)))
        made.append(" ".join(words))
    return made


@pytest.fixture(scope="module")
def space() -> WordSpace:
    found = cooccurrence.learn(cooccurrence.tell(company(), ["en"] * 600), dims=20)
    assert found is not None
    return found


def test_words_of_like_company_are_alike(space: WordSpace) -> None:
    np.testing.assert_allclose(np.linalg.norm(space.matrix, axis=1), 1, atol=1e-5)
    near = dict(analogies.alike(space, "tea", 70) or ())
    assert near["coffee"] > 0.5
    assert near["coffee"] > near["bus"] + 0.3
    assert space.texts == 600


def test_the_same_file_teaches_the_same(space: WordSpace) -> None:
    again = cooccurrence.learn(cooccurrence.tell(company(), ["en"] * 600), dims=20)
    assert again is not None and again.words == space.words
    np.testing.assert_allclose(again.matrix, space.matrix, atol=1e-5)


def test_positive_information_alone_counts() -> None:
    ids = [[0, 1], [0, 1], [2, 3], [2, 3], [0, 3]]
    scores = cooccurrence._ppmi(ids, 4).toarray()
    np.testing.assert_allclose(scores, scores.T, atol=0.5)
    assert (scores >= 0).all() and scores[0, 1] > scores[0, 3]
    assert scores[0, 2] == 0


def test_function_words_and_numbers_are_left_out_and_chinese_is_cut() -> None:
    told = cooccurrence.tell(["The room was 12 quiet", "房间很安静"], ["en", "zh"])
    assert told.texts == [["room", "quiet"], ["房间", "安静"]]
    assert told.commonest(2) == ("quiet", "room")


def test_a_small_file_teaches_nothing() -> None:
    assert cooccurrence.learn(cooccurrence.tell(["good room"] * 9)) is None


def test_a_sum_of_arrows_finds_what_it_was_made_of() -> None:
    random = np.random.default_rng(3)
    capital = random.normal(size=16)
    base = {word: random.normal(size=16) for word in COUNTRIES}
    words = [*COUNTRIES, *COUNTRIES.values()]
    rows = [*base.values(), *(base[word] + capital for word in COUNTRIES)]
    matrix = np.array(rows, np.float32)
    made = WordSpace(tuple(words), matrix / np.linalg.norm(matrix, axis=1, keepdims=True))
    best = analogies.answers(made, "paris", "france", "italy")
    assert best is not None and best[0][0] == "rome"
    assert not {word for word, _cosine in best} & {"paris", "france", "italy"}
    score = analogies.score(made, "en")
    assert (score.asked, score.answerable) == (len(analogy_set.quads("en")), 2)
    assert score.by_kind["country"] == (2, 2, 4)
    assert score.low < score.share == 1.0 == score.high
    only = analogies.score(made, "en", analogies.answerable(made, "en"))
    assert only.asked == only.answerable == 2


def test_a_word_without_a_vector_is_no_answer(space: WordSpace) -> None:
    assert analogies.answers(space, "tea", "coffee", "elephant") is None
    assert analogies.missing(space, ["tea", "elephant", "elephant"]) == ("elephant",)
    more = analogies.with_words(space, ["tea", "elephant"], np.eye(2, 20, dtype=np.float32))
    assert more.words == (*space.words, "elephant")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_test_set_is_sound(language: str) -> None:
    every = analogy_set.quads(language)
    assert len(every) >= 60 and len(set(every)) == len(every)
    assert all(len(set(quad)) >= 3 and quad[3] != quad[2] for quad in every)
    assert all(word == word.lower() == word.strip() for quad in every for word in quad)

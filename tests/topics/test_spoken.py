"""What texts say, kept: the same when read back, taken in part or joined."""

from __future__ import annotations

import numpy as np
import pytest

from pipelines.topics import Spoken, describe, read
from pipelines.topics.spoken import MANY_TEXTS
from pipelines.topics.weights import weigh

TEXTS = ["Late delivery again", "Late deliveries and cold food", "送餐慢，态度差", "", "Cold food"]
LANGUAGES = ["en", "en", "zh", "und", "en"]
LABELS = np.array([0, 0, 1, -1, 0])


def said(spoken: Spoken) -> list[set[tuple[str, ...]]]:
    return [
        {spoken.keys[term] for term in spoken.term[spoken.start[i] : spoken.start[i + 1]]} for i in range(len(spoken))
    ]


def test_arrays_give_the_same_back(home):
    spoken = read(TEXTS, LANGUAGES)
    again = Spoken.from_arrays(spoken.arrays())
    assert again.keys == spoken.keys
    assert again.surfaces == spoken.surfaces
    assert np.array_equal(again.doing, spoken.doing)
    assert weigh(again, LABELS, 2) == weigh(spoken, LABELS, 2)


def test_nothing_said_is_kept_too():
    nothing = Spoken.from_arrays(read(["", "!!"], ["en", "en"]).arrays())
    assert len(nothing) == 2
    assert weigh(nothing, np.array([0, -1]), 1) == [[]]


def test_parts_hold_what_their_texts_say(home):
    spoken = read(TEXTS, LANGUAGES)
    assert said(spoken.take(np.array([4, 0, 0]))) == [said(spoken)[i] for i in (4, 0, 0)]
    joined = read(TEXTS[:2], LANGUAGES[:2]).followed_by(read(TEXTS[2:], LANGUAGES[2:]))
    assert said(joined) == said(spoken)


def test_a_topic_without_words_is_not_named_by_personal_data():
    texts = ["🙂 someone@example.com", "🙂 🙂 someone@example.com"]
    (topic,) = describe(texts, ["und"] * 2, np.zeros(2, int), np.ones(2), np.eye(2, dtype=np.float32),
                        spoken=read(["🙂", "🙂"], ["und"] * 2))  # fmt: skip
    assert "example" not in topic.name


def test_the_commonest_form_is_shown_however_late_it_comes():
    texts = ["late deliveries", "late delivery", "late delivery", "late deliveries", "a delivery"]
    terms = read(texts, ["en"] * 5)
    surface = dict(zip(terms.keys, terms.surfaces, strict=True))
    assert surface[("delivery",)] == "delivery"


def test_phrases_of_one_text_among_many_are_not_kept():
    texts = [f"late delivery number{i}" for i in range(MANY_TEXTS)]
    terms = read(texts, ["en"] * len(texts))
    assert ("late", "delivery") in terms.keys
    assert all(len(key) == 1 for key in terms.keys if "number7" in key)


@pytest.mark.parametrize("texts", [[], [""], ["the of", "!!"]])
def test_texts_without_terms(texts: list[str]):
    terms = read(texts, ["en"] * len(texts))
    assert len(terms) == len(texts) and not terms.keys and not len(terms.term)

from __future__ import annotations

import numpy as np
import pytest

from pipelines import tracked
from pipelines.tracked import scoring
from tests.tracked.conftest import Analysis

pytestmark = [
    pytest.mark.filterwarnings("ignore:Tensorflow not installed:ImportWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning:(jieba|snownlp|hdbscan|umap)"),
]


def judged(bundle, text):
    line = tracked.phrase(text)
    assert line is not None
    return tracked.judge(bundle, tracked.drafted(bundle, line))


@pytest.mark.parametrize(
    ("text", "inside"),
    [("battery", "attery|续航|电池|充"), ("续航", "attery|续航|电池|充"), ("customer service", "upport|客服")],
)
def test_a_phrase_finds_its_reviews(wearers, text, inside):
    found = judged(wearers, text)
    assert found.how == tracked.BY_MEANING
    assert found.belongs.sum() >= 8
    texts = wearers.points["text"][found.belongs]
    assert texts.str.contains(inside).mean() > 0.6


@pytest.mark.parametrize("text", ["purple elephant parade", "sourdough recipes", "天文望远镜", "mortgage law", "(.*)"])
def test_a_phrase_that_nothing_matches_gives_zero(wearers, text):
    assert judged(wearers, text).belongs.sum() == 0


def test_it_is_the_same_every_time(wearers):
    one = judged(wearers, "strap, band")
    from pipelines.tracked.judge import _judged

    _judged.cache_clear()
    assert np.array_equal(one.probability, judged(wearers, "strap, band").probability)


def test_own_vectors_leave_words_alone(own: Analysis):
    found = judged(own.bundle, "theme3")
    assert found.how == tracked.BY_WORDS
    assert set(own.theme[found.belongs]) == {3}
    assert 0 < found.belongs.sum() < 50


def test_a_control_that_the_file_speaks_of_does_not_count():
    usual = [0.2, 0.25, 0.3, 0.31, 0.32, 0.28, 0.22]
    assert 0.32 < scoring.floor(usual) < 0.5
    assert scoring.floor([*usual, 0.9]) < 0.6
    assert scoring.floor([]) == 1.0

from __future__ import annotations

import numpy as np
import pandas as pd

from pipelines import compare
from tests.sample_bundle import parts

MADE = parts(200)
TOPICS = MADE.summary["topics"]


def test_a_group_beside_all_others():
    inside = np.arange(200) < 50
    found = compare.portrait(MADE.points, inside, TOPICS)
    assert (found.reviews, found.of) == (50, 200)
    value, low, high = found.share
    assert low < value == 0.25 < high
    own, rest = found.rating
    assert own.n == 50
    assert rest.n == 150
    assert own.value == np.float64(MADE.points["rating"][:50]).mean()
    assert own.low < own.value < own.high
    assert found.pair.topics["a"].sum() == (MADE.points["cluster"][:50] >= 0).sum()


def test_nobody_rated_and_nothing_inside():
    found = compare.portrait(MADE.points.drop(columns="rating"), np.zeros(200, dtype=bool), TOPICS)
    assert found.rating is None
    assert found.reviews == 0
    assert found.sentiment[0].n == 0
    assert np.isnan(found.sentiment[0].value)


def test_only_the_selected_sentences_of_a_review_say_how_it_feels():
    points = MADE.points.head(4).assign(row_id=[0, 0, 1, 1], sentiment=np.float32([1, -1, 0, 0]))
    found = compare.portrait(points, np.array([True, False, False, False]), TOPICS)
    assert found.reviews == 1
    assert found.sentiment[0].value == 1.0


def test_the_most_typical_come_first_and_repeats_last():
    vectors = np.eye(3, dtype=np.float32)[[0, 0, 0, 1, 2]]
    points = pd.DataFrame({"duplicate_of": pd.array([None, 0, None, None, None], dtype="Int64")})
    inside = np.array([True, True, True, True, False])
    assert compare.typical(vectors, points, inside).tolist() == [0, 2, 3, 1]
    assert compare.typical(vectors, points, np.zeros(5, dtype=bool)).tolist() == []

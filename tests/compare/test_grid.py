"""The grid and the pair over small tables with known answers."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from pipelines.compare import MEASURES, OTHER, UNKNOWN, count, grid, pair
from tests.compare import planted

TOPICS = [{"id": 0, "name": "late"}, {"id": 1, "name": "tasty"}, {"id": 2, "name": "hidden", "hidden": True}]


def table(cluster, shop, rating=None) -> tuple[pd.DataFrame, np.ndarray]:
    n = len(cluster)
    return pd.DataFrame(
        {
            "row_id": np.arange(n),
            "unit_id": np.arange(n),
            "cluster": np.array(cluster, dtype=np.int32),
            "sentiment": np.linspace(-1, 1, n).astype(np.float32),
            "rating": np.array(rating if rating is not None else np.full(n, np.nan), dtype=np.float32),
        }
    ), np.array(shop)


def test_shares_against_the_rest():
    points, shop = table([0] * 12 + [1] * 8 + [0] * 3 + [1] * 27, [0] * 20 + [1] * 30)
    found = grid(count(points, TOPICS), shop, 2)
    assert found.topics == (0, 1)
    assert found.reviews.tolist() == [[12, 8], [3, 27]] and found.n.tolist() == [[20, 20], [30, 30]]
    assert found.value[0, 0] == pytest.approx(0.6) and found.rest[0, 0] == pytest.approx(0.1)
    assert found.difference[0, 0] == pytest.approx(0.5)
    assert found.difference_low[0, 0] < 0.5 < found.difference_high[0, 0]
    assert found.is_small.tolist() == [[False, True], [True, False]]
    assert found.differs.all() and found.tests == 4


def test_means_against_the_rest_of_the_topic():
    rating = [1.0] * 12 + [5.0] * 12 + [4.0] * 6
    points, shop = table([0] * 30, [0] * 12 + [1] * 18, rating)
    found = grid(count(points, TOPICS), shop, 2, "rating")
    assert found.value[:, 0].tolist() == pytest.approx([1, 14 / 3])
    assert found.rest[0, 0] == pytest.approx(14 / 3) and found.difference[0, 0] == pytest.approx(-11 / 3)
    # Twelve equal values still have an interval, and it stays on the scale.
    assert found.low[0, 0] == 1 and 1 < found.high[0, 0] < 3
    assert np.isnan(found.value[:, 1]).all() and found.differs[0, 0]


def test_reviews_without_a_segment_take_no_part_and_others_are_the_rest():
    points, shop = table([0] * 40, [0] * 10 + [OTHER] * 10 + [UNKNOWN] * 20)
    found = grid(count(points, TOPICS), shop, 1)
    assert found.unknown == 20 and found.of_topic.tolist() == [20, 0]
    assert found.rest[0, 0] == 1


def test_a_review_of_several_sentences_counts_once_a_topic():
    points, _ = table([0, 0, 1, -1, 2, 0], [0] * 6, [1, 1, 1, 5, 5, 5])
    points["row_id"] = [7, 7, 7, 8, 8, 9]
    found = count(points, TOPICS)
    assert len(found) == 3 and found.rating.tolist() == [1, 5, 5]
    assert list(zip(found.pair_review, found.pair_topic, strict=True)) == [(0, 0), (0, 1), (2, 0)]
    assert found.pair_sentiment.tolist() == pytest.approx([-0.8, -0.2, 1])
    assert found.sentiment.tolist() == pytest.approx([-0.6, 0.4, 1])


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("n", [0, 1, 3, 25])
def test_few_reviews_and_none(measure, n):
    points, shop = table(np.arange(n) % 3 - 1, np.arange(n) % 2, np.full(n, 4.0))
    found = grid(count(points, TOPICS), shop, 2, measure)
    assert found.value.shape == (2, 2) and not found.differs.any()


@pytest.mark.parametrize("measure", MEASURES)
def test_cells_are_as_counted_one_by_one(measure):
    points, shop = planted.draw(planted.world(), 500, 3)
    found = grid(count(points, planted.topics_of(planted.world())), shop, 6, measure)
    for s in range(6):
        for t in range(8):
            own = points[(shop == s) & (points["cluster"] == t)]
            rest = points[(shop != s) & (points["cluster"] == t)]
            if measure == "share":
                expected = len(own) / (shop == s).sum(), len(rest) / (shop != s).sum()
            else:
                expected = own[measure].mean(), rest[measure].mean()
            assert [found.value[s, t], found.rest[s, t]] == pytest.approx(expected, nan_ok=True)


def test_reviews_in_both_groups_are_left_out():
    counted, shop = planted.counted(planted.world(planted=True), 2000, 2)
    found = pair(counted, shop <= 1, shop >= 1)
    assert found.both == (shop == 1).sum()
    assert found.only_a.sum() == (shop == 0).sum() and found.only_b.sum() == (shop > 1).sum()
    again = pair(counted, shop == 0, shop > 1)
    pd.testing.assert_frame_equal(found.topics, again.topics)


def test_a_pair_turned_round():
    counted, shop = planted.counted(planted.world(planted=True), 2000, 2)
    one, other = (
        pair(counted, a, b).topics.sort_values("id") for a, b in ((shop == 1, shop == 0), (shop == 0, shop == 1))
    )
    assert (one["log_odds"] + other["log_odds"]).abs().max() < 1e-12
    assert one["p"].to_numpy() == pytest.approx(other["p"].to_numpy())


def test_a_pair_of_few_reviews_is_not_tested():
    counted, shop = planted.counted(planted.world(), 300, 2)
    few = np.zeros(300, dtype=bool)
    few[:4] = True
    found = pair(counted, few, ~few)
    assert found.topics["p"].isna().all() and not found.differs.any()
    nobody = pair(counted, np.zeros(300, dtype=bool), shop == 0)
    assert nobody.topics["share_a"].isna().all()

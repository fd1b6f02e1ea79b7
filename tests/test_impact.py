"""Impact of topics: known answers, and simulations that hold the intervals and tests to what they promise."""

import numpy as np
import pandas as pd
import pytest

from pipelines.figures import MIN_RATED
from pipelines.impact import impact

GOOD = (0.05, 0.05, 0.1, 0.3, 0.5)
BAD = (0.4, 0.2, 0.2, 0.1, 0.1)


def named(k):
    return [{"id": i, "name": f"topic {i}"} for i in range(k)]


def stars(random, n, chances):
    return random.choice(5, n, p=chances) + 1.0


def of_one_topic(cluster, rating, sentiment=0.0):
    n = len(cluster)
    return pd.DataFrame(
        {"row_id": np.arange(n), "cluster": cluster, "rating": rating, "sentiment": np.broadcast_to(sentiment, n)}
    )


def of_sentences(holds, rating):
    """A unit for each topic (column) that a review (row) holds."""
    review, topic = np.nonzero(holds)
    return pd.DataFrame({"row_id": review, "cluster": topic, "rating": rating[review], "sentiment": 0.0})


def test_the_effect_is_the_difference_of_means_and_the_pull_what_it_does_to_the_whole():
    random = np.random.default_rng(1)
    cluster = random.integers(-1, 3, 400)
    points = of_one_topic(cluster, np.where(cluster == 0, stars(random, 400, BAD), stars(random, 400, GOOD)))
    found = impact(points, [*named(3), {"id": 2, "name": "hidden", "hidden": True}][:2])
    assert (found.outcome, found.n, found.several) == ("rating", 400, False)
    assert found.table["id"].tolist() == [0, 1, -1]
    first = found.table.iloc[0]
    inside = points["cluster"] == 0
    assert first["effect"] == pytest.approx(points["rating"][inside].mean() - points["rating"][~inside].mean())
    assert first["adjusted"] == pytest.approx(first["effect"])
    assert first["low"] < first["effect"] < first["high"] < 0
    assert first["sure"]
    assert first["pull"] == pytest.approx(points["rating"].mean() - points["rating"][~inside].mean())
    assert first["n"] + first["rest"] == 400


def test_no_claim_from_few_reviews():
    random = np.random.default_rng(2)
    cluster = np.repeat([0, 1], [MIN_RATED - 1, 300])
    found = impact(of_one_topic(cluster, np.where(cluster == 0, 1.0, stars(random, len(cluster), GOOD))), named(2))
    assert found.table["effect"].isna().all()
    assert not found.table["sure"].any()
    assert set(found.table["corner"]) == {""}
    assert found.table["reviews"].tolist() == [MIN_RATED - 1, 300]


def test_without_stars_it_is_about_the_sentiment():
    random = np.random.default_rng(3)
    cluster = np.repeat([0, 1], 60)
    points = of_one_topic(cluster, np.nan, np.clip(random.normal(np.where(cluster == 0, -0.5, 0.5), 0.2), -1, 1))
    for part in (points, points.drop(columns="rating")):
        found = impact(part, named(2))
        assert found.outcome == "sentiment"
        assert found.table["effect"].iloc[0] == pytest.approx(-1, abs=0.15)
    assert impact(points.iloc[:10], named(2)).outcome == ""
    assert impact(points.iloc[:0], named(2)).table["reviews"].tolist() == [0, 0]


def test_equal_ratings_are_no_certainty():
    random = np.random.default_rng(4)
    cluster = np.repeat([0, 1], [25, 400])
    found = impact(of_one_topic(cluster, np.where(cluster == 0, 5.0, stars(random, 425, GOOD))), named(2))
    assert found.table["high"].iloc[0] - found.table["low"].iloc[0] > 0.15


def test_the_corners_have_the_names_of_what_to_do():
    random = np.random.default_rng(5)
    cluster = np.repeat([0, 1, 2, 3, 4], [400, 400, 60, 60, 200])
    mean = np.array([3.0, 4.5, 2.0, 5.0, 3.72])[cluster]
    found = impact(of_one_topic(cluster, mean + random.normal(0, 0.5, len(cluster))), named(5))
    assert found.table["corner"].tolist() == ["fix", "keep", "watch", "minor", ""]
    assert found.typical == 200


def test_a_topic_is_not_blamed_for_what_it_comes_with():
    """Topic 1 does nothing, but comes with topic 0, which takes two stars; long reviews are harsher anyway."""
    random = np.random.default_rng(6)
    holds = random.random((3000, 5)) < (0.2, 0.1, 0.3, 0.4, 0.3)
    holds[:, 1] |= holds[:, 0] & (random.random(3000) < 0.7)
    holds[:, 4] |= ~holds.any(axis=1)
    rating = 4 - 2.0 * holds[:, 0] - 0.3 * holds.sum(axis=1) + random.normal(0, 0.5, 3000)
    found = impact(of_sentences(holds, rating), named(5))
    assert found.several
    table = found.table.set_index("id")
    assert table.loc[1, "effect"] < -0.8
    assert table.loc[1, "adjusted_low"] < instead(holds, [-2.0, 0, 0, 0, 0])[1] < table.loc[1, "adjusted_high"]
    assert table.loc[0, "adjusted_low"] < instead(holds, [-2.0, 0, 0, 0, 0])[0] < table.loc[0, "adjusted_high"] < -1.5


def instead(holds, effects):
    """The truth behind `adjusted`: a topic's effect minus the others', as often as they occur where it does not."""
    found = []
    for topic, effect in enumerate(effects):
        often = holds[~holds[:, topic]].sum(axis=0).astype(float)
        often[topic] = 0
        found.append(effect - often @ np.array(effects) / often.sum())
    return np.array(found)


def test_the_same_reviews_give_the_same_figures():
    random = np.random.default_rng(7)
    points = of_one_topic(random.integers(0, 3, 300), stars(random, 300, GOOD))
    pd.testing.assert_frame_equal(impact(points, named(3)).table, impact(points, named(3)).table)


def coverage(runs, seed=0):
    """How often the intervals of three topics hold the planted difference."""
    random = np.random.default_rng(seed)
    chances = np.array([BAD, GOOD, (0.1, 0.1, 0.2, 0.3, 0.3)])
    size = np.array([0.12, 0.6, 0.28])
    means = chances @ np.arange(1, 6)
    held = []
    for _ in range(runs):
        cluster = random.choice(3, 400, p=size)
        rating = (random.random(400)[:, None] > np.cumsum(chances[cluster], axis=1)).sum(axis=1) + 1.0
        table = impact(of_one_topic(cluster, rating), named(3), draws=299, seed=int(random.integers(2**31))).table
        for topic in range(3):
            rest = [i for i in range(3) if i != topic]
            truth = means[topic] - size[rest] @ means[rest] / size[rest].sum()
            held.append(table["low"][topic] <= truth <= table["high"][topic])
    return float(np.mean(held))


def coverage_of_several(runs, seed=0):
    """The same for reviews of several topics that come together, other topics held equal."""
    random = np.random.default_rng(seed)
    effects = np.array([-1.0, 0.0, 0.5, 0.0])

    def drawn(n):
        holds = random.random((n, 4)) < (0.15, 0.2, 0.4, 0.4)
        holds[:, 1] |= holds[:, 0] & (random.random(n) < 0.5)
        holds[:, 3] |= ~holds.any(axis=1)
        # Spread that differs from review to review, and long reviews that are harsher.
        noise = random.normal(0, 0.6 + 0.5 * holds[:, 0], n)
        return holds, 4 + holds @ effects - 0.2 * holds.sum(axis=1) + noise

    truth = instead(drawn(400_000)[0], effects)
    held = []
    for _ in range(runs):
        table = impact(of_sentences(*drawn(400)), named(4), draws=299, seed=int(random.integers(2**31))).table
        held.append(((table["adjusted_low"] <= truth) & (truth <= table["adjusted_high"])).mean())
    return float(np.mean(held))


def false_alarms(runs, seed=0):
    """How often any of ten topics is called different where stars are dealt at random."""
    random = np.random.default_rng(seed)
    found = []
    for _ in range(runs):
        points = of_one_topic(random.integers(0, 10, 600), stars(random, 600, GOOD))
        found.append(impact(points, named(10), draws=199).table["sure"].any())
    return float(np.mean(found))


def test_the_intervals_hold_the_truth_as_often_as_they_say():
    """95 %, less three standard errors of this many runs."""
    assert coverage(80) >= 0.91
    assert coverage_of_several(60) >= 0.91


def test_with_nothing_planted_nothing_is_called_sure():
    assert false_alarms(100) <= 0.11


@pytest.mark.torture
def test_the_intervals_and_the_test_keep_their_rates():
    assert 0.94 <= coverage(1000, seed=1) <= 0.98
    assert 0.94 <= coverage_of_several(1000, seed=1) <= 0.98
    assert false_alarms(1500, seed=1) <= 0.065

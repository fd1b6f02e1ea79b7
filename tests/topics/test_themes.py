"""Themes above topics: found where there are many, named apart, and kept when topics change."""

from __future__ import annotations

import numpy as np

from pipelines.topics import themes


def topics(n: int) -> list[dict[str, object]]:
    kinds = ("battery", "screen", "delivery")
    return [
        {
            "id": i,
            "name": f"{kinds[i % 3]} {i}",
            "keywords": [[kinds[i % 3], 1.0, 20], [f"word{i}", 0.8, 9], ["good", 0.9, 30]],
            "units": 40 - i,
        }
        for i in range(n)
    ]


def centres(n: int) -> np.ndarray:
    rng = np.random.default_rng(1)
    return (np.eye(6)[np.arange(n) % 3] + rng.normal(0, 0.05, (n, 6))).astype(np.float32)


def test_few_topics_have_no_themes():
    placed, found = themes.grouped(topics(7), centres(7))
    assert found == []
    assert [topic["theme"] for topic in placed] == [None] * 7
    assert themes.grouped([], np.zeros((0, 4), np.float32)) == ([], [])


def test_topics_that_speak_of_one_thing_are_one_theme():
    placed, found = themes.grouped(topics(9), centres(9))
    assert [sorted(theme["topics"]) for theme in found] == [[0, 3, 6], [1, 4, 7], [2, 5, 8]]
    assert [theme["name"].split(" · ")[0] for theme in found] == ["battery", "screen", "delivery"]
    assert [topic["theme"] for topic in placed] == [0, 1, 2] * 3


def test_themes_are_three_to_nine_and_named_apart():
    same = [{**topic, "keywords": [["good", 1.0, 5]], "name": f"t{topic['id']}"} for topic in topics(150)]
    rng = np.random.default_rng(2)
    _, found = themes.grouped(same, rng.normal(size=(150, 8)).astype(np.float32))
    assert len(found) == 9
    assert len({theme["name"] for theme in found}) == 9
    assert sorted(topic for theme in found for topic in theme["topics"]) == list(range(150))


def test_topics_that_are_gone_or_new_change_the_themes_they_are_in():
    placed, found = themes.grouped(topics(9), centres(9))
    left = [*[topic for topic in placed if topic["theme"] != 2][1:], {"id": 50, "name": "own", "units": 3}]
    again = themes.regrouped(found, left)
    assert [theme["topics"] for theme in again] == [[3, 6], [1, 4, 7]]


def test_centroids_are_means_and_zeros_where_nobody_is():
    matrix = np.array([[1, 0], [0, 1], [1, 1]], dtype=np.float32)
    found = themes.centroids(matrix, np.array([4, 4, -1]), [4, 7])
    assert found.tolist() == [[0.5, 0.5], [0.0, 0.0]]

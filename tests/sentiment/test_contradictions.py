import numpy as np
import pandas as pd

from pipelines.sentiment.contradictions import KIND_STARS, KIND_TEXT, of_points


def points(*reviews: tuple[float, list[float]]) -> pd.DataFrame:
    """Units of reviews given as stars and the scores of their sentences."""
    rows = [(row, stars, score) for row, (stars, scores) in enumerate(reviews) for score in scores]
    frame = pd.DataFrame(rows, columns=["row_id", "rating", "sentiment"]).astype({"sentiment": np.float32})
    return frame.assign(unit_id=np.arange(len(frame)))


def test_both_kinds_clearest_first() -> None:
    found = of_points(points((5, [0.9]), (5, [-0.7]), (1, [0.95]), (2, [0.6]), (3, [-1.0]), (4, [-0.2]), (np.nan, [1])))
    assert found["row_id"].tolist() == [2, 1, 3]
    assert found["kind"].tolist() == [KIND_TEXT, KIND_STARS, KIND_TEXT]
    assert found["strength"].is_monotonic_decreasing and found["strength"].between(0, 1).all()


def test_a_review_is_judged_as_a_whole_and_shown_by_what_contradicts_it_most() -> None:
    found = of_points(points((5, [0.9, -0.8]), (5, [-0.6, -0.9, -0.7]), (1, [0.7, 0.9])))
    assert found["row_id"].tolist() == [2, 1]
    assert found["unit_id"].tolist() == [6, 3]


def test_without_stars_there_are_none() -> None:
    without = points((5, [0.9])).drop(columns="rating")
    assert of_points(without).empty and of_points(points((np.nan, [0.9]))).empty
    assert list(of_points(without).columns) == list(of_points(points((5, [-0.9]))).columns)

import numpy as np
import pandas as pd
import pytest

from pipelines.sentiment.agreement import agreement, of_counts, of_points


def test_agreement_counts_what_has_an_opinion() -> None:
    score = np.array([0.5] * 8 + [-0.5] * 4 + [0.0] * 3 + [0.9, 0.9], np.float32)
    stars = np.array([5.0] * 8 + [1, 2, 5, 4] + [1.0] * 3 + [3, np.nan], np.float32)
    found = agreement(score, stars)
    assert found is not None and found.n == 12 and found.share == pytest.approx(10 / 12)
    assert found.low < found.share < found.high


def test_too_few_say_nothing() -> None:
    assert agreement(np.full(9, 0.5, np.float32), np.full(9, 5, np.float32)) is None
    assert of_points(pd.DataFrame({"row_id": [1], "sentiment": [0.5]})) is None


def test_wilsons_interval_as_published() -> None:
    # Wilson (1927) by hand: (p + z²/2n ± z √(p(1−p)/n + z²/4n²)) / (1 + z²/n), p = 0.9, n = 100, z = 1.95996.
    found = of_counts(90, 100)
    assert (found.low, found.high) == (pytest.approx(0.8256, abs=1e-4), pytest.approx(0.9448, abs=1e-4))
    assert of_counts(20, 20).high == pytest.approx(1.0)


def test_a_review_of_several_sentences_counts_once() -> None:
    points = pd.DataFrame(
        {
            "row_id": np.repeat(np.arange(12), 2),
            "sentiment": np.tile([0.9, -0.3], 12).astype(np.float32),
            "rating": np.repeat(np.array([5.0] * 11 + [1.0]), 2).astype(np.float32),
        }
    )
    found = of_points(points)
    assert found is not None and found.n == 12 and found.share == pytest.approx(11 / 12)

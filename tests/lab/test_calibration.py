"""What a number means is measured against pairs of the file."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from pipelines.lab import calibration
from pipelines.store.bundle import write_bundle
from pipelines.store.reader import Bundle, open_bundle
from tests.tracked.conftest import themed


def test_pairs_of_a_topic_are_nearer_than_random_ones(kitchen: Bundle) -> None:
    found = calibration.calibrate(kitchen)
    assert found is not None and found.reviews == 120
    assert (np.diff(found.random) >= 0).all() and (np.diff(found.same) >= 0).all()
    assert np.median(found.same) > np.median(found.random) + 0.1
    one, other = found.pairs[500]
    assert one != other
    assert abs(float(kitchen.vectors[one] @ kitchen.vectors[other]) - found.random[500]) < 1e-6


def test_the_same_pairs_are_drawn_again(kitchen: Bundle) -> None:
    first, again = calibration.calibrate(kitchen), calibration.calibrate(kitchen)
    assert first is not None and again is not None
    np.testing.assert_array_equal(first.random, again.random)


def test_a_standing_says_what_is_below_and_how_sure() -> None:
    found = calibration.Calibration(
        np.linspace(-0.2, 0.4, 1001).astype(np.float32),
        np.linspace(0.1, 0.8, 1001).astype(np.float32),
        np.zeros((1001, 2), np.int64),
        400,
    )
    levels = {x: calibration.standing(found, x).level for x in (-0.5, 0.1, 0.3, 0.5, 0.75, 0.98)}
    assert levels == {-0.5: "none", 0.1: "none", 0.3: "faint", 0.5: "related", 0.75: "close", 0.98: "same"}
    share = calibration.standing(found, 0.1).random
    assert abs(share.share - 0.5) < 0.01
    assert share.low < 0.46 and share.high > 0.54, "as wide as 400 reviews leave it"
    assert calibration.example(found, 0.9) is None


def test_without_topics_random_pairs_decide() -> None:
    found = calibration.Calibration(
        np.linspace(0, 0.5, 2001).astype(np.float32), np.zeros(0, np.float32), np.zeros((2001, 2), np.int64), 100
    )
    assert calibration.standing(found, 0.6).same is None
    assert [calibration.standing(found, x).level for x in (0.49, 0.6)] == ["related", "close"]


def test_a_small_file_has_no_usual(tmp_path: Path) -> None:
    parts, _theme = themed(18)
    assert calibration.calibrate(open_bundle(write_bundle(tmp_path / "bundle", parts))) is None

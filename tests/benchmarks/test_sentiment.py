from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from benchmarks import sentiment

GOOD = ["I love this {}, works great", "Excellent {}, very happy", "The {} is wonderful"]
BAD = ["This {} broke, terrible", "Awful {}, I want a refund", "The {} does not work"]
THINGS = ["kettle", "room", "sofa", "phone", "charger", "jacket", "lamp", "bag"]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Praise with 5 stars, complaints with 1, something with 3."""
    rows = [(line.format(thing), 5) for line in GOOD for thing in THINGS * 4]
    rows += [(line.format(thing), 1) for line in BAD for thing in THINGS * 3]
    rows += [(f"It is a {thing}.", 3) for thing in THINGS] + [("", 5)]
    path = tmp_path / "reviews.csv"
    pd.DataFrame(rows, columns=["said", "stars"]).to_csv(path, index=False)
    return path


def test_labels_by_name_and_by_stars() -> None:
    stars = sentiment.truth_of(pd.Series(["5", "4.0", "3", "2", "x"]), [], [])
    np.testing.assert_array_equal(stars, np.array([1, 1, np.nan, 0, np.nan], np.float32))
    named = sentiment.truth_of(pd.Series(["good", "bad", "so"]), ["good"], ["bad"])
    np.testing.assert_array_equal(named, np.array([1, 0, np.nan], np.float32))


def test_sets_of_a_known_share() -> None:
    truth = np.array([1] * 300 + [0] * 100 + [np.nan] * 50, np.float32)
    for share, size in ((0.5, 200), (0.9, 333), (0.1, 111)):
        rows = sentiment.mixed(truth, share)
        assert len(rows) == size and truth[rows].mean() == pytest.approx(share, abs=0.005)
        assert len(set(rows.tolist())) == len(rows)


def test_calibration_of_scores_that_tell_the_truth() -> None:
    random = np.random.default_rng(0)
    values = random.uniform(-1, 1, 20_000).astype(np.float32)
    truth = (random.random(20_000) < (values + 1) / 2).astype(np.float32)
    table, error = sentiment.calibration(values, truth)
    assert len(table) == 10 and error < 0.02
    _, wrong = sentiment.calibration(-values, truth)
    assert wrong > 0.4


@pytest.mark.filterwarnings("ignore")  # SnowNLP's own sources
def test_all_sides_in_one_run(file: Path, capsys: pytest.CaptureFixture[str], home: Path) -> None:
    arguments = [str(file), "--text", "said", "--label", "stars", "--embedder", "lexical", "--fill", "400"]
    assert sentiment.main(arguments) == 0
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert told["ours"]["auc"] > 0.95 and told["ours"]["n"] == 168
    assert told["VADER"]["auc"] > 0.7 and "SnowNLP" in told
    assert told["shares"]["as it is"]["truth"] == pytest.approx(96 / 168, abs=0.001)
    assert abs(told["shares"]["9:1"]["called"] - 0.9) < 0.1
    assert told["calibration, half and half"]["bins"] and told["filled_rows"] == 400


def test_a_file_without_complaints_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "good.csv"
    pd.DataFrame({"t": ["fine", "good"], "s": [5, 5]}).to_csv(path, index=False)
    assert sentiment.main([str(path), "--text", "t", "--label", "s"]) == 2
    assert "no complaints" in capsys.readouterr().err

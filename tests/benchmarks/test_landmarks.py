"""The benchmark of maps of landmarks says what it says of a file whose labels are known."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from benchmarks import landmarks
from tests import made_reviews

# umap-learn says so on its first import.
pytestmark = pytest.mark.filterwarnings("ignore:Tensorflow not installed:ImportWarning")


def test_both_kinds_of_map_are_told_beside_each_other(tmp_path, capsys):
    texts = made_reviews.english(240, seed=3)
    frame = pd.DataFrame({"text": texts, "label": ["one", "two"] * 120})
    frame.to_csv(tmp_path / "labelled.csv", index=False)
    given = [
        str(tmp_path / "labelled.csv"),
        "--text",
        "text",
        "--label",
        "label",
        "--most",
        "80",
        "--embedder",
        "lexical",
    ]
    assert landmarks.main(given) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["rows"] == 240
    for one in (told["whole"], told["80"]):
        assert 0 <= one["coverage"] <= 1
        assert 0 <= one["same_label_of_10_on_the_map"] <= 1
    assert told["80"]["ami_with_whole"] <= 1

"""The benchmark of maps of landmarks says what it says of a file whose labels are known."""

from __future__ import annotations

import json

import pytest

from benchmarks import landmarks
from benchmarks.grown_file import SAMPLES, sentences_of, write

# umap-learn says so on its first import.
pytestmark = pytest.mark.filterwarnings("ignore:Tensorflow not installed:ImportWarning")


def test_both_kinds_of_map_are_told_beside_each_other(tmp_path, capsys):
    file = write(tmp_path / "labelled.csv", sentences_of(SAMPLES[:1]), 240, seed=4)
    given = ["--text", "review", "--label", "rating", "--most", "80", "--embedder", "lexical"]
    assert landmarks.main([str(file), *given]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["rows"] == 240
    for one in (told["whole"], told["80"]):
        assert 0 <= one["coverage"] <= 1
        assert 0 <= one["same_label_of_10_on_the_map"] <= 1
    assert 0 < told["80"]["landmarks"] <= 80
    assert told["80"]["oddness_ranks"] < 1

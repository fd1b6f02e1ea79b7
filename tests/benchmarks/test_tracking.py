"""The benchmark of tracked phrases on a small made file."""

from __future__ import annotations

import csv
import json

import pytest

from benchmarks import tracking
from tests import made_reviews


def test_it_tells_how_well_a_phrase_finds_its_label(home, tmp_path, capsys):
    path = tmp_path / "labelled.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["review", "theme"])
        for theme, texts in made_reviews.ENGLISH.items():
            writer.writerows([text + tail, theme] for text in texts for tail in made_reviews.TAILS)
    arguments = [str(path), "--text", "review", "--label", "theme", "--embedder", "bundled"]
    assert tracking.main(arguments) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["labels"] == 4
    assert set(told["answers"]) == {"0", "10", "20", "40"}
    assert told["answers"]["0"]["f1"] > 0.8


def test_a_column_that_is_not_there_ends_with_2(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(SystemExit) as caught:
        tracking.main([str(path), "--text", "t", "--label", "b"])
    assert caught.value.code == 2

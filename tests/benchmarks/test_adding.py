"""The benchmark of adding on a small made file: its figures are there and its claims are checked."""

from __future__ import annotations

import json

import pytest

from benchmarks import adding
from tests import made_reviews
from tests.add.conftest import fresh

pytestmark = [
    # UMAP says at its import that TensorFlow, which its parametric variant wants, is not there.
    pytest.mark.filterwarnings("ignore:Tensorflow not installed:ImportWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning:(jieba|snownlp|hdbscan|umap)"),
]


def test_it_tells_seconds_bits_and_agreement(home, tmp_path, capsys):
    path = made_reviews.write(tmp_path / "all.csv", fresh(70))
    arguments = [str(path), "--text", "review", "--rows", "60", "--add", "10", "--runs", "1", "--embedder", "lexical"]
    assert adding.main(arguments) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["identical"] is True
    assert 0 < told["after_embedding_s"] <= told["total_s"]
    assert -1 <= told["ari"] <= 1
    assert "sentiment" in told["stages"]


def test_too_few_rows_are_told(home, tmp_path, capsys):
    path = made_reviews.write(tmp_path / "few.csv", fresh(12))
    assert adding.main([str(path), "--text", "review"]) == 2
    assert "21000" in capsys.readouterr().err


def test_impossible_numbers_end_with_2(tmp_path):
    with pytest.raises(SystemExit) as caught:
        adding.main([str(tmp_path / "x.csv"), "--text", "t", "--runs", "0"])
    assert caught.value.code == 2

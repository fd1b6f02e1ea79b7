"""The slider's benchmark on a small made file: real server, real Chromium, figures there."""

from __future__ import annotations

import json
import shutil

import pytest

from benchmarks import slider
from tests import made_reviews

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not shutil.which("chromium"), reason="No Chromium"),
    # UMAP says at its import that TensorFlow, which its parametric variant wants, is not there.
    pytest.mark.filterwarnings("ignore:Tensorflow not installed:ImportWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning:(jieba|snownlp|hdbscan|umap)"),
]


def test_it_tells_how_long_a_move_takes(home, tmp_path, capsys):
    path = made_reviews.write(tmp_path / "all.csv", made_reviews.table(made_reviews.english(150)))
    arguments = [str(path), "--text", "review", "--rows", "150", "--moves", "1", "--embedder", "lexical"]
    assert slider.main(arguments) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["rows"] == 150
    assert told["moves"] >= 1
    assert told["opened_s"] > 0


def test_too_few_rows_are_told(home, tmp_path, capsys):
    path = made_reviews.write(tmp_path / "few.csv", made_reviews.table(made_reviews.english(12)))
    assert slider.main([str(path), "--text", "review"]) == 2
    assert "20000" in capsys.readouterr().err

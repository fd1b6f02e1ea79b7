"""The panels' benchmark on a small made file: every panel is drawn on the server and in Chromium, figures there."""

from __future__ import annotations

import json
import shutil

import pytest

from benchmarks import panels
from tests import made_reviews

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not shutil.which("chromium"), reason="No Chromium"),
    # UMAP says at its import that TensorFlow, which its parametric variant wants, is not there.
    pytest.mark.filterwarnings("ignore:Tensorflow not installed:ImportWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning:(jieba|snownlp|hdbscan|umap)"),
]


def test_it_tells_what_every_panel_takes(home, tmp_path, capsys):
    path = made_reviews.write(tmp_path / "all.csv", made_reviews.table(made_reviews.english(150)))
    roles = ["--text", "review", "--rating", "stars", "--date", "day", "--item", "shop"]
    assert panels.main([str(path), *roles, "--rows", "150", "--runs", "1", "--embedder", "lexical"]) == 0
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert set(told["panels"]) == {panel.name for panel in panels.PANELS}
    for figures in told["panels"].values():
        assert figures["wide_390_px"] <= 390
        assert all(value > 0 for value in figures.values())


def test_too_few_rows_are_told(home, tmp_path, capsys):
    path = made_reviews.write(tmp_path / "few.csv", made_reviews.table(made_reviews.english(12)))
    assert panels.main([str(path), "--text", "review"]) == 2
    assert "20000" in capsys.readouterr().err

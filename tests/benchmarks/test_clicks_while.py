"""The benchmark of clicks beside a running analysis, on a small made file: a real server, worker and Chromium."""

from __future__ import annotations

import json
import shutil

import pytest

from benchmarks import clicks_while
from benchmarks.clicks_while import Click, figures
from tests import made_reviews

pytestmark = [
    # UMAP says at its import that TensorFlow, which its parametric variant wants, is not there.
    pytest.mark.filterwarnings("ignore:Tensorflow not installed:ImportWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning:(jieba|snownlp|hdbscan|umap)"),
]


@pytest.mark.browser
@pytest.mark.skipif(not shutil.which("chromium"), reason="No Chromium")
def test_it_tells_what_a_running_analysis_adds(home, tmp_path, capsys):
    path = made_reviews.write(tmp_path / "all.csv", made_reviews.table(made_reviews.english(400)))
    sizes = ["--rows", "400", "--shown", "150", "--clicks", "5", "--busy", "6"]
    assert clicks_while.main([str(path), "--text", "review", *sizes, "--embedder", "lexical"]) == 0
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert told["clicks_quiet"] == 10
    assert 1 <= told["clicks_busy"] <= 6
    assert told["answered_s"]["quiet"]["p50"] > 0
    assert told["drawn_s"]["busy"]["p95"] >= told["answered_s"]["busy"]["p50"]


def test_what_is_added_is_against_the_same_page():
    quiet = [Click("Map", 1.0, 2.0), Click("Overview", 3.0, 4.0), Click("Map", 1.2, 2.0)]
    busy = [Click("Map", 1.3, 2.5, "embedding"), Click("Overview", 3.0, 4.0, "clusters")]
    told = figures(quiet, busy)
    assert told["answered_s"]["added"] == {"p50": 0.0, "p95": 0.2, "most": 0.2}
    assert told["answered_s"]["added_by_stage"]["clusters"]["most"] == 0.0
    assert told["drawn_s"]["added_by_stage"] == {
        "embedding": {"p50": 0.5, "p95": 0.5, "most": 0.5},
        "clusters": {"p50": 0.0, "p95": 0.0, "most": 0.0},
    }


def test_too_few_rows_are_told(home, tmp_path, capsys):
    path = made_reviews.write(tmp_path / "few.csv", made_reviews.table(made_reviews.english(12)))
    assert clicks_while.main([str(path), "--text", "review"]) == 2
    assert "2000" in capsys.readouterr().err

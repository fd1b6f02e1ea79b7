"""The load benchmark on a small made analysis: a real server, real websockets, figures there and nothing lost."""

from __future__ import annotations

import json

import numpy as np
import pytest

from benchmarks import load, recombined
from benchmarks.command import percentile

pytestmark = [
    # UMAP says at its import that TensorFlow, which its parametric variant wants, is not there.
    pytest.mark.filterwarnings("ignore:Tensorflow not installed:ImportWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning:(jieba|snownlp|hdbscan|umap)"),
]


def test_it_tells_what_a_click_takes_and_what_was_lost(capsys):
    few = ["--rows", "400", "--sessions", "2", "--clicks", "4", "--think", "0", "0.05"]
    assert load.main(few) == 0
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    (round_,) = told["rounds"]
    assert round_["errors"] == []
    assert round_["lost"] == []
    assert round_["clicks"] >= 2 * 4
    assert 0 < round_["p50_s"] <= round_["p95_s"] <= round_["worst_s"]
    assert told["tracebacks_in_log"] == 0


def test_made_reviews_are_the_same_each_time_and_differ_among_themselves():
    one, other = recombined.reviews(300, seed=4), recombined.reviews(300, seed=4)
    assert one.equals(other)
    assert one["review"].nunique() > 280
    found = recombined.vectors(one["review"])
    assert found.shape[0] == 300
    assert np.allclose(np.linalg.norm(found, axis=1), 1.0, atol=1e-5)


def test_the_95th_of_a_hundred():
    assert percentile([float(n) for n in range(1, 101)], 95) == 95.0
    assert percentile([3.0], 95) == 3.0

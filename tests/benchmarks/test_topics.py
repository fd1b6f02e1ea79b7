"""The benchmarks of topics and of growth, without BERTopic."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from benchmarks import growth, topics

# importing umap calls into a module loader that Python 3.11 warns of; nothing of ours
pytestmark = pytest.mark.filterwarnings("ignore::ImportWarning")


@pytest.fixture
def labelled(tmp_path):
    rng = np.random.default_rng(0)
    labels = np.repeat(["water", "milk", "beans", "price", "service", "noise"], 25)
    centres = rng.normal(size=(6, 20))
    matrix = (np.repeat(centres, 25, axis=0) + 0.4 * rng.normal(size=(150, 20))).astype(np.float32)
    matrix /= np.linalg.norm(matrix, axis=1, keepdims=True)
    texts = [f"what number {number} says of it" for number in range(150)]
    pd.DataFrame({"text": texts, "label": labels}).to_csv(tmp_path / "set.csv", index=False)
    np.save(tmp_path / "vectors.npy", matrix)
    return [str(tmp_path / "set.csv"), "--text", "text", "--label", "label", "--vectors", str(tmp_path / "vectors.npy")]


@pytest.mark.parametrize("command", ["quality", "stability"])
def test_planted_groups_are_found_and_come_back(labelled, capsys, command):
    assert topics.main([command, *labelled, "--no-peer", "--runs", "2", "--samples", "2"]) == 0
    ours = json.loads(capsys.readouterr().out.splitlines()[-1])[command]["ours"]
    if command == "quality":
        assert ours["ami"] > 0.9 and ours["coverage"] > 0.95 and len(ours["amis"]) == 2
    else:
        assert ours["ari_least"] > 0.9 and len(ours["topics"]) == 3


def test_vectors_of_another_file_are_refused(labelled, capsys):
    assert topics.main(["quality", *labelled, "--no-peer", "--without", "milk"]) != 0
    assert "150 rows for 125" in capsys.readouterr().err


def test_a_file_grows_by_pairs():
    matrix = np.eye(4, dtype=np.float32)
    texts, more = growth.grown(["a", "b", "c", "d"], matrix, 9)
    assert len(texts) == len(more) == 9 and texts[:4] == ["a", "b", "c", "d"]
    assert np.linalg.norm(more, axis=1) == pytest.approx(np.ones(9))
    assert growth.grown(["a", "b", "c", "d"], matrix, 2)[0] == ["a", "b"]


def test_exponent_of_a_quadratic():
    assert growth.exponent([10, 20, 40], [1.0, 4.0, 16.0]) == pytest.approx(2.0)
    assert np.isnan(growth.exponent([10], [1.0]))

import numpy as np
import pytest

from benchmarks import quality
from pipelines.neighbors import build_graph

# importing umap calls into a module loader that Python 3.11 warns of; nothing of ours
pytestmark = pytest.mark.filterwarnings("ignore::ImportWarning")


def test_measures_planted_groups():
    rng = np.random.default_rng(0)
    labels = np.repeat(["water", "milk", "beans", "noise", "price", "service"], 30)
    centres = rng.normal(size=(6, 20))
    matrix = (np.repeat(centres, 30, axis=0) + 0.4 * rng.normal(size=(180, 20))).astype(np.float32)
    matrix /= np.linalg.norm(matrix, axis=1, keepdims=True)
    found = quality.measure([f"text {number}" for number in range(180)], matrix, labels)
    assert found["ami"] > 0.9
    assert found["coverage"] > 0.95
    assert found["same_label_of_10"] > 0.95
    assert found["units"] == found["distinct"] == 180


def test_agreement_of_a_perfect_partition():
    found = quality.agreement(np.array([0, 0, 1, 1]), ["a", "a", "b", "b"])
    assert found == {"ami": 1.0, "ari": 1.0, "coverage": 1.0, "topics": 2}


def test_same_label_share():
    matrix = np.array([[1, 0], [1, 0], [0, 1], [0, 1]], dtype=np.float32)
    assert quality.same_label(build_graph(matrix), ["a", "a", "b", "b"], k=1) == 1.0

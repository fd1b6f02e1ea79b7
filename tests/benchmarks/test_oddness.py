import numpy as np

from benchmarks import oddness
from tests import sample_bundle


def test_mixes_have_the_share_asked_for_and_differ():
    is_out = np.arange(1200) >= 1000
    one, other = oddness.mixed(is_out, 0.04, 0), oddness.mixed(is_out, 0.04, 1)
    assert len(one) == len(other) == 1042
    assert is_out[one].sum() == 42
    assert one.tolist() != other.tolist()


def test_what_stands_apart_scores_higher():
    random = np.random.default_rng(0)
    matrix = random.normal(size=(300, 24)).astype(np.float32)
    matrix[:285] += 6 * np.repeat(random.normal(size=(5, 24)), 57, axis=0)
    matrix /= np.linalg.norm(matrix, axis=1, keepdims=True)
    is_out = np.arange(300) >= 285
    found = oddness.scope(matrix, is_out, glosh=False)
    assert found["ours"]["auc"] > 0.98
    assert found["flagged"] <= 15
    assert found["flagged_right"] >= 12


def test_recall_of_what_was_planted(tmp_path):
    bundle = sample_bundle.sample_bundle(tmp_path, 120)
    odd = bundle.points.loc[bundle.points["is_outlier"], "row_id"].tolist()
    planted = {
        "outliers": [odd[0], int((~bundle.points["is_outlier"]).to_numpy().argmax()), 5000],
        "exact_duplicates": [[117, 118, 119], [1, 2]],
        "near_duplicates": [[118]],
    }
    found = oddness.found_of(bundle, planted)
    assert found["outliers"] == f"1/2 (of {len(odd)} named)"
    assert found["exact_duplicates"] == "3/5"
    assert found["near_duplicates"] == "0/0"

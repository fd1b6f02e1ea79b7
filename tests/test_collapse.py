"""Duplicates by kind, and what they may not do: change how the other reviews are grouped."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import adjusted_rand_score

from pipelines import collapse
from pipelines.analysis import Request, analyze
from tests.conftest import ROOT

COPIED = "The postman left the parcel at the neighbour's and nobody rang our bell at all."

pytestmark = [
    # UMAP says at its import that TensorFlow, which its parametric variant wants, is not there.
    pytest.mark.filterwarnings("ignore:Tensorflow not installed:ImportWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning:(jieba|snownlp|hdbscan|umap)"),
]


def test_kinds_are_told_apart():
    texts = ["Great coffee!", "Great coffee!", "great coffee", "Thank you Anna for it", "Thank you Peter for it", "x"]
    points = pd.DataFrame(
        {
            "unit_id": range(6),
            "text": pd.array(texts, dtype="str"),
            "duplicate_of": pd.array([None, 0, 0, None, 3, None], dtype="Int64"),
        }
    )
    assert collapse.kinds(points).tolist() == ["", "exact", "folded", "", "near", ""]
    assert collapse.counted(points) == {"exact": 1, "folded": 1, "near": 1}
    assert collapse.counted(points.head(0)) == {"exact": 0, "folded": 0, "near": 0}


def with_copies(folder: Path, copies: int, caches: Path) -> tuple[np.ndarray, dict]:
    """The coffee sample with one more text so many times in front: clusters of the sample's own rows, the summary."""
    with (ROOT / "sample_data" / "coffee_machines.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    text = max(rows[0], key=lambda name: np.mean([len(row[name]) for row in rows]))
    path = folder / f"{copies}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows([{**rows[0], text: COPIED}] * copies)
        writer.writerows(rows)
    parts = analyze(Request(path, path.name), cache_dir=caches)
    points = parts.points
    copied = points["text"] == COPIED
    assert copied.sum() == copies
    assert points.loc[copied, ["x2", "y2", "cluster"]].drop_duplicates().shape[0] == 1
    return points.loc[~copied, "cluster"].to_numpy(), dict(parts.summary)


def test_500_identical_reviews_group_the_others_as_one_does(tmp_path):
    one, _ = with_copies(tmp_path, 1, tmp_path / "caches")
    many, summary = with_copies(tmp_path, 500, tmp_path / "caches")
    assert len(one) == len(many)
    assert adjusted_rand_score(one, many) == 1.0
    assert len(set(one.tolist()) - {-1}) > 1
    assert summary["duplicate_kinds"]["exact"] >= 499
    assert sum(summary["duplicate_kinds"].values()) == summary["duplicates"]

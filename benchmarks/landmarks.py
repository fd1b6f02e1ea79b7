"""A map of a sample against that of all, on a labelled file: python -m benchmarks.landmarks FILE… --text C --label C.

Files are joined. The whole analysis is made once with all reviews and once a --most, with that many landmarks. An
embedder that learns from the file learns from the sample there: what is lost by that counts too. Each map against the
labels (AMI, ARI, coverage, topics), each map of landmarks against the whole one (AMI of topics, rank correlation of
oddness, correlation of sentiment), and the share of each review's ten nearest on the 2D map that have its label. One
JSON line.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import spearmanr
from sklearn.metrics import adjusted_mutual_info_score
from sklearn.neighbors import NearestNeighbors

from benchmarks.command import printed
from benchmarks.quality import agreement
from pipelines.analysis import Request, analyze
from pipelines.config import AnalyzeConfig
from pipelines.large import SUMMARY
from pipelines.store.bundle import BundleParts

NEAR = 10


def measured(given: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """All maps in turn."""
    frame = pd.concat([pd.read_csv(file, dtype=str) for file in given.files], ignore_index=True)
    frame = frame.loc[frame[given.text].notna() & frame[given.label].notna(), [given.text, given.label]]
    source = folder / "labelled.csv"
    frame.to_csv(source, index=False)
    whole = _analysed(source, given, folder, {}).points
    told: dict[str, Any] = {"rows": len(frame), "whole": _against_labels(whole, given.label, frame)}
    for most in given.most:
        parts = _analysed(source, given, folder, {"landmarks.above": "0", "landmarks.most": str(most)})
        few = parts.points
        told[str(most)] = _against_labels(few, given.label, frame) | {
            "landmarks": parts.summary[SUMMARY]["n"],  # type: ignore[index]
            "ami_with_whole": round(float(adjusted_mutual_info_score(whole["cluster"], few["cluster"])), 4),
            "oddness_ranks": round(float(spearmanr(whole["outlier_score"], few["outlier_score"])[0]), 4),
            "sentiment": round(float(np.corrcoef(whole["sentiment"], few["sentiment"])[0, 1]), 4),
        }
    return told


def _analysed(source: Path, given: argparse.Namespace, folder: Path, extra: dict[str, str]) -> BundleParts:
    from pipelines.ingest import IngestOptions

    config = AnalyzeConfig(embedder=given.embedder, extra={"cluster.resamples": "0", **extra})
    options = IngestOptions(roles={"text": given.text})
    return analyze(Request(source, source.name, options, config), cache_dir=folder / "caches")


def _against_labels(points: pd.DataFrame, label: str, frame: pd.DataFrame) -> dict[str, Any]:
    labels = frame[label].to_numpy()[points["row_id"]]
    places = points[["x2", "y2"]].to_numpy()
    near = NearestNeighbors(n_neighbors=NEAR).fit(places).kneighbors(return_distance=False)
    same = float((labels[near] == labels[:, None]).mean())
    return {**agreement(points["cluster"].to_numpy(), labels.tolist()), "same_label_of_10_on_the_map": round(same, 4)}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--text", required=True, metavar="C")
    parser.add_argument("--label", required=True, metavar="C")
    parser.add_argument("--most", type=int, nargs="+", default=[1000, 3000], help="landmarks (default: 1000 and 3000)")
    parser.add_argument("--embedder", default="auto")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="reviewscape-landmarks-") as name:
        return printed(lambda: measured(given, Path(name)))


if __name__ == "__main__":
    sys.exit(main())

"""Odd reviews, duplicates and contradictions: how well they are found.

`python -m benchmarks.oddness scope FILE --text C --label C --out LABEL [--share 0.04] [--mixes 5] [--vectors F.npy]`:
rows of the label `out` are mixed into all others until they are that share of the whole, several times at random.
Prints for each mix the AUC of our score and of GLOSH (hdbscan's outlier_scores_, on the five-dimensional layout that is
clustered), and the precision among the first 50 of each.

`python -m benchmarks.oddness planted [--bundles DIR] [FILE …]`: of what sample_data/planted names, how much is found.
The files are analysed first, as the command line does, or taken from DIR/<name of the file>/.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.quality import embed
from pipelines import neighbors, outliers, project
from pipelines.sentiment.contradictions import contradictions
from pipelines.store.reader import Bundle, open_bundle
from pipelines.types import BoolArray, FloatArray, Sentiment

SAMPLES = Path(__file__).resolve().parents[1] / "sample_data"
FIRST = 50
GLOSH_SIZE = 10
"""BERTopic's smallest topic, which its HDBSCAN gets."""


def mixed(is_out: BoolArray, share: float, seed: int) -> NDArray[np.int64]:
    """Positions of all that are in, and of so many that are out that they are `share` of the whole, in file order."""
    inside, outside = np.flatnonzero(~is_out), np.flatnonzero(is_out)
    count = min(len(outside), round(share * len(inside) / (1.0 - share)))
    return np.sort(np.concatenate([inside, np.random.default_rng(seed).choice(outside, count, replace=False)]))


def told(score: NDArray[np.floating], is_out: BoolArray) -> dict[str, float]:
    """AUC, and the precision among the first 50, of a score (n,) against what is out (n,)."""
    from sklearn.metrics import roc_auc_score

    first = np.argsort(-score, kind="stable")[:FIRST]
    return {"auc": round(float(roc_auc_score(is_out, score)), 4), "first_50": round(float(is_out[first].mean()), 3)}


def scope(matrix: FloatArray, is_out: BoolArray, *, seed: int = 0, glosh: bool = True) -> dict[str, Any]:
    """Our score and GLOSH on vectors (n, d) of length 1, of which `is_out` (n,) do not belong; and what is flagged."""
    graph = neighbors.build_graph(matrix)
    odd = outliers.score(graph)
    flagged = odd.is_outlier
    found: dict[str, Any] = {
        "ours": told(odd.score, is_out),
        "flagged": int(flagged.sum()),
        "flagged_right": int((flagged & is_out).sum()),
        "out": int(is_out.sum()),
        "of": len(matrix),
    }
    if glosh:
        found["glosh"] = told(_glosh(graph, seed), is_out)
    return found


def _glosh(graph: neighbors.NeighborGraph, seed: int) -> NDArray[np.float64]:
    """Campello et al. 2015, as hdbscan has it, where BERTopic would have it: on the layout that is clustered."""
    import hdbscan

    layout = project.cluster_layout(graph, project.ProjectConfig(seed=seed), seed)
    fitted = hdbscan.HDBSCAN(min_cluster_size=GLOSH_SIZE).fit(layout.astype(np.float64))
    return np.nan_to_num(np.asarray(fitted.outlier_scores_, dtype=np.float64))


def found_of(bundle: Bundle, planted: Mapping[str, Any]) -> dict[str, str]:
    """Of each kind that was planted (data rows) how many are found, as "found/planted"."""
    points = bundle.points
    odd = set(points.loc[points["is_outlier"], "row_id"])
    felt = Sentiment(
        points["sentiment"].to_numpy(dtype=np.float32),
        points["sentiment_label"].to_numpy(dtype=str),
        np.ones(len(points), dtype=np.float32),
        method=(),
    )
    against: set[int] = set()
    if "rating" in points:
        order, _strength = contradictions(points["rating"].to_numpy(dtype=np.float32), felt)
        against = set(points["row_id"].iloc[order])
    head = points["duplicate_of"].astype("Int64").fillna(points["unit_id"])
    group = dict(zip(points["row_id"].tolist(), head.tolist(), strict=True))
    kept = set(group)
    told_: dict[str, str] = {}
    for name, rows in (("outliers", odd), ("contradictions", against)):
        wanted = [row for row in planted.get(name, ()) if row in kept]
        told_[name] = f"{len(rows.intersection(wanted))}/{len(wanted)} (of {len(rows)} named)"
    for name in ("exact_duplicates", "near_duplicates"):
        told_[name] = _pairs([[row for row in rows if row in kept] for rows in planted.get(name, ())], group)
    return told_


def _pairs(planted: Sequence[Sequence[int]], group: Mapping[int, int]) -> str:
    """Planted members that share a group with another one of theirs."""
    found = total = 0
    for rows in planted:
        if len(rows) < 2:
            continue
        counts = pd.Series([group[row] for row in rows]).value_counts()
        total += len(rows)
        found += int(counts[counts > 1].sum())
    return f"{found}/{total}"


def _bundle(file: Path, folder: Path) -> Bundle:
    target = folder / file.stem
    if not target.exists():
        command = [sys.executable, "-m", "pipelines", "analyze", str(file), "--out", str(target)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return open_bundle(target)


def _scope(given: argparse.Namespace) -> None:
    frame = pd.read_csv(given.file, dtype=str).dropna(subset=[given.text, given.label])
    texts, is_out = frame[given.text].tolist(), (frame[given.label] == given.out).to_numpy(dtype=bool)
    matrix = np.load(given.vectors).astype(np.float32) if given.vectors else embed(texts)
    for seed in range(given.mixes):
        chosen = mixed(is_out, given.share, seed)
        found = scope(matrix[chosen], is_out[chosen], seed=seed, glosh=not given.without_glosh)
        print(json.dumps({"mix": seed, **found}), flush=True)


def _planted(given: argparse.Namespace) -> None:
    files = given.files or sorted(SAMPLES.glob("*.csv"))
    with tempfile.TemporaryDirectory() as folder:
        for file in files:
            planted = json.loads((SAMPLES / "planted" / f"{file.stem}.json").read_text(encoding="utf-8"))
            bundle = _bundle(file.resolve(), given.bundles or Path(folder))
            print(json.dumps({"file": file.name, **found_of(bundle, planted)}, ensure_ascii=False), flush=True)


def main(arguments: Sequence[str] | None = None) -> None:
    """Read, measure, print a JSON object a line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True)
    scope_ = commands.add_parser("scope")
    scope_.add_argument("file", type=Path)
    scope_.add_argument("--text", required=True)
    scope_.add_argument("--label", required=True)
    scope_.add_argument("--out", required=True, help="the label of rows that do not belong")
    scope_.add_argument("--share", type=float, default=0.04)
    scope_.add_argument("--mixes", type=int, default=5)
    scope_.add_argument("--vectors", type=Path, help="one row per data row of the file")
    scope_.add_argument("--without-glosh", action="store_true")
    scope_.set_defaults(run=_scope)
    planted_ = commands.add_parser("planted")
    planted_.add_argument("files", type=Path, nargs="*")
    planted_.add_argument("--bundles", type=Path)
    planted_.set_defaults(run=_planted)
    given = parser.parse_args(arguments)
    given.run(given)


if __name__ == "__main__":
    main()

"""What leaves comes back: read a file, export its bundle in every format, read each export, compare every cell.

    python -m benchmarks.roundtrip FILE… [--analyze] [--seed N]

Prints one line a file and format: rows, columns, and `same`, or where the first difference is (row and column, never
its text). By default the bundle's points are random, so that a file of any size takes seconds; rows.parquet, the bundle
folder and the export are the real ones. --analyze runs the whole analysis instead (a draft). Exit code 1 where anything
differs.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

from pipelines import points
from pipelines.__main__ import main as command_line
from pipelines.errors import ReviewscapeError
from pipelines.ingest import ingest, read_table
from pipelines.store.bundle import BundleParts, write_bundle
from pipelines.store.schema import SENTIMENT_LABELS
from pipelines.types import Reviews

FORMATS = {
    "csv": ("t.csv", ()),
    "csv with BOM": ("b.csv", ("--bom",)),
    "xlsx": ("t.xlsx", ()),
    "parquet": ("t.parquet", ()),
}
DIM = 8


def main(arguments: list[str] | None = None) -> int:
    """Compare each file with its exports; 1 where one differs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", metavar="FILE", type=Path)
    parser.add_argument("--analyze", action="store_true", help="run the whole analysis, as a draft")
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args(arguments)
    all_same = True
    for path in args.files:
        with tempfile.TemporaryDirectory() as folder:
            try:
                upload, bundle = bundle_of(path, Path(folder), analyze=args.analyze, seed=args.seed)
            except ReviewscapeError as error:
                print(f"{path.name}\tnot read\t{error}")
                all_same = False
                continue
            for name, (file_name, options) in FORMATS.items():
                target = Path(folder) / file_name
                said = export(bundle, target, options)
                difference = first_difference(upload, read_table(target).frame)
                all_same &= difference is None
                outcome = difference or "same"
                print(
                    f"{path.name}\t{name}\t{len(upload)} rows\t{upload.shape[1]} columns\t{outcome}{said}", flush=True
                )
    return 0 if all_same else 1


def bundle_of(path: Path, folder: Path, *, analyze: bool, seed: int) -> tuple[pd.DataFrame, Path]:
    """The upload's rows as they were read, and a bundle of it."""
    if analyze:
        bundle = folder / "bundle"
        call(["analyze", str(path), "--out", str(bundle), "--draft", "--projection", "pca", "--seed", str(seed)])
        return read_table(path).frame, bundle
    reviews = ingest(path)
    return reviews.table.frame, write_bundle(folder / "bundle", random_parts(reviews, seed))


def random_parts(reviews: Reviews, seed: int) -> BundleParts:
    """A bundle's parts with the upload's real rows and one random point for each row that is kept."""
    random = np.random.default_rng(seed)
    row_id = np.flatnonzero(reviews.kept)
    n = len(row_id)
    cluster = random.integers(-1, 5, n).astype(np.int32)
    frame = pd.DataFrame(
        {
            "row_id": row_id,
            "unit_id": np.arange(n),
            "text": pd.array([reviews.text[row] for row in row_id], dtype="str"),
            **{axis: random.normal(size=n).astype(np.float32) for axis in ("x2", "y2", "x3", "y3", "z3")},
            "cluster": cluster,
            "joined": random.random(n) < 0.2,
            "cluster_strength": random.random(n).astype(np.float32),
            "topic": pd.array([f"topic {number}" if number >= 0 else "" for number in cluster], dtype="str"),
            "sentiment": random.uniform(-1, 1, n).astype(np.float32),
            "sentiment_label": pd.array(random.choice(SENTIMENT_LABELS, n).astype(object), dtype="str"),
            "outlier_score": random.random(n).astype(np.float32),
            "is_outlier": random.random(n) < 0.1,
            "duplicate_of": pd.array([None] * n, dtype="Int64"),
        }
    )
    if reviews.reply is not None:
        frame["reply"] = pd.array([reviews.reply[row] for row in row_id], dtype="str")
    vectors = random.normal(size=(n, DIM)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    roles = {role: column for role, column in reviews.roles.columns.items() if column}
    summary = {"rows": len(reviews.text), "topics": [], "warnings": [], "roles": roles}
    return BundleParts(
        rows=points.rows(reviews),
        points=frame,
        vectors=vectors,
        state={},
        summary=summary,
        config={"seed": seed},
        identity={"name": "random", "dim": DIM},
    )


def export(bundle: Path, target: Path, options: tuple[str, ...]) -> str:
    """Export with the command line; returns what it said of losses, to stand at a line's end."""
    notes = call(["export", str(bundle), f"--{target.suffix[1:]}", str(target), *options])
    return "".join(f"; {line.rpartition(': ')[2]}" for line in notes.splitlines() if line.startswith("note:"))


def call(arguments: list[str]) -> str:
    """Run a command of ours in this process; returns its stderr, raises RuntimeError with it where it fails."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = command_line(arguments)
    if code:
        raise RuntimeError(f"{arguments[0]} ended with {code}: {err.getvalue().strip()}")
    return err.getvalue()


def first_difference(upload: pd.DataFrame, found: pd.DataFrame) -> str | None:
    """Where the upload's columns first differ from what was read again; None where they are the same."""
    columns = [str(name) for name in upload.columns]
    if [str(name) for name in found.columns[: len(columns)]] != columns:
        return "different: column names"
    if len(found) != len(upload):
        return f"different: {len(found)} rows"
    for name in columns:
        differs = upload[name].to_numpy(dtype=object) != found[name].to_numpy(dtype=object)
        if differs.any():
            return f"different: row {int(differs.argmax()) + 1}, column {name} ({int(differs.sum())} cells of it)"
    return None


if __name__ == "__main__":
    sys.exit(main())

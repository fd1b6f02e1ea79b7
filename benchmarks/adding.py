"""Adding reviews to a finished map: python -m benchmarks.adding FILE --text C [--rows 20000] [--add 1000] [--runs 3].

Of a file's rows in random order the first are analysed and the next added, in a fresh process; medians over runs with
other orders. Told are the seconds from the end of embedding to the new bundle on disk, those of the whole process, and
its processor seconds (for a busy machine), whether every old value kept its bits, and how far topics agree with those
of the map made anew with all rows: of the added rows (the share in the same topic, AMI, ARI) and of all (AMI, ARI).
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.measure import measure as measured
from benchmarks.rounds import REPOSITORY
from pipelines import ingest
from pipelines.add import Refit
from pipelines.analysis import Request, analyze
from pipelines.config import AnalyzeConfig
from pipelines.errors import ReviewscapeError, UnusableInput
from pipelines.ingest import IngestOptions
from pipelines.store.bundle import write_bundle
from pipelines.store.reader import Bundle, open_bundle

BEFORE = ("reading", "embedding")
"""Stages whose seconds are not counted: they are what the file and the model cost."""


def measure(
    frame: pd.DataFrame, text: str, rows: int, more: int, embedder: str, seed: int, folder: Path
) -> dict[str, Any]:
    """One run in `folder`; frame: the file's rows as text."""
    mixed = frame.sample(frac=1.0, random_state=seed).head(rows + more)
    first, second = folder / "first.csv", folder / "second.csv"
    mixed.head(rows).to_csv(first, index=False)
    mixed.iloc[rows:].to_csv(second, index=False)
    options = IngestOptions(roles={"text": text})
    caches = folder.parent / "cache"
    request = Request(first, first.name, options, AnalyzeConfig(embedder=embedder))
    old = open_bundle(write_bundle(folder / "old", analyze(request, cache_dir=caches)))
    command = [sys.executable, "-m", "pipelines", "add", str(old.path), str(second), "--out", str(folder / "new")]
    added = measured([*command, "--cache-dir", str(caches), "--json"], env=os.environ, cwd=REPOSITORY)
    new = open_bundle(folder / "new")
    seconds: dict[str, float] = json.loads(added.stdout.splitlines()[-1])["seconds"]
    before_s = sum(seconds.get(stage, 0.0) for stage in BEFORE)
    refit = Refit(new)
    anew = refit.finish(
        analyze(refit.request(folder), reviews=refit.reviews(), cache_dir=caches, arrange=refit.arrange)
    )
    n = len(old.points)
    entry = new.summary["added"][-1]
    return {
        "after_embedding_s": round(seconds["total"] - before_s, 3),
        "total_s": round(added.wall_s, 3),
        "processor_s": round(added.cpu_s, 3),
        "peak_mb": round(added.peak_mb),
        "stages": seconds,
        "identical": _is_unchanged(old, new),
        "fits_nowhere": entry["fits_nowhere"],
        "forming": len(entry["forming"]),
        **_agreement(new.points["cluster"].to_numpy(), anew.points["cluster"].to_numpy(), n),
        "stay": anew.summary["refit"]["stay"],  # type: ignore[index]
    }


def _is_unchanged(old: Bundle, new: Bundle) -> bool:
    """Whether every value of the old rows has the same bits."""
    n = len(old.points)
    return bool(
        new.points.iloc[:n].equals(old.points)
        and new.rows.iloc[: len(old.rows)].equals(old.rows)
        and np.asarray(new.vectors)[:n].tobytes() == np.asarray(old.vectors).tobytes()
    )


def _agreement(added: np.ndarray, anew: np.ndarray, n: int) -> dict[str, float]:
    """Of the rows after the first n, and of all: the share in the same topic by its id, which the new map carries over
    where a topic is the same; and the agreement that looks at the groups alone."""
    from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score

    found = {"same_topic": float((added[n:] == anew[n:]).mean())}
    for suffix, one, other in (("", added[n:], anew[n:]), ("_all", added, anew)):
        found[f"ami{suffix}"] = float(adjusted_mutual_info_score(other, one))
        found[f"ari{suffix}"] = float(adjusted_rand_score(other, one))
    return {name: round(value, 4) for name, value in found.items()}


def summary(found: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Medians over the runs; identical only where every run was."""
    names = [name for name, value in found[0].items() if name not in ("stages", "identical")]
    stages = {stage: statistics.median(run["stages"].get(stage, 0.0) for run in found) for stage in found[0]["stages"]}
    return {
        **{name: statistics.median(run[name] for run in found) for name in names},
        "identical": all(run["identical"] for run in found),
        "stages": stages,
        "runs": len(found),
    }


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print one JSON line; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.adding", description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--text", required=True, metavar="C", help="the column that holds the review text")
    parser.add_argument("--rows", type=int, default=20_000, help="rows of the first map (default: 20,000)")
    parser.add_argument("--add", type=int, default=1_000, help="rows added to it (default: 1,000)")
    parser.add_argument("--runs", type=int, default=3, help="random orders of the rows (default: 3)")
    parser.add_argument("--embedder", default="auto", metavar="NAME")
    args = parser.parse_args(argv)
    if min(args.rows, args.add, args.runs) < 1:
        parser.error("--rows, --add and --runs must be at least 1")
    try:
        frame = ingest.ingest(args.file, IngestOptions(roles={"text": args.text})).table.frame
        if len(frame) < args.rows + args.add:
            raise UnusableInput(
                "{file} has {n} rows; {wanted} are needed: give smaller --rows and --add.",
                file=args.file, n=len(frame), wanted=args.rows + args.add,
            )  # fmt: skip
        with tempfile.TemporaryDirectory(prefix="reviewscape-adding-") as name:
            found = []
            for run in range(args.runs):
                folder = Path(name) / str(run)
                folder.mkdir()
                found.append(measure(frame, args.text, args.rows, args.add, args.embedder, run, folder))
                sys.stderr.write(f"run {run + 1}: {json.dumps(found[-1])}\n")
    except ReviewscapeError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    print(json.dumps({"file": args.file.name, "rows": args.rows, "added": args.add, **summary(found)}))
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""A large file on one machine: seconds per stage and peak memory of the whole process tree.

python -m benchmarks.large [--rows 1000000] [--files F…] [--text C] [--embedder NAME] [--full] [--out DIR] [--set K=V]
    The file is made of the sentences of F… (default: the samples), put together anew. One JSON line. --out keeps the
    bundle.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.command import printed
from benchmarks.grown_file import SAMPLES, sentences_of, write
from benchmarks.measure import measure
from benchmarks.speed import machine
from pipelines.store.verify import verify


def measured(given: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """Make the file, analyse it in a fresh process with a state folder of its own, verify the bundle."""
    source = write(folder / "reviews.csv", sentences_of(given.files, given.text), given.rows, given.seed)
    out = given.out or folder / "bundle"
    command = [sys.executable, "-m", "pipelines", "analyze", str(source), "--out", str(out)]
    command += ["--text-column", "review", "--embedder", given.embedder]
    command += [] if given.full else ["--draft"]
    command += [f"--set={entry}" for entry in given.set]
    told = measure(command, env={**os.environ, "REVIEWSCAPE_HOME": str(folder / "home")})
    result = json.loads(told.stdout.splitlines()[-1])
    problems = verify(out)
    return {
        "machine": machine(0),
        "rows": result["rows"],
        "file_mb": round(source.stat().st_size / 1e6),
        "bundle_mb": round(sum(path.stat().st_size for path in out.rglob("*") if path.is_file()) / 1e6),
        "topics": result["topics"],
        "coverage": result["coverage"],
        "seconds": result["seconds"],
        "wall_s": round(told.wall_s, 1),
        "cpu_s": round(told.cpu_s, 1),
        "peak_mb": round(told.peak_mb),
        "problems": [str(problem) for problem in problems],
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--files", type=Path, nargs="+", default=SAMPLES)
    parser.add_argument("--text", help="the files' text column (default: guessed)")
    parser.add_argument("--embedder", default="auto")
    parser.add_argument("--full", action="store_true", help="the model itself in place of its quick stand-in")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, metavar="DIR")
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="reviewscape-large-") as name:
        return printed(lambda: measured(given, Path(name)))


if __name__ == "__main__":
    sys.exit(main())

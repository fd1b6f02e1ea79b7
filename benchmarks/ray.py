"""The same file embedded and placed by this process and by Ray, whose actor is killed midway.

python -m benchmarks.ray [--texts 100000] [--files F…] [--text C] [--embedder NAME] [--full] [--landmarks N]
    One JSON line: seconds of the two stages that engines do, peak memory, whether vectors and points are the same, how
    many parts were begun twice and how many texts at most were embedded again. Needs Ray (requirements-ray.txt).
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import signal
import sys
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.command import printed
from benchmarks.grown_file import SAMPLES, sentences_of, write
from benchmarks.measure import measure
from benchmarks.speed import machine
from pipelines.large.work import PART_TEXTS
from pipelines.store.reader import open_bundle

_LOOK_EVERY_S = 0.05


class Killer:
    """Watches the parts of a run; once `share` of them are there, ends the process that took one in hand last."""

    def __init__(self, home: Path, share: float) -> None:
        self._home, self._share = home, share
        self.begun: set[tuple[int, int]] = set()
        self.killed: int | None = None
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Look no more."""
        self._done.set()
        self._thread.join()

    @property
    def twice(self) -> int:
        """Parts that more than one process took in hand."""
        parts = [part for part, _ in self.begun]
        return len(parts) - len(set(parts))

    def _watch(self) -> None:
        while not self._done.wait(_LOOK_EVERY_S):
            marks = {path.name: path for path in self._home.glob("large/*/vectors-*.begun")}
            self.begun |= {(int(name[8:].split(".")[0]), int(name.split(".")[1])) for name in marks}
            texts = len(list(self._home.glob("large/*/texts-*.parquet")))
            there = {int(path.stem[8:]) for path in self._home.glob("large/*/vectors-*.parquet")}
            under_way = [(part, pid) for part, pid in sorted(self.begun) if part not in there]
            if self.killed is None and under_way and len(there) >= self._share * texts > 0:
                self.killed = under_way[-1][1]
                with contextlib.suppress(ProcessLookupError):
                    os.kill(self.killed, signal.SIGKILL)


def measured(given: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """Both engines in turn, each in a fresh process with a state folder of its own."""
    source = write(folder / "reviews.csv", sentences_of(given.files, given.text), given.texts, 0)
    told: dict[str, Any] = {"machine": machine(0), "texts": given.texts, "embedder": given.embedder, "full": given.full}
    for engine in ("local", "ray"):
        home = folder / engine
        home.mkdir()
        command = [sys.executable, "-m", "pipelines", "analyze", str(source), "--out", str(folder / f"out-{engine}")]
        command += ["--text-column", "review", "--embedder", given.embedder, "--engine", engine]
        command += ["--set", "landmarks.above=0", "--set", f"landmarks.most={given.landmarks}"]
        command += [] if given.full else ["--draft"]
        killer = Killer(home, 0.5) if engine == "ray" else None
        try:
            found = measure(command, env={**os.environ, "REVIEWSCAPE_HOME": str(home)})
        finally:
            if killer is not None:
                killer.stop()
        seconds = json.loads(found.stdout.splitlines()[-1])["seconds"]
        told[engine] = {
            "embedding_s": seconds["embedding"],
            "neighbors_s": seconds["neighbors"],
            "total_s": seconds["total"],
            "cpu_s": round(found.cpu_s, 1),
            "peak_mb": round(found.peak_mb),
        }
        if killer is not None:
            counts = open_bundle(folder / "out-ray").summary["embedding"]
            again = min(killer.twice * PART_TEXTS, max(0, killer.twice * PART_TEXTS - int(counts["cached"])))
            told[engine] |= {"killed": killer.killed is not None, "parts_twice": killer.twice}
            told[engine] |= {"embedded_again_at_most": again, "counts": counts}
    here, there = open_bundle(folder / "out-local"), open_bundle(folder / "out-ray")
    told["units"] = [len(here.points), len(there.points)]
    told["largest_difference"] = float(np.abs(np.asarray(here.vectors) - np.asarray(there.vectors)).max())
    told["same_bits"] = bool(np.array_equal(here.vectors, there.vectors))
    told["same_points"] = bool(here.points.equals(there.points))
    return told


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", type=int, default=100_000)
    parser.add_argument("--files", type=Path, nargs="+", default=SAMPLES)
    parser.add_argument("--text", help="the files' text column (default: guessed)")
    parser.add_argument("--embedder", default="auto")
    parser.add_argument("--full", action="store_true", help="the model itself in place of its quick stand-in")
    parser.add_argument("--landmarks", type=int, default=5000)
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="reviewscape-ray-") as name:
        return printed(lambda: measured(given, Path(name)))


if __name__ == "__main__":
    sys.exit(main())

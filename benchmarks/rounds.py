"""Rounds of a comparison: each side in turn, each run a fresh process without anything kept from an earlier one."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.measure import Measured, RunFailed, measure

REPOSITORY = Path(__file__).resolve().parents[1]
THREAD_VARIABLES = (
    "OMP_NUM_THREADS",
    "MKL_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "NUMBA_NUM_THREADS",
    "RAYON_NUM_THREADS",
    "LOKY_MAX_CPU_COUNT",
    "REVIEWSCAPE_THREADS",
)


@dataclass(frozen=True)
class Side:
    """One of what is compared: command(folder) runs it, and its last stdout line is a JSON object with "seconds".

    details(folder) tells what the run left behind, read before its folder is deleted.
    """

    name: str
    includes: str
    command: Callable[[Path], list[str]]
    details: Callable[[Path], dict[str, Any]] = lambda folder: {}


@dataclass(frozen=True)
class Run:
    """A measured process and what it said."""

    measured: Measured
    result: dict[str, Any]


def alternate(sides: Sequence[Side], runs: int, threads: int) -> dict[str, list[Run]]:
    """Run the sides in turn, `runs` times each, so that a change of the machine's mood meets all of them."""
    found: dict[str, list[Run]] = {side.name: [] for side in sides}
    for number in range(1, runs + 1):
        for side in sides:
            with tempfile.TemporaryDirectory(prefix="reviewscape-speed-") as name:
                folder = Path(name)
                measured = measure(side.command(folder), env=_environment(folder, threads), cwd=REPOSITORY)
                result = _last_line(side, measured) | side.details(folder)
            found[side.name].append(Run(measured, result))
            print(
                f"{side.name} {number}/{runs}: {measured.wall_s:.1f} s wall, {measured.cpu_s:.1f} s processor, "
                f"{measured.peak_mb:,.0f} MB",
                flush=True,
            )
    return found


def _last_line(side: Side, measured: Measured) -> dict[str, Any]:
    lines = measured.stdout.splitlines()
    try:
        found = json.loads(lines[-1])
        if isinstance(found["seconds"], dict):
            return dict(found)
    except (IndexError, ValueError, TypeError, KeyError):
        pass
    raise RunFailed("“{name}” ended well, but its last line is no JSON object with “seconds”.", name=side.name)


def _environment(folder: Path, threads: int) -> dict[str, str]:
    """Same threads for every side, no network, and no state or cache from an earlier run."""
    left_out = ("PYTHONPATH", "PYTHONHOME", "PYTHONSAFEPATH")
    inherited = {key: value for key, value in os.environ.items() if key not in left_out}
    # jieba keeps its dictionary in the temp folder: with a fresh one every run builds it anew, on both sides.
    (folder / "tmp").mkdir()
    return {
        **inherited,
        **dict.fromkeys(THREAD_VARIABLES, str(threads)),
        "REVIEWSCAPE_HOME": str(folder / "home"),
        "TMPDIR": str(folder / "tmp"),
        "HF_HUB_OFFLINE": "1",
    }


def totals(runs: Sequence[Run]) -> dict[str, Any]:
    """Medians over the runs of one side (wall, processor, stages), its largest peak memory, and its last result.

    "other" is the wall time that no stage claims: the interpreter's start, imports, and writing at the end.
    """
    stages: dict[str, float] = {}
    names = [name for name in runs[-1].result["seconds"] if name != "total"]
    for name in names:
        stages[name] = round(median(run.result["seconds"].get(name, 0.0) for run in runs), 3)
    others = [run.measured.wall_s - sum(run.result["seconds"].get(name, 0.0) for name in names) for run in runs]
    stages["other"] = round(median(others), 3)
    return {
        "wall_s": [round(run.measured.wall_s, 3) for run in runs],
        "wall_s_median": round(median(run.measured.wall_s for run in runs), 3),
        "cpu_s_median": round(median(run.measured.cpu_s for run in runs), 3),
        "peak_mb": round(max(run.measured.peak_mb for run in runs), 1),
        "stages": stages,
        **{key: value for key, value in runs[-1].result.items() if key not in ("seconds", "bundle", "rows")},
    }


def ratios(first: Sequence[Run], second: Sequence[Run]) -> dict[str, float]:
    """How many times as long the second side takes: wall time of the medians, the least and most of any round.

    cpu_ratio: the same of the medians of processor time, which another program's load moves less.
    """
    rounds = [two.measured.wall_s / one.measured.wall_s for one, two in zip(first, second, strict=True)]
    wall = median(run.measured.wall_s for run in second) / median(run.measured.wall_s for run in first)
    cpu = median(run.measured.cpu_s for run in second) / median(run.measured.cpu_s for run in first)
    return {
        "ratio": round(wall, 3),
        "least": round(min(rounds), 3),
        "most": round(max(rounds), 3),
        "cpu_ratio": round(cpu, 3),
    }

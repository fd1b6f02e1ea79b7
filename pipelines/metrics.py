"""What the server and its workers are doing, in numbers: jobs, caches, disk, durations, memory, sessions.

Nothing here names an analysis, a file or a person: labels are states, stages and kinds of ours.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import statistics
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pipelines import job_alive, jobs, processes, settings
from pipelines.embed import cache_figures
from pipelines.store import space

STATES = job_alive.STATES
FOLDERS = ("analyses", "stages", "large", "uploads", "models", "logs")
_LAST_JOBS = 50
"""Durations are those of so many jobs that were done last."""


@dataclass(frozen=True)
class Metric:
    """One figure in its variants: name and unit as Prometheus spells them, help, (labels, value) pairs."""

    name: str
    help: str
    samples: tuple[tuple[Mapping[str, str], float], ...]


def gather(*, sessions: int | None = None) -> list[Metric]:
    """All figures as they stand, for everyone's jobs; reads only.

    sessions: how many the server holds, None where this process is no server (then its memory is not told either).
    """
    found = [*_jobs(), *_durations(), *_cache(), *_disk(), *_memory(is_server=sessions is not None)]
    if sessions is not None:
        found.append(Metric("reviewscape_sessions", "Browsers connected now.", (({}, float(sessions)),)))
    return found


def to_prometheus(found: Iterable[Metric]) -> str:
    """The figures in Prometheus's text format 0.0.4; all are gauges."""
    lines = []
    for metric in found:
        lines += [f"# HELP {metric.name} {metric.help}", f"# TYPE {metric.name} gauge"]
        for labels, value in metric.samples:
            named = ",".join(f'{key}="{_escaped(text)}"' for key, text in labels.items())
            lines.append(f"{metric.name}{'{' + named + '}' if named else ''} {value:.10g}")
    return "\n".join([*lines, ""])


def to_plain(found: Iterable[Metric]) -> dict[str, object]:
    """The figures for JSON: {name: number, or a list of {label…, "value"}}."""
    return {
        metric.name: metric.samples[0][1]
        if len(metric.samples) == 1 and not metric.samples[0][0]
        else [{**labels, "value": value} for labels, value in metric.samples]
        for metric in found
    }


def _jobs() -> list[Metric]:
    # Settles those whose worker is gone.
    jobs.list_active()
    counted = dict(jobs.use(lambda db: db.execute("SELECT state, count(*) FROM jobs GROUP BY state").fetchall()))
    samples = tuple(({"state": state}, float(counted.get(state, 0))) for state in STATES)
    return [Metric("reviewscape_jobs", f"Jobs by state; of those that ended the last {jobs.KEPT_ENDED:,}.", samples)]


def _durations() -> list[Metric]:
    """Of the jobs that were done last, those with the newest end first."""

    def work(connection: sqlite3.Connection) -> list[tuple[float, str]]:
        rows = connection.execute(
            "SELECT finished - started AS seconds, bundle FROM jobs WHERE state = ? AND started IS NOT NULL"
            " ORDER BY finished DESC LIMIT ?",
            (jobs.DONE, _LAST_JOBS),
        ).fetchall()
        return [(float(row["seconds"]), str(row["bundle"] or "")) for row in rows]

    done = jobs.use(work)
    stages: dict[str, list[float]] = {}
    for _, bundle in done:
        for stage, seconds in _stage_seconds(bundle):
            stages.setdefault(stage, []).append(seconds)
    found = []
    if done:
        samples = _last_and_median([seconds for seconds, _ in done])
        found.append(Metric("reviewscape_job_seconds", f"Time of the last {_LAST_JOBS} jobs done.", samples))
    if stages:
        told = tuple(one for name in sorted(stages) for one in _last_and_median(stages[name], stage=name))
        found.append(Metric("reviewscape_stage_seconds", f"Time of a stage in the last {_LAST_JOBS} jobs done.", told))
    return found


def _last_and_median(seconds: list[float], **labels: str) -> tuple[tuple[Mapping[str, str], float], ...]:
    return (
        ({**labels, "which": "last"}, seconds[0]),
        ({**labels, "which": "median"}, statistics.median(seconds)),
    )


@lru_cache(maxsize=4 * _LAST_JOBS)
def _stage_seconds(bundle: str) -> tuple[tuple[str, float], ...]:
    """A published bundle does not change, so it is read once; nothing where it is gone or damaged."""
    try:
        told = json.loads((Path(bundle) / "summary.json").read_bytes())["seconds"]
        return tuple((str(stage), float(seconds)) for stage, seconds in told.items())
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return ()


def _cache() -> list[Metric]:
    figures = cache_figures.figures(settings.cache_dir() / "vectors.db")
    sizes = (({"which": "now"}, float(figures.bytes)), ({"which": "most"}, float(figures.bound_bytes)))
    found = [Metric("reviewscape_vector_cache_bytes", "Size of the embedding cache, and its bound.", sizes)]
    if figures.state in ("empty", "sound"):
        found.append(Metric("reviewscape_vector_cache_texts", "Texts in it.", (({}, float(figures.texts)),)))
        asked = (({"found": "yes"}, float(figures.hits)), ({"found": "no"}, float(figures.misses)))
        found.append(Metric("reviewscape_vector_cache_asked", f"Texts asked of it in {figures.runs} runs.", asked))
    return found


def _disk() -> list[Metric]:
    home = settings.home()
    sizes = tuple(({"folder": name}, float(space.bytes_of(home / name))) for name in FOLDERS)
    free = float(shutil.disk_usage(home).free)
    return [
        Metric("reviewscape_disk_bytes", "Size of what is kept, by folder.", sizes),
        Metric("reviewscape_disk_free_bytes", "Free space where it is kept.", (({}, free),)),
    ]


def _memory(*, is_server: bool) -> list[Metric]:
    """Resident memory: of this process where it is the server, and of the workers with what they started."""

    def work(connection: sqlite3.Connection) -> list[tuple[int, str]]:
        rows = connection.execute(
            "SELECT pid, pid_start FROM jobs WHERE state = ? AND pid IS NOT NULL AND place = ?",
            (jobs.RUNNING, processes.place()),
        ).fetchall()
        return [(int(row["pid"]), str(row["pid_start"])) for row in rows]

    workers = [pid for pid, since in jobs.use(work) if not since or processes.started(pid) == since]
    samples: list[tuple[Mapping[str, str], float]] = [({"process": "workers"}, sum(map(_resident, workers), 0.0))]
    if is_server:
        samples.insert(0, ({"process": "server"}, _resident(os.getpid(), with_children=False)))
    return [Metric("reviewscape_memory_bytes", "Resident memory now.", tuple(samples))]


def _resident(pid: int, *, with_children: bool = True) -> float:
    import psutil

    try:
        process = psutil.Process(pid)
        whole = [process, *(process.children(recursive=True) if with_children else ())]
        return float(sum(one.memory_info().rss for one in whole))
    except psutil.Error:
        return 0.0


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")

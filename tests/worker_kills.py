"""A real worker that kills itself at a moment it was told, and the job it does, asked for again and again until done.

`run` is what the worker runs (REVIEWSCAPE_JOB_RUNNER=tests.worker_kills:run). The plan lies in the state folder.
"""

from __future__ import annotations

import itertools
import json
import os
import random
import signal
import sqlite3
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pipelines import job_mark, jobs, processes, runner, settings
from pipelines.checkpoints import Checkpoints
from pipelines.progress import STAGES, Progress
from pipelines.store import library
from pipelines.store.verify import verify

STARTING, PUBLISHED = "starting", "published"
MOMENTS = (STARTING, *STAGES, PUBLISHED)
"""The stages, the worker's own start before them, and after them a bundle that jobs.db does not know yet."""
KEPT = ("neighbors", "projection", "clusters", "topics", "sentiment")
"""Stages whose result is kept on the disk (embedding's is, text by text, in the cache)."""
_PLAN = "kill.json"
_TAKEN = "stage.taken"


@dataclass(frozen=True)
class Kill:
    """At the `nth` word of a stage, or so many milliseconds after it; in STARTING: after the process was started."""

    moment: str
    nth: int = 1
    delay_ms: int = 0


def run(spec: Mapping[str, Any], progress: Progress) -> Mapping[str, Any]:
    """In the worker: the real runner, with a kill on the way where one is planned."""
    planned = settings.home() / _PLAN
    kill = Kill(**json.loads(planned.read_bytes())) if planned.exists() else None
    planned.unlink(missing_ok=True)
    told = 0

    def telling(stage: str, done: float, total: float, *, rate: float | None = None, note: str = "") -> None:
        nonlocal told
        progress(stage, done, total, rate=rate, note=note)
        told += kill is not None and stage == kill.moment
        if kill is not None and stage == kill.moment and told == kill.nth:
            _die(kill.delay_ms)

    result = runner.run_job(spec, telling)
    if kill is not None and kill.moment == PUBLISHED:
        _die(kill.delay_ms)
    return result


def _die(delay_ms: int) -> None:
    def die() -> None:
        time.sleep(delay_ms / 1000)
        os.kill(os.getpid(), signal.SIGKILL)

    if delay_ms:
        threading.Thread(target=die, daemon=True).start()
    else:
        os.kill(os.getpid(), signal.SIGKILL)


def plans(seed: int, count: int) -> list[Kill]:
    """Seeded kills: each moment comes in turn, half of them at once and half up to 0.4 s later."""
    chance = random.Random(seed)
    made = [
        Kill(MOMENTS[i % len(MOMENTS)], chance.randint(1, 2), chance.choice([0, chance.randint(1, 400)]))
        for i in range(count)
    ]
    chance.shuffle(made)
    return made


@dataclass
class Attempt:
    """One worker's life: how the job stood after it, stages taken from before, those kept when it was over.

    is_published: the library had the job's bundle when it was over.
    """

    kill: Kill | None
    state: str
    taken: set[str]
    kept: set[str]
    is_published: bool

    @property
    def was_killed(self) -> bool:
        """Whether the kill came before the end."""
        return self.state == jobs.INTERRUPTED


def endure(spec: Mapping[str, Any], kills: Sequence[Kill]) -> tuple[str, list[Attempt]]:
    """Ask for the job, kill each of its workers as planned, go on each time, and then let it be done; its id."""
    job_id, attempts = "", []
    for kill in (*kills, None):
        if kill is not None and kill.moment != STARTING:
            (settings.home() / _PLAN).write_text(json.dumps(asdict(kill)))
        log_from = _log(job_id)
        job_id = jobs.resume(job_id) if job_id else jobs.submit(spec)
        if kill is not None and kill.moment == STARTING:
            time.sleep(kill.delay_ms / 1000)
            _kill_worker(job_id)
        state = _wait(job_id)
        lines = [line for line in _log(job_id)[len(log_from) :].splitlines() if _TAKEN in line]
        taken = {stage for stage in KEPT if any(json.loads(line).get("stage") == stage for line in lines)}
        is_published = bool(library.list_analyses())
        attempts.append(Attempt(kill, state, taken, sound_stages(), is_published))
        (settings.home() / _PLAN).unlink(missing_ok=True)
        if state == jobs.DONE:
            break
    return job_id, attempts


def sound_stages() -> set[str]:
    """Stages with a kept result that reads back whole; none lies there that does not."""
    folder = settings.home() / "stages"
    found = set()
    for path in folder.glob("*.stage"):
        stage, _, digest = path.stem.partition("-")
        assert Checkpoints(folder, 1_000).load(stage, digest) is not None, f"{path.name} is damaged"
        found.add(stage)
    return found


def check(job_id: str, attempts: Sequence[Attempt]) -> Path:
    """Nothing acknowledged is lost, nothing is damaged, nothing was done twice; the job's bundle."""
    for before, after in itertools.pairwise(attempts):
        assert before.kept <= after.kept, "what was kept stays"
        if after.state == jobs.DONE and not before.is_published:
            assert after.taken >= before.kept, f"kept after {before.kill}, yet made again"
    job = jobs.get(job_id)
    assert job is not None and job.state == jobs.DONE and job.error is None
    assert job.attempt == len(attempts)
    assert [one.id for one in jobs.list_recent()] == [job_id]
    assert jobs.list_interrupted() == []
    (analysis,) = library.list_analyses()
    assert analysis.id == job.analysis_id == job_id
    assert len(library.bundles(job_id)) == 1, "it was published once"
    bundle = library.latest_bundle(job_id)
    assert bundle is not None and str(bundle) == job.bundle
    assert verify(bundle) == []
    for name in ("jobs.db", "catalog.db", "vectors.db"):
        if (settings.home() / name).exists():
            with closing(sqlite3.connect(settings.home() / name)) as database:
                assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    return bundle


def bytes_of(bundle: Path) -> tuple[bytes, ...]:
    """What the same file and settings always give."""
    return tuple((bundle / name).read_bytes() for name in ("points.parquet", "vectors.npy", "rows.parquet"))


def _kill_worker(job_id: str) -> None:
    """Kill its process if it has one and was not over yet."""
    row = jobs.use(lambda c: c.execute("SELECT pid, pid_start FROM jobs WHERE id = ?", (job_id,)).fetchone())
    if row["pid"] is not None:
        processes.kill_group(row["pid"], row["pid_start"])


def _wait(job_id: str) -> str:
    # No verdict hangs on the time: it only ends a test that would hang.
    until = time.monotonic() + 1_800
    while True:
        job = jobs.get(job_id)
        assert job is not None, "an acknowledged job is gone"
        if not job.is_active:
            return job.state
        assert time.monotonic() < until, f"it hangs in {job.stage}"
        time.sleep(0.05)


def _log(job_id: str) -> str:
    path = job_mark.log_path(job_id) if job_id else None
    return path.read_text("utf-8") if path is not None and path.exists() else ""

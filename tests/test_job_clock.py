"""The clock is set while jobs wait and run: none is lost, none hangs, and the order stays that in which they came."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

import pytest

from pipelines import jobs, uploads
from tests.test_jobs import runner, running, runs, wait_for, wait_state

__all__ = ["runner"]
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals and /proc")
DAY_S = 86_400.0


@pytest.fixture
def clock(monkeypatch):
    """clock(seconds): this process's clock is set by so much, forward or back."""
    real, ahead = time.time, [0.0]
    monkeypatch.setattr(time, "time", lambda: real() + ahead[0])

    def set_by(seconds):
        ahead[0] += seconds

    return set_by


@pytest.mark.parametrize("by_s", [-DAY_S, 4_000 * DAY_S])
def test_jobs_are_done_in_the_order_in_which_they_were_asked_for(tmp_path, monkeypatch, clock, by_s):
    monkeypatch.setenv("REVIEWSCAPE_WORKERS", "1")
    first = jobs.submit({"do": "count_runs", "folder": str(tmp_path)})
    wait_for(lambda: runs(tmp_path))
    asked = []
    for n in range(4):
        clock(by_s if n % 2 else -3_600)
        asked.append(jobs.submit({"do": "note_order", "folder": str(tmp_path), "n": n}))
    assert [job.id for job in jobs.list_active()] == [first, *asked]
    assert [job.id for job in jobs.list_recent()] == [*reversed(asked), first]
    assert [jobs.get(job_id).ahead for job_id in asked] == [0, 1, 2, 3]
    assert jobs.get(first).state == "running"
    (tmp_path / "go").write_text("x")
    for job_id in (first, *asked):
        assert wait_state(job_id, "done", "interrupted", "failed").state == "done"
    assert (tmp_path / "order").read_text().split() == ["0", "1", "2", "3"]


@pytest.mark.parametrize("by_s", [-DAY_S, 4_000 * DAY_S])
def test_the_workers_own_clock_is_set_while_it_works(tmp_path, clock, by_s):
    job_id = jobs.submit({"do": "jump", "folder": str(tmp_path), "by_s": by_s})
    wait_for(lambda: jobs.get(job_id).stage == "embedding")
    job = jobs.get(job_id)
    assert (job.state, job.done) == ("running", 3)
    assert job.eta_s is None or job.eta_s >= 0
    clock(by_s)
    assert jobs.get(job_id).state == "running"
    (tmp_path / "go").write_text("x")
    assert wait_state(job_id, "done", "interrupted", "failed").state == "done"


def test_killed_after_the_clock_was_set_back_it_is_seen_and_goes_on(tmp_path, clock):
    job_id = jobs.submit({"do": "count_runs", "folder": str(tmp_path)})
    wait_for(lambda: runs(tmp_path))
    clock(-DAY_S)
    os.kill(running()[0][1], signal.SIGKILL)
    wait_state(job_id, "interrupted")
    (tmp_path / "go").write_text("x")
    jobs.resume(job_id)
    assert wait_state(job_id, "done").attempt == 2


def test_years_ahead_no_job_that_could_go_on_and_no_upload_that_it_needs_is_swept(clock):
    path = uploads.keep(b"review\nGood.\n")
    job_id = jobs.submit({"do": "finish", "uploads": [{"path": str(path), "name": "a.csv"}]}, start=False)
    jobs.use(lambda c: c.execute("UPDATE jobs SET state = 'running', pid = 1, pid_start = '' WHERE id = ?", (job_id,)))
    jobs.use(lambda c: c.execute("UPDATE jobs SET state = 'interrupted', finished = 1 WHERE id = ?", (job_id,)))
    clock(4_000 * DAY_S)
    jobs.submit({"do": "finish", "n": 2}, start=False)
    assert uploads.sweep() == []
    assert [job.id for job in jobs.list_interrupted()] == [job_id]
    assert Path(path).exists()


def test_only_so_many_ended_jobs_are_remembered(monkeypatch):
    monkeypatch.setattr(jobs, "KEPT_ENDED", 3)
    ended = [jobs.submit({"do": "finish", "n": n}, start=False) for n in range(6)]
    for job_id in ended:
        jobs.cancel(job_id)
    waiting = jobs.submit({"do": "finish"}, start=False)
    assert [job.id for job in jobs.list_recent()] == [waiting, *reversed(ended[-3:])]

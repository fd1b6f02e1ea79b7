"""A job that takes too much memory or time ends with a plain word, and nothing else ends with it: real workers."""

from __future__ import annotations

import os
import sys

import pytest

from pipelines import job_alive, job_limits, jobs, processes
from tests.test_job_alive import steady
from tests.test_jobs import change, runner, wait_for, wait_state

__all__ = ["runner", "steady"]
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="/proc and resource limits")


def test_one_that_eats_memory_is_ended_and_says_what_to_do(monkeypatch):
    monkeypatch.setenv("REVIEWSCAPE_JOB_MEMORY_MB", "400")
    monkeypatch.setenv("REVIEWSCAPE_WORKERS", "1")
    job_id = jobs.submit({"do": "eat"})
    waiting = jobs.submit({"do": "finish"})
    job = wait_state(job_id, "failed")
    assert "needed more memory than the 400 MB" in str(job.error)
    assert "projection" in str(job.error)
    assert "fewer rows" in str(job.error) and "REVIEWSCAPE_JOB_MEMORY_MB" in str(job.error)
    assert job.error.exit_code == 1
    wait_state(waiting, "done")
    row = jobs.use(lambda c: c.execute("SELECT pid, pid_start FROM jobs WHERE id = ?", (job_id,)).fetchone())
    wait_for(lambda: processes.started(row["pid"]) != row["pid_start"])


def test_one_that_asks_for_far_too_much_at_once_is_refused(monkeypatch):
    monkeypatch.setenv("REVIEWSCAPE_JOB_MEMORY_MB", "300")
    job = wait_state(jobs.submit({"do": "eat_at_once", "mb": 6_000}), "failed")
    assert "not enough memory in the stage “clusters” (one analysis may take 300 MB)" in str(job.error)
    assert job.error.kind == "MemoryError"


def test_one_that_goes_on_for_ever_is_ended_and_says_what_to_do(monkeypatch):
    monkeypatch.setenv("REVIEWSCAPE_JOB_TIMEOUT_S", "1.5")
    monkeypatch.setenv("REVIEWSCAPE_WORKERS", "1")
    job_id = jobs.submit({"do": "work_for_ever"})
    waiting = jobs.submit({"do": "finish"})
    job = wait_state(job_id, "failed")
    assert "longer than the 0.025 minutes" in str(job.error)
    assert "embedding" in str(job.error) and "REVIEWSCAPE_JOB_TIMEOUT_S" in str(job.error)
    wait_state(waiting, "done")


def test_one_whose_own_watch_hangs_is_ended_by_who_looks(monkeypatch, steady):
    monkeypatch.setenv("REVIEWSCAPE_JOB_TIMEOUT_S", "600")
    job_id = jobs.submit({"do": "finish"}, start=False)
    change("UPDATE jobs SET state = 'running', stage = 'clusters' WHERE id = ?", job_id)
    assert jobs.use(lambda connection: jobs.set_process(connection, job_id, os.getpid()))
    monkeypatch.setattr(processes, "kill_group", lambda pid, since: True)
    assert jobs.get(job_id).state == "running"
    steady(601)
    assert jobs.get(job_id).state == "running", "its own watch comes first"
    steady(job_alive.CANCEL_GRACE_S)
    job = jobs.get(job_id)
    assert job.state == "failed"
    assert "longer than the 10 minutes" in str(job.error)


def test_within_its_limits_a_job_is_left_alone(monkeypatch):
    monkeypatch.setenv("REVIEWSCAPE_JOB_MEMORY_MB", "2000")
    monkeypatch.setenv("REVIEWSCAPE_JOB_TIMEOUT_S", "600")
    wait_state(jobs.submit({"do": "finish"}), "done")


def test_limits_by_default_fit_the_machine(monkeypatch):
    monkeypatch.delenv("REVIEWSCAPE_JOB_MEMORY_MB", raising=False)
    there_mb = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / (1 << 20)
    assert 0 < job_limits.memory_mb() <= there_mb * 0.75
    assert job_limits.longest_s() == 86_400
    monkeypatch.setenv("REVIEWSCAPE_JOB_TIMEOUT_S", "0")
    assert job_limits.longest_s() == float("inf")
    assert 5 < job_limits.used_mb() < there_mb

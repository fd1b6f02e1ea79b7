"""Whether a running job is still at work is told right, whatever the clock says."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest

from pipelines import job_alive, job_mark, jobs, processes
from tests.test_jobs import change, runner, running, runs, wait_for

__all__ = ["runner"]
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals and /proc")


@pytest.fixture
def steady(monkeypatch):
    """steady(seconds): the clock that nobody can set goes on by so much, the computer's own does not."""
    ahead = [0.0]
    monkeypatch.setattr(job_alive, "watch", job_alive.Watch())
    monkeypatch.setattr(job_alive.Watch, "now_s", lambda self: time.monotonic() + ahead[0])

    def pass_by(seconds):
        ahead[0] += seconds

    return pass_by


def test_one_that_does_not_heed_the_cancel_is_killed(tmp_path, steady):
    job_id = jobs.submit({"do": "hang", "folder": str(tmp_path)})
    wait_for(lambda: runs(tmp_path))
    [(_, pid, since)] = running()
    jobs.cancel(job_id)
    assert jobs.get(job_id).is_cancelling
    steady(job_alive.CANCEL_GRACE_S + 1)
    assert jobs.get(job_id).state == "cancelled"
    wait_for(lambda: processes.started(pid) != since)


def test_another_process_under_the_same_number_is_not_taken_for_the_worker():
    job_id = jobs.submit({"do": "finish"}, start=False)
    change(
        "UPDATE jobs SET state = 'running', pid = ?, pid_start = '1', place = ? WHERE id = ?",
        *(os.getpid(), processes.place(), job_id),
    )
    assert jobs.get(job_id).state == "interrupted"


def test_one_that_died_before_it_was_noted_is_not_taken_for_running():
    job_id = jobs.submit({"do": "finish"}, start=False)
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    change("UPDATE jobs SET state = 'running' WHERE id = ?", job_id)
    assert jobs.use(lambda connection: jobs.set_process(connection, job_id, child.pid))
    assert jobs.get(job_id).state == "interrupted"


def elsewhere(job_id, updated):
    change(
        "UPDATE jobs SET state = 'running', pid = 1, pid_start = '1', place = 'another host', updated = ? WHERE id = ?",
        *(updated, job_id),
    )


def test_elsewhere_the_heartbeat_tells(steady):
    job_id = jobs.submit({"do": "finish"}, start=False)
    now = time.time()
    for beat in range(5):
        elsewhere(job_id, now + beat)
        assert jobs.get(job_id).state == "running"
        steady(job_alive.HEARTBEAT_LOST_S - 10)
        assert jobs.get(job_id).state == "running"
    steady(20)
    assert jobs.get(job_id).state == "interrupted"


@pytest.mark.parametrize("set_by_s", [-86_400, -3_600, 3_600, 86_400 * 4_000])
def test_a_clock_that_was_set_takes_no_job_for_lost(steady, set_by_s):
    job_id = jobs.submit({"do": "finish"}, start=False)
    told = time.time() - set_by_s
    for beat in range(5):
        elsewhere(job_id, told + beat)
        assert jobs.get(job_id).state == "running"
        steady(job_alive.WATCHED_S - 1)
        assert jobs.get(job_id).state == "running"
    # After the last sign of life it is silent: told sooner where the clock says so too, told in any case.
    steady(job_alive.WATCHED_S if set_by_s > 0 else job_alive.HEARTBEAT_LOST_S)
    assert jobs.get(job_id).state == "interrupted"


def test_a_start_that_never_came_is_interrupted(steady):
    job_id = jobs.submit({"do": "finish"}, start=False)
    change("UPDATE jobs SET state = 'running' WHERE id = ?", job_id)
    assert jobs.get(job_id).state == "running"
    steady(job_alive.START_TIMEOUT_S + 1)
    assert jobs.get(job_id).state == "interrupted"


def in_another_container(job_id):
    host, kernel, _ = processes.place().split("|")
    change(
        "UPDATE jobs SET state = 'running', pid = 1, pid_start = '1', place = ?, updated = ? WHERE id = ?",
        *(f"other-{host}|{kernel}|pid:[1]", time.time(), job_id),
    )


@pytest.mark.skipif(not processes.can_tell(), reason="/proc")
def test_a_worker_whose_container_was_stopped_is_told_at_once_by_its_mark():
    """A new container counts processes anew: its numbers say nothing of the old one's, and no heartbeat is awaited."""
    job_id = jobs.submit({"do": "finish"}, start=False)
    log = job_mark.log_path(job_id)
    log.parent.mkdir(exist_ok=True)
    with log.open("ab") as output:
        job_mark.take(output.fileno())
        worker = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, stdout=output)
    in_another_container(job_id)
    assert jobs.get(job_id).state == "running"
    job_mark.trim(log.parent, 0)
    assert log.exists()
    worker.kill()
    worker.communicate()
    assert jobs.get(job_id).state == "interrupted"
    # At the next start of a server it is told too, and what waits behind it begins.
    in_another_container(job_id)
    jobs.pump()
    assert jobs.list_interrupted()[0].id == job_id


def test_what_an_earlier_attempt_left_holding_the_mark_takes_it_from_nobody(tmp_path):
    """The new worker holds it beside that, and on its own when that has ended."""
    job_id = jobs.submit({"do": "finish"}, start=False)
    log = job_mark.log_path(job_id)
    log.parent.mkdir(exist_ok=True)
    left, worker = log.open("ab"), log.open("ab")
    job_mark.take(left.fileno())
    job_mark.take(worker.fileno())
    left.close()
    in_another_container(job_id)
    assert jobs.get(job_id).state == "running"
    worker.close()
    assert jobs.get(job_id).state == "interrupted"


def test_a_started_worker_holds_its_mark_until_it_ends(tmp_path):
    job_id = jobs.submit({"do": "hang", "folder": str(tmp_path)})
    wait_for(lambda: runs(tmp_path))
    [(_, pid, since)] = running()
    in_another_container(job_id)
    assert jobs.get(job_id).state == "running"
    processes.kill_group(pid, since)
    wait_for(lambda: jobs.get(job_id).state == "interrupted")

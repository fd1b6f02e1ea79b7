from __future__ import annotations

import itertools
import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from pipelines import estimate, job_mark, job_process, jobs, processes, worker
from pipelines.errors import Cancelled, UnusableInput
from pipelines.progress import STAGES
from pipelines.store import database

HERE = Path(__file__).resolve().parent
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals and /proc")


@pytest.fixture(autouse=True)
def runner(home, monkeypatch):
    """Real workers run tests/job_runners.py; whatever a test leaves running is killed."""
    monkeypatch.setenv("REVIEWSCAPE_JOB_RUNNER", "job_runners:run")
    monkeypatch.setenv("PYTHONPATH", str(HERE))
    monkeypatch.setenv("REVIEWSCAPE_WORKERS", "2")
    yield
    for _, pid, since in running():
        processes.kill_group(pid, since)


def running():
    rows = jobs.use(lambda c: c.execute("SELECT id, pid, pid_start FROM jobs WHERE state = 'running'").fetchall())
    return [tuple(row) for row in rows if row["pid"] is not None]


def change(sql, *values):
    jobs.use(lambda connection: connection.execute(sql, values))


def wait_for(condition, timeout_s=60.0):
    """Poll until `condition` gives something true, and return it."""
    until = time.monotonic() + timeout_s
    while not (found := condition()):
        assert time.monotonic() < until, f"waited {timeout_s} s in vain"
        time.sleep(0.02)
    return found


def wait_state(job_id, *states):
    return wait_for(lambda: (job := jobs.get(job_id)) and job.state in states and job)


def runs(folder):
    return list(folder.glob("run-*"))


def test_a_job_is_done_and_says_what_it_made(tmp_path):
    job_id = jobs.submit({"do": "finish", "analysis_id": "b2", "name": "评论.csv"})
    job = wait_state(job_id, "done")
    assert (job.analysis_id, job.bundle, job.percent, job.error) == ("b2", "/somewhere/bundle", 100, None)
    assert job.spec == {"do": "finish", "analysis_id": "b2", "name": "评论.csv"}
    assert job.created <= job.started <= job.finished
    assert not job.is_active
    assert jobs.list_active() == []
    assert [one.id for one in jobs.list_recent()] == [job_id]
    lines = [json.loads(line) for line in job_mark.log_path(job_id).read_text("utf-8").splitlines()]
    assert {line["job"] for line in lines} == {job_id}
    assert [line["stage"] for line in lines if line["event"] == "job.stage"] == list(STAGES)[:-1]
    assert (lines[-1]["event"], lines[-1]["state"], lines[-1]["stage"]) == ("job.ended", "done", STAGES[-1])


def test_progress_is_seen_while_it_runs(tmp_path):
    job_id = jobs.submit({"do": "count_runs", "folder": str(tmp_path)})
    job = wait_for(lambda: (job := jobs.get(job_id)).stage == "embedding" and job)
    assert (job.state, job.done, job.total, job.rate, job.note) == ("running", 3, 10, 5.0, "half way")
    assert job.percent == pytest.approx(2 + 55 * 0.3)
    assert job.eta_s == pytest.approx(7 / 5 + 6, abs=0.1)
    (tmp_path / "go").write_text("x")
    wait_state(job_id, "done")


def test_the_same_spec_runs_once_and_others_queue(tmp_path):
    spec = {"do": "count_runs", "folder": str(tmp_path)}
    first = jobs.submit(spec)
    assert jobs.submit(dict(reversed(spec.items()))) == first
    others = [jobs.submit({**spec, "n": n}) for n in range(3)]
    wait_for(lambda: len(runs(tmp_path)) == 2)
    states = [jobs.get(job_id).state for job_id in (first, *others)]
    assert states == ["running", "running", "queued", "queued"]
    assert [jobs.get(job_id).ahead for job_id in others] == [0, 0, 1]
    assert [job.id for job in jobs.list_active()] == [first, *others]
    (tmp_path / "go").write_text("x")
    # The workers themselves start what waits: nobody else looks.
    wait_for(lambda: len(runs(tmp_path)) == 4)
    for job_id in (first, *others):
        wait_state(job_id, "done")
    assert jobs.submit(spec, start=False) != first, "a finished one does not stand in for a new one"


def test_asked_by_many_threads_at_once_it_runs_once(tmp_path):
    spec = {"do": "count_runs", "folder": str(tmp_path)}
    ids = []
    threads = [threading.Thread(target=lambda: ids.append(jobs.submit(spec))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ids) == 8
    assert len(set(ids)) == 1
    (tmp_path / "go").write_text("x")
    wait_state(ids[0], "done")
    assert len(runs(tmp_path)) == 1


def test_asked_by_several_processes_at_once_it_runs_once(tmp_path):
    spec = {"do": "count_runs", "folder": str(tmp_path)}
    code = (
        f"import sys; sys.path.insert(0, {str(HERE.parent)!r})\n"
        f"from pipelines import jobs\nsys.stdin.readline()\nprint(jobs.submit({spec!r}))"
    )
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    asking = [subprocess.Popen([sys.executable, "-c", code], **pipes) for _ in range(3)]
    for process in asking:
        process.stdin.write("\n")
        process.stdin.flush()
    ids = {process.communicate()[0].strip() for process in asking} | {jobs.submit(spec)}
    (job_id,) = ids
    (tmp_path / "go").write_text("x")
    job = wait_state(job_id, "done")
    assert len(runs(tmp_path)) == 1
    assert (job.attempt, job.bundle) == (1, "/somewhere/bundle")


def test_an_error_for_people_arrives_as_template_and_values(tmp_path):
    job = wait_state(jobs.submit({"do": "fail"}), "failed")
    assert str(job.error) == "The column 文本 is empty (3)."
    assert (job.error.kind, job.error.exit_code, job.error.values) == ("UnusableInput", 2, {"column": "文本", "n": 3})


def test_a_fault_of_ours_says_where_and_keeps_review_text_out_of_the_log(tmp_path):
    job = wait_state(jobs.submit({"do": "break_down"}), "failed")
    assert "clusters" in str(job.error)
    assert "ZeroDivisionError" in str(job.error)
    log = job_mark.log_path(job.id).read_text("utf-8")
    assert "break_down" in log
    assert ": secret review text" not in log
    job = wait_state(jobs.submit({"do": "run_out_of_memory"}), "failed")
    assert "not enough memory" in str(job.error)


def test_cancel_stops_at_the_next_step_and_resume_goes_on(tmp_path):
    job_id = jobs.submit({"do": "count_runs", "folder": str(tmp_path)})
    wait_for(lambda: runs(tmp_path))
    jobs.cancel(job_id)
    job = wait_state(job_id, "cancelled")
    assert job.error is None
    (tmp_path / "go").write_text("x")
    assert jobs.resume(job_id) == job_id
    job = wait_state(job_id, "done")
    assert job.attempt == 2
    assert jobs.resume(job_id) == job_id
    assert jobs.get(job_id).state == "done"


def test_a_waiting_job_is_cancelled_at_once(tmp_path):
    job_id = jobs.submit({"do": "finish"}, start=False)
    jobs.cancel(job_id)
    assert jobs.get(job_id).state == "cancelled"
    assert jobs.pump() == []


def test_sigterm_ends_a_worker_cleanly(tmp_path):
    job_id = jobs.submit({"do": "count_runs", "folder": str(tmp_path)})
    wait_for(lambda: runs(tmp_path))
    os.kill(running()[0][1], signal.SIGTERM)
    wait_state(job_id, "cancelled")


def test_kill_9_is_seen_at_once_and_resumed(tmp_path):
    spec = {"do": "count_runs", "folder": str(tmp_path)}
    job_id = jobs.submit(spec)
    wait_for(lambda: runs(tmp_path))
    os.kill(running()[0][1], signal.SIGKILL)
    job = wait_state(job_id, "interrupted")
    assert not job.is_active
    assert [one.id for one in jobs.list_interrupted()] == [job_id]
    assert jobs.list_active() == []
    (tmp_path / "go").write_text("x")
    assert jobs.resume(job_id) == job_id
    assert wait_state(job_id, "done").attempt == 2


def test_a_worker_that_dies_by_itself_is_seen_and_gives_its_place_free(tmp_path):
    job_id = jobs.submit({"do": "die", "folder": str(tmp_path)})
    wait_state(job_id, "interrupted")
    jobs.resume(job_id)
    wait_state(job_id, "done")


def test_an_interrupted_job_can_be_dismissed(tmp_path):
    job_id = jobs.submit({"do": "die", "folder": str(tmp_path)})
    wait_state(job_id, "interrupted")
    jobs.cancel(job_id)
    assert jobs.list_interrupted() == []


def test_a_job_outlives_the_process_that_started_it(tmp_path):
    root = HERE.parent
    code = (
        f"import sys; sys.path.insert(0, {str(root)!r})\n"
        "from pipelines import jobs\n"
        f"print(jobs.submit({{'do': 'count_runs', 'folder': {str(tmp_path)!r}}}))"
    )
    started = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    job_id = started.stdout.strip()
    wait_for(lambda: runs(tmp_path))
    assert jobs.get(job_id).state == "running"
    (tmp_path / "go").write_text("x")
    wait_state(job_id, "done")


def test_where_no_process_can_be_started_the_job_says_so(monkeypatch):
    def refused(job_id, keys):
        raise OSError(12, "Cannot allocate memory")

    with monkeypatch.context() as patch:
        patch.setattr(job_process, "start", refused)
        job_id = jobs.submit({"do": "finish"})
    job = jobs.get(job_id)
    assert (job.state, job.attempt) == ("failed", 1)
    assert "Cannot allocate memory" in str(job.error)
    jobs.resume(job_id)
    wait_state(job_id, "done")


def test_what_is_not_there():
    assert jobs.get("nothing") is None
    jobs.cancel("nothing")
    with pytest.raises(UnusableInput, match="no job"):
        jobs.resume("nothing")


def test_a_damaged_database_is_set_aside(home):
    jobs.submit({"do": "finish"}, start=False)
    (home / "jobs.db").write_bytes(b"damaged" * 2000)
    [told] = jobs.list_recent()
    assert (told.state, told.error.kind) == ("failed", "DamagedJob")
    assert (home / "jobs.db.damaged").exists()
    jobs.submit({"do": "finish"}, start=False)
    assert len(jobs.list_recent()) == 2


def test_one_that_sees_the_damage_late_does_not_set_aside_what_was_begun_anew(home, monkeypatch):
    jobs.submit({"do": "finish"}, start=False)
    (home / "jobs.db").write_bytes(b"damaged" * 2000)
    is_damage, asked = database.is_damage, []

    def late(error):
        """Between seeing the damage and doing something about it, another process begins anew and is given a job."""
        if not asked:
            asked.append("")
            asked[0] = jobs.submit({"do": "finish", "n": 2}, start=False)
        return is_damage(error)

    monkeypatch.setattr(database, "is_damage", late)
    # What was begun anew says so in a line of its own.
    assert [job.id for job in jobs.list_recent() if job.error is None] == asked
    assert len(jobs.list_recent()) == 2


@pytest.mark.skipif(sys.platform != "linux", reason="/proc")
def test_a_worker_that_steps_back_is_felt_outside_its_own_session():
    code = (
        "import os; from pipelines import processes; processes.step_back(7); processes.step_back(7); print(os.nice(0))"
    )
    code += "; print(*open('/proc/self/autogroup')) if os.path.exists('/proc/self/autogroup') else print('nice 7')"
    told = subprocess.run(
        [sys.executable, "-c", code],
        cwd=HERE.parent,
        capture_output=True,
        text=True,
        check=True,
        start_new_session=True,
    ).stdout.splitlines()
    # Twice, as a worker that another one started: it does not add up.
    assert int(told[0]) == max(os.nice(0), 7)
    assert told[1].endswith("nice 7")


def test_a_worker_for_no_waiting_job_does_nothing():
    job_id = jobs.submit({"do": "finish"}, start=False)
    command = [sys.executable, "-m", "pipelines.worker", job_id]
    assert subprocess.run(command, cwd=HERE.parent, capture_output=True).returncode == 1
    assert jobs.get(job_id).state == "queued"


@pytest.fixture
def own_job():
    """A job that this very process runs."""
    job_id = jobs.submit({"do": "finish"}, start=False)
    change("UPDATE jobs SET state = 'running' WHERE id = ?", job_id)
    assert jobs.use(lambda connection: jobs.set_process(connection, job_id, os.getpid()))
    return job_id


def test_percent_never_falls_and_writes_are_few(own_job, monkeypatch):
    clock = [100.0]
    monkeypatch.setattr(worker.time, "monotonic", lambda: clock[0])
    progress = worker.JobProgress(own_job, 1, threading.Event())
    seen, written = [], 0
    calls = [(stage, done) for stage in (*STAGES[:5], "embedding", *STAGES[4:]) for done in range(0, 101, 2)]
    for stage, done in calls:
        before = progress._written, progress.stage
        clock[0] += 0.01
        progress(stage, done, 100)
        written += (progress._written, progress.stage) != before
        seen.append(jobs.get(own_job).percent)
    assert seen == sorted(seen)
    assert 0 <= seen[0] <= seen[-1] <= 100
    assert written <= len(STAGES) + 2 + len(calls) * 0.01 / worker.WRITE_EVERY_S
    assert sum(estimate.WEIGHTS.values()) == 100
    assert tuple(estimate.WEIGHTS) == STAGES


def test_a_worker_whose_job_was_given_to_another_stops(own_job):
    progress = worker.JobProgress(own_job, 1, threading.Event())
    progress("reading", 0, 1)
    change("UPDATE jobs SET attempt = 2 WHERE id = ?", own_job)
    with pytest.raises(Cancelled):
        progress("embedding", 0, 1)


def test_the_time_left_follows_the_rate_then_the_weights():
    left = estimate.seconds_left
    assert left("reading", 0, 1, rate=None, texts=None, after_s=None) is None
    assert left("embedding", 0, 1, rate=None, texts=None, after_s=None) is None
    assert left("embedding", 1000, 3000, rate=100, texts=3000, after_s=None) == pytest.approx(20 + 12)
    late = [left(stage, 0, 1, rate=None, texts=3000, after_s=6.0) for stage in STAGES[2:]]
    assert late[0] == pytest.approx(12)
    assert all(one > two > 0 for one, two in itertools.pairwise(late[1:]))
    assert left("saving", 1, 1, rate=None, texts=3000, after_s=9.0) == pytest.approx(0)
    assert left("embedding", 0, 0, rate=5, texts=0, after_s=None) is None
    assert estimate.percent("unknown", 1, 1) == 0
    assert estimate.percent("saving", 5, 1) == 100


@pytest.mark.parametrize(
    ("version", "is_safe"),
    [
        *(((3, 40, 1), False), ((3, 44, 5), False), ((3, 44, 6), True), ((3, 45, 9), False), ((3, 50, 6), False)),
        *(((3, 50, 7), True), ((3, 51, 2), False), ((3, 51, 3), True), ((3, 52, 0), True), ((4, 0, 0), True)),
    ],
)
def test_wal_only_where_it_is_safe(version, is_safe):
    assert database.has_safe_wal(version) is is_safe


def test_databases_are_opened_safely(tmp_path):
    with database.opened(tmp_path / "x.db", schema="CREATE TABLE t (a)", schema_version=1) as connection:
        mode = connection.execute("PRAGMA journal_mode").fetchone()[0]
        assert (mode == "wal") is database.has_safe_wal(sqlite3.sqlite_version_info)
        assert connection.execute("PRAGMA synchronous").fetchone()[0] == 2
        with pytest.raises(ZeroDivisionError), database.transaction(connection):
            connection.execute("INSERT INTO t VALUES (1)")
            raise ZeroDivisionError
        assert connection.execute("SELECT count(*) FROM t").fetchone()[0] == 0
    with (
        pytest.raises(sqlite3.DatabaseError, match="schema version 1"),
        database.opened(tmp_path / "x.db", schema="", schema_version=2),
    ):
        pass

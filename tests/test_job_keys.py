"""Keys typed into a session reach the worker of their job, and nothing else: real processes, real pipes."""

from __future__ import annotations

import hashlib
import io
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipelines import job_keys, jobs, processes
from pipelines.store import acting

HERE = Path(__file__).resolve().parent
ONE, TWO, THREE = "sk-typed-7f31c0de", "sk-typed-other-55aa", "sk-of-the-environment"
NAME, OTHER = "DASHSCOPE_API_KEY", "OPENAI_API_KEY"
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals and /proc")


def sum_of(key):
    return hashlib.sha256(key.encode()).hexdigest()


def wait_for(condition, timeout_s=60.0):
    until = time.monotonic() + timeout_s
    while not (found := condition()):
        assert time.monotonic() < until, f"waited {timeout_s} s in vain"
        time.sleep(0.02)
    return found


@pytest.fixture(autouse=True)
def runner(home, monkeypatch):
    """Real workers run tests/job_runners.py; none is left, and no key either."""
    monkeypatch.setenv("REVIEWSCAPE_JOB_RUNNER", "job_runners:run")
    monkeypatch.setenv("PYTHONPATH", str(HERE))
    monkeypatch.setenv("REVIEWSCAPE_WORKERS", "2")
    for name in (NAME, OTHER):
        monkeypatch.delenv(name, raising=False)
    yield
    rows = jobs.use(lambda c: c.execute("SELECT pid, pid_start FROM jobs WHERE state = 'running'").fetchall())
    for pid, since in rows:
        if pid is not None:
            processes.kill_group(pid, since)
    for job in jobs.list_recent():
        wait_for(lambda job=job: jobs.get(job.id).state != "running")
        jobs.cancel(job.id)
    wait_for(lambda: not job_keys.ids())


@pytest.fixture
def spec(tmp_path):
    """spec(name, *variables): a job that writes the sums of the keys it finds, and waits for the file go-<name>."""

    def make(name, *variables, ask=(NAME,)):
        return {"do": "tell_key", "folder": str(tmp_path), "name": name, "ask": list(ask), "keys": list(variables)}

    return make


@pytest.fixture
def told(tmp_path):
    """told(name): the worker's process id and the sums by variable, once it has written them."""

    def read(name):
        path = tmp_path / f"told-{name}"
        first, *lines = wait_for(lambda: path.exists() and path.read_text().splitlines())
        return int(first), dict(line.split("=") for line in lines)

    return read


def let_go(tmp_path, *names):
    for name in names:
        (tmp_path / f"go-{name}").write_text("x")


def wait_state(job_id, state):
    return wait_for(lambda: (job := jobs.get(job_id)).state == state and job)


def assert_nowhere(folder, *keys):
    """In no file of the folder, whole or as a part of one."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert any(path.name == "jobs.db" for path in files)
    assert any(path.suffix == ".log" for path in files)
    for path in files:
        content = path.read_bytes()
        assert not any(key.encode() in content for key in keys), path


def test_a_typed_key_reaches_its_worker_and_no_other_place(home, tmp_path, spec, told):
    job_id = jobs.submit(spec("a", NAME), keys={NAME: f" {ONE}\n", OTHER: TWO})
    pid, sums = told("a")
    assert sums == {NAME: sum_of(ONE)}
    for place in ("environ", "cmdline"):
        content = Path(f"/proc/{pid}/{place}").read_bytes()
        assert b"REVIEWSCAPE_HOME" in content or b"pipelines.worker" in content
        assert ONE.encode() not in content
        assert TWO.encode() not in content
    assert_nowhere(home, ONE, TWO)
    assert jobs.get(job_id).spec["keys"] == [NAME]
    assert jobs.lacks_keys(jobs.get(job_id)) == ()
    let_go(tmp_path, "a")
    wait_state(job_id, "done")
    wait_for(lambda: not job_keys.ids())
    assert_nowhere(home, ONE, TWO)


def test_two_jobs_have_each_its_own_key_and_the_environments_reaches_the_third(tmp_path, spec, told, monkeypatch):
    monkeypatch.setenv("REVIEWSCAPE_WORKERS", "3")
    monkeypatch.setenv(NAME, THREE)
    for name, variables, keys in (("a", [NAME], {NAME: ONE}), ("b", [NAME], {NAME: TWO}), ("c", [], {NAME: ONE})):
        jobs.submit(spec(name, *variables, ask=(NAME, OTHER)), keys=keys)
    nothing = {OTHER: sum_of("")}
    assert told("a")[1] == {NAME: sum_of(ONE), **nothing}
    assert told("b")[1] == {NAME: sum_of(TWO), **nothing}
    assert told("c")[1] == {NAME: sum_of(THREE), **nothing}
    let_go(tmp_path, "a", "b", "c")


def test_a_persons_job_gets_no_key_of_the_server_and_the_machines_that_its_worker_starts_does(
    tmp_path, spec, told, monkeypatch
):
    monkeypatch.setenv("REVIEWSCAPE_WORKERS", "1")
    monkeypatch.setenv(NAME, THREE)
    with acting.acting_as("a" * 32):
        first = jobs.submit(spec("a", OTHER, ask=(NAME, OTHER)), keys={OTHER: ONE})
    second = jobs.submit(spec("b", ask=(NAME, OTHER)))
    assert told("a")[1] == {NAME: sum_of(""), OTHER: sum_of(ONE)}
    let_go(tmp_path, "a", "b")
    wait_state(first, "done")
    assert told("b")[1] == {NAME: sum_of(THREE), OTHER: sum_of("")}
    wait_state(second, "done")


def test_a_full_queue_keeps_the_key_and_starts_the_job_by_itself(home, tmp_path, spec, told, monkeypatch):
    monkeypatch.setenv("REVIEWSCAPE_WORKERS", "1")
    first = jobs.submit(spec("a", NAME), keys={NAME: ONE})
    second = jobs.submit(spec("b", NAME, OTHER, ask=(NAME, OTHER)), keys={NAME: TWO, OTHER: ONE})
    plain = jobs.submit(spec("c", ask=(NAME, OTHER)))
    assert told("a")[1] == {NAME: sum_of(ONE)}
    assert [jobs.get(job_id).state for job_id in (second, plain)] == ["queued", "queued"]
    let_go(tmp_path, "a")
    # Whichever comes next: the worker that ends may start the plain one, and gives it none of its keys.
    wait_state(first, "done")
    let_go(tmp_path, "b", "c")
    wait_state(second, "done")
    wait_state(plain, "done")
    assert told("b")[1] == {NAME: sum_of(TWO), OTHER: sum_of(ONE)}
    assert told("c")[1] == {NAME: sum_of(""), OTHER: sum_of("")}
    assert_nowhere(home, ONE, TWO)


ELSEWHERE = """
import sys
sys.path.insert(0, {root!r})
from pipelines import jobs
{code}
"""


def elsewhere(code):
    """Run code in another process, as after a restart, and return what it printed."""
    command = [sys.executable, "-c", ELSEWHERE.format(root=str(HERE.parent), code=code)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def test_another_process_starts_it_only_with_the_key_again(tmp_path, spec, told):
    job_id = elsewhere(f"print(jobs.submit({spec('a', NAME)!r}, keys={{{NAME!r}: {ONE!r}}}, start=False))")
    job = jobs.get(job_id)
    assert job.state == "queued"
    assert jobs.lacks_keys(job) == (NAME,)
    assert jobs.pump() == []
    other = jobs.submit(spec("b"))
    told("b")
    jobs.give_keys(job_id, {OTHER: TWO, NAME: "  "})
    assert jobs.lacks_keys(jobs.get(job_id)) == (NAME,)
    jobs.give_keys(job_id, {NAME: TWO})
    assert told("a")[1] == {NAME: sum_of(TWO)}
    let_go(tmp_path, "a", "b")
    for one in (job_id, other):
        wait_state(one, "done")


def test_a_key_of_the_environment_does_not_stand_in_for_a_typed_one(spec, monkeypatch):
    monkeypatch.setenv(NAME, THREE)
    job_id = jobs.submit(spec("a", NAME))
    assert jobs.pump() == []
    assert jobs.get(job_id).state == "queued"
    assert jobs.lacks_keys(jobs.get(job_id)) == (NAME,)


def test_an_interrupted_job_goes_on_with_its_key_and_a_cancelled_one_asks_again(tmp_path, spec, told):
    job_id = jobs.submit(spec("a", NAME), keys={NAME: ONE})
    os.kill(told("a")[0], signal.SIGKILL)
    wait_state(job_id, "interrupted")
    assert jobs.lacks_keys(jobs.get(job_id)) == ()
    (tmp_path / "told-a").unlink()
    jobs.resume(job_id)
    assert told("a")[1] == {NAME: sum_of(ONE)}
    jobs.cancel(job_id)
    wait_state(job_id, "cancelled")
    wait_for(lambda: not job_keys.ids())
    assert jobs.lacks_keys(jobs.get(job_id)) == (NAME,)
    (tmp_path / "told-a").unlink()
    jobs.resume(job_id)
    assert jobs.get(job_id).state == "queued"
    jobs.resume(job_id, keys={NAME: TWO})
    assert told("a")[1] == {NAME: sum_of(TWO)}
    let_go(tmp_path, "a")
    wait_state(job_id, "done")
    assert jobs.lacks_keys(jobs.get(job_id)) == ()


def test_the_same_job_asked_for_twice_keeps_its_first_key(tmp_path, spec, told):
    job_id = jobs.submit(spec("a", NAME), keys={NAME: ONE}, start=False)
    assert jobs.submit(spec("a", NAME), keys={NAME: TWO}) == job_id
    assert told("a")[1] == {NAME: sum_of(ONE)}
    let_go(tmp_path, "a")


def test_a_waiting_job_that_is_cancelled_takes_its_key_along(spec):
    job_id = jobs.submit(spec("a", NAME), keys={NAME: ONE}, start=False)
    assert job_keys.ids() == {job_id}
    jobs.cancel(job_id)
    assert job_keys.ids() == set()
    jobs.give_keys(job_id, {NAME: ONE})
    assert job_keys.ids() == set()


@pytest.mark.parametrize("sent", ["", "no JSON", "[1]", '{"other": "x"}'])
def test_a_worker_that_is_sent_nothing_useful_has_no_key(sent):
    assert job_keys.receive({"keys": [NAME]}, io.StringIO(sent)) == {}


def test_a_worker_whose_job_names_no_key_reads_nothing():
    closed = io.StringIO()
    closed.close()
    assert job_keys.receive({}, closed) == {}


def test_a_worker_that_is_gone_is_no_fault_of_the_sender():
    read_end, write_end = os.pipe()
    os.close(read_end)
    job_keys.send({NAME: ONE}, os.fdopen(write_end, "wb", buffering=0))

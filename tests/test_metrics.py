"""The server's figures: right counts, Prometheus's format, and nothing private in them."""

from __future__ import annotations

import json
import os
import re
import time

import pytest

from pipelines import jobs, metrics
from pipelines.store import library
from tests.conftest import run_cli
from tests.test_jobs import wait_for, wait_state

SECRET = "Zaubernuss"
LINE = re.compile(r'[a-z_]+(\{[a-z]+="[^"\\\n]*"(,[a-z]+="[^"\\\n]*")*\})? [0-9.e+-]+')


def figure(name: str, found: list[metrics.Metric] | None = None, **labels: str) -> float:
    (metric,) = (one for one in found or metrics.gather() if one.name == f"reviewscape_{name}")
    return next(value for told, value in metric.samples if dict(told) == labels)


@pytest.fixture
def runner(home, monkeypatch):
    monkeypatch.setenv("REVIEWSCAPE_JOB_RUNNER", "tests.job_runners:run")


def test_an_empty_home_has_figures(home):
    found = metrics.gather()
    assert [figure("jobs", found, state=state) for state in metrics.STATES] == [0] * 6
    assert figure("memory_bytes", found, process="workers") == 0
    assert figure("disk_free_bytes", found) > 0
    assert {one.name for one in found}.isdisjoint({"reviewscape_sessions", "reviewscape_job_seconds"})


def test_jobs_are_counted_by_state_and_workers_weighed(runner, tmp_path):
    wait_state(jobs.submit({"do": "finish"}), "done")
    wait_state(jobs.submit({"do": "fail"}), "failed")
    waiting = jobs.submit({"do": "finish", "n": 2}, start=False)
    jobs.cancel(waiting)
    at_work = jobs.submit({"do": "count_runs", "folder": str(tmp_path)})
    wait_for(lambda: jobs.get(at_work).stage == "embedding")
    found = metrics.gather(sessions=3)
    counted = {state: figure("jobs", found, state=state) for state in metrics.STATES}
    assert counted == {"queued": 0, "running": 1, "done": 1, "failed": 1, "cancelled": 1, "interrupted": 0}
    assert figure("memory_bytes", found, process="workers") > 10e6
    assert figure("memory_bytes", found, process="server") > 10e6
    assert figure("sessions", found) == 3
    jobs.cancel(at_work)
    wait_state(at_work, "cancelled")


def test_stages_are_timed_by_what_was_published_last(runner, home, make_parts):
    for name, seconds in (("first", 2.0), ("second", 4.0), ("third", 9.0)):
        analysis = library.create(name)
        parts = make_parts(8)
        parts.summary["seconds"] = {"embedding": seconds}
        bundle = library.publish(analysis, parts)
        job = jobs.submit({"do": "finish", "name": name})
        wait_state(job, "done")
        at = time.time() - {"first": 300.0, "second": 200.0, "third": 100.0}[name]
        jobs.use(
            lambda db, job=job, at=at, bundle=bundle: db.execute(
                "UPDATE jobs SET bundle = ?, started = ?, finished = ? WHERE id = ?",
                (str(bundle.path), at, at + 5, job),
            )
        )
    found = metrics.gather()
    assert figure("stage_seconds", found, stage="embedding", which="last") == 9
    assert figure("stage_seconds", found, stage="embedding", which="median") == 4
    assert figure("job_seconds", found, which="median") == pytest.approx(5)


def test_the_text_is_prometheus_and_says_nothing_private(runner, home, make_parts):
    analysis = library.create(SECRET)
    library.publish(analysis, make_parts(8))
    wait_state(jobs.submit({"do": "break_down", "name": SECRET}), "failed")
    text = metrics.to_prometheus(metrics.gather(sessions=0))
    assert text.endswith("\n")
    for line in text.splitlines():
        assert line.startswith(("# HELP reviewscape_", "# TYPE reviewscape_")) or LINE.fullmatch(line), line
    for private in (SECRET, analysis, str(home), os.environ["REVIEWSCAPE_HOME"]):
        assert private not in text


def test_labels_are_escaped():
    odd = metrics.Metric("x", "h", (({"a": 'q"\\\n'}, 1.5),))
    assert metrics.to_prometheus([odd]).splitlines()[-1] == 'x{a="q\\"\\\\\\n"} 1.5'


def test_the_command(home):
    done = run_cli("metrics", "--json", home=home)
    assert done.returncode == 0, done.stderr
    assert {one["state"]: one["value"] for one in json.loads(done.stdout)["reviewscape_jobs"]}["done"] == 0
    assert "# TYPE reviewscape_jobs gauge" in run_cli("metrics", home=home).stdout

"""The compiler's wait is paid by a child process at server start: once, and without harm."""

from __future__ import annotations

import json
import threading

import pytest

from pages.ui import starting
from pipelines import warming
from tests import sample_bundle
from tests.conftest import run_cli


def test_a_child_does_it_once(home):
    assert not warming.marker().parent.joinpath("warm-no").exists()
    warming.marker().unlink(missing_ok=True)
    child = warming.start()
    assert child is not None and child.wait(timeout=300) == 0
    assert warming.is_done()
    assert warming.start() is None


def test_the_command_says_what_it_did(home):
    done = run_cli("warm", home=home)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["warm"].startswith(str(home))


@pytest.mark.parametrize(("missing", "wanted"), [(False, True), (True, True), (False, False)])
def test_the_server_starts_it_once_where_no_job_does_the_same(home, monkeypatch, missing, wanted):
    started: list[str] = []
    monkeypatch.setattr(warming, "start", lambda: started.append("warm"))
    # The job of a missing sample is of no interest here.
    for name in ("samples.submit_missing", "uploads.sweep", "jobs.pump"):
        monkeypatch.setattr(f"pipelines.{name}", list)
    monkeypatch.setattr("pipelines.jobs.list_active", lambda: [object()] if missing else [])
    sample_bundle.stand_in(30)
    monkeypatch.setattr(starting, "_done", threading.Event())
    monkeypatch.setenv("REVIEWSCAPE_WARM_UP", str(int(wanted)))
    for _ in range(2):
        starting.once()
    assert started == (["warm"] if wanted and not missing else [])


def test_a_machine_that_starts_no_process_is_left_alone(home, monkeypatch):
    warming.marker().unlink(missing_ok=True)
    monkeypatch.setattr("sys.executable", str(home / "no-such-python"))
    assert warming.start() is None

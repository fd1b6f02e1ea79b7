"""A job whose typed key went with the server: it waits on the Open page, asks again, and goes on."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from pipelines import jobs
from pipelines.store import library
from tests import sample_bundle
from tests.conftest import ROOT
from tests.pages.conftest import assert_good, words
from tests.pages.uploads import keys, wait_until_ended

NAME, TYPED = "DASHSCOPE_API_KEY", "sk-typed-once-more-01"


@pytest.fixture
def lost(home, tmp_path, monkeypatch):
    """A job queued with a key by a server that is gone."""
    monkeypatch.setenv("REVIEWSCAPE_JOB_RUNNER", "tests.job_runners:run")
    monkeypatch.delenv(NAME, raising=False)
    spec = {"do": "tell_key", "folder": str(tmp_path), "name": "my file", "ask": [NAME], "keys": [NAME]}
    code = f"from pipelines import jobs; print(jobs.submit({spec!r}, keys={{{NAME!r}: 'sk-typed-first'}}, start=False))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def told(folder: Path) -> str:
    """What the worker says of the key that it was given."""
    answer = folder / "told-my file"
    end = time.monotonic() + 60
    while not answer.exists():
        assert time.monotonic() < end
        time.sleep(0.05)
    return answer.read_text()


@pytest.mark.parametrize(("language", "button"), [("en", "Go on with this key"), ("zh", "")])
def test_it_asks_again_and_goes_on(start, lost, tmp_path, home, language, button):
    app = start("open", language=language)
    assert_good(app)
    assert jobs.get(lost).state == "queued"
    assert NAME in words(app).replace("\\", "")
    give = app.button(key=f"give_keys_{lost}")
    assert give.disabled
    assert button in give.label
    app.text_input(key=f"again_{lost}_{NAME}_typed").input(TYPED).run()
    assert_good(app)
    app.button(key=f"give_keys_{lost}").click().run()
    assert_good(app)
    assert hashlib.sha256(TYPED.encode()).hexdigest() in told(tmp_path)
    assert f"give_keys_{lost}" not in keys(app.run())
    (tmp_path / "go-my file").write_text("x")
    assert wait_until_ended().state == jobs.DONE
    assert not any(TYPED.encode() in path.read_bytes() for path in home.rglob("*") if path.is_file())


def test_a_full_map_is_finished_with_a_key_typed_since(start, lost, tmp_path):
    draft = sample_bundle.parts(30)
    library.create("my file", analysis_id=lost)
    jobs.announce(lost, lost, library.publish(lost, replace(draft, config={**draft.config, "draft": True})).path)
    jobs.use(lambda c: c.execute("UPDATE jobs SET state = ? WHERE id = ?", (jobs.CANCELLED, lost)))
    app = start("map", a=lost)
    app.session_state["session_keys"] = {NAME: TYPED}
    app.button(key="draft_finish").click().run()
    assert_good(app)
    assert hashlib.sha256(TYPED.encode()).hexdigest() in told(tmp_path)
    (tmp_path / "go-my file").write_text("x")
    assert wait_until_ended().state == jobs.DONE

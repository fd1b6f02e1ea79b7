"""A trial in a process of its own: figures or words, in time, with the session's keys and nothing left behind."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from pipelines.embed.keys import given
from pipelines.embed.trial import ModelTest
from pipelines.embed.trial_run import Trial
from pipelines.types import Warning_
from tests.embed.ollama_list import hanging, refusing
from tests.embed.provider_server import ProviderServer

pytestmark = pytest.mark.usefixtures("home")
WAIT_S = 120


def outcome(trial: Trial) -> ModelTest | Warning_:
    """What comes of a trial, waited for."""
    end = time.monotonic() + WAIT_S
    while trial.outcome is None and time.monotonic() < end:
        time.sleep(0.05)
    assert trial.outcome is not None
    return trial.outcome


def test_a_model_that_answers_gives_figures(server: ProviderServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with given({"OPENAI_API_KEY": "sk-of-this-session"}):
        found = outcome(Trial(f"openai:some-model@{server.url}/v1", "zh"))
    assert isinstance(found, ModelTest), found
    assert (found.dim, len(found.first), len(found.pairs)) == (server.native_dim, 5, 3)
    assert found.told.values["a"] in found.pairs[found.nearest]
    assert server.headers[0]["authorization"] == "Bearer sk-of-this-session"
    assert "OPENAI_API_KEY" not in os.environ


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("dashscope:text-embedding-v4", "needs a key"),
        ("st:/nowhere/at/all", "neither a folder nor a hub id"),
        ("nonsense", "There is no embedder"),
    ],
)
def test_what_cannot_be_tried_is_told(name: str, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DASHSCOPE_API_KEY", raising=False)
    found = outcome(Trial(name, "en"))
    assert isinstance(found, Warning_)
    assert words in str(found)


def test_a_server_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REVIEWSCAPE_PROVIDER_BUDGET_S", "0.2")
    monkeypatch.setenv("OLLAMA_HOST", refusing())
    found = outcome(Trial("ollama:bge-m3", "en"))
    assert isinstance(found, Warning_)
    assert "ollama" in str(found)


def test_a_server_that_hangs_is_left_in_time() -> None:
    with hanging() as url:
        trial = Trial(f"openai:m@{url}/v1", "en", timeout_s=1.0)
        found = outcome(trial)
        assert isinstance(found, Warning_)
        assert "no answer within 1 seconds" in str(found)
        assert trial._process.returncode is not None, "nothing is left behind"


def test_a_trial_can_be_stopped_and_is_over(tmp_path: Path) -> None:
    with hanging() as url:
        trial = Trial(f"openai:m@{url}/v1", "en")
        trial.stop()
        assert isinstance(trial.outcome, Warning_)
        trial.stop()
        assert trial._process.returncode is not None


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="only Linux shows a process's environment so")
def test_a_key_typed_for_the_session_is_not_in_the_childs_environment() -> None:
    with hanging() as url, given({"OPENAI_API_KEY": "sk-of-this-session"}):
        trial = Trial(f"openai:m@{url}/v1", "en")
        shown = Path(f"/proc/{trial._process.pid}/environ").read_bytes()
        shown += Path(f"/proc/{trial._process.pid}/cmdline").read_bytes()
        trial.stop()
    assert b"REVIEWSCAPE_HOME" in shown
    assert b"sk-of-this-session" not in shown

"""Keys: whose they are, and that none is taken for a part of a name."""

from __future__ import annotations

import os
import threading

import pytest

from pipelines.embed import keys
from pipelines.embed.deadline import within
from pipelines.embed.underway import answered
from pipelines.errors import MissingKey, UnusableInput
from pipelines.store import acting


def test_a_sessions_key_goes_before_the_environments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "of the environment".replace(" ", "-"))
    with keys.given({"OPENAI_API_KEY": " typed\n", "DASHSCOPE_API_KEY": "  "}):
        assert keys.find("OPENAI_API_KEY") == "typed"
        assert keys.current() == {"OPENAI_API_KEY": "typed"}
    assert keys.find("OPENAI_API_KEY") == "of-the-environment"
    assert keys.current() == {}


def test_a_key_that_no_header_carries_is_told_by_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with keys.given({"OPENAI_API_KEY": "schlüssel"}), pytest.raises(MissingKey) as caught:
        keys.find("OPENAI_API_KEY")
    assert "schl" not in str(caught.value)
    with pytest.raises(MissingKey, match="OPENAI_API_KEY"):
        keys.key_from("OPENAI_API_KEY", "A service")


@pytest.mark.parametrize("who", [acting.ALL, acting.MACHINE, acting.NOBODY, "a" * 32])
def test_the_environments_keys_serve_the_machine_alone(who: str, monkeypatch: pytest.MonkeyPatch) -> None:
    name, servers, theirs = "OPENAI_API_KEY", "of-the-server", "typed-by-a-person"
    monkeypatch.setenv(name, servers)
    may = who in (acting.ALL, acting.MACHINE)
    found: list[str] = []

    def look(_job: int = 0) -> str:
        found.append(keys.find(name))
        return found[-1]

    with acting.acting_as(who):
        look()
        # A thread acts for who started it, not for the machine.
        within(10.0, look)
        list(answered([1, 2], look, 2, lambda: None))
        thread = threading.Thread(target=acting.carried(look))
        thread.start()
        thread.join()
        assert keys.of_environment(name) == (servers if may else "")
        assert (name in keys.environment()) == may
        assert found == [servers if may else ""] * 5
        if not may:
            with pytest.raises(MissingKey, match="type it into its field"):
                keys.key_from(name, "A service")
        with keys.given({name: theirs}):
            assert within(10.0, look) == theirs


def test_a_persons_job_finds_no_key_of_the_server_and_the_next_job_does(monkeypatch: pytest.MonkeyPatch) -> None:
    name, person = "DASHSCOPE_API_KEY", "a" * 32
    monkeypatch.setenv(name, "of-the-server")
    with keys.withheld(acting.MACHINE):
        assert keys.find(name) == "of-the-server"
    with pytest.raises(ZeroDivisionError), keys.withheld(person):
        assert acting.who() == person
        assert name not in os.environ
        raise ZeroDivisionError
    assert os.environ[name] == "of-the-server"


@pytest.mark.parametrize(
    "name",
    [
        "openai:m@https://user:s3cret@example.invalid/v1",
        "openai:m@https://s3cret@example.invalid/v1",
        "openai:m@https://example.invalid/v1?api_key=s3cret",
        "openai:m@https://example.invalid/v1#s3cret",
        "openai:user:s3cret@example.invalid/v1",
        "openai:s3cret@",
        "https://user:s3cret@example.invalid",
        "ollama:m@http://user:s3cret@127.0.0.1:11434",
        "dashscope:sk-0123456789abcdefs3cret",
        "st:sk-proj-0123456789abcdef-s3cret",
        "hf_0123456789abcdefABCDEF0123456789abs3cret",
        "openai:m@https://example.invalid/v1/s3cret-of-the-environment",
        "openai:s3cret-of-the-session@https://example.invalid/v1",
    ],
)
def test_a_name_with_a_secret_is_refused_and_not_quoted(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "s3cret-of-the-environment")
    with keys.given({"DASHSCOPE_API_KEY": "s3cret-of-the-session"}), pytest.raises(UnusableInput) as caught:
        keys.check_name(name)
    assert "s3cret" not in str(caught.value)
    assert "example" not in str(caught.value)


@pytest.mark.parametrize(
    "name",
    [
        "auto",
        "bundled",
        "st:intfloat/multilingual-e5-small",
        "st:/home/ann/models/e5 small?",
        "st:some-org/task-embeddings-for-long-documents",
        "dashscope:text-embedding-v4",
        "ollama:qwen3-embedding:0.6b",
        "openai:text-embedding-3-small",
        "openai:bge-m3@http://127.0.0.1:8080/v1",
        "openai:org/model:tag@https://example.invalid/v1",
        "openai:",
        "",
    ],
)
def test_a_name_without_one_passes(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHORT_API_KEY", "e5")
    keys.check_name(name)

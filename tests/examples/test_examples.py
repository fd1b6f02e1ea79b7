"""Every example runs as its first lines say, each in a process of its own, against servers on loopback."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ask.chat_server import ChatServer
from tests.conftest import ROOT, AnalysedSample
from tests.embed.provider_server import ProviderServer


@pytest.fixture
def server() -> Iterator[ProviderServer]:
    running = ProviderServer(native_dim=1024)
    yield running
    running.close()


@pytest.fixture
def chat() -> Iterator[ChatServer]:
    running = ChatServer(lambda rules, question: "It is loud [1], and less so with the lid on [3].")
    yield running
    running.close()


def run(name: str, *arguments: object, home: Path, cwd: Path = ROOT, **more: str) -> list[str]:
    """The lines that an example prints."""
    environment = {**os.environ, "REVIEWSCAPE_HOME": str(home), "PYTHONPATH": os.pathsep.join(filter(None, [
        str(ROOT), os.environ.get("PYTHONPATH", "")])), "PYTHONIOENCODING": "utf-8", **more}  # fmt: skip
    environment.pop("PYTHONWARNINGS", None)
    done = subprocess.run(
        [sys.executable, "-m", f"examples.{name}", *map(str, arguments)],
        cwd=cwd,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_the_clouds_way(server: ProviderServer, home: Path) -> None:
    lines = run("cloud_model", home=home, DASHSCOPE_API_KEY="sk-of-a-test", DASHSCOPE_HTTP_BASE_URL=server.url)
    assert [line[7:] for line in lines] == [sent for sent in server.sent if sent != "物流怎么样?"]
    assert {payload["parameters"]["dimension"] for payload in server.requests} == {256}
    assert all(-1 <= float(line[:5]) <= 1 for line in lines)


def test_the_local_way(server: ProviderServer, home: Path) -> None:
    lines = run("local_model", home=home, OLLAMA_HOST=server.url)
    assert len(lines) == 3
    assert {payload["model"] for payload in server.requests} == {"qwen3-embedding:0.6b"}


def test_a_bundle_in_a_notebook(analysed_sample: AnalysedSample, tmp_path: Path, home: Path) -> None:
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "bundle").symlink_to(analysed_sample.bundle)
    told = "\n".join(run("bundle_in_a_notebook", home=home, cwd=tmp_path))
    assert "'rows':" in told
    assert "topics drawn" in told


def test_a_retriever_in_a_chain(analysed_sample: AnalysedSample, chat: ChatServer, home: Path) -> None:
    lines = run(
        "retriever_in_a_chain", analysed_sample.bundle, "Is the grinder loud?", "tiny", home=home, OLLAMA_HOST=chat.url
    )
    assert lines == ["It is loud [1], and less so with the lid on [3]."]
    (asked,) = chat.questions
    assert asked.endswith("Question: Is the grinder loud?")
    assert asked.count('"number":') == 6
    assert "grind" in asked.lower()

"""`name DIR --model NAME` as a person at a terminal meets it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.__main__ import main
from pipelines.store.bundle import write_bundle
from tests.ask.chat_server import ChatServer
from tests.suggested.conftest import PLAIN, naming, parts

NAMES = {0: "late deliveries", 1: "送餐慢", 2: "HACKED"}


@pytest.fixture
def server(monkeypatch) -> Iterator[ChatServer]:
    made = ChatServer(naming(NAMES))
    monkeypatch.setenv("OLLAMA_HOST", made.url)
    yield made
    made.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_bundle(tmp_path / "bundle", parts())


def test_names_are_printed_and_the_bundle_stays(folder: Path, server, capsys) -> None:
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert main(["name", str(folder), "--model", "ollama:tiny", "--json"]) == 0
    out, err = capsys.readouterr()
    told = json.loads(out)
    assert [one["name"] for one in told["names"]] == ["late deliveries", "送餐慢", None]
    assert told["names"][2]["plain"] == PLAIN[2] and told["names"][2]["why"] and "hacked" not in out.lower()
    assert "this computer" in err
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_elsewhere_needs_yes_and_a_preview_sends_nothing(folder: Path, server, capsys, monkeypatch) -> None:
    monkeypatch.delenv("DASHSCOPE_API_KEY", raising=False)
    assert main(["name", str(folder), "--model", "dashscope:qwen-plus", "--json"]) == 2
    assert "--yes" in capsys.readouterr().err
    assert main(["name", str(folder), "--model", "dashscope:qwen-plus", "--yes"]) == 2
    assert "DASHSCOPE_API_KEY" in capsys.readouterr().err
    assert main(["name", str(folder), "--model", "dashscope:qwen-plus", "--preview"]) == 0
    assert "late delivery" in capsys.readouterr().out
    assert not server.requests


def test_nobody_there_is_exit_3(folder: Path, monkeypatch, capsys) -> None:
    monkeypatch.setenv("OLLAMA_HOST", "127.0.0.1:9")
    monkeypatch.setenv("REVIEWSCAPE_PROVIDER_BUDGET_S", "0")
    assert main(["name", str(folder), "--model", "ollama:tiny"]) == 3
    assert capsys.readouterr().out == ""

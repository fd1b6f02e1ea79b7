"""A folder that is read-only, and one that two servers share: noticed, said, and harmless."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pages.ui import starting
from pipelines import jobs, share, warming
from pipelines.store import durable, library, tenancy
from pipelines.view import View
from tests.conftest import ROOT, cli_environment
from tests.sample_bundle import parts, stand_in

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no flock")


def child(home: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.store.shared_child", *arguments],
        cwd=ROOT,
        env=cli_environment(home),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def said(process: subprocess.Popen[str]) -> dict[str, Any]:
    assert process.stdout is not None
    told: dict[str, Any] = json.loads(process.stdout.readline())
    return told


def looked(home: Path, *arguments: str) -> dict[str, Any]:
    process = child(home, "look", *arguments)
    out = process.communicate()[0]
    assert process.returncode == 0
    told: dict[str, Any] = json.loads(out)
    return told


@pytest.fixture
def mine(home: Path) -> str:
    made = library.create("mine")
    library.publish(made, parts(30))
    library.save_view(made, "look", View())
    share.create_link(made, View())
    jobs.submit({"name": "waits"}, start=False)
    return made


def check_looked(told: dict[str, Any]) -> None:
    assert (told["names"], told["rows"], told["views"], told["links"]) == (["mine"], [30], ["look"], 1)
    assert (told["read_only"], told["role"]) == (True, "looker")
    for words in told["refused"]:
        assert "read-only" in words and "can be looked at" in words, told["refused"]


@pytest.fixture
def open_to_all(mine: str, home: Path) -> Iterator[Path]:
    """A copy of the home where another person may enter, and write nothing."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "home"
        shutil.copytree(home, folder, symlinks=True)
        (folder / "models").unlink()
        for path in (Path(name), folder, *folder.rglob("*")):
            path.chmod(0o555 if path.is_dir() else 0o444)
        yield folder
        for path in (Path(name), folder, *folder.rglob("*")):
            if path.is_dir():
                path.chmod(0o755)


@pytest.mark.parametrize("gone", [(), ("catalog.db",), ("catalog.db", "jobs.db")])
def test_a_read_only_folder_can_be_looked_at_and_says_so(open_to_all: Path, gone: tuple[str, ...]) -> None:
    open_to_all.chmod(0o755)
    for name in gone:
        (open_to_all / name).unlink()
    open_to_all.chmod(0o555)
    told = looked(open_to_all, "as another")
    check_looked(told)
    assert told["jobs"] == ([] if "jobs.db" in gone else ["waits"])


@pytest.mark.torture
def test_a_read_only_mount(mine: str, home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "mounted"
    folder.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", str(folder)], check=False).returncode:
        pytest.skip("nothing can be mounted here; the test above does it by another person")
    try:
        shutil.copytree(home, folder / "home", ignore=shutil.ignore_patterns("models"))
        subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)
        check_looked(looked(folder / "home"))
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_second_server_is_noticed_and_the_next_one_holds_after_the_first_is_gone(home: Path) -> None:
    first = child(home, "hold")
    holding = said(first)
    assert holding["role"] == "holder"
    second = child(home, "hold")
    told = said(second)
    assert told["role"] == "second"
    assert told["other"] == f"{socket.gethostname()}, {holding['pid']}"
    first.kill()
    first.communicate()
    third = child(home, "hold")
    assert said(third)["role"] == "holder", "a lock dies with its process, however that ended"
    for process in (second, third):
        process.communicate("\n")


def test_only_the_holder_sweeps_and_purges(home: Path, make_parts, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(20)
    monkeypatch.setattr(warming, "start", lambda: None)
    monkeypatch.setattr(jobs, "pump", list)
    gone = library.create("gone")
    library.publish(gone, make_parts(5))
    long_ago = datetime.now(UTC) - timedelta(days=60)
    monkeypatch.setattr(durable, "now_utc", lambda: long_ago + timedelta(days=61))
    library.delete(gone)
    monkeypatch.setattr(durable, "now_utc", lambda: long_ago + timedelta(days=90))
    other = child(home, "hold")
    assert said(other)["role"] == "holder"
    for role, left in (("second", True), ("holder", False)):
        starting._done.clear()
        starting.once()
        assert (home / "analyses" / gone).exists() is left, role
        if left:
            other.communicate("\n")
    starting._done.clear()
    tenancy.leave()


def test_what_a_live_process_writes_is_not_swept(home: Path) -> None:
    """Whoever sweeps: a folder that is being filled is held by who fills it."""
    target = home / "analyses" / "x"
    target.parent.mkdir(exist_ok=True)
    with durable.temp_dir_beside(target) as temp:
        assert durable.sweep_temps(target.parent) == []
        assert temp.is_dir()
    assert os.listdir(target.parent) == []

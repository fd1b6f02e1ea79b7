"""A full disk at every stage: what is there is read, what lacks room says how much and what can go; later it works."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT, cli_environment

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no resource limits")
SAID = re.compile(r"said: There is no space left .* about \d+\.\d MB are needed, \d+\.\d MB are free\. What can go: ")


def child(how: str, home: Path) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.store.full_disk_child", how],
        cwd=ROOT,
        env=cli_environment(home),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def check(told: dict[str, Any], *stages: str) -> None:
    full, old = told["full"], told["old"]
    for stage in ("upload", "publish", "journal", "create", "export", *stages):
        assert SAID.match(full[stage]), (stage, full[stage])
    assert {full["cache"], full["checkpoint"]} == {"passed over"}, "a cache serves and never stops a run"
    assert (old["name"], old["points"], old["bundles"], old["views"]) == ("old", 40, [40], ["look"])
    assert (old["problems"], old["cached"], old["jobs"], old["left"]) == ([], 1, 1, [])
    assert set(told["room"].values()) == {"done"}, told["room"]
    after = told["after"]
    assert (after["bundles"], after["jobs"], after["problems"], after["left"]) == ([40, 1200], 4, [], [])
    assert after["views"] == ["look", "long 1"]


def test_no_room_at_any_stage(home: Path) -> None:
    told = child("limit", home)
    # A limit of files is no full disk to SQLite: it only knows that it could not write.
    assert told["full"]["queue"].startswith("said: This could not be saved in ")
    check(told)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A real file system of its own, as large as one analysis; where none can be mounted the limit must do."""
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(folder)], check=False)
    yield folder if mounted.returncode == 0 else tmp_path / "unmounted"
    if mounted.returncode == 0:
        subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.mark.torture
def test_a_real_full_disk(small_disk: Path) -> None:
    if small_disk.name == "unmounted":
        small_disk.mkdir()
        check(child("limit", small_disk))
    else:
        check(child("fill", small_disk), "queue")

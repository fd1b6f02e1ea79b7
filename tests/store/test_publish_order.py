"""A bundle appears complete or not at all: the order on the disk, and a death at each of its steps."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pipelines.store import catalog, library
from tests.conftest import ROOT, cli_environment


def test_temp_dir_write_sync_rename_sync_parent_journal_catalog(home: Path, make_parts, monkeypatch) -> None:
    made = library.create("order")
    events: list[tuple[str, Any]] = []
    real = {name: getattr(os, name) for name in ("fsync", "rename")}

    def fsync(descriptor: int) -> None:
        real["fsync"](descriptor)
        events.append(("fsync", os.fstat(descriptor).st_ino))

    def rename(source: Any, target: Any) -> None:
        real["rename"](source, target)
        events.append(("rename", Path(target).name))

    def refresh(*args: Any) -> None:
        events.append(("catalog", args))
        real_refresh(*args)

    real_refresh = catalog.refresh
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", fsync)
        patch.setattr(os, "rename", rename)
        patch.setattr(catalog, "refresh", refresh)
        bundle = library.publish(made, make_parts(12))
    folder = catalog.home() / made
    inside = {path: path.stat().st_ino for path in (bundle.path, *bundle.path.rglob("*"))}
    renamed = events.index(("rename", bundle.id))
    for path, inode in inside.items():
        assert ("fsync", inode) in events[:renamed], f"{path.name} is on the disk before it appears"
    parent = events.index(("fsync", (folder / "bundles").stat().st_ino))
    written = events.index(("fsync", (folder / "journal.jsonl").stat().st_ino))
    assert renamed < parent < written, "then its folder, then the journal"
    assert events[written + 1 :] == [("catalog", (made,))], "and the catalog last"


@pytest.mark.skipif(sys.platform == "win32", reason="no fork")
@pytest.mark.parametrize("every", [7, pytest.param(1, marks=pytest.mark.torture)])
def test_a_death_at_any_step_leaves_the_old_or_the_new(every: int, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.store.publish_steps", str(tmp_path), str(every)],
        cwd=ROOT,
        env=cli_environment(tmp_path),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    print(f"{int(done.stdout)} steps")  # noqa: T201
    assert int(done.stdout) >= 20

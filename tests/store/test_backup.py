"""Backup while people work, restore elsewhere: everything acknowledged before is there, nothing hostile comes along."""

from __future__ import annotations

import json
import os
import random
import shutil
import stat
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from pipelines import jobs, share
from pipelines.errors import UnusableInput
from pipelines.store import backup, bundle, catalog, durable, library, restore, tenancy
from pipelines.store.verify import verify
from pipelines.view import Filter, View
from tests.conftest import ROOT, cli_environment, run_cli

WRITER = """
import sys
import time
from pipelines.store import library
from pipelines.view import View
from tests.conftest import build_parts
analysis, n = sys.argv[1], 0
while True:
    n += 1
    print("view", library.save_view(analysis, f"look {n}", View(analysis=analysis)), flush=True)
    if n % 10 == 0:
        print("bundle", library.publish(analysis, build_parts(12, seed=n)).id, flush=True)
"""


@pytest.fixture
def filled(home: Path, make_parts) -> str:
    """A library with two analyses, a deleted one, views, an open and a revoked link, a job; returns a link's token."""
    first, second, gone = (library.create(name) for name in ("酒店.csv", "b", "gone"))
    for number, analysis in enumerate((first, second, gone)):
        library.publish(analysis, make_parts(20 + number, seed=number))
    library.delete(gone)
    library.save_view(first, "看", View(analysis=first, filters=(Filter("cluster", "is", 1),), note="note"))
    token = share.create_link(first, View(analysis=first), redact=True)
    share.create_link(second, View(analysis=second))
    share.revoke(second, share.list_links(second)[0].id)
    assert share.open_link(token) is not None
    jobs.submit({"uploads": [{"path": "x", "name": "x"}], "name": "x"}, start=False)
    (home / "stages").mkdir()
    (home / "stages" / "kept.stage").write_bytes(b"kept")
    (home / "logs").mkdir()
    (home / "logs" / "a.log").write_bytes(b"log")
    return token


def told() -> dict[str, object]:
    """What the library of the present home says."""
    infos = [*library.list_analyses(), *library.deleted()]
    return {
        "analyses": [(one.id, one.name, one.rows, one.deleted, one.updated) for one in infos],
        "views": [library.list_views(one.id, with_deleted=True) for one in infos if not one.deleted],
        "links": [share.list_links(one.id) for one in infos if not one.deleted],
        "jobs": [(job.id, job.state, dict(job.spec)) for job in jobs.list_recent()],
    }


@pytest.mark.parametrize("name", ["kept.zip", "kept"])
@pytest.mark.parametrize("without_catalog", [False, True])
def test_a_restored_library_is_the_same(home, filled, tmp_path, monkeypatch, name, without_catalog):
    before = told()
    made = backup.make(home, tmp_path / name)
    assert made.problems == []
    assert made.analyses == 3
    assert not any(path.startswith(("stages/", "logs/", "models/", "vectors")) for path in made.files)
    elsewhere = tmp_path / "elsewhere"
    restore.restore(tmp_path / name, elsewhere)
    if without_catalog:
        (elsewhere / "catalog.db").unlink()
    monkeypatch.setenv("REVIEWSCAPE_HOME", str(elsewhere))
    after = told()
    if without_catalog:
        # Only the catalog counts how often a link was opened.
        del before["links"], after["links"]
    assert after == before
    for info in library.list_analyses():
        assert verify(library.latest_bundle(info.id)) == []
    opened = share.open_link(filled)
    assert opened is not None and opened.bundle.is_relative_to(elsewhere)
    assert stat.S_IMODE(elsewhere.stat().st_mode) == 0o700
    assert list(tmp_path.glob(".*.tmp")) == []


def test_caches_come_along_where_wanted(home, filled, tmp_path):
    files = backup.make(home, tmp_path / "with.zip", caches=True).files
    assert "stages/kept.stage" in files
    assert "logs/a.log" not in files


@pytest.mark.parametrize("seed", range(3))
def test_what_was_acknowledged_before_is_in_a_backup_made_while_a_writer_writes(home, make_parts, tmp_path, seed):
    analysis = library.create("busy")
    library.publish(analysis, make_parts(12))
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, analysis],
        cwd=ROOT,
        env=cli_environment(home, PYTHONPATH=str(ROOT)),
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        acknowledged = [writer.stdout.readline().split() for _ in range(random.Random(seed).randint(12, 40))]
        made = backup.make(home, tmp_path / "busy.zip")
    finally:
        writer.kill()
        writer.wait()
        writer.stdout.close()
    assert made.problems == []
    elsewhere = tmp_path / "elsewhere"
    restore.restore(tmp_path / "busy.zip", elsewhere)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REVIEWSCAPE_HOME", str(elsewhere))
        views = {view.id for view in library.list_views(analysis)}
        bundles = {one.id for one in library.bundles(analysis)}
        assert {name for kind, name in acknowledged if kind == "view"} <= views
        assert {name for kind, name in acknowledged if kind == "bundle"} <= bundles
        # What the journal names is there, and whole.
        assert all(verify(library.bundle_path(analysis, one)) == [] for one in bundles)


def test_nothing_is_overwritten(home, filled, tmp_path):
    target = tmp_path / "kept.zip"
    backup.make(home, target)
    content = target.read_bytes()
    with pytest.raises(UnusableInput, match="is there already"):
        backup.make(home, target)
    assert target.read_bytes() == content
    with pytest.raises(UnusableInput, match="is not empty"):
        restore.restore(target, home)
    before = told()
    restore.restore(target, home, set_aside=True)
    assert told() == before
    (aside,) = home.parent.glob("home.before-*")
    assert (aside / "logs" / "a.log").is_file()


def test_too_little_space_is_told_before_anything_is_written(home, filled, tmp_path, monkeypatch):
    backup.make(home, tmp_path / "kept.zip")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: os.terminal_size((0, 0)) and type("Free", (), {"free": 1000}))
    with pytest.raises(UnusableInput, match="0 MB free, 17 MB are needed"):
        backup.make(home, tmp_path / "other.zip")
    with pytest.raises(UnusableInput, match="are needed"):
        restore.restore(tmp_path / "kept.zip", tmp_path / "elsewhere")
    assert {path.name for path in tmp_path.iterdir()} == {"home", "kept.zip"}


def test_a_damaged_bundle_is_backed_up_and_named(home, filled, tmp_path):
    victim = library.latest_bundle(library.list_analyses()[0].id) / "vectors.npy"
    data = bytearray(victim.read_bytes())
    data[-1] ^= 1
    victim.write_bytes(data)
    made = backup.make(home, tmp_path / "kept.zip")
    assert [problem for problem in made.problems if problem.endswith("vectors.npy is damaged already")] == made.problems
    assert len(made.problems) == 1


def test_a_damaged_database_is_left_out_and_named(home, filled, tmp_path, monkeypatch):
    (home / "catalog.db").write_bytes(b"no database" * 1000)
    made = backup.make(home, tmp_path / "kept.zip")
    assert made.problems == ["catalog.db is left out (DatabaseError)"]
    restore.restore(tmp_path / "kept.zip", tmp_path / "elsewhere")
    monkeypatch.setenv("REVIEWSCAPE_HOME", str(tmp_path / "elsewhere"))
    assert len(library.list_analyses()) == 2


@pytest.mark.parametrize("seed", range(40))
def test_a_flipped_bit_is_found_and_nothing_appears(home, filled, tmp_path, seed):
    target = tmp_path / "kept.zip"
    backup.make(home, target)
    rng = random.Random(seed)
    data = bytearray(target.read_bytes())
    data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    target.write_bytes(data)
    elsewhere = tmp_path / "elsewhere"
    try:
        restore.restore(target, elsewhere)
    except UnusableInput:
        assert not elsewhere.exists()
    else:
        # A bit that says nothing of the content, such as a member's date.
        manifest = json.loads((zipfile.ZipFile(target)).read(bundle.MANIFEST))
        for name, entry in manifest["files"].items():
            assert durable.sha256_file(elsewhere / name) == entry["sha256"]
    assert list(tmp_path.glob(".*.tmp")) == []


HOSTILE = [
    "../outside", "analyses/../../outside", "/etc/passwd", "analyses/a\\..\\b", "C:/x", "analyses//x", "analyses/./x",
    "analyses/.hidden", "analyses/a\x00b", "app.py", "logs/x", "", "analyses", "models/../../x", "catalog.db/x",
    "analyses/" + "x" * 500, "analyses/\u202etxt",
]  # fmt: skip


def forged(path: Path, content: dict[str, bytes], **more: object) -> None:
    """A backup with right sums and whatever names."""
    told = {name: {"sha256": durable.sha256_bytes(data), "size": len(data)} for name, data in content.items()}
    manifest = durable.json_bytes(
        {"format": backup.FORMAT, "version": backup.VERSION, "created": "", "caches": False, "files": told} | more
    )
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in content.items():
            archive.writestr(zipfile.ZipInfo(name or "empty"), data)
        archive.writestr(bundle.MANIFEST, manifest)
        archive.writestr(bundle.MANIFEST_SUM, bundle.sum_line(manifest))


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_path_is_refused_before_anything_is_written(tmp_path, name):
    source = tmp_path / "forged.zip"
    forged(source, {"analyses/aaaaaaaaaaaaaaaa/journal.jsonl": b"", name: b"x"})
    with pytest.raises(UnusableInput, match="names a file that no backup has"):
        restore.restore(source, tmp_path / "in" / "home")
    assert {path.name for path in tmp_path.rglob("*")} <= {"forged.zip", "in"}


def test_links_doubles_bombs_and_other_versions_are_refused(tmp_path):
    name = "uploads/one.upload"
    source = tmp_path / "forged.zip"

    def refused(words: str) -> None:
        with pytest.raises(UnusableInput, match=words):
            restore.restore(source, tmp_path / "home")
        assert not (tmp_path / "home").exists()

    forged(source, {name: b"/etc/passwd"})
    with zipfile.ZipFile(source) as archive:
        kept = {info.filename: archive.read(info) for info in archive.infolist()}
    with zipfile.ZipFile(source, "w") as archive:
        for member, data in kept.items():
            info = zipfile.ZipInfo(member)
            info.external_attr = (stat.S_IFLNK | 0o777) << 16 if member == name else 0
            archive.writestr(info, data)
    refused("is damaged: uploads/one.upload")
    forged(source, {name: b"x"})
    with zipfile.ZipFile(source, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr(zipfile.ZipInfo(name), b"y")
    refused("is damaged: uploads/one.upload")
    # Tells one byte and unpacks to 50 MB.
    told = {name: {"sha256": "0" * 64, "size": 1}}
    manifest = durable.json_bytes({"format": backup.FORMAT, "version": 1, "created": "", "files": told})
    with zipfile.ZipFile(source, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, bytes(50_000_000))
        archive.writestr(bundle.MANIFEST, manifest)
        archive.writestr(bundle.MANIFEST_SUM, bundle.sum_line(manifest))
    refused("is damaged: uploads/one.upload")
    forged(source, {name: b"x"}, version=2)
    refused("another version")
    forged(source, {name: b"x"}, files=[name])
    refused("is no backup of Reviewscape")
    source.write_bytes(b"PK nothing")
    refused("is no backup of Reviewscape")
    source.unlink()
    refused("There is no backup at")


def test_a_link_in_a_folder_is_not_followed(home, filled, tmp_path):
    target = tmp_path / "kept"
    backup.make(home, target)
    journal = next(target.glob("analyses/*/journal.jsonl"))
    moved = tmp_path / "moved"
    journal.rename(moved)
    journal.symlink_to(moved)
    with pytest.raises(UnusableInput, match="is damaged"):
        restore.restore(target, tmp_path / "elsewhere")


def test_the_commands(home, filled, tmp_path):
    done = run_cli("backup", tmp_path / "kept.zip", home=home)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["analyses"] == 3
    assert run_cli("backup", tmp_path / "kept.zip", home=home).returncode == 2
    done = run_cli("restore", tmp_path / "kept.zip", "--into", tmp_path / "new", home=home)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["files"] == told["files"]
    done = run_cli("restore", tmp_path / "kept.zip", home=home)
    assert (done.returncode, "is not empty" in done.stderr) == (2, True)
    assert len(catalog.analysis_ids()) == 3


def test_a_folder_that_a_server_holds_is_left_alone(home, filled, tmp_path):
    backup.make(home, tmp_path / "kept.zip")
    with (home / tenancy.LOCK).open("w") as held:
        assert not tenancy.is_held(home)
        with durable.locked(held.fileno()):
            assert tenancy.is_held(home)
            with pytest.raises(UnusableInput, match="A server uses"):
                restore.restore(tmp_path / "kept.zip", home, set_aside=True)
    restore.restore(tmp_path / "kept.zip", home, set_aside=True)


BACKER = """
import sys
import time
from itertools import count
from pathlib import Path
from pipelines.store import backup
home, folder = map(Path, sys.argv[1:])
for n in count():
    backup.make(home, folder / (f"{n}.zip" if n % 2 else f"{n}"))
    print(n, flush=True)
"""


@pytest.mark.parametrize("seed", [*range(3), *(pytest.param(seed, marks=pytest.mark.torture) for seed in range(3, 40))])
def test_a_backup_that_was_killed_is_not_there_at_all(home, filled, tmp_path, seed):
    rng = random.Random(seed)
    folder = tmp_path / "kept"
    folder.mkdir()
    child = subprocess.Popen(
        [sys.executable, "-c", BACKER, home, folder],
        cwd=ROOT,
        env=cli_environment(home, PYTHONPATH=str(ROOT)),
        stdout=subprocess.PIPE,
        text=True,
    )
    acknowledged = [child.stdout.readline().strip() for _ in range(rng.randint(1, 6))]
    time.sleep(rng.random() * 0.1)
    child.kill()
    child.wait()
    child.stdout.close()
    whole = [path for path in folder.iterdir() if not durable.TEMP_NAME.match(path.name)]
    assert {path.stem for path in whole} >= set(acknowledged)
    before = told()
    for n, path in enumerate(whole):
        restore.restore(path, tmp_path / f"back{n}")
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("REVIEWSCAPE_HOME", str(tmp_path / f"back{n}"))
            assert told() == before
    assert told() == before

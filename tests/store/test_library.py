from __future__ import annotations

import os
import random
import shutil
import sqlite3
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipelines.errors import UnusableInput
from pipelines.store import catalog, journal, library, selections, sweeping
from pipelines.store.verify import verify
from pipelines.view import View

ROOT = Path(__file__).resolve().parents[2]
AT = datetime(2025, 3, 1, 12, tzinfo=UTC)
pytestmark = pytest.mark.usefixtures("home")


@pytest.fixture
def published(make_parts):
    analysis_id = library.create("酒店.csv", {"file": "酒店.csv"}, sample="hotels", now=AT)
    library.publish(analysis_id, make_parts(20), now=AT)
    return analysis_id


def test_an_empty_library():
    assert library.list_analyses() == []
    assert library.deleted() == []
    assert sweeping.sweep() == []


def test_what_is_published_is_listed(published, make_parts):
    library.create("waiting.csv")
    [info] = library.list_analyses()
    assert (info.id, info.name, info.sample, info.rows, info.units, info.topics) == (
        *(published, "酒店.csv", "hotels"),
        *(20, 20, 3),
    )
    assert info.source == {"file": "酒店.csv"}
    assert info.created == info.updated == "2025-03-01T12:00:00.000+00:00"
    assert info.bundle == library.latest_bundle(published)
    assert not info.is_draft
    assert len(library.list_analyses(with_pending=True)) == 2
    assert library.info(published) == info


def test_a_new_bundle_is_the_latest_even_when_the_clock_went_back(published, make_parts):
    first = library.latest_bundle(published)
    bundle = library.publish(published, make_parts(7, draft=True), now=AT - timedelta(days=400))
    assert library.latest_bundle(published) == bundle.path != first
    [info] = library.list_analyses()
    assert (info.rows, info.is_draft) == (7, True)
    assert [one.rows for one in library.bundles(published)] == [20, 7]


def test_rename(published):
    library.rename(published, "  A\n名\x00字 ")
    assert library.info(published).name == "A 名 字"
    with pytest.raises(UnusableInput, match="empty"):
        library.rename(published, " \n ")


def test_delete_is_soft_for_undo_days(published):
    library.delete(published, now=AT)
    assert library.list_analyses() == []
    assert [info.id for info in library.deleted(now=AT)] == [published]
    library.undelete(published, now=AT)
    assert [info.id for info in library.list_analyses()] == [published]
    library.delete(published, now=AT)
    sweeping.sweep(now=AT + timedelta(days=6))
    assert library.deleted(now=AT + timedelta(days=6))
    assert sweeping.sweep(now=AT + timedelta(days=8)) == [f"removed {published}"]
    assert library.list_analyses(with_pending=True) == library.deleted(now=AT) == []
    with pytest.raises(UnusableInput, match="no analysis"):
        library.undelete(published, now=AT)


@pytest.mark.parametrize("name", ["", "..", "../analyses", "0" * 16, "0123456789ABCDEF", "a/b"])
def test_ids_that_are_none(name):
    for act in (library.info, library.latest_bundle, library.delete, library.list_views):
        with pytest.raises(UnusableInput, match="no analysis"):
            act(name)


def test_bundles_that_are_none(published):
    for name in ("", "..", "../bundles", "0" * 32):
        with pytest.raises(UnusableInput, match="no bundle"):
            library.bundle_path(published, name)


def test_views(published):
    view = View(analysis=published, colour="sentiment", selection=(1, 2))
    one = library.save_view(published, "first look", view)
    two = library.save_view(published, "second", View())
    assert [(v.id, v.name, v.view) for v in library.list_views(published)] == [
        (one, "first look", view),
        (two, "second", View()),
    ]
    assert library.list_views(published)[0].bundle == library.latest_bundle(published).name
    library.delete_view(published, one)
    assert [v.id for v in library.list_views(published)] == [two]
    assert library.info(published).views == library.list_analyses()[0].views == 1
    library.undelete_view(published, one)
    assert len(library.list_views(published)) == 2


def test_a_view_is_overwritten_and_brought_back(published):
    one = library.save_view(published, "look", View(colour="sentiment"), now=AT)
    two = library.save_view(published, "other", View(), now=AT)
    library.overwrite_view(published, one, View(dims=3, note="now"), now=AT + timedelta(hours=1))
    shown = library.list_views(published)
    assert [view.id for view in shown] == sorted([one, two])
    kept = next(view for view in shown if view.id == one)
    assert (kept.name, kept.view, kept.saved > kept.created) == ("look", View(dims=3, note="now"), True)
    library.revert_view(published, one)
    assert library.view_named(published, "LOOK ").view == View(colour="sentiment")
    library.revert_view(published, one)
    assert library.view_named(published, "look").view == View(dims=3, note="now")
    with pytest.raises(UnusableInput, match="no such change"):
        library.revert_view(published, two)
    for act in (library.delete_view, library.undelete_view, library.revert_view):
        with pytest.raises(UnusableInput, match="no such view"):
            act(published, "0" * 16)


def test_two_views_never_share_a_name(published):
    one = library.save_view(published, "Look  here", View())
    with pytest.raises(UnusableInput, match="already"):
        library.save_view(published, "look here\n", View())
    library.delete_view(published, one)
    library.save_view(published, "look here", View(dims=3))
    library.undelete_view(published, one)
    assert sorted(view.name for view in library.list_views(published)) == ["Look here (2)", "look here"]
    assert library.rebuild() is None
    assert sorted(view.name for view in library.list_views(published)) == ["Look here (2)", "look here"]


@pytest.mark.parametrize(
    ("kept", "typed"),
    [
        ("Café", "Cafe\u0301"),
        ("one two", "one\u200btwo"),
        ("one two", "\x00ONE\ttwo\n"),
        ("a" * 300, "a" * 200),
        ("a" * 199 + " b", "a" * 199),
        ("Straße", "STRASSE"),
    ],
)
def test_a_name_is_found_as_it_would_be_kept(published, kept, typed):
    one = library.save_view(published, kept, View())
    assert library.view_named(published, typed).id == one
    with pytest.raises(UnusableInput, match="already"):
        library.save_view(published, typed, View())


def test_a_view_brought_back_finds_a_name_however_long_its_own_is(published):
    kept = []
    for _copy in range(3):
        kept.append(library.save_view(published, "a" * 200, View()))
        library.delete_view(published, kept[-1])
    for _again in range(2):
        for one in kept:
            library.undelete_view(published, one)
        names = [view.name for view in library.list_views(published)]
        assert sorted(names) == ["a" * 196 + " (2)", "a" * 196 + " (3)", "a" * 200]


def test_a_deleted_view_is_not_overwritten_back_under_a_name_that_is_taken(published):
    one = library.save_view(published, "look", View())
    library.overwrite_view(published, one, View(dims=3))
    library.delete_view(published, one)
    library.save_view(published, "look", View())
    for act in (lambda: library.overwrite_view(published, one, View()), lambda: library.revert_view(published, one)):
        with pytest.raises(UnusableInput, match="no such view"):
            act()
    assert [view.name for view in library.list_views(published)] == ["look"]


def test_a_draft_has_no_views(make_parts, home):
    made = library.create("draft", now=AT)
    library.publish(made, make_parts(5, draft=True), now=AT)
    with pytest.raises(UnusableInput, match="draft"):
        library.save_view(made, "look", View())


def state():
    infos = library.list_analyses(with_pending=True)
    return infos, [library.list_views(info.id, with_deleted=True) for info in infos]


def test_the_catalog_is_rebuilt_from_bundles_and_journals(published, home, make_parts):
    other = library.create("other.csv", now=AT)
    library.publish(other, make_parts(5), now=AT)
    library.save_view(published, "look", View())
    library.rename(other, "renamed")
    before = state()
    library.rebuild()
    assert state() == before
    (home / "catalog.db").unlink()
    assert state() == before
    (home / "catalog.db").write_bytes(b"no database at all" * 100)
    assert state() == before
    assert (home / "catalog.db.damaged").exists()
    with sqlite3.connect(home / "catalog.db") as connection:
        connection.execute("PRAGMA user_version = 77")
    connection.close()
    assert state() == before


def test_an_altered_record_is_never_shown(published, home):
    before = state()
    connection = sqlite3.connect(home / "catalog.db")
    with connection:
        changed = connection.execute("UPDATE records SET content = replace(content, '\"rows\":20', '\"rows\":90')")
        assert changed.rowcount
    connection.close()
    assert state() == before


def test_a_record_that_vanished_is_missed(published, home):
    library.save_view(published, "look", View())
    before = state()
    connection = sqlite3.connect(home / "catalog.db")
    with connection:
        assert connection.execute("UPDATE records SET kind = 'wiew' WHERE kind = 'view'").rowcount == 1
    connection.close()
    assert state() == before


def test_flipped_bits_of_the_catalog_never_change_what_is_shown(published, home):
    library.save_view(published, "look", View())
    before = state()
    path = home / "catalog.db"
    sound = path.read_bytes()
    step = len(sound) * 8 // 60
    for bit in range(5, len(sound) * 8, step):
        damaged = bytearray(sound)
        damaged[bit // 8] ^= 1 << bit % 8
        path.write_bytes(damaged)
        assert state() == before, bit


def test_what_another_process_did_is_seen(published, make_parts):
    library.list_analyses()
    journal.append(catalog.home() / published, "renamed", {"name": "by another"})
    assert library.list_analyses()[0].name == "by another"
    shutil.rmtree(catalog.home() / published)
    assert library.list_analyses() == []


def test_sweep_takes_orphans_and_finds_bundles_that_the_journal_missed(published, make_parts):
    folder = catalog.home() / published
    (folder / "bundles" / ".x.0123abcd.tmp").mkdir()
    (catalog.home() / ".gone.0123abcd.tmp").mkdir()
    lines = (folder / journal.JOURNAL).read_bytes().splitlines(keepends=True)
    (folder / journal.JOURNAL).write_bytes(lines[0])
    assert library.list_analyses()[0].rows == 20, "a complete bundle counts even without its line"
    bundle = library.latest_bundle(published)
    assert sweeping.sweep(now=AT) == [
        "removed .gone.0123abcd.tmp",
        f"removed {published}/.x.0123abcd.tmp",
        f"found {published}/{bundle.name}",
    ]
    assert library.latest_bundle(published) == bundle
    assert sweeping.sweep(now=AT) == []


def test_sweep_takes_analyses_that_never_got_a_bundle():
    waiting = library.create("waiting.csv", now=AT)
    assert sweeping.sweep(now=AT + timedelta(days=1)) == []
    assert sweeping.sweep(now=AT + timedelta(days=3)) == [f"removed {waiting}"]


def test_a_lost_journal_leaves_the_bundles_readable(published):
    (catalog.home() / published / journal.JOURNAL).unlink()
    [info] = library.list_analyses()
    assert (info.id, info.name, info.rows) == (published, published, 20)


def test_a_damaged_manifest_does_not_hide_the_list(published):
    (library.latest_bundle(published) / "manifest.json").write_bytes(b"{")
    library.rebuild()
    assert [(info.id, info.rows) for info in library.list_analyses()] == [(published, 0)]


def test_a_manifest_that_was_brought_back_is_seen(published):
    manifest = library.latest_bundle(published) / "manifest.json"
    sound = manifest.read_bytes()
    manifest.write_bytes(b"{")
    assert [info.rows for info in library.list_analyses()] == [0]
    manifest.write_bytes(sound)
    assert [info.rows for info in library.list_analyses()] == [20]


def test_an_analysis_made_while_the_list_is_looked_through_is_not_taken_for_gone(published, monkeypatch, make_parts):
    found = catalog.analysis_ids
    made = []

    def another_at_once():
        ids = found()
        if not made:
            made.append(library.create("late"))
            library.publish(made[0], make_parts(5))
        return ids

    monkeypatch.setattr(catalog, "analysis_ids", another_at_once)
    library.list_analyses()
    assert catalog.analysis(made[0]) is not None


def test_four_processes_at_once(home):
    script = (
        f"import sys; sys.path[:0] = [{str(ROOT)!r}, {str(ROOT / 'tests')!r}]\n"
        "from conftest import build_parts\n"
        "from pipelines.store import library\n"
        "for n in range(4):\n"
        "    made = library.create(f'{sys.argv[1]}-{n}')\n"
        "    library.publish(made, build_parts(5))\n"
        "    library.rename(made, f'{sys.argv[1]}-{n} named')\n"
        "    library.list_analyses()\n"
    )
    environment = {**os.environ, "REVIEWSCAPE_HOME": str(home)}
    workers = [subprocess.Popen([sys.executable, "-c", script, str(by)], env=environment) for by in range(4)]
    assert [worker.wait(180) for worker in workers] == [0, 0, 0, 0]
    names = sorted(info.name for info in library.list_analyses())
    assert names == sorted(f"{by}-{n} named" for by in range(4) for n in range(4))


PUBLISHER = (
    f"import sys; sys.path[:0] = [{str(ROOT)!r}, {str(ROOT / 'tests')!r}]\n"
    "from conftest import build_parts\n"
    "from pipelines.store import library\n"
    "from pipelines.view import View\n"
    "while True:\n"
    "    made = library.create('made')\n"
    "    library.publish(made, build_parts(5))\n"
    "    print('published', made, flush=True)\n"
    "    print('view', made, library.save_view(made, 'look', View()), flush=True)\n"
)


@pytest.mark.skipif(sys.platform == "win32", reason="no kill -9")
def test_what_was_acknowledged_survives_kill_9(home):
    environment = {**os.environ, "REVIEWSCAPE_HOME": str(home)}
    acknowledged, rng = [], random.Random(11)
    for _ in range(5):
        publisher = subprocess.Popen(
            [sys.executable, "-c", PUBLISHER], env=environment, stdout=subprocess.PIPE, text=True
        )
        assert publisher.stdout is not None
        acknowledged.append(publisher.stdout.readline())
        time.sleep(rng.random() * 0.3)
        publisher.kill()
        acknowledged += publisher.communicate()[0].splitlines(keepends=True)
    sweeping.sweep()
    infos = {info.id: info for info in library.list_analyses()}
    views = {view.id for analysis_id in infos for view in library.list_views(analysis_id)}
    for words in (line.split() for line in acknowledged if line.endswith("\n")):
        assert words[1] in infos
        assert words[0] != "view" or words[2] in views
    for info in infos.values():
        assert verify(info.bundle) == []
        assert journal.find_problems(catalog.home() / info.id) == []
    assert not list(home.rglob("*.tmp"))


def test_creating_again_under_the_same_id_changes_nothing(published):
    assert library.create("another name", analysis_id=published) == published
    assert library.info(published).name == "酒店.csv"
    with pytest.raises(UnusableInput):
        library.create("x", analysis_id="../x")


def test_selections_are_kept_by_digest(home):
    digest = selections.keep((5, 1, 3))
    assert selections.keep((1, 3, 5)) == digest
    assert selections.fetch(digest) == (1, 3, 5)
    assert selections.fetch("0" * 24) is None
    assert selections.fetch("../../x") is None
    (home / "selections" / digest).write_bytes(b"damaged!")
    assert selections.fetch(digest) is None

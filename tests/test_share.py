from __future__ import annotations

import sqlite3
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from pipelines import share
from pipelines.errors import UnusableInput
from pipelines.store import catalog, library, standin
from pipelines.view import Filter, View
from tests.conftest import ROOT

AT = datetime(2025, 3, 1, 12, tzinfo=UTC)
LOOK = View(filters=(Filter("topic", "is", "早餐"),), colour="sentiment", dims=3, selection=(1, 2, 3), note="看")
pytestmark = pytest.mark.usefixtures("home")


@pytest.fixture
def analysis_id(make_parts):
    made = library.create("hotels", now=AT)
    library.publish(made, make_parts(10), now=AT)
    return made


def test_a_link_opens_exactly_its_view(analysis_id, make_parts):
    token = share.create_link(analysis_id, LOOK, redact=True, now=AT)
    shown = library.latest_bundle(analysis_id)
    library.publish(analysis_id, make_parts(5), now=AT)
    opened = share.open_link(token, now=AT)
    assert (opened.view, opened.bundle, opened.name, opened.analysis_id) == (LOOK, shown, "hotels", analysis_id)
    assert (opened.allow_text, opened.redact, opened.download) == (True, True, False)


def test_only_the_tokens_hash_is_on_the_disk(analysis_id, home):
    token = share.create_link(analysis_id, LOOK, now=AT)
    share.open_link(token, now=AT)
    assert len(token) == 43
    for path in home.rglob("*"):
        assert not path.is_file() or token.encode() not in path.read_bytes(), path


def test_every_failure_is_the_same_none(analysis_id):
    token = share.create_link(analysis_id, LOOK, now=AT)
    for wrong in ("", "x", "a" * 43, token[:-1], token + "a", "../" + token, None, 3, b"x", "é" * 43, "\ud83d" * 43):
        assert share.open_link(wrong, now=AT) is None


def test_expiry(analysis_id):
    token = share.create_link(analysis_id, LOOK, now=AT)
    short = share.create_link(analysis_id, LOOK, days=0.5, now=AT)
    assert share.open_link(token, now=AT + timedelta(days=7, seconds=-1)) is not None
    assert share.open_link(token, now=AT + timedelta(days=7)) is None
    assert share.open_link(short, now=AT + timedelta(hours=13)) is None
    for days in (0, -1, 1e9, float("nan")):
        with pytest.raises(UnusableInput, match="days"):
            share.create_link(analysis_id, LOOK, days=days)


def test_revocation_holds_even_where_the_catalog_missed_it(analysis_id, home):
    token, other = (share.create_link(analysis_id, LOOK, now=AT) for _ in range(2))
    before = (home / "catalog.db").read_bytes()
    link = share.open_link(token, now=AT)
    share.revoke(analysis_id, link.link_id, now=AT)
    assert share.open_link(token, now=AT) is None
    assert share.open_link(other, now=AT) is not None
    (home / "catalog.db").write_bytes(before)
    assert share.open_link(token, now=AT) is None
    with pytest.raises(UnusableInput, match="no such link"):
        share.revoke(analysis_id, "0" * 64)


def test_a_deleted_analysis_closes_its_links_and_undo_opens_them(analysis_id):
    token = share.create_link(analysis_id, LOOK, now=AT)
    library.delete(analysis_id, now=AT)
    assert share.open_link(token, now=AT) is None
    library.undelete(analysis_id, now=AT)
    assert share.open_link(token, now=AT) is not None


def test_a_damaged_bundle_opens_nothing(analysis_id):
    token = share.create_link(analysis_id, LOOK, now=AT)
    (library.latest_bundle(analysis_id) / "vectors.npy").unlink()
    assert share.open_link(token, now=AT) is None


def test_openings_are_counted_and_mostly_survive_a_rebuild(analysis_id, home):
    token = share.create_link(analysis_id, LOOK, now=AT)
    for minute in range(10):
        share.open_link(token, now=AT + timedelta(minutes=minute))
    share.open_link(token, count=False, now=AT + timedelta(minutes=30))
    [link] = share.list_links(analysis_id)
    assert (link.opened, link.last_opened) == (10, "2025-03-01T12:09:00.000+00:00")
    assert share.is_open(link, now=AT)
    lines = (catalog.home() / analysis_id / "journal.jsonl").read_bytes().count(b"\n")
    assert lines == 4, "created, published, link_created and one link_opened"
    library.rename(analysis_id, "another name", now=AT)
    assert share.list_links(analysis_id)[0].opened == 10
    (home / "catalog.db").unlink()
    assert share.list_links(analysis_id)[0].opened == 1
    share.open_link(token, now=AT + timedelta(hours=2))
    assert share.list_links(analysis_id)[0].opened == 2


def test_no_link_to_a_draft_or_to_nothing(make_parts):
    made = library.create("draft", now=AT)
    with pytest.raises(UnusableInput, match="no finished map"):
        share.create_link(made, LOOK)
    library.publish(made, make_parts(10, draft=True), now=AT)
    with pytest.raises(UnusableInput, match="draft"):
        share.create_link(made, LOOK)


def test_a_link_is_kept_by_the_journal_alone(analysis_id, home):
    token = share.create_link(analysis_id, LOOK, now=AT)
    (home / "catalog.db").unlink()
    assert share.open_link(token, now=AT).view == LOOK


def test_a_link_whose_maker_could_not_write_the_catalog_opens(analysis_id, home, monkeypatch):
    monkeypatch.setattr(share, "_look_from", [0.0])
    assert share.open_link("a" * 43, now=AT) is None
    before = (home / "catalog.db").read_bytes()
    token = share.create_link(analysis_id, LOOK, now=AT)
    (home / "catalog.db").write_bytes(before)
    assert share.open_link(token, now=AT) is None, "strangers have the library looked through only once in a while"
    monkeypatch.setattr(share, "_look_from", [0.0])
    assert share.open_link(token, now=AT) is not None


def test_with_the_catalog_in_memory_a_link_that_another_process_made_opens(analysis_id, home, monkeypatch):
    """A server of an older version beside a newer one, or one that can only look."""
    token = share.create_link(analysis_id, LOOK, now=AT)
    database = sqlite3.connect(home / "catalog.db")
    database.execute(f"PRAGMA user_version = {catalog.SCHEMA_VERSION + 1}")
    database.close()
    assert share.open_link(token, now=AT) is not None
    assert catalog.is_in_memory()
    code = "import sys; from pipelines import share, view; print(share.create_link(sys.argv[1], view.View()))"
    made = subprocess.run(
        [sys.executable, "-c", code, analysis_id], cwd=ROOT, capture_output=True, text=True, check=True
    )
    monkeypatch.setattr(share, "_look_from", [0.0])
    try:
        assert share.open_link(made.stdout.strip()) is not None
    finally:
        standin.forget(home / "catalog.db")

"""Damage on the disk, on the page: what is wrong and what can be done, and never a number that may be wrong."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import pytest
import streamlit as st

from pages.ui import data, starting
from pipelines import jobs, share, uploads, warming
from pipelines.store import catalog, journal, library, space, tenancy
from pipelines.view import View
from tests.pages.conftest import N, assert_good, words

PAGES = ("overview", "map", "compare", "check", "share")


def flip(path: Path, byte: int) -> None:
    damaged = bytearray(path.read_bytes())
    damaged[byte] ^= 4
    path.write_bytes(damaged)
    st.cache_resource.clear()
    data._read.cache_clear()


def bare(element: Any) -> str:
    """What it says, without the escapes that keep it from being Markdown."""
    return str(element.value).replace("\\", "")


@pytest.mark.parametrize("name", ["manifest.json", "points.parquet", "summary.json", "rows.parquet"])
def test_a_damaged_file_is_named_where_its_numbers_would_stand(name, start, mine):
    path = library.latest_bundle(mine) / name
    flip(path, path.stat().st_size // 2)
    for page in ("overview", "compare"):
        app = start(page)
        assert not app.exception
        assert any(name in bare(error) for error in app.error), page
        assert not app.metric, "no figure beside it"


def test_no_page_breaks_over_a_damaged_file_that_it_may_need(start, mine):
    for name in ("vectors.npy", "state/graph.npz"):
        path = library.latest_bundle(mine) / name
        sound = path.read_bytes()
        flip(path, len(sound) // 2)
        for page in PAGES:
            assert not start(page).exception, (name, page)
        path.write_bytes(sound)


def test_where_the_upload_is_still_here_it_can_be_run_again(start, mine, monkeypatch):
    monkeypatch.setattr(jobs, "_pump_for", lambda _job: None)
    kept = uploads.keep(b"text\ngood\n")
    made = jobs.submit({"uploads": [{"path": str(kept), "name": "mine.csv"}], "name": "mine"}, start=False)
    jobs.use(lambda db: db.execute("UPDATE jobs SET state = 'done', analysis_id = ? WHERE id = ?", (mine, made)))
    flip(library.latest_bundle(mine) / "points.parquet", 500)
    app = start()
    assert "points.parquet" in bare(app.error[0])
    app.button(key="run_damaged_again").click().run()
    [job] = jobs.list_active()
    assert (job.spec["analysis_id"], job.spec["uploads"][0]["path"]) == (mine, str(kept))
    jobs.cancel(job.id)
    kept.unlink()
    assert "from a backup" in words(start())


def test_a_damaged_journal_is_told_and_what_is_left_can_be_kept(start, mine):
    library.rename(mine, "a name that people gave")
    token = share.create_link(mine, View())
    library.rename(mine, "another")
    path = catalog.home() / mine / journal.JOURNAL
    flip(path, path.read_bytes().index(b"a name that people gave"))
    (catalog.home().parent / "catalog.db").unlink()
    app = start()
    assert_good(app)
    assert "1 entry of what was done to this analysis" in words(app)
    app.button(key="keep_what_is_left").click().run()
    assert_good(app)
    assert "damaged on the disk" not in words(app)
    assert journal.find_problems(path.parent) == []
    assert path.with_name("journal.jsonl.damaged").is_file()
    assert library.info(mine).name == "another"
    assert share.open_link(token) is not None, "made after what was lost"


def test_a_link_that_a_damaged_line_may_have_closed_stays_closed(start, mine):
    token = share.create_link(mine, View())
    share.revoke(mine, share.list_links(mine)[0].id)
    path = catalog.home() / mine / journal.JOURNAL
    flip(path, path.read_bytes().index(b"link_revoked"))
    (catalog.home().parent / "catalog.db").unlink()
    assert share.open_link(token) is None
    journal.keep_what_is_left(path.parent)
    assert share.open_link(token) is None


def test_the_list_says_damaged_instead_of_figures(start, mine):
    flip(library.latest_bundle(mine) / "manifest.json", 300)
    library.rebuild()
    app = start("open")
    assert_good(app)
    assert "damaged: open it to see what can be done" in words(app)


def test_a_read_only_folder_is_said_and_a_change_is_refused_in_words(start, mine, monkeypatch):
    monkeypatch.setattr(space, "is_read_only", lambda: True)

    def refuse(_descriptor: int) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    app = start("open")
    assert "The data folder is read-only" in words(app)
    monkeypatch.setattr(os, "fsync", refuse)
    app.button(key=f"delete_{mine}").click().run()
    assert not app.exception
    assert any("read-only" in bare(toast) for toast in app.toast)
    assert mine in {info.id for info in library.list_analyses()}


@pytest.mark.parametrize("content", [None, b"", b"no database" * 999])
def test_a_server_starts_whatever_became_of_its_databases(content, start, mine, home, monkeypatch):
    monkeypatch.setattr(warming, "start", lambda: None)
    jobs.list_recent()
    for name in ("catalog.db", "jobs.db", "vectors.db"):
        (home / name).unlink(missing_ok=True)
        if content is not None:
            (home / name).write_bytes(content)
    starting._done.clear()
    app = start()
    starting._done.clear()
    tenancy.leave()
    assert_good(app)
    assert app.metric[0].value == f"{N}"
    assert mine in {info.id for info in library.list_analyses()}

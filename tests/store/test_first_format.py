"""What the first version published is opened by this one; what a later one writes is refused plainly and left as it is.

first_format.zip is a home made by that version (commit d793558): two analyses, saved views, links, a job, a cache.
"""

from __future__ import annotations

import json
import sqlite3
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pipelines import jobs, share
from pipelines.embed import VectorCache
from pipelines.errors import DamagedBundle, UnusableInput
from pipelines.store import catalog, durable, journal, library, standin, sweeping
from pipelines.store.bundle import sum_line
from pipelines.store.reader import NewerBundle, open_bundle
from pipelines.store.verify import verify
from tests.conftest import build_parts

FIRST = Path(__file__).with_name("first_format.zip")
AT = datetime(2025, 3, 2, tzinfo=UTC)


@pytest.fixture
def first(home: Path) -> dict[str, str]:
    """The first version's home; the ids that it had."""
    with zipfile.ZipFile(FIRST) as archive:
        archive.extractall(home)
    told: dict[str, str] = json.loads((home / "told.json").read_bytes())
    return told


def test_the_first_format_is_read_whole(first: dict[str, str], home: Path) -> None:
    sweeping.sweep(now=AT)
    [info] = library.list_analyses()
    assert (info.id, info.name, info.rows, info.topics, info.is_draft) == (first["one"], "Hotels", 20, 3, False)
    assert [one.id for one in library.deleted(now=AT)] == [first["two"]]
    drafted, full = library.bundles(first["one"])
    assert (drafted.is_draft, drafted.rows, full.rows) == (True, 12, 20)
    for one in (drafted, full):
        path = library.bundle_path(first["one"], one.id)
        assert verify(path) == []
        bundle = open_bundle(path)
        made = build_parts(one.rows, seed=0 if one.is_draft else 1)
        assert bundle.points["text"].tolist() == made.points["text"].tolist()
        np.testing.assert_array_equal(bundle.vectors, made.vectors)
        assert set(bundle.state_names) == {"graph", "notes", "trees"}
    kept, gone = library.list_views(first["one"], with_deleted=True)
    assert {kept.id: kept.deleted, gone.id: gone.deleted} == {first["view"]: False, first["gone"]: True}
    assert share.open_link(first["token"], now=AT) is not None
    assert share.open_link(first["closed"], now=AT) is None


def test_the_first_formats_queue_and_cache_serve(first: dict[str, str], home: Path) -> None:
    job = jobs.get(first["job"])
    assert job is not None
    assert (job.state, job.spec["name"], job.error) == ("queued", "waiting", None)
    with VectorCache(home / "vectors.db") as cache:
        found = cache.get({"name": "made-up", "dim": 4}, ["good", "好", "never"])
    assert sorted(found) == [0, 1]
    assert found[1].tolist() == [0, 1, 0, 0]


def test_it_goes_on_in_the_present_format(first: dict[str, str], make_parts: Any) -> None:
    library.publish(first["one"], make_parts(7), now=AT)
    library.undelete(first["two"], now=AT)
    assert [one.rows for one in library.bundles(first["one"])] == [12, 20, 7]
    assert {info.id for info in library.list_analyses()} == {first["one"], first["two"]}
    assert journal.find_problems(catalog.home() / first["one"]) == []


def test_a_bundle_of_a_later_version_is_refused_and_not_called_damaged(tmp_path: Path, make_parts: Any) -> None:
    from pipelines.store.bundle import write_bundle

    path = write_bundle(tmp_path / "out", make_parts(5))
    fields = json.loads((path / "manifest.json").read_bytes())
    manifest = durable.json_bytes({**fields, "schema_version": 2})
    (path / "manifest.json").write_bytes(manifest)
    (path / "manifest.sha256").write_bytes(sum_line(manifest))
    with pytest.raises(NewerBundle, match="update Reviewscape") as caught:
        open_bundle(path)
    assert "damaged" not in str(caught.value)
    assert isinstance(caught.value, DamagedBundle), "wherever damage is told, this is"


@pytest.mark.parametrize("name", ["catalog.db", "jobs.db", "vectors.db"])
def test_a_database_of_a_later_version_is_left_as_it_is(name: str, first: dict[str, str], home: Path) -> None:
    library.list_analyses()
    jobs.list_recent()
    database = sqlite3.connect(home / name)
    known = database.execute("PRAGMA user_version").fetchone()[0]
    database.execute(f"PRAGMA user_version = {known + 1}")
    database.close()
    before = (home / name).read_bytes()
    if name == "jobs.db":
        with pytest.raises(UnusableInput, match="newer version"):
            jobs.list_recent()
    elif name == "catalog.db":
        assert [info.name for info in library.list_analyses()] == ["Hotels"]
        standin.forget(home / name)
    else:
        with VectorCache(home / name) as cache:
            cache.put({"name": "made-up", "dim": 4}, ["new"], np.eye(1, 4, dtype=np.float32))
            assert cache.get({"name": "made-up", "dim": 4}, ["good"]) == {}
    assert (home / name).read_bytes() == before
    assert not list(home.glob(f"{name}.damaged"))


def test_what_a_later_version_enters_in_a_journal_is_passed_over(first: dict[str, str]) -> None:
    journal.append(catalog.home() / first["one"], "of_a_later_version", {"x": 1}, AT + timedelta(days=1))
    assert library.info(first["one"]).name == "Hotels"

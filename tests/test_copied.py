"""A copy of a colleague's analysis: it looks as theirs does, holds nothing else of theirs, and lives by itself."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipelines import checked, copied, corrections, granularity, quotes, share, tracked
from pipelines import shown as layers
from pipelines.errors import DamagedBundle, UnusableInput
from pipelines.store import acting, bundle, catalog, journal, library
from pipelines.store.reader import Bundle, open_bundle
from pipelines.store.verify import verify
from pipelines.suggested import decisions as names
from pipelines.view import View
from tests.granularity import planted

ALICE, BOB = (acting.person_id("https://sign.example", name) for name in ("alice", "bob"))
SECRET = "Zoe must not read this"


def entries(analysis_id: str) -> list[journal.Entry]:
    return journal.replay(catalog.home() / analysis_id)


def shown(analysis_id: str) -> Bundle:
    path = library.latest_bundle(analysis_id)
    assert path is not None
    return layers.shown(open_bundle(path), layers.deciding(entries(analysis_id)), lambda _id: None)


@pytest.fixture
def alices(home: Path) -> str:
    """An analysis of Alice's with decisions of every kind, shown to colleagues whole."""
    with acting.acting_as(ALICE):
        made = library.create("hotel.csv", {"file": "hotel.csv", "roles": {}, "path": f"/home/{SECRET}"})
        own = library.publish(made, planted.parts())
        tree = granularity.Tree.of(own)
        assert tree is not None
        granularity.choose(made, own, granularity.steps(tree)[0].size, tree.config.join_threshold)
        granularity.choose(made, own, granularity.steps(tree)[-1].size, tree.config.join_threshold)
        seq = names.accept(made, shown(made), {0: "by a model", 1: "another"}, "qwen")
        names.withdraw(made, seq, [1])
        undone = corrections.rename(made, shown(made), 2, SECRET)
        corrections.undo(made, undone.seq)
        corrections.rename(made, shown(made), 2, "Rooms by Alice")
        corrections.hide(made, shown(made), 3)
        checked.dismiss(made, shown(made), shown(made).points.loc[lambda p: p["is_outlier"], "unit_id"].head(3))
        tracked.create(made, shown(made), [tracked.Line(SECRET, ("bed",))])
        library.save_view(made, SECRET, View(analysis=made, note=SECRET))
        share.create_link(made, View(analysis=made, note=SECRET))
        quotes.star(made, own, 5, on=True)
        library.set_visible(made, True, by="Alice", redact=False, allow_text=True)
    return made


def test_it_looks_as_the_colleagues_does_and_holds_nothing_else_of_theirs(alices):
    before = (catalog.home() / alices / journal.JOURNAL).read_bytes()
    with acting.acting_as(BOB):
        taken = copied.take(alices, "mine")
        info = library.info(taken)
        assert (info.owner, info.name, info.visible, info.views) == (BOB, "mine", None, 0)
        assert library.list_views(taken) == share.list_links(taken) == []
        assert quotes.basket(entries(taken)) == ()
    theirs, ours = shown(alices), shown(taken)
    columns = [name for name in theirs.points.columns if not name.startswith("tracked:")]
    pd.testing.assert_frame_equal(ours.points, theirs.points[columns])
    told = [[(t["id"], t["name"], bool(t.get("hidden")), t.get("named_by")) for t in one.summary["topics"]]
            for one in (theirs, ours)]  # fmt: skip
    assert told[0] == told[1]
    assert {"by a model", "Rooms by Alice"} <= {name for _id, name, *_ in told[1]}
    assert "another" not in {name for _id, name, *_ in told[1]}
    kept = (catalog.home() / taken / journal.JOURNAL).read_bytes()
    assert SECRET.encode() not in kept
    assert ALICE.encode() not in kept
    assert "tracked_created" not in {entry.kind for entry in entries(taken)}
    assert (catalog.home() / alices / journal.JOURNAL).read_bytes() == before
    # What was decided can be undone in the copy alone.
    with acting.acting_as(BOB):
        renamed = next(one for one in corrections.decisions(entries(taken)) if one.kind == corrections.RENAMED)
        corrections.undo(taken, renamed.seq)
    assert "Rooms by Alice" not in json.dumps(shown(taken).summary["topics"])
    assert "Rooms by Alice" in json.dumps(shown(alices).summary["topics"])


def test_the_copy_is_a_sound_bundle_that_outlives_its_source(alices):
    with acting.acting_as(BOB):
        taken = copied.take(alices)
    source, path = library.latest_bundle(alices), library.latest_bundle(taken)
    assert os.stat(path / "points.parquet").st_ino == os.stat(source / "points.parquet").st_ino
    shutil.rmtree(catalog.home() / alices)
    library.rebuild()
    assert verify(path) == []
    with acting.acting_as(BOB):
        assert [info.id for info in library.list_analyses()] == [taken]


def test_where_links_cannot_be_made_files_are_copied(alices, monkeypatch):
    def refuse(_self: Path, _other: Path) -> None:
        raise OSError("no hard links here")

    monkeypatch.setattr(bundle.Path, "hardlink_to", refuse)
    with acting.acting_as(BOB):
        path = library.latest_bundle(copied.take(alices))
    assert verify(path) == []


@pytest.mark.parametrize(("redact", "allow_text"), [(True, True), (False, False), (True, False)])
def test_where_a_part_is_masked_or_left_out_there_is_no_copy(alices, redact, allow_text):
    with acting.acting_as(ALICE):
        library.set_visible(alices, True, redact=redact, allow_text=allow_text)
    with acting.acting_as(BOB):
        with pytest.raises(UnusableInput, match="masks or leaves out"):
            copied.take(alices)
        assert library.list_analyses(with_pending=True) == []


def test_what_is_not_shown_cannot_be_copied(alices):
    for who in (acting.NOBODY, acting.ALL, ALICE):
        with acting.acting_as(who), pytest.raises(UnusableInput, match="no analysis"):
            copied.take(alices)
    with acting.acting_as(ALICE):
        library.set_visible(alices, False)
    with acting.acting_as(BOB), pytest.raises(UnusableInput, match="no analysis"):
        copied.take(alices)


def test_of_a_damaged_one_nothing_is_published(alices):
    path = library.latest_bundle(alices) / "vectors.npy"
    raw = bytearray(path.read_bytes())
    raw[-1] ^= 1
    path.write_bytes(raw)
    with acting.acting_as(BOB):
        with pytest.raises(DamagedBundle):
            copied.take(alices)
        assert library.list_analyses() == []


def test_a_copy_has_no_pictures_since_none_were_shown(home: Path) -> None:
    parts = planted.parts()
    thumbnails = {"jpeg": np.arange(9, dtype=np.uint8), "ends": np.array([9]), "row_id": np.array([0])}
    with acting.acting_as(ALICE):
        made = library.create("hotel.csv", {"file": "hotel.csv", "roles": {}})
        own = library.publish(made, replace(parts, state={**parts.state, "pictures": thumbnails}))
        library.set_visible(made, True, by="Alice", redact=False, allow_text=True)
    with acting.acting_as(BOB):
        taken = library.latest_bundle(copied.take(made))
    assert taken is not None
    assert verify(taken) == verify(own.path) == []
    assert set(own.state_names) - set(open_bundle(taken).state_names) == {"pictures"}
    assert not list(taken.rglob("*pictures*"))
    assert open_bundle(taken).points.equals(open_bundle(own.path).points)

"""Each kind of correction, on the map that it was made on."""

from __future__ import annotations

import numpy as np
import pytest

from pipelines import corrections as fix
from pipelines.errors import UnusableInput
from pipelines.export.tables import added_columns
from pipelines.figures import topic_table
from pipelines.findings import findings
from pipelines.map import pack
from pipelines.map.colour import colour_by
from pipelines.store import catalog, journal, library
from tests import sample_bundle
from tests.conftest import build_parts
from tests.corrections.conftest import assert_sound, names, outcomes


def test_without_decisions_the_bundle_itself_is_shown(look):
    assert type(look()).__name__ == "Bundle"
    assert "corrections" not in look().summary


def test_a_renamed_topic_keeps_its_plain_name_beside(analysis, look):
    plain = look()
    fix.rename(analysis, plain, 0, "  Too\u0000loud \n machines ")
    bundle = look()
    assert_sound(bundle, plain)
    assert names(bundle)[0] == "Too loud machines"
    topic = bundle.summary["topics"][0]
    assert topic["plain_name"] == sample_bundle.TOPICS[0]
    assert topic["keywords"] == plain.summary["topics"][0]["keywords"]
    assert set(added_columns(bundle)["topic"]) >= {"Too loud machines"}
    assert outcomes(bundle) == {3: {"seq": 3, "fits": True, "template": "", "values": {}}}
    fix.rename(analysis, bundle, 0, "Noise")
    assert look().summary["topics"][0]["plain_name"] == sample_bundle.TOPICS[0]


@pytest.mark.parametrize("name", ["", "  \n", "\u0000", sample_bundle.TOPICS[0], sample_bundle.TOPICS[1]])
def test_no_empty_and_no_second_name(analysis, look, name):
    with pytest.raises(UnusableInput):
        fix.rename(analysis, look(), 0, name)


def test_merged_topics_are_one_and_the_others_stay(analysis, look):
    plain = look()
    fix.merge(analysis, plain, [0, 2], "Delivery")
    bundle = look()
    assert_sound(bundle, plain)
    size = plain.points["cluster"].value_counts()
    kept = 0 if size[0] >= size[2] else 2
    assert names(bundle)[kept] == "Delivery"
    assert {*names(bundle)} == {0, 1, 2, 3, 4} - {2 - kept}
    (topic,) = (one for one in bundle.summary["topics"] if one["id"] == kept)
    assert {one["id"] for one in topic["merged"]} == {0, 2}
    assert topic["units"] == size[0] + size[2]
    assert topic["stability"] is None
    assert topic["plain_name"]
    others = [one for one in bundle.summary["topics"] if one["id"] != kept]
    assert [one["keywords"] for one in others] == [
        one["keywords"] for one in plain.summary["topics"] if one["id"] not in (0, 2)
    ]


def test_a_merge_without_a_name_gets_one_from_its_words(analysis, look):
    fix.merge(analysis, look(), [1, 3])
    (topic,) = (one for one in look().summary["topics"] if "merged" in one)
    assert topic["name"]
    assert not topic["named_by_hand"]


@pytest.mark.parametrize("ids", [[], [1], [1, 1], [1, 77]])
def test_a_merge_needs_two_topics(analysis, look, ids):
    with pytest.raises(UnusableInput):
        fix.merge(analysis, look(), ids)


def test_a_split_puts_parts_in_the_topics_place(analysis, look):
    plain = look()
    parts = fix.propose(plain, 1)
    assert parts.how == "halves"
    assert sum(len(part.units) for part in parts.parts) == (plain.points["cluster"] == 1).sum()
    fix.split(analysis, plain, 1, parts)
    bundle = look()
    assert_sound(bundle, plain)
    made = [one for one in bundle.summary["topics"] if "split_from" in one]
    assert [one["id"] for one in made] == [1, 10_000]
    assert [one["units"] for one in made] == [len(part.units) for part in parts.parts]
    assert made[0]["split_from"] == {"id": 1, "name": sample_bundle.TOPICS[1]}
    assert [one["name"] for one in made] == [part.topic.name for part in parts.parts]
    # Ids are never used again, not even after undo: a filter in an address must not come to mean another topic.
    fix.undo(analysis, 3)
    fix.split(analysis, look(), 0, fix.propose(look(), 0))
    assert {one["id"] for one in look().summary["topics"]} == {0, 1, 2, 3, 4, 10_001}


def test_what_is_too_small_or_all_alike_is_not_split(analysis, look):
    plain = look()
    some = plain.points.loc[plain.points["cluster"] == 3, "unit_id"]
    fix.move(analysis, plain, some.iloc[5:].tolist(), None)
    with pytest.raises(UnusableInput, match="different texts"):
        fix.propose(look(), 3)


def test_a_hidden_topic_is_counted_and_not_named(analysis, look):
    plain = look()
    fix.hide(analysis, plain, 0)
    bundle = look()
    assert_sound(bundle, plain)
    name, points, topics = sample_bundle.TOPICS[0], bundle.points, bundle.summary["topics"]
    assert bundle.summary["coverage"] == plain.summary["coverage"]
    assert 0 not in set(topic_table(points, topics)["id"])
    assert topic_table(points, topics)["share"].sum() < 1
    assert all(label["name"] != name for label in pack.labels(points, topics))
    assert name not in colour_by(points, bundle.rows, "topic", topics).labels
    assert all(name not in str(found.values) for found in findings(points, bundle.rows, topics))
    assert name not in set(added_columns(bundle)["topic"])
    seen = fix.decisions(journal.replay(catalog.home() / analysis))
    assert fix.hiding(seen, bundle.summary) == {3: [0]}
    with pytest.raises(UnusableInput):
        fix.hide(analysis, bundle, 0)


def test_a_pinned_topic_comes_first(analysis, look):
    fix.pin(analysis, look(), 3)
    table = topic_table(look().points, look().summary["topics"])
    assert table["id"].iloc[0] == 3
    assert table["pinned"].tolist()[:2] == [True, False]
    with pytest.raises(UnusableInput):
        fix.pin(analysis, look(), 3)


def test_moved_reviews_are_marked_and_their_copies_go_along(analysis, look):
    plain = look()
    n = len(plain.points)
    home = int(plain.points["cluster"].iloc[n - 1])
    target = 0 if home != 0 else 1
    fix.move(analysis, plain, [n - 1], target)
    bundle = look()
    assert_sound(bundle, plain)
    moved = bundle.points.iloc[[n - 3, n - 2, n - 1]]
    assert (moved["cluster"] == target).all()
    assert moved["by_hand"].all()
    assert not moved["joined"].any()
    assert (moved["cluster_strength"] == 1).all()
    assert bundle.points["by_hand"].sum() == 3


def test_a_copy_stays_where_a_person_says_so(analysis, look):
    plain = look()
    n = len(plain.points)
    fix.move(analysis, plain, [n - 1], None, copies=False)
    bundle = look()
    assert bundle.points["cluster"].iloc[n - 1] == -1
    assert bundle.points["cluster"].iloc[n - 3] == plain.points["cluster"].iloc[n - 3]
    assert bundle.points["by_hand"].sum() == 1


def test_moves_that_mean_nothing_are_refused(analysis, look):
    bundle = look()
    inside = bundle.points.loc[bundle.points["cluster"] == 2, "unit_id"].tolist()[:2]
    for units, to in (([], 0), ([10**9], 0), (inside, 2), (inside, 77)):
        with pytest.raises(UnusableInput):
            fix.move(analysis, bundle, units, to)


def test_a_draft_is_not_corrected(home):
    parts = build_parts(60, draft=True)
    analysis = library.create("Draft")
    draft = library.publish(analysis, parts)
    with pytest.raises(UnusableInput, match="draft"):
        fix.rename(analysis, draft, 0, "Noise")


def test_undo_and_redo_are_further_entries(analysis, look):
    plain = look()
    made = fix.rename(analysis, plain, 0, "Noise")
    renamed = look().key
    fix.undo(analysis, made.seq)
    assert type(look()).__name__ == "Bundle"
    with pytest.raises(UnusableInput):
        fix.undo(analysis, made.seq)
    fix.redo(analysis, made.seq)
    assert look().key == renamed
    with pytest.raises(UnusableInput):
        fix.redo(analysis, made.seq)
    with pytest.raises(UnusableInput):
        fix.undo(analysis, 1)
    assert [entry.kind for entry in journal.replay(catalog.home() / analysis)][2:] == [
        "topic_renamed",
        "correction_undone",
        "correction_redone",
    ]
    assert np.array_equal(look(up_to=made.seq - 1).points["cluster"], plain.points["cluster"])
    assert names(look(up_to=made.seq - 1))[0] == sample_bundle.TOPICS[0]


def test_an_earlier_change_is_undone_under_later_ones(analysis, look):
    merged = fix.merge(analysis, look(), [0, 1], "Both")
    fix.rename(analysis, look(), 3, "Desk")
    fix.undo(analysis, merged.seq)
    assert names(look())[3] == "Desk"
    assert [names(look())[i] for i in (0, 1)] == sample_bundle.TOPICS[:2]

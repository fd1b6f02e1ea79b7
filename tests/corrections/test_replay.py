"""Corrections on later maps of the same analysis: other topic numbers, other topics, added reviews."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from pipelines import corrections as fix
from pipelines import members
from pipelines.corrections import places
from pipelines.corrections.kinds import Decision
from pipelines.corrections.layer import corrected
from pipelines.relabel import relabelled
from pipelines.store import catalog, journal, library
from tests import sample_bundle
from tests.corrections.conftest import N, assert_sound, names, outcomes, relabelled_parts

AGAIN = [f"again {i}" for i in range(5)]


def renumbered(parts, seed: int = 3, strays: int = 9):
    """The same reviews in a re-run: topic i is 4 − i, and some reviews are elsewhere."""
    cluster = parts.points["cluster"].to_numpy()
    after = np.where(cluster >= 0, 4 - cluster, -1)
    random = np.random.default_rng(seed)
    at = random.choice(len(after), strays, replace=False)
    after[at] = random.integers(-1, 5, strays)
    return relabelled_parts(parts, after, AGAIN)


def test_corrections_find_their_topics_under_other_numbers(analysis, look, parts):
    plain = look()
    fix.rename(analysis, plain, 0, "Noise")
    fix.hide(analysis, look(), 1)
    fix.pin(analysis, look(), 3)
    fix.merge(analysis, look(), [2, 4], "Arrival")
    moved = plain.points.loc[plain.points["cluster"] == -1, "unit_id"].tolist()[:3]
    fix.move(analysis, look(), moved, 0)
    library.publish(analysis, renumbered(parts))
    bundle = look()
    assert all(one["fits"] for one in outcomes(bundle).values())
    found = names(bundle)
    assert found[4] == "Noise"
    assert next(one for one in bundle.summary["topics"] if one["id"] == 4)["plain_name"] == "again 4"
    assert (bundle.points.set_index("unit_id").loc[moved, "cluster"] == 4).all()
    # A pinned topic keeps its number and its name.
    assert next(one for one in bundle.summary["topics"] if one.get("pinned"))["id"] == 3
    assert found[3] == sample_bundle.TOPICS[3]
    hidden = next(one for one in bundle.summary["topics"] if one.get("hidden"))
    assert hidden["name"] == "again 3"
    assert set(bundle.points.loc[bundle.points["cluster"] == hidden["id"], "topic"]) == {""}
    assert "Arrival" in found.values()
    assert len(found) == 4


def test_a_split_is_made_again_and_new_reviews_go_to_the_nearer_part(analysis, look, parts):
    fix.split(analysis, look(), 1, fix.propose(look(), 1))
    first = look().points.loc[look().points["cluster"] == 10_000, "row_id"]
    library.publish(analysis, renumbered(parts, strays=6))
    bundle = look()
    assert outcomes(bundle)[3]["fits"]
    made = bundle.points.loc[bundle.points["cluster"] == 10_000, "row_id"]
    assert len(set(first) & set(made)) >= 0.8 * len(first)
    part = next(one for one in bundle.summary["topics"] if one["id"] == 10_000)
    assert part["keywords"]
    assert part["split_from"]["id"] == 3


def test_what_fits_no_longer_is_told_and_comes_back(analysis, look, parts):
    fix.rename(analysis, look(), 0, "Noise")
    fix.merge(analysis, look(), [2, 3], "Two")
    random = np.random.default_rng(0)
    other = relabelled_parts(parts, random.integers(0, 5, N), AGAIN)
    library.publish(analysis, other)
    bundle = look()
    told = outcomes(bundle)
    assert [one["fits"] for one in told.values()] == [False, False]
    assert told[3]["values"] == {"name": sample_bundle.TOPICS[0]}
    assert set(names(bundle).values()) == set(AGAIN)
    library.publish(analysis, renumbered(parts))
    assert {"Noise", "Two"} <= set(names(look()).values())


def test_on_a_coarser_map_topics_are_merged_already_and_on_a_finer_one_all_parts_are(analysis, look, parts):
    fix.merge(analysis, look(), [1, 2], "Both")
    fix.hide(analysis, look(), 0)
    cluster = parts.points["cluster"].to_numpy()
    coarse = relabelled_parts(
        parts, np.where(np.isin(cluster, [1, 2]), 1, np.where(cluster > 2, 2, cluster)), ["a", "b", "c"]
    )
    library.publish(analysis, coarse)
    assert names(look())[1] == "Both"
    assert all(one["fits"] for one in outcomes(look()).values())
    # Each topic in two: what was hidden or merged is so with both its parts.
    fine = np.where(cluster >= 0, cluster * 2 + np.arange(N) % 2, -1)
    library.publish(analysis, relabelled_parts(parts, fine, [f"fine {i}" for i in range(10)]))
    bundle = look()
    assert {one["id"] for one in bundle.summary["topics"] if one.get("hidden")} == {0, 1}
    (merged,) = (one for one in bundle.summary["topics"] if "merged" in one)
    assert {one["id"] for one in merged["merged"]} == {2, 3, 4, 5}


def test_another_granularity_below_is_corrected_too(analysis, look, parts):
    """As with a layer below that cuts the same bundle elsewhere."""
    fix.rename(analysis, look(), 4, "Formulas")
    plain = look().below
    cluster = plain.points["cluster"].to_numpy()
    finer = np.where(cluster == 0, np.where(np.arange(N) % 2, 7, 0), (cluster + 2) % 7).astype(np.int32)
    finer[cluster < 0] = -1
    topics = [
        {"id": int(i), "name": f"level {i}", "keywords": [], "exemplars": [], "stability": None} for i in range(8)
    ]
    below = relabelled(plain, "finer", cluster=finer, joined=finer < -1, strength=np.ones(N, np.float32), topics=topics)
    bundle = corrected(below, journal.replay(catalog.home() / analysis), lambda _id: None)
    assert names(bundle)[6] == "Formulas"


def test_reviews_that_are_added_join_what_was_corrected(analysis, look, parts):
    plain = look()
    fix.merge(analysis, plain, [0, 1], "Both")
    fix.split(analysis, look(), 3, fix.propose(look(), 3))
    n = len(parts.points)
    fix.move(analysis, look(), [n - 1], 2)
    before = look().points
    # As `add` leaves them: the old rows first and unchanged, then the new ones; the last repeats a moved review.
    more = sample_bundle.parts(40, seed=9)
    new = more.points.assign(
        row_id=more.points["row_id"] + n,
        unit_id=more.points["unit_id"] + n,
        duplicate_of=pd.array([None] * 40, dtype="Int64"),
    )
    new.loc[new.index[-1], "duplicate_of"] = n - 3
    points = pd.concat([parts.points, new], ignore_index=True)
    rows = pd.concat([parts.rows, more.rows.assign(row_id=more.rows["row_id"] + n)], ignore_index=True)
    vectors = np.vstack([parts.vectors, more.vectors])
    state = {"graph": {**parts.state["graph"]}}
    library.publish(analysis, replace(parts, points=points, rows=rows, vectors=vectors, state=state))
    bundle = look()
    assert all(one["fits"] for one in outcomes(bundle).values())
    pd.testing.assert_series_equal(bundle.points["cluster"].head(n), before["cluster"], check_index=False)
    assert "Both" in names(bundle).values()
    later = bundle.points.tail(40)
    assert set(later.loc[new["cluster"].to_numpy() == 3, "cluster"]) <= {3, 10_000}
    assert later["cluster"].iloc[-1] == 2
    assert not set(names(bundle)) ^ set(names(look()))


def test_a_large_topic_keeps_a_sample_that_finds_it(parts):
    random = np.random.default_rng(1)
    rows = np.arange(60_000)
    points = pd.DataFrame({"row_id": rows})
    kept = members.members_of(points, rows < 30_000, 60_000)
    assert kept.level == 3
    assert len(kept.rows) <= members.MOST_ROWS
    assert len(str(kept.as_json())) < 12_000
    cluster = np.where(rows < 27_000, 5, 1).astype(np.int32)
    cluster[random.choice(60_000, 500, replace=False)] = -1
    found = members.nearest(members.members_from(kept.as_json()), rows, cluster, 0)
    assert found.ids == (5,)
    assert found.overlap == pytest.approx(0.9, abs=0.02)


def test_units_are_told_by_their_row_and_their_number_in_it():
    points = pd.DataFrame({"row_id": [0, 0, 2, 2, 2, 7]})
    inside = np.array([False, True, True, False, True, True])
    assert np.array_equal(places.from_json(places.as_json(points, inside)), places.keys(points)[inside])


@pytest.mark.parametrize(
    "payload", [{}, {"topic": 3, "name": []}, {"topic": {"members": {"rows": "x", "level": 0, "upto": 9}}}]
)
def test_a_change_that_cannot_be_read_changes_nothing(analysis, look, payload):
    for kind in fix.KINDS:
        journal.append(catalog.home() / analysis, kind, payload)
    bundle = look()
    assert not any(one["fits"] for one in outcomes(bundle).values())
    assert names(bundle) == names(look(up_to=1))
    assert_sound(bundle, look(up_to=1))
    assert all(isinstance(one, Decision) for one in fix.decisions(journal.replay(catalog.home() / analysis)))

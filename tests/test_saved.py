"""A saved view on a later map: what still makes sense stays."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from pipelines import saved
from pipelines.store.bundle import write_bundle
from pipelines.store.reader import open_bundle
from pipelines.view import Filter, View
from tests import sample_bundle

LOOK = View(
    filters=(Filter("cluster", "in", (1, -1)), Filter("rating", "is", 5)),
    camera={"flat": [0, 1, 0, 1]},
    selection=(3, 4, 5),
    quotes=(9, 4),
)


@pytest.fixture
def written(tmp_path):
    """written(parts, id) gives the parts as an opened bundle."""
    return lambda parts, name: open_bundle(write_bundle(tmp_path / name, parts, bundle_id=name))


@pytest.fixture
def then(written):
    return written(sample_bundle.parts(30), "a" * 32)


def test_on_its_own_map_a_view_is_as_it_was(then):
    assert saved.fitted(LOOK, then, then) == saved.Fitted(LOOK)


def test_a_topic_that_is_gone_takes_its_filter_along(then):
    gone = replace(LOOK, filters=(Filter("cluster", "is", 77), Filter("rating", "is", 5)))
    found = saved.fitted(gone, then, then)
    assert found.lost_topics
    assert found.view == replace(LOOK, filters=(Filter("rating", "is", 5),))


def test_on_a_map_that_grew_nothing_is_lost(then, written):
    parts = sample_bundle.parts(30)
    more = parts.points.tail(2).assign(unit_id=[30, 31], row_id=[30, 31], duplicate_of=pd.NA)
    rows = pd.concat([parts.rows, parts.rows.tail(2).assign(row_id=[30, 31])], ignore_index=True)
    grown = replace(
        parts,
        rows=rows,
        points=pd.concat([parts.points, more.astype(parts.points.dtypes)], ignore_index=True),
        vectors=parts.vectors[[*range(30), 0, 1]],
        summary={**parts.summary, "rows": 32, "units": 32},
    )
    assert saved.fitted(LOOK, written(grown, "b" * 32), then) == saved.Fitted(LOOK)


def test_on_another_map_reviews_are_found_by_their_rows(then, written):
    parts = sample_bundle.parts(30)
    keep = [i for i in range(30) if i not in (3, 9)]
    points = parts.points.iloc[keep].reset_index(drop=True)
    points = points.assign(unit_id=range(28), duplicate_of=pd.array([None] * 28, dtype="Int64"))
    other = replace(parts, points=points, vectors=parts.vectors[keep], summary={**parts.summary, "units": 28})
    found = saved.fitted(LOOK, written(other, "c" * 32), then)
    assert (found.lost_topics, found.lost_reviews) == (True, 2)
    assert found.view.filters == (Filter("rating", "is", 5),)
    assert found.view.camera is None
    # Units 4 and 5 come one place earlier where 3 is missing.
    assert (found.view.selection, found.view.quotes) == ((3, 4), (3,))


def test_without_its_map_only_what_any_map_has_is_kept(then):
    found = saved.fitted(LOOK, then, None)
    bare = View(filters=(Filter("rating", "is", 5),))
    assert found == saved.Fitted(bare, lost_topics=True, lost_reviews=5, lost_selection=True)


@pytest.mark.parametrize(
    ("look", "wider"),
    [
        (View(selection=(3, 9)), True),
        (View(selection=(3, 4)), False),
        (View(filters=(Filter("topic", "not", "x"),)), True),
        (View(filters=(Filter("rating", "is", 5),), quotes=(3, 9)), False),
        (View(), False),
    ],
)
def test_what_would_show_more_than_it_was_saved_for_is_known(then, written, look, wider):
    parts = sample_bundle.parts(30)
    keep = [i for i in range(30) if i not in (3, 9)]
    points = parts.points.iloc[keep].reset_index(drop=True)
    points = points.assign(unit_id=range(28), duplicate_of=pd.array([None] * 28, dtype="Int64"))
    other = replace(parts, points=points, vectors=parts.vectors[keep], summary={**parts.summary, "units": 28})
    found = saved.fitted(look, written(other, "c" * 32), then)
    assert found.is_wider is wider
    assert found.view.selection is None or found.view.selection

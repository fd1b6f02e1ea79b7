"""The basket of quotes: in the order of collecting, from the journal alone, whatever else stands there."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipelines import quotes
from pipelines.corrections import places
from pipelines.errors import UnusableInput
from pipelines.store import catalog, journal, library
from pipelines.view import MAX_QUOTES
from tests import sample_bundle

pytestmark = pytest.mark.usefixtures("home")


@pytest.fixture
def mine():
    analysis = library.create("mine")
    return analysis, library.publish(analysis, sample_bundle.parts(30))


def units(analysis, bundle):
    return places.units_of(bundle.points, quotes.basket(journal.replay(catalog.home() / analysis)))


def test_quotes_are_collected_taken_out_and_put_back_in_their_order(mine):
    analysis, bundle = mine
    for unit in (7, 3, 20, 3):
        quotes.star(analysis, bundle, unit, on=True)
    assert units(analysis, bundle) == [7, 3, 20]
    before = quotes.basket(journal.replay(catalog.home() / analysis))
    quotes.star(analysis, bundle, 3, on=False)
    quotes.star(analysis, bundle, 4, on=False)
    assert units(analysis, bundle) == [7, 20]
    quotes.put(analysis, before)
    assert units(analysis, bundle) == [7, 3, 20]
    quotes.put(analysis, ())
    assert units(analysis, bundle) == []


def test_quotes_are_put_in_order_and_others_keep_their_place(mine):
    analysis, bundle = mine
    for unit in (7, 3, 20, 5):
        quotes.star(analysis, bundle, unit, on=True)
    assert quotes.order(analysis, bundle, [5, 20, 3, 7])
    assert units(analysis, bundle) == [5, 20, 3, 7]
    # Starred in another window meanwhile, and one that is no quote: neither is moved, added or lost.
    quotes.star(analysis, bundle, 9, on=True)
    assert quotes.order(analysis, bundle, [3, 11, 5, 3, 20, 999])
    assert units(analysis, bundle) == [3, 5, 20, 7, 9]
    size = journal.size(catalog.home() / analysis)
    assert not quotes.order(analysis, bundle, [3, 5, 20, 7, 9])
    assert not quotes.order(analysis, bundle, [])
    assert journal.size(catalog.home() / analysis) == size


def test_a_star_that_changes_nothing_writes_nothing(mine):
    analysis, bundle = mine
    quotes.star(analysis, bundle, 7, on=True)
    size = journal.size(catalog.home() / analysis)
    quotes.star(analysis, bundle, 7, on=True)
    quotes.star(analysis, bundle, 8, on=False)
    assert journal.size(catalog.home() / analysis) == size


def test_what_cannot_be_collected_is_told(mine):
    analysis, bundle = mine
    with pytest.raises(UnusableInput, match="no such review"):
        quotes.star(analysis, bundle, 999, on=True)
    quotes.put(analysis, range(10, 10 + MAX_QUOTES))
    with pytest.raises(UnusableInput, match="room for"):
        quotes.star(analysis, bundle, 0, on=True)
    parts = sample_bundle.parts(30)
    draft = library.publish(analysis, replace(parts, config={**parts.config, "draft": True}))
    with pytest.raises(UnusableInput, match="draft"):
        quotes.star(analysis, draft, 1, on=True)


def test_damaged_entries_are_passed_over(mine):
    analysis, bundle = mine
    folder = catalog.home() / analysis
    for payload in ({}, {"unit": "x"}, {"unit": None}, {"units": 3}, {"units": ["a"]}):
        for kind in (quotes.STARRED, quotes.UNSTARRED, quotes.PUT):
            if kind != quotes.PUT or payload != {}:
                journal.append(folder, kind, payload)
    quotes.star(analysis, bundle, 5, on=True)
    assert units(analysis, bundle) == [5]


def test_a_unit_among_several_of_a_row_is_named_by_its_place(mine):
    _, bundle = mine
    points = bundle.points.assign(row_id=[i // 3 for i in range(30)])
    keys = places.keys_of(points, [7, 0, 29, 400])
    assert keys == places.keys(points)[[7, 0, 29]].tolist()
    assert places.units_of(points, [*keys, 10**9]) == [7, 0, 29]

"""A clock that was moved back: nothing is purged early, order stays, and no link lives longer for it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from pipelines import share
from pipelines.store import catalog, journal, library, sweeping
from pipelines.view import View

AT = datetime(2025, 3, 1, 12, tzinfo=UTC)
BACK = AT - timedelta(days=400)
DAY = timedelta(days=1)
pytestmark = pytest.mark.usefixtures("home")


@pytest.fixture
def published(make_parts: Any) -> str:
    made = library.create("酒店.csv", now=AT)
    library.publish(made, make_parts(5), now=AT)
    return made


def test_deleted_while_the_clock_was_back_it_is_kept_as_long_once_the_clock_is_right(published: str) -> None:
    library.delete(published, now=BACK)
    assert sweeping.sweep(now=BACK + 2 * DAY) == []
    assert sweeping.sweep(now=AT + 6 * DAY) == []
    assert [info.id for info in library.deleted(now=AT + 6 * DAY)] == [published]
    library.undelete(published, now=BACK)
    assert [info.id for info in library.list_analyses()] == [published]


def test_what_the_other_analyses_know_counts_too(published: str, make_parts: Any) -> None:
    other = library.create("used last", now=AT)
    library.publish(other, make_parts(3), now=AT + 300 * DAY)
    library.delete(published, now=AT + DAY)
    assert sweeping.sweep(now=AT + 306 * DAY) == []
    assert f"removed {published}" in sweeping.sweep(now=AT + 308 * DAY)


def test_a_clock_moved_back_after_a_deletion_purges_nothing(published: str) -> None:
    library.delete(published, now=AT)
    assert sweeping.sweep(now=BACK) == []
    assert [info.id for info in library.deleted(now=BACK)] == [published]


def test_order_is_the_journals_and_not_the_clocks(published: str, make_parts: Any) -> None:
    library.publish(published, make_parts(6), now=BACK)
    library.rename(published, "last name", now=BACK - DAY)
    library.rebuild()
    assert [one.rows for one in library.bundles(published)] == [5, 6]
    assert library.info(published).name == "last name"
    entries = journal.replay(catalog.home() / published)
    assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))


def test_a_link_is_as_old_as_what_was_done_after_it(published: str) -> None:
    token = share.create_link(published, View(), days=7, now=AT)
    library.rename(published, "later", now=AT + 8 * DAY)
    [link] = share.list_links(published)
    assert not share.is_open(link, now=BACK)
    assert share.open_link(token, now=AT + DAY) is None


def test_a_link_once_found_expired_stays_closed(published: str) -> None:
    token = share.create_link(published, View(), days=7, now=AT)
    assert share.open_link(token, now=AT + 6 * DAY) is not None
    assert share.open_link(token, now=AT + 8 * DAY) is None
    size = journal.size(catalog.home() / published)
    for _ in range(3):
        assert share.open_link(token, now=AT + 6 * DAY) is None
        assert share.open_link(token, now=BACK) is None
    assert journal.size(catalog.home() / published) == size, "entered once, however often it is tried"
    library.rebuild()
    assert share.open_link(token, now=AT) is None


def test_a_link_made_while_the_clock_was_back_closes_early_and_never_late(published: str) -> None:
    token = share.create_link(published, View(), days=7, now=BACK)
    assert share.open_link(token, now=BACK + DAY) is not None
    assert share.open_link(token, now=AT) is None


def test_a_wrong_time_in_the_future_closes_no_link_made_after_it(published: str) -> None:
    library.rename(published, "from the future", now=AT + 4000 * DAY)
    token = share.create_link(published, View(), days=7, now=AT)
    assert share.open_link(token, now=AT + DAY) is not None

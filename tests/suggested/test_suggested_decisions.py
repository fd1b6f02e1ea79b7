"""Names in the journal, laid over a bundle, on another bundle, and taken back."""

from __future__ import annotations

import numpy as np
import pytest

from pipelines import shown
from pipelines.store import catalog, journal, library
from pipelines.store.reader import Bundle
from pipelines.suggested.decisions import accept, withdraw
from tests.suggested.conftest import PLAIN, parts

NAMES = {0: "late deliveries", 1: "送餐慢与态度差"}


@pytest.fixture
def published(home) -> tuple[str, Bundle]:
    analysis = library.create("first")
    return analysis, library.publish(analysis, parts())


def look(analysis: str, bundle: Bundle) -> Bundle:
    entries = shown.deciding(journal.replay(catalog.home() / analysis))
    earlier = {bundle.id: bundle}
    return shown.shown(bundle, entries, lambda bundle_id: earlier.get(bundle_id))


def names_of(bundle: Bundle) -> list[str]:
    return [topic["name"] for topic in bundle.summary["topics"]]


def test_names_are_shown_with_the_plain_ones_beside_them(published) -> None:
    analysis, bundle = published
    accept(analysis, bundle, NAMES, "ollama:tiny")
    over = look(analysis, bundle)
    assert names_of(over) == ["late deliveries", "送餐慢与态度差", PLAIN[2]]
    assert over.summary["topics"][0]["plain_name"] == PLAIN[0]
    assert over.summary["topics"][0]["named_by"] == "ollama:tiny"
    assert over.points["topic"].tolist() == np.repeat(["late deliveries", "送餐慢与态度差", PLAIN[2]], 4).tolist()
    assert names_of(bundle) == PLAIN and over.key != bundle.key
    assert bundle.points["topic"].iloc[0] == PLAIN[0]


def test_one_name_or_all_are_taken_back(published) -> None:
    analysis, bundle = published
    seq = accept(analysis, bundle, NAMES, "ollama:tiny")
    withdraw(analysis, seq, [0])
    assert names_of(look(analysis, bundle)) == [PLAIN[0], NAMES[1], PLAIN[2]]
    withdraw(analysis, seq)
    assert look(analysis, bundle) is bundle


def test_the_latest_name_of_a_topic_stands_and_two_never_share_one(published) -> None:
    analysis, bundle = published
    accept(analysis, bundle, {0: "late", 1: "慢"}, "a")
    accept(analysis, bundle, {0: "送餐", 2: PLAIN[0]}, "b")
    assert names_of(look(analysis, bundle))[:2] == ["送餐", "慢"]
    accept(analysis, bundle, {1: "送餐"}, "c")
    assert len(set(names_of(look(analysis, bundle)))) == 3


def test_a_name_follows_its_topic_to_another_bundle(published) -> None:
    analysis, bundle = published
    accept(analysis, bundle, NAMES, "ollama:tiny")
    other = parts()
    other.points["cluster"] = np.array([2, 2, 2, 2, 0, 0, 0, 1, 1, 1, 1, 1], dtype=np.int32)
    later = library.publish(analysis, other)
    entries = shown.deciding(journal.replay(catalog.home() / analysis))
    over = shown.shown(later, entries, lambda bundle_id: bundle if bundle_id == bundle.id else None)
    assert names_of(over) == [NAMES[1], PLAIN[1], NAMES[0]]
    assert over.summary["names_lost"] == []


def test_a_name_whose_topic_is_gone_is_told(published) -> None:
    analysis, bundle = published
    accept(analysis, bundle, NAMES, "ollama:tiny")
    other = parts()
    other.points["cluster"] = np.zeros(12, dtype=np.int32)
    other.points.loc[:3, "cluster"] = -1
    other.summary["topics"] = other.summary["topics"][:1]
    later = library.publish(analysis, other)
    entries = shown.deciding(journal.replay(catalog.home() / analysis))
    over = shown.shown(later, entries, lambda bundle_id: bundle if bundle_id == bundle.id else None)
    assert "late deliveries" in over.summary["names_lost"]


def test_another_file_takes_no_names_over(published) -> None:
    analysis, bundle = published
    accept(analysis, bundle, NAMES, "ollama:tiny")
    other = parts()
    other.points["text"] = [f"another review {i}" for i in range(12)]
    later = library.publish(analysis, other)
    entries = shown.deciding(journal.replay(catalog.home() / analysis))
    over = shown.shown(later, entries, lambda bundle_id: bundle if bundle_id == bundle.id else None)
    assert names_of(over) == PLAIN and set(over.summary["names_lost"]) == set(NAMES.values())

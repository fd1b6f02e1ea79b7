"""Corrections of a real analysis, on the bundle that `add` makes of it."""

from __future__ import annotations

import pytest

from pipelines import corrections as fix
from pipelines import shown as layers
from pipelines.store import catalog, journal, library
from tests.add.conftest import added, caches, fresh, old
from tests.corrections.conftest import names, outcomes

__all__ = ["added", "caches", "old"]
pytestmark = [
    # UMAP says at its import that TensorFlow, which its parametric variant wants, is not there.
    pytest.mark.filterwarnings("ignore:Tensorflow not installed:ImportWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning:(jieba|snownlp|hdbscan|umap)"),
]


def test_reviews_added_by_add_join_corrected_topics(home, old, added):
    analysis = library.create("Added to")
    topics = [topic["id"] for topic in old.summary["topics"]]
    assert len(topics) >= 3
    entries = lambda: journal.replay(catalog.home() / analysis)  # noqa: E731
    fix.rename(analysis, old, topics[0], "The first")
    fix.merge(analysis, old, topics[1:3], "Two of them")
    moved = old.points.loc[old.points["cluster"] == topics[1], "unit_id"].tolist()[:2]
    before = layers.shown(old, entries(), lambda _id: None)
    fix.move(analysis, before, moved, topics[0])
    before = layers.shown(old, entries(), lambda _id: None)
    _parts, later = added(old, fresh(20))
    bundle = layers.shown(later, entries(), lambda _id: None)
    assert all(one["fits"] for one in outcomes(bundle).values())
    assert {"The first", "Two of them"} <= set(names(bundle).values())
    n = len(old.points)
    assert bundle.points["cluster"].head(n).tolist() == before.points["cluster"].tolist()
    joined = later.points["cluster"].tail(20).isin(topics[1:3])
    merged = next(topic for topic in bundle.summary["topics"] if "merged" in topic)
    assert (bundle.points["cluster"].tail(20)[joined] == merged["id"]).all()
    assert merged["keywords"]
    assert all(0 <= unit < len(bundle.points) for unit in merged["exemplars"])


def test_the_maps_own_tree_gives_parts(home, old):
    largest = max(old.summary["topics"], key=lambda topic: topic["units"])
    found = fix.propose(old, largest["id"])
    assert sum(len(part.units) for part in found.parts) == largest["units"]
    assert len({part.topic.name for part in found.parts}) == len(found.parts)
    for part in found.parts:
        assert set(part.topic.exemplars) <= set(part.units.tolist())

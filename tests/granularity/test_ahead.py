"""The steps beside the one on screen are made before they are asked for, and asked for they are there."""

from __future__ import annotations

import queue
import sys
from pathlib import Path

import pytest

from pipelines import granularity, shown
from pipelines.granularity import Tree, ahead
from pipelines.granularity.layer import _laid
from pipelines.store import catalog, journal, library
from pipelines.store.bundle import write_bundle
from pipelines.store.reader import open_bundle
from tests import sample_bundle
from tests.granularity import planted

LAYER = sys.modules[_laid.__module__]
"""The package's name of the module means its function."""


def test_the_next_move_finds_its_topics_made(home: Path, monkeypatch: pytest.MonkeyPatch):
    analysis = library.create("planted")
    bundle = library.publish(analysis, planted.parts())
    tree = Tree.of(bundle)
    assert tree is not None
    found = granularity.steps(tree)
    own = found.index(granularity.suggested(found))
    ahead._make(bundle, found[own].size, None)

    def never(*_args: object, **_more: object) -> None:
        raise AssertionError("made only when asked for")

    monkeypatch.setattr(LAYER, "_laid", never)
    beside = [place for place in (own - 1, own + 1) if 0 <= place < len(found)]
    assert beside
    for place in beside:
        granularity.choose(analysis, bundle, found[place].size, tree.config.join_threshold)
        left = shown.shown(bundle, shown.deciding(journal.replay(catalog.home() / analysis)), lambda _id: None)
        assert len(left.summary["topics"]) == found[place].topics


def test_nothing_is_asked_for_twice(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    wanted: queue.SimpleQueue[object] = queue.SimpleQueue()
    monkeypatch.setattr(ahead, "_wanted", wanted)
    monkeypatch.setattr(ahead.threading, "Thread", lambda **_more: type("Idle", (), {"start": lambda self: None})())
    bundle = open_bundle(write_bundle(tmp_path / "bundle", planted.parts()))
    for _ in range(3):
        granularity.look_ahead(bundle, 12)
    granularity.look_ahead(bundle)
    assert wanted.qsize() == 2


def test_a_map_without_a_tree_needs_nothing(tmp_path: Path):
    ahead._make(open_bundle(write_bundle(tmp_path / "bundle", sample_bundle.parts(12))), None, None)

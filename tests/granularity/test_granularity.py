"""Fewer or more topics over a finished map: steps, overlays, undo, other bundles of the analysis."""

from __future__ import annotations

import importlib
import threading
import time
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from pipelines import granularity, relabel, shown
from pipelines.errors import UnusableInput
from pipelines.granularity import Tree
from pipelines.store import catalog, journal, library
from pipelines.store.bundle import write_bundle
from pipelines.store.reader import Bundle, open_bundle
from tests import sample_bundle
from tests.conftest import build_parts
from tests.granularity import planted

layer = importlib.import_module("pipelines.granularity.layer")


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    return open_bundle(write_bundle(tmp_path_factory.mktemp("planted") / "bundle", planted.parts()))


@pytest.fixture
def published(home: Path) -> tuple[str, Bundle]:
    analysis = library.create("planted")
    return analysis, library.publish(analysis, planted.parts())


def as_left(analysis: str, bundle: Bundle) -> Bundle:
    entries = shown.deciding(journal.replay(catalog.home() / analysis))
    return shown.shown(bundle, entries, lambda _id: None)


def steps_of(bundle: Bundle) -> tuple[Tree, list[granularity.Step]]:
    tree = Tree.of(bundle)
    assert tree is not None
    return tree, granularity.steps(tree)


def test_steps_go_from_few_topics_to_many_and_hold_the_runs_own(bundle: Bundle):
    tree, found = steps_of(bundle)
    counts = [step.topics for step in found]
    assert len(found) >= 3
    assert counts == sorted(set(counts))
    assert [step.size for step in found] == sorted((step.size for step in found), reverse=True)
    own = granularity.suggested(found)
    assert (own.size, own.topics) == (bundle.summary["min_cluster_size"], len(bundle.summary["topics"]))
    again = tree.at(own.size, tree.config.join_threshold)
    assert again.cluster.tolist() == bundle.points["cluster"].tolist()


def test_a_choice_is_kept_laid_over_and_taken_back(published):
    analysis, bundle = published
    tree, found = steps_of(bundle)
    for step in (found[0], found[-1]):
        granularity.choose(analysis, bundle, step.size, tree.config.join_threshold)
        after = as_left(analysis, bundle)
        assert len(after.summary["topics"]) == step.topics
        assert after.points["cluster"].max() == step.topics - 1
        names = [topic["name"] for topic in after.summary["topics"]]
        assert len(set(names)) == len(names)
        assert sum(topic["units"] for topic in after.summary["topics"]) == (after.points["cluster"] >= 0).sum()
        assert after.points["cluster"].tolist()[-2:] == [after.points["cluster"].iloc[0]] * 2
        assert after.points["x2"].equals(bundle.points["x2"])
    granularity.undo(analysis)
    assert len(as_left(analysis, bundle).summary["topics"]) == found[0].topics
    granularity.undo(analysis)
    assert as_left(analysis, bundle) is bundle
    granularity.undo(analysis)
    assert as_left(analysis, bundle) is bundle


def test_the_suggested_step_is_the_plain_bundle(published):
    analysis, bundle = published
    tree, found = steps_of(bundle)
    granularity.choose(analysis, bundle, found[0].size, tree.config.join_threshold)
    own = granularity.suggested(found)
    granularity.choose(analysis, as_left(analysis, bundle), own.size, tree.config.join_threshold)
    assert as_left(analysis, bundle) is bundle


def test_the_same_topics_keep_name_and_stability_and_changed_ones_have_none(published):
    analysis, bundle = published
    tree, found = steps_of(bundle)
    granularity.choose(analysis, bundle, found[0].size, tree.config.join_threshold)
    after = as_left(analysis, bundle)
    before = bundle.points["cluster"].to_numpy()
    now = after.points["cluster"].to_numpy()
    names = {topic["id"]: topic["name"] for topic in bundle.summary["topics"]}
    for topic in after.summary["topics"]:
        inside = now == topic["id"]
        best = max((((before == one) & inside).sum() / ((before == one) | inside).sum(), one) for one in names)
        assert topic["stability"] == (0.9 if best[0] >= 0.8 else None)
        if best[0] >= 0.8:
            assert topic["name"] == names[best[1]]


def test_two_who_want_the_same_topics_wait_for_one_making_of_them(published, monkeypatch):
    _, bundle = published
    tree, found = steps_of(bundle)
    choice = granularity.Choice(bundle.id, found[0].size, tree.config.join_threshold, tree.digest, found[0].topics)
    makings = []
    one_making = layer._laid

    def slowly(*given, **more):
        makings.append(threading.get_ident())
        time.sleep(0.2)
        return one_making(*given, **more)

    monkeypatch.setattr(layer, "_laid", slowly)
    monkeypatch.setattr(layer, "_made", OrderedDict())
    with ThreadPoolExecutor(4) as pool:
        bundles = list(pool.map(lambda _: layer.made(bundle, tree, choice), range(8)))
    assert len(makings) == 1
    assert all(one is bundles[0] for one in bundles)
    assert layer._making == {}


def test_a_making_that_fails_leaves_nothing_behind(published, monkeypatch):
    _, bundle = published
    tree, found = steps_of(bundle)
    choice = granularity.Choice(bundle.id, found[0].size, tree.config.join_threshold, tree.digest, found[0].topics)
    monkeypatch.setattr(layer, "_made", OrderedDict())
    with monkeypatch.context() as failing, pytest.raises(MemoryError):
        failing.setattr(layer, "_laid", lambda *_given, **_more: (_ for _ in ()).throw(MemoryError))
        layer.made(bundle, tree, choice)
    assert layer._making == {}
    assert len(layer.made(bundle, tree, choice).summary["topics"]) == found[0].topics


def test_a_stricter_vote_joins_fewer_reviews(published):
    analysis, bundle = published
    tree, found = steps_of(bundle)
    shares = [level.coverage for level in granularity.levels(tree, tree.size)]
    assert shares == sorted(shares, reverse=True)
    assert shares[-1] < shares[0]
    granularity.choose(analysis, bundle, granularity.suggested(found).size, 1.01)
    after = as_left(analysis, bundle)
    assert not after.points["joined"].any()
    assert after.summary["coverage"] == pytest.approx(shares[-1])
    assert [topic["name"] for topic in after.summary["topics"]]


def test_words_are_the_same_whether_kept_or_read_again(bundle: Bundle, tmp_path: Path):
    bare = open_bundle(write_bundle(tmp_path / "bundle", planted.parts(terms=False, themes=False)))
    cluster = bundle.points["cluster"].to_numpy()
    strength = bundle.points["cluster_strength"].to_numpy()
    kept, read = (relabel.described(one, cluster, strength) for one in (bundle, bare))
    assert [(topic.name, topic.keywords) for topic in kept] == [(topic.name, topic.keywords) for topic in read]
    assert granularity.themes_of(bare) == bundle.summary["themes"]


def test_on_another_map_the_nearest_number_of_topics_stands_for_the_chosen_one(published):
    analysis, bundle = published
    tree, found = steps_of(bundle)
    granularity.choose(analysis, bundle, found[0].size, tree.config.join_threshold)
    other = library.publish(analysis, planted.parts(300, size=10))
    after = as_left(analysis, other)
    _, offered = steps_of(other)
    told = after.summary.get("granularity")
    nearest = min((abs(np.log(step.topics / found[0].topics)), step.topics) for step in offered)[1]
    assert len(after.summary["topics"]) == nearest
    if nearest != granularity.suggested(offered).topics:
        assert told["carried"] is True
        assert told["asked"] == found[0].topics


def test_added_reviews_take_the_topic_of_their_neighbours(home: Path):
    parts = planted.parts()
    n = planted.N
    more = parts.points.iloc[[5, 6]].assign(unit_id=[n + 2, n + 3], row_id=[n + 2, n + 3], duplicate_of=None)
    more["cluster"] = [parts.points["cluster"].iloc[5], -1]
    points = parts.points.copy()
    grown = {name: np.asarray([*points[name].tolist(), *more[name].tolist()]) for name in points}
    whole = points.reindex(range(n + 4))
    for name, values in grown.items():
        whole[name] = np.asarray(values) if name != "duplicate_of" else [*points[name].tolist(), None, None]
    whole = whole.astype({name: points[name].dtype for name in points})
    graph = parts.state["graph"]
    state = {**parts.state, "graph": {
        "indices": np.concatenate([graph["indices"], graph["indices"][[5, 6]]]),
        "similarity": np.concatenate([graph["similarity"], graph["similarity"][[5, 6]]]),
        "representatives": np.append(graph["representatives"], [n + 2, n + 3]),
    }}  # fmt: skip
    rows = parts.rows.reindex(range(n + 4)).assign(row_id=np.arange(n + 4), kept=True).fillna("x")
    rows = rows.astype({name: parts.rows[name].dtype for name in parts.rows})
    summary = {**parts.summary, "added": [{"first_unit": n + 2, "first_row": n + 2, "fitted": False}]}
    vectors = np.concatenate([parts.vectors, parts.vectors[[5, 6]]])
    grown_parts = replace(parts, rows=rows, points=whole, vectors=vectors, state=state, summary=summary)
    analysis = library.create("grown")
    first = library.publish(analysis, parts)
    tree, found = steps_of(first)
    granularity.choose(analysis, first, found[0].size, tree.config.join_threshold)
    before = as_left(analysis, first)
    after = as_left(analysis, library.publish(analysis, grown_parts))
    assert after.summary["granularity"]["carried"] is False
    assert after.points["cluster"].tolist()[: n + 2] == before.points["cluster"].tolist()
    assert after.points["cluster"].iloc[n + 2] == before.points["cluster"].iloc[5]
    assert bool(after.points["joined"].iloc[n + 2])
    assert after.points["cluster"].iloc[n + 3] == -1


@pytest.mark.parametrize("made", [lambda: sample_bundle.parts(30), lambda: build_parts(n=12, topics=0)])
def test_a_map_without_a_tree_stays_as_it_is(home: Path, made):
    analysis = library.create("plain")
    bundle = library.publish(analysis, made())
    assert Tree.of(bundle) is None
    with pytest.raises(UnusableInput):
        granularity.choose(analysis, bundle, 5, 0.0)
    payload = {"bundle": "x", "min_cluster_size": 5, "join_threshold": None, "tree": "", "topics": 3}
    journal.append(catalog.home() / analysis, "granularity_set", payload)
    assert as_left(analysis, bundle) is bundle


@pytest.mark.parametrize("payload", [{"min_cluster_size": "7"}, {"min_cluster_size": 1}, {"join_threshold": -1}])
def test_a_decision_that_makes_no_sense_is_passed_over(published, payload):
    analysis, bundle = published
    journal.append(catalog.home() / analysis, "granularity_set", {"bundle": "x", "topics": 3, **payload})
    assert as_left(analysis, bundle) is bundle

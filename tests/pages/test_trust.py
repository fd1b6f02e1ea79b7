"""What the dashboard says of how far to believe it: the map, topics, and how a review belongs."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from pipelines.store import library
from tests import sample_bundle
from tests.pages.conftest import N, assert_good, words
from tests.pages.test_check_page import at_tab


def published(share: float) -> str:
    """An analysis in which so large a share of the reviews has its true neighbours around it."""
    parts = sample_bundle.parts(N)
    trusted = np.where(np.arange(N) < share * N, 0.9, 0.1).astype(np.float32)
    flat = {"mean": 0.5, "share": share, "continuity": 0.6}
    summary = {**parts.summary, "map_trust": {"k": 6, "reach": 18, "flat": flat, "deep": flat}}
    points = parts.points.assign(map_trust=trusted, map_trust_3d=trusted)
    analysis = library.create("trusted")
    library.publish(analysis, replace(parts, points=points, summary=summary))
    return analysis


@pytest.mark.parametrize("dims", ["2", "3"])
def test_one_line_below_the_map_and_the_method_behind_it(start, dims):
    app = start("map", a=published(0.75), d=dims)
    assert_good(app)
    assert "On this map 75 of 100 reviews have mostly their true neighbours around them." in words(app)
    assert "Venna and Kaski" in words(app) and "This map misleads" not in words(app)
    app.button(key="map_trust_colour").click().run()
    assert_good(app)
    assert app.query_params["c"] == "map_trust"
    assert app.selectbox(key="map_colour").value == "map_trust"


def test_a_map_that_misleads_says_so(start):
    app = start("map", a=published(0.2))
    assert_good(app)
    assert "This map misleads" in words(app)


def test_a_region_that_misleads_says_so_and_another_does_not(start):
    analysis = published(0.5)
    assert "less alike than they look" in words(start("map", a=analysis, s="70-90"))
    assert "less alike than they look" not in words(start("map", a=analysis, s="10-30"))


def test_an_earlier_bundle_gets_its_trust_when_it_is_looked_at(start):
    app = start("map", c="map_trust")
    assert_good(app)
    assert "of 100 reviews have mostly their true neighbours" in words(app)
    assert app.selectbox(key="map_colour").value == "map_trust"


@pytest.mark.parametrize("colour", ["belonging", "stability"])
def test_the_other_colours_can_be_chosen(start, colour):
    app = start("map", c=colour)
    assert_good(app)
    assert app.selectbox(key="map_colour").value == colour


def opened(start, topic: int = 1):
    return start("overview", f=json.dumps([["cluster", "is", topic]]))


def test_evidence_for_a_topics_name(start):
    app = opened(start)
    assert_good(app)
    said = words(app)
    assert "Typical words: word1" in said and "Why this name, and how sure" in said
    assert "How sure: ●●○ 0.70, fairly steady" in said.replace("\\", "")
    assert "about 70% of this topic comes back" in said
    frame = next(one.value for one in app.dataframe if str(one.key).startswith("evidence_words_1"))
    assert frame["word"].tolist() == ["word1", "<script>"]
    points = sample_bundle.parts(N).points
    own = points[points["cluster"] == 1]
    assert frame["reviews"].tolist() == [own["text"].str.contains(w, regex=False).sum() for w in frame["word"]]


def test_core_joined_and_unclear_are_counted(start):
    points = sample_bundle.parts(N).points
    core = int(((points["cluster"] >= 0) & ~points["joined"]).sum())
    unclear = int((points["cluster"] < 0).sum())
    said = words(start())
    assert f"{core} core" in said and f"{unclear} without a clear topic" in said
    own = points[points["cluster"] == 1]
    assert f"{int((~own['joined']).sum())} core" in words(opened(start))


def test_the_whole_maps_stability_stands_on_the_overview(start):
    app = start()
    delta = next(metric.delta for metric in app.metric if metric.label == "Topics")
    assert delta == "●●○ 0.74 fairly steady"


def test_kinds_of_duplicates_are_told(start):
    app = at_tab(start, "Duplicates")
    assert_good(app)
    groups = next(frame.value for frame in app.dataframe if str(frame.key).startswith("duplicate_groups"))
    assert groups["kind"].tolist() == ["word for word"]
    assert "word for word: 2" in words(app)

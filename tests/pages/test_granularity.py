"""The slider and the themes on the pages, without a browser."""

from __future__ import annotations

import json

import pytest

from pipelines.store import catalog, journal, library
from tests.granularity import planted
from tests.pages.conftest import assert_good, words


@pytest.fixture
def analysis(mine: str) -> str:
    analysis = library.create("planted")
    library.publish(analysis, planted.parts())
    return analysis


def kinds(analysis: str) -> list[str]:
    return [entry.kind for entry in journal.replay(catalog.home() / analysis)]


def test_the_slider_changes_the_topics_and_undo_brings_them_back(start, analysis):
    app = start("map", a=analysis, f=json.dumps([["cluster", "is", 0], ["cluster", "not", 500]]))
    assert_good(app)
    slider = app.select_slider(key="granularity")
    assert any("suggested" in option for option in slider.options)
    fewest = slider.options[0]
    slider.set_value(_size(analysis, 0)).run()
    assert_good(app)
    assert kinds(analysis)[-1] == "granularity_set"
    assert app.select_slider(key="granularity").options[0] == fewest
    app.button(key="granularity_undo").click().run()
    assert_good(app)
    assert kinds(analysis)[-1] == "granularity_undone"
    assert "granularity_undo" not in [button.key for button in app.button]


def _size(analysis: str, place: int) -> int:
    from pipelines.granularity import Tree, steps
    from pipelines.store.reader import open_bundle

    tree = Tree.of(open_bundle(library.latest_bundle(analysis)))
    return steps(tree)[place].size


def test_a_stricter_vote_is_a_click_away(start, analysis):
    app = start("map", a=analysis)
    assert "granularity_sure" not in [radio.key for radio in app.radio], "nobody looks: no level is counted"
    app.session_state["granularity_levels"] = True
    app.run()
    app.radio(key="granularity_sure").set_value(1.01).run()
    assert_good(app)
    assert "no clear topic" in words(app)


def test_a_theme_filters_to_its_topics(start, analysis):
    app = start("map", a=analysis)
    app.button(key="map_theme_0").click().run()
    assert_good(app)
    ((column, op, topics),) = json.loads(app.query_params["f"])
    assert (column, op) == ("cluster", "in")
    assert len(topics) > 1


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_overview_offers_the_themes(start, analysis, language):
    app = start("overview", a=analysis, language=language)
    assert_good(app)
    assert len(app.get("button_group")) >= 1


def test_maps_without_a_tree_have_no_slider(start, mine):
    app = start("map")
    assert_good(app)
    assert not app.select_slider
    payload = {"bundle": "x", "min_cluster_size": 5, "join_threshold": None, "tree": "", "topics": 3}
    journal.append(catalog.home() / mine, "granularity_set", payload)
    app = start("map")
    assert_good(app)
    assert "does not apply to this map" in words(app)

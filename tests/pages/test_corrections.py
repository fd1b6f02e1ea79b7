"""Changing topics on the pages: each by a click, told with Undo, listed under the topic table."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from pipelines import corrections as fix
from pipelines import share
from pipelines.store import catalog, journal, library
from pipelines.store.reader import open_bundle
from pipelines.view import View
from tests import sample_bundle
from tests.conftest import ROOT
from tests.pages.conftest import TIMEOUT_S, assert_good, words


def of_topic(topic: int) -> str:
    return json.dumps([["cluster", "is", topic]])


def kinds(analysis: str) -> list[str]:
    return [one.kind for one in fix.decisions(journal.replay(catalog.home() / analysis)) if not one.undone]


def table(app: AppTest):
    return next(frame.value for frame in app.dataframe if str(frame.key).startswith("topics_"))


def by_key(elements, start: str):
    (found,) = (one for one in elements if str(one.key).startswith(start))
    return found


def test_rename_is_told_and_taken_back_and_done_again(start, mine):
    app = start(f=of_topic(0))
    by_key(app.text_input, "rename_to_").set_value("<b>Noise</b> *loud*")
    by_key(app.button, "rename_save_").click().run()
    assert_good(app)
    assert "<b>Noise</b> *loud*" in set(table(app)["name"])
    said = words(app)
    assert "is now called" in said
    assert "Its name before: grinder noise" in said
    assert "1 change to topics" in " ".join(one.label for one in app.expander)
    app.button(key="undo_last").click().run()
    assert_good(app)
    assert "Taken back" in words(app)
    assert "grinder noise" in set(table(app)["name"])
    app.button(key="redo_3").click().run()
    assert_good(app)
    assert "<b>Noise</b> *loud*" in set(table(app)["name"])
    app.button(key="last_edit_close").click().run()
    assert "last_edit_close" not in {button.key for button in app.button}
    assert kinds(mine) == ["topic_renamed"]


def test_a_name_that_is_taken_is_refused_in_words(start, mine):
    app = start(f=of_topic(0))
    by_key(app.text_input, "rename_to_").set_value(sample_bundle.TOPICS[1])
    by_key(app.button, "rename_save_").click().run()
    assert_good(app)
    assert "merge the two" in app.toast[0].value
    assert kinds(mine) == []


def test_merged_topics_are_opened_as_one(start, mine):
    app = start(f=of_topic(0))
    by_key(app.multiselect, "merge_others_").set_value([2, 3])
    by_key(app.text_input, "merge_name_").set_value("Arrival")
    by_key(app.button, "merge_save_").click().run()
    assert_good(app)
    assert kinds(mine) == ["topics_merged"]
    assert "Arrival" in set(table(app)["name"])
    assert not {sample_bundle.TOPICS[0], sample_bundle.TOPICS[3]} & set(table(app)["name"])
    ((_column, _op, opened),) = json.loads(app.query_params["f"])
    assert opened in (0, 2, 3)


def test_the_parts_are_shown_before_a_split_is_agreed(start, mine):
    app = start(f=of_topic(1))
    app.button(key="split").click().run()
    assert_good(app)
    assert "two halves by meaning" in words(app)
    assert kinds(mine) == []
    assert "split_save" in {button.key for button in app.button}


def test_hidden_topics_leave_the_lists_and_come_back(start, mine):
    app = start(f=of_topic(0))
    app.button(key="hide").click().run()
    assert_good(app)
    assert sample_bundle.TOPICS[0] not in set(table(app)["name"])
    assert "f" not in app.query_params
    on_map = start("map")
    assert_good(on_map)
    assert "map_topic_0" not in {button.key for button in on_map.button}
    app.button(key="bring_topic_3").click().run()
    assert_good(app)
    assert sample_bundle.TOPICS[0] in set(table(app)["name"])


def test_a_pinned_topic_is_first(start):
    app = start(f=of_topic(4))
    app.button(key="pin").click().run()
    assert_good(app)
    assert table(app)["name"].iloc[0].endswith(sample_bundle.TOPICS[4])
    assert json.loads(app.query_params["f"]) == [["cluster", "is", 4]]
    app.button(key="unpin").click().run()
    assert_good(app)
    assert "pin" in {button.key for button in app.button}


def test_a_selection_is_moved(start, mine):
    app = start("map", s="20-24")
    by_key(app.selectbox, "move_to_").set_value(3)
    by_key(app.button, "move_save_").click().run()
    assert_good(app)
    assert kinds(mine) == ["reviews_moved"]
    assert "5 reviews were moved to a topic" in words(app)


def test_a_draft_is_not_changed(start, home):
    draft = library.create("Draft")
    parts = sample_bundle.parts(60)
    library.publish(draft, replace(parts, config={**parts.config, "draft": True}))
    app = start("map", a=draft, s="1-5")
    assert_good(app)
    assert "wait for the full map" in words(app)
    assert not [button for button in app.button if str(button.key).startswith("move_save")]


def test_what_fits_no_longer_is_said(start, mine):
    bundle = open_bundle(library.latest_bundle(mine))
    fix.rename(mine, bundle, 0, "Noise")
    library.publish(mine, sample_bundle.parts(120, seed=77))
    app = start()
    assert_good(app)
    assert any("1 no longer fits" in one.label for one in app.expander)
    assert "There is no topic like" in words(app)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_link_shows_the_day_that_it_was_made(mine, monkeypatch, language):
    monkeypatch.chdir(ROOT)
    bundle = open_bundle(library.latest_bundle(mine))
    before = share.create_link(mine, View(analysis=mine))
    fix.rename(mine, bundle, 0, "Noise of mills")
    after = share.create_link(mine, View(analysis=mine))
    fix.hide(mine, bundle, 1)
    for token, name in ((before, sample_bundle.TOPICS[0]), (after, "Noise of mills")):
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=TIMEOUT_S)
        app.session_state["language"] = language
        app.query_params["view"] = token
        app.run()
        assert_good(app)
        shown = set(app.dataframe[0].value.iloc[:, 0])
        assert name in shown
        assert sample_bundle.TOPICS[1] in shown

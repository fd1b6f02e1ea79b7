"""The page Ask: what it finds, why, within the filters, and the ways on; over hostile texts."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from pages.ui import search_from
from pipelines.store import library
from tests import sample_bundle
from tests.pages.conftest import assert_good, words
from tests.search.read_reviews import read_parts


@pytest.fixture
def unread(home) -> str:
    """An analysis whose vectors came with the file: its meaning cannot be asked for."""
    analysis = library.create("own vectors")
    library.publish(analysis, replace(sample_bundle.parts(120), identity={"name": "own"}))
    return analysis


def cards(app, key: str) -> dict:
    """What a list of reviews was given."""
    (found,) = (one for one in app.get("bidi_component") if f"-{key}-" in one.proto.id or key in one.proto.id)
    return json.loads(found.proto.json)


def test_an_empty_box_suggests_topics_and_one_click_looks_for_it(start):
    app = start("ask")
    assert_good(app)
    assert "Topics of this file to begin with" in words(app)
    app.button(key="ask_try_0").click().run()
    assert_good(app)
    assert app.text_input(key="ask_box").value == app.query_params["q"]
    assert "m" in app.query_params


def test_words_alone_are_found_where_the_model_cannot_be_asked(start, unread):
    app = start("ask", a=unread)
    app.text_input(key="ask_box").set_value("espresso grinder").run()
    assert_good(app)
    said = words(app)
    assert "“espresso grinder” · 54 reviews" in said
    assert "Found by its words alone" in said
    assert "45.0% of the reviews in sight" in said
    assert "those with all your words" in said
    assert "not sent anywhere" in said
    assert app.query_params["q"] == "espresso grinder"
    assert "m" not in app.query_params


def test_filters_and_topics_narrow_what_is_found(start, unread):
    negative = json.dumps([["sentiment_label", "is", "negative"]])
    app = start("ask", a=unread, q="espresso", f=negative)
    assert_good(app)
    assert "“espresso” · 54 reviews" not in words(app)
    whole = start("ask", a=unread, q="espresso")
    topic = next(button for button in whole.button if (button.key or "").startswith("ask_topic_"))
    count = int(topic.label.rsplit("·", 1)[1])
    topic.click().run()
    assert_good(whole)
    assert f"“espresso” · {count} review" in words(whole)
    whole.button(key="ask_select").click().run()
    assert_good(whole)
    assert f"{count} selected on the map" in words(whole)


def test_without_a_hit_it_says_what_to_do(start, unread):
    assert_good(start("ask", a=unread, q="<b>nowhere</b> ](javascript:x)"))
    app = start("ask", a=unread, q="qqzz nowhere")
    assert_good(app)
    assert "Try fewer or other words" in words(app)
    none = start("ask", a=unread, q="早餐", f=json.dumps([["text", "contains", "espresso"]]))
    none.button(key="ask_unfilter").click().run()
    assert_good(none)
    assert "“早餐” · 52 reviews" in words(none)


def test_hits_say_why_and_mark_the_words(start, unread):
    app = start("ask", a=unread, q="早餐 espresso")
    assert_good(app)
    given = cards(app, "ask_hits")
    assert given["likeable"]
    for review in given["reviews"]:
        assert "".join(piece for piece, _ in review["marked"]) == review["text"]
        assert [piece for piece, is_one in review["marked"] if is_one] in (["早餐"], ["espresso"])
        assert review["why"].startswith(("has: 早餐", "has: espresso"))
    # Three equal reviews are shown once.
    assert len({review["text"] for review in given["reviews"]}) == len(given["reviews"])


def test_meaning_is_told_with_its_likeness(start):
    analysis = library.create("read")
    library.publish(analysis, read_parts())
    app = start("ask", a=analysis)
    app.text_input(key="ask_box").set_value("delayed delivery").run()
    assert_good(app)
    assert "or a likeness of" in words(app)
    assert app.query_params["m"] == "1"
    found = cards(app, "ask_hits")["reviews"]
    assert found[0]["why"].startswith("close in meaning (likeness 0.")
    assert found[0]["marked"] == []
    app.session_state["ask_mode"] = "words"
    app.run()
    assert_good(app)
    assert "Try fewer or other words" in words(app)
    app.session_state["ask_mode"] = "vectors"
    app.run()
    assert_good(app)
    assert "those with a likeness of" in words(app)


def test_more_like_a_review_and_back(start, mine):
    app = start("ask", q="espresso")
    app.session_state[search_from._CHOSEN] = (mine, "", 15)
    app.run()
    assert_good(app)
    assert "More like this review" in words(app)
    assert [review["id"] for review in cards(app, "ask_like_of")["reviews"]] == [15]
    assert not cards(app, "ask_like_of")["likeable"]
    like = cards(app, "ask_like_hits")["reviews"]
    assert 15 not in [review["id"] for review in like]
    assert all("likeness" in review["why"] for review in like)
    app.button(key="ask_back").click().run()
    assert_good(app)
    assert "“espresso”" in words(app)


def test_a_review_of_another_analysis_is_not_looked_for(start, mine):
    app = start("ask", q="espresso")
    app.session_state[search_from._CHOSEN] = ("0" * 16, "", 15)
    app.run()
    assert "More like this review" not in words(app)
    app.session_state[search_from._CHOSEN] = (mine, "", 100_000)
    app.run()
    assert_good(app)
    assert "More like this review" not in words(app)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_both_languages_open_it(start, language):
    assert_good(start("ask", language=language, q="早餐"))


def test_filters_that_leave_nothing_are_told(start):
    app = start("ask", f=json.dumps([["text", "contains", "no such text"]]))
    assert_good(app)
    assert "No review passes these filters" in words(app)

from __future__ import annotations

import json

import pytest

from tests.pages.conftest import N, assert_good, words


@pytest.mark.parametrize(("language", "said"), [("en", "Topics"), ("zh", "主题")])
def test_it_draws_with_the_topics_beside_it(start, language, said):
    app = start("map", language=language)
    assert_good(app)
    assert said in words(app)
    assert sum(str(button.key).startswith("map_topic_") for button in app.button) == 6


def test_a_selection_in_the_address_shows_its_reviews(start):
    app = start("map", s="20-24")
    assert_good(app)
    assert "Selected · 5 reviews" in words(app)
    app.button(key="chip_selection").click().run()
    assert_good(app)
    assert "Selected" not in words(app)


def test_a_topic_of_the_list_becomes_a_filter(start):
    app = start("map")
    label = app.button(key="map_topic_1").label
    app.button(key="map_topic_1").click().run()
    assert_good(app)
    assert json.loads(app.query_params["f"]) == [["cluster", "is", 1]]
    assert f"Filtered · {label.split(' · ')[1]} reviews" in words(app)


def test_a_search_is_listed_and_kept_in_the_address_and_becomes_a_selection_or_a_filter(start):
    app = start("map")
    app.text_input(key="map_words").set_value("  ESPRESSO ").run()
    assert_good(app)
    assert app.query_params["q"] == "ESPRESSO"
    said = words(app)
    assert "“ESPRESSO” · 54 reviews" in said
    assert "of the reviews in sight" in said
    again = start("map", q="espresso")
    assert again.text_input(key="map_words").value == "espresso"
    assert "“espresso” · 54 reviews" in words(again)
    again.button(key="map_hits_select").click().run()
    assert_good(again)
    assert "Selected · 54 reviews" in words(again)
    app.button(key="map_hits_filter").click().run()
    assert_good(app)
    assert json.loads(app.query_params["f"]) == [["text", "contains", "ESPRESSO"]]
    assert "q" not in app.query_params
    assert app.text_input(key="map_words").value == ""


def test_a_search_that_finds_other_than_these_letters_is_offered_as_no_filter(start):
    app = start("map", q="espresso grinder")
    assert_good(app)
    assert "“espresso grinder” · 54 reviews" in words(app)
    assert "map_hits_select" in {button.key for button in app.button}
    # The two words stand apart in the reviews: as one piece of text nobody wrote them.
    assert "map_hits_filter" not in {button.key for button in app.button}


def test_a_search_keeps_to_the_filters_and_says_what_is_outside(start):
    negative = json.dumps([["sentiment_label", "is", "negative"]])
    app = start("map", q="早餐", f=negative)
    assert_good(app)
    assert "more outside the filters" in words(app)
    none = start("map", q="早餐", f=json.dumps([["text", "contains", "espresso"]]))
    assert "outside the filters have it" in words(none)
    none.button(key="map_hits_unfilter").click().run()
    assert "“早餐” · 52 reviews" in words(none)


def test_a_search_without_a_hit_says_what_to_do(start):
    app = start("map", q="<b>nowhere</b> ](javascript:x)")
    assert_good(app)
    assert "Try fewer or other words" in words(app)
    app.button(key="map_hits_end").click().run()
    assert "q" not in app.query_params


def test_colour_and_dimensions_are_kept_in_the_address(start):
    app = start("map")
    app.selectbox(key="map_colour").select("row:<b>shop</b>").run()
    app.segmented_control(key="map_dims").set_value(3).run()
    assert_good(app)
    assert app.query_params["c"] == "row:<b>shop</b>"
    assert app.query_params["d"] == "3"
    again = start("map", c="sentiment", d="3")
    assert again.selectbox(key="map_colour").value == "sentiment"
    assert again.segmented_control(key="map_dims").value == 3


def test_filters_and_selection_that_do_not_meet_say_so(start):
    app = start("map", s="20-24", f=json.dumps([["text", "contains", "no such words"]]))
    assert_good(app)
    assert f"0 of {N} reviews" in words(app)
    assert "Selected · 0 reviews" in words(app)
    assert app.info


@pytest.mark.parametrize(
    ("asked", "shown"),
    [("text", "topic"), ("user", "topic"), ("row:评论", "topic"), ("nothing", "topic"), ("is_outlier", "is_outlier")],
)
def test_a_colour_of_the_address_is_one_of_the_closed_list(start, asked, shown):
    app = start("map", c=asked)
    assert_good(app)
    assert app.selectbox(key="map_colour").value == shown

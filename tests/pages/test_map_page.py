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


def test_words_become_a_filter_and_the_box_is_emptied(start):
    app = start("map")
    app.text_input(key="map_words").set_value("  espresso ").run()
    assert_good(app)
    assert json.loads(app.query_params["f"]) == [["text", "contains", "espresso"]]
    assert app.text_input(key="map_words").value == ""


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

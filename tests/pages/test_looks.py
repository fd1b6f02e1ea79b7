from __future__ import annotations

from pages.ui.looks import MOST, History
from pipelines.view import View
from tests.pages.conftest import assert_good

A = "0123456789abcdef"


def test_steps_go_back_and_forth_and_a_new_look_ends_the_way_forth():
    history = History()
    for colour in ("topic", "date", "date", "rating"):
        history.note(View(A, colour=colour))
    assert [look.colour for look in history.looks] == ["topic", "date", "rating"]
    assert history.step(-1).colour == "date"
    assert history.step(-1).colour == "topic"
    assert history.step(-1) is None
    assert history.step(1).colour == "date"
    history.note(View(A, colour="sentiment"))
    assert not history.can(1)
    assert [look.colour for look in history.looks] == ["topic", "date", "sentiment"]


def test_a_zoom_is_no_step_and_another_analysis_begins_anew():
    history = History()
    history.note(View(A))
    history.note(View(A, camera={"flat": [0, 1, 0, 1]}))
    assert not history.can(-1)
    history.note(View(A[::-1]))
    assert not history.can(-1)


def test_the_back_button_is_a_step_back_and_coming_to_the_same_look_by_hand_is_a_step_forth():
    history = History()
    for colour in ("topic", "date"):
        history.note(View(A, colour=colour))
    history.note(View(A), arrived=True)
    assert history.can(1)
    history.note(View(A, colour="date"))
    history.note(View(A))
    assert len(history.looks) == 3
    for i in range(2 * MOST):
        history.note(View(A, note=str(i)))
    assert len(history.looks) == MOST


def test_undo_and_redo_change_the_look_and_the_address(start):
    app = start("map")
    assert app.button(key="map_undo").disabled
    app.selectbox(key="map_colour").select("sentiment").run()
    app.segmented_control(key="map_dims").set_value(3).run()
    app.text_input(key="map_words").set_value("espresso").run()
    app.button(key="map_undo").click().run()
    assert_good(app)
    assert "q" not in app.query_params
    assert app.text_input(key="map_words").value == ""
    app.button(key="map_undo").click().run()
    assert "d" not in app.query_params
    app.button(key="map_redo").click().run()
    app.button(key="map_redo").click().run()
    assert_good(app)
    assert app.query_params["q"] == "espresso"
    assert app.query_params["d"] == "3"
    assert app.query_params["c"] == "sentiment"
    assert app.button(key="map_redo").disabled

"""Saved views from the bar above every page: saved, opened, overwritten, deleted, and each undone."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from pages.ui import share_what, views
from pipelines import share
from pipelines.store import library
from pipelines.view import Filter
from tests import sample_bundle
from tests.pages.conftest import assert_good, follow, words

HOSTILE = "<script>x</script> **b** [l](javascript:1)"
FIVE = '[["rating","is",5]]'


def opened(app: AppTest) -> AppTest:
    # AppTest's state is no mapping with a get of its own.
    turn = app.session_state[views.TURN] if views.TURN in app.session_state else 0  # noqa: SIM401
    app.session_state[f"{views.POPOVER}_{turn}" if turn else views.POPOVER] = True
    return app.run()


def button(app: AppTest, start: str):
    return next(one for one in app.button if str(one.key).startswith(start))


def save(app: AppTest, name: str, note: str = "") -> AppTest:
    opened(app)
    app.text_input(key=views.NAME).set_value(name)
    app.text_area(key=views.NOTE).set_value(note)
    submit = next(one for one in app.button if one.label in ("Save this look", "保存当前样子"))
    submit.click().run()
    assert_good(app)
    return app


@pytest.mark.parametrize("page", ["overview", "map", "compare", "check", "share"])
def test_every_page_with_a_look_has_the_button_and_an_empty_state(start, page):
    app = opened(start(page))
    assert_good(app)
    assert "No view is saved yet." in words(app)


def test_a_look_is_saved_and_opened_on_its_page(start, mine):
    app = save(start("map", f=FIVE, s="20-24", c="sentiment", d="3"), HOSTILE, "Look <b>here</b>")
    (one,) = library.list_views(mine)
    assert (one.name, one.view.note, one.view.page) == (HOSTILE, "Look <b>here</b>", "map")
    assert one.view.filters == (Filter("rating", "is", 5),)
    assert (one.view.selection, one.view.colour, one.view.dims) == ((20, 21, 22, 23, 24), "sentiment", 3)
    assert "Saved:" in words(app)
    # The note belongs to the look from now on.
    assert app.query_params["n"] == "Look <b>here</b>"
    other = opened(start("overview"))
    button(other, "bar_open_").click().run()
    other = follow(other)
    assert_good(other)
    assert other.title[0].value == "Map"
    assert {name: other.query_params[name] for name in ("s", "c", "d")} == {
        "s": "20-24",
        "c": "sentiment",
        "d": "3",
    }
    assert "Opened:" in words(other)


def test_the_same_name_asks_to_overwrite_and_that_can_be_undone(start, mine):
    app = save(start("map", f=FIVE), "Fives")
    app.button(key="chip_0").click().run()
    save(app, "fives ")
    assert "There is a view called" in words(app)
    assert len(library.list_views(mine)) == 1
    app.button(key="view_overwrite_taken").click().run()
    assert_good(app)
    assert library.list_views(mine)[0].view.filters == ()
    app.button(key="last_done_undo").click().run()
    assert_good(app)
    assert library.list_views(mine)[0].view.filters == (Filter("rating", "is", 5),)
    assert "Taken back" in words(app)


def test_overwrite_delete_and_undo_from_the_list(start, mine):
    app = save(start("map"), "Look")
    app = opened(start("map", f=FIVE))
    button(app, "bar_overwrite_").click().run()
    assert library.list_views(mine)[0].view.filters
    opened(app)
    button(app, "bar_delete_").click().run()
    assert_good(app)
    assert not library.list_views(mine)
    app.button(key="last_done_undo").click().run()
    assert [one.name for one in library.list_views(mine)] == ["Look"]


def test_an_empty_name_is_told(start, mine):
    app = save(start("map", n="before"), "  ", "typed")
    # What was not kept is no part of the look.
    assert app.query_params["n"] in ("before", ["before"])
    assert not library.list_views(mine)
    assert "The name is empty" in words(app)


def test_a_topic_that_is_gone_is_told_when_a_view_is_opened(start, mine):
    save(start("map", f='[["cluster","is",77]]'), "Old topic")
    app = opened(start("map"))
    button(app, "bar_open_").click().run()
    assert_good(app)
    assert "The topics are others now" in words(app)
    assert "f" not in app.query_params


def test_a_saved_view_is_shared_without_being_opened(start, mine):
    save(start("map", f=FIVE, s="20-24"), "Fives", "Read these")
    app = start("share")
    (one,) = library.list_views(mine)
    app.selectbox(key=share_what.CHOICE).set_value(one.id).run()
    assert_good(app)
    assert "5 selected" in words(app)
    assert "Read these" in words(app)
    app.button(key="make_link").click().run()
    assert_good(app)
    (link,) = share.list_links(mine)
    assert link.view == one.view
    assert "f" not in app.query_params
    # Deleted, it is no longer what is shared.
    button(app, "share_delete_").click().run()
    assert_good(app)
    assert "current look" in words(app)
    assert not app.code


@pytest.mark.parametrize("look", [{"s": "20-24"}, {"f": '[["cluster","is",0]]'}])
def test_what_would_widen_is_told_and_not_shared(start, mine, look):
    save(start("map", **look), "Narrow")
    (one,) = library.list_views(mine)
    # Run again on another file's reviews: none of those that the view chose is there.
    parts = sample_bundle.parts(20, seed=9)
    library.publish(mine, parts)
    app = start("share")
    assert app.button(key="make_link")
    app.selectbox(key=share_what.CHOICE).set_value(one.id).run()
    assert_good(app)
    assert "it would show more reviews than it was saved for" in words(app)
    keys = {str(button.key) for kind in ("button", "download_button") for button in app.get(kind)}
    assert not keys & {"make_link", "prepare_file", "save_file", "save_table"}
    app.selectbox(key=share_what.CHOICE).set_value("").run()
    assert app.button(key="make_link")


def test_a_draft_says_that_views_wait(start, home):
    parts = sample_bundle.parts(40)
    made = library.create("Draft")
    library.publish(made, type(parts)(**{**parts.__dict__, "config": {**parts.config, "draft": True}}))
    app = opened(start("map", a=made))
    assert_good(app)
    assert "Saved views wait for the full map" in words(app)

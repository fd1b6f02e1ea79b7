"""Quotes on the pages: the basket in the bar, in saved views, on the Share page and behind a link."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from pages.ui import quotes as panel
from pages.ui import reviews, shared_view
from pipelines import quotes, share
from pipelines.corrections import places
from pipelines.export.quotes import quote_rows
from pipelines.redact import MARKS
from pipelines.store import catalog, journal, library
from pipelines.store.reader import open_bundle
from pipelines.view import MAX_QUOTES
from tests import sample_bundle
from tests.conftest import ROOT
from tests.pages.conftest import TIMEOUT_S, assert_good, words
from tests.pages.test_views import button, opened, save


@pytest.fixture
def starred(mine):
    bundle = open_bundle(library.latest_bundle(mine))
    for unit in (30, 16, 0):
        quotes.star(mine, bundle, unit, on=True)
    return mine


def kept(analysis: str) -> list[int]:
    return [key // 4096 for key in quotes.basket(journal.replay(catalog.home() / analysis))]


def shown(app: AppTest) -> AppTest:
    app.session_state[panel.POPOVER] = True
    return app.run()


def test_without_quotes_it_says_how_to_collect(start):
    app = shown(start("map"))
    assert_good(app)
    assert "No quote yet." in words(app)


@pytest.mark.parametrize("page", ["overview", "map", "share"])
def test_the_text_to_copy_is_masked_unless_switched_off(start, starred, page):
    app = shown(start(page))
    assert_good(app)
    (text,) = (code.value for code in app.code if "—" in code.value)
    assert "13800138000" not in text
    assert MARKS["phone"] in text
    assert text.endswith("row 1")
    app.toggle(key="bar_quotes_redact").set_value(False).run()
    assert any("13800138000" in code.value for code in app.code)


def test_all_are_taken_out_and_put_back(start, starred):
    app = shown(start("map"))
    app.button(key="bar_quotes_empty").click().run()
    assert_good(app)
    assert kept(starred) == []
    app.button(key="last_done_undo").click().run()
    assert kept(starred) == [30, 16, 0]


def test_a_saved_view_brings_its_quotes_and_undo_brings_the_others_back(start, starred):
    save(start("map"), "Three")
    assert library.list_views(starred)[0].view.quotes == (30, 16, 0)
    bundle = open_bundle(library.latest_bundle(starred))
    quotes.put(starred, ())
    quotes.star(starred, bundle, 40, on=True)
    app = opened(start("map"))
    button(app, "bar_open_").click().run()
    assert_good(app)
    assert kept(starred) == [30, 16, 0]
    assert "They take the place of 1." in words(app)
    app.button(key="last_done_undo").click().run()
    assert kept(starred) == [40]


def visit(token: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=TIMEOUT_S)
    app.session_state["language"] = "en"
    app.query_params["view"] = token
    return app.run()


def token_of(app: AppTest) -> str:
    app.button(key="make_link").click().run()
    assert_good(app)
    return next(code.value for code in app.code if "?view=" in code.value).partition("?view=")[2]


def test_a_link_shows_the_quotes_masked_and_offers_no_star(start, starred, monkeypatch):
    seen = {}

    def listed(points, bundle, *, key, collects=True, **_more):
        seen[key] = (points, collects)

    app = start("share")
    token = token_of(app)
    monkeypatch.setattr(shared_view, "show_reviews", listed)
    other = visit(token)
    assert_good(other)
    assert "Quotes · 3" in words(other)
    points, collects = seen["shared_quotes"]
    assert points["unit_id"].tolist() == [30, 16, 0]
    assert not points["text"].str.contains("13800138000").any()
    assert (points["user"] == "").all()
    assert not collects
    assert not seen["shared_reviews"][1]
    # Later stars are not part of a link that is out already.
    quotes.put(starred, ())
    visit(token)
    assert len(seen["shared_quotes"][0]) == 3


def test_all_quotes_there_is_room_for_are_listed(home, monkeypatch):
    """More than any other list sends to the browser."""
    monkeypatch.chdir(ROOT)
    sample_bundle.stand_in(30)
    analysis = library.create("many")
    bundle = library.publish(analysis, sample_bundle.parts(MAX_QUOTES + 100))
    quotes.put(analysis, places.keys_of(bundle.points, range(MAX_QUOTES + 50)))
    sent = {}

    def component(*, key, data, **_callbacks):
        sent[key] = data

    monkeypatch.setattr(reviews, "_component", lambda: component)
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=TIMEOUT_S)
    app.session_state["language"] = "en"
    app.query_params["a"] = analysis
    app.run()
    token = token_of(shown(app.switch_page("pages/main/share.py").run()))
    visit(token)
    for key in ("bar_quotes_cards", "shared_quotes"):
        assert len(sent[key]["reviews"]) == MAX_QUOTES
        assert sent[key]["beyond"] == ""
    assert len(sent["shared_reviews"]["reviews"]) == reviews.MOST
    assert sent["shared_reviews"]["beyond"] == "400 more are not listed here."
    report = quote_rows(bundle.points, [*range(MAX_QUOTES), 10**6], redact=False)
    assert [row["i"] for row in report] == list(range(MAX_QUOTES))


def test_quotes_can_be_left_out_and_go_with_the_texts(start, starred):
    app = start("share")
    app.toggle(key="share_quotes").set_value(False).run()
    assert "Quotes" not in words(visit(token_of(app))).replace("With", "")
    app = start("share")
    app.toggle(key="link_text").set_value(False).run()
    token_of(app)
    assert [link.view.quotes for link in share.list_links(starred)] == [(), ()]

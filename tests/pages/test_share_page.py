from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from pipelines import share
from pipelines.export import html
from pipelines.store import library
from tests.conftest import ROOT
from tests.pages.conftest import TIMEOUT_S, N, assert_good, at_address, words

MISSING = "There is nothing here."


@pytest.fixture
def visit(mine, monkeypatch):
    """visit(token) opens a share link as another person's session."""
    monkeypatch.chdir(ROOT)

    def open_link(token: str) -> AppTest:
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=TIMEOUT_S)
        app.session_state["language"] = "en"
        app.query_params["view"] = token
        return app.run()

    return open_link


def make_link(app: AppTest) -> str:
    app.button(key="make_link").click().run()
    assert_good(app)
    return app.code[0].value.partition("?view=")[2]


@pytest.mark.parametrize(("language", "said"), [("en", "Save one file"), ("zh", "链接")])
def test_it_offers_a_file_a_link_and_a_table(start, language, said):
    app = start("share", language=language)
    assert_good(app)
    assert said in words(app)
    assert [button.key for button in app.get("download_button")] == ["save_table"]


def test_the_file_is_prepared_and_offered(start):
    app = start("share")
    app.button(key="prepare_file").click().run()
    assert_good(app)
    assert {button.key for button in app.get("download_button")} == {"save_file", "save_table"}
    # Another choice makes another file: the old one is not offered for it.
    app.toggle(key="file_text").set_value(False).run()
    assert_good(app)
    assert "save_file" not in {button.key for button in app.get("download_button")}


def test_a_report_that_cannot_be_made_leaves_links_and_tables(start, monkeypatch):
    monkeypatch.setattr(html, "MOST_UNITS", N - 1)
    app = start("share")
    app.button(key="prepare_file").click().run()
    assert_good(app)
    assert "too many for a report in one file" in app.toast[0].value
    for _run in range(2):
        assert [button.key for button in app.get("download_button")] == ["save_table"]
        assert app.button(key="make_link")
        app.run()


def test_a_link_opens_its_look_and_nothing_else(start, visit, mine):
    token = make_link(start("share", s="20-24", n="Look <b>here</b>"))
    app = visit(token)
    assert_good(app)
    shown = words(app)
    assert "5 selected reviews" in shown
    assert f"{N} of {N} reviews" in shown
    assert "Look" in shown
    assert not app.sidebar.children
    for page in ("overview", "map", "check", "share", "open"):
        elsewhere = at_address(visit(token), page)
        assert not elsewhere.exception
        assert "5 selected reviews" in words(elsewhere)
        assert not elsewhere.sidebar.children


def test_without_the_token_the_session_stays_outside(start, visit):
    app = visit(make_link(start("share")))
    del app.query_params["view"]
    app.run()
    assert_good(app)
    assert "read-only" in words(app)
    assert not app.sidebar.children


def test_a_revoked_a_wrong_and_an_expired_link_look_the_same(start, visit, mine):
    app = start("share")
    token = make_link(app)
    assert_good(visit(token))
    revoke = next(button for button in app.button if str(button.key).startswith("revoke_"))
    revoke.click().run()
    assert_good(app)
    assert "Open links" not in words(app)
    pages = [words(visit(wrong)) for wrong in (token, "A" * 43, "", "../..", "x" * 5000)]
    assert len(set(pages)) == 1
    assert MISSING in pages[0]
    assert "404" in pages[0]


def test_a_deleted_analysis_takes_its_links_with_it(start, visit, mine):
    token = make_link(start("share"))
    library.delete(mine)
    assert MISSING in words(visit(token))
    library.undelete(mine)
    assert MISSING not in words(visit(token))


def test_a_damaged_bundle_behind_a_link_is_the_same_404(start, visit, mine):
    token = make_link(start("share"))
    path = library.latest_bundle(mine) / "points.parquet"
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2] ^= 1
    path.write_bytes(raw)
    import streamlit as st

    st.cache_resource.clear()
    app = visit(token)
    assert not app.exception
    assert MISSING in words(app)


def test_a_link_without_texts_shows_none(start, visit):
    app = start("share")
    app.toggle(key="link_text").set_value(False).run()
    other = visit(make_link(app))
    assert_good(other)
    assert "left the review texts out" in words(other)


def test_the_openings_are_counted_once_a_visit(start, visit, mine):
    token = make_link(start("share"))
    app = visit(token)
    app.run()
    visit(token)
    assert [link.opened for link in share.list_links(mine)] == [2]

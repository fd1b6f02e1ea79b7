"""Bound wider than this computer, the owner's pages want the start-up key."""

from __future__ import annotations

import pytest
from streamlit import config
from streamlit.testing.v1 import AppTest

from tests.conftest import ROOT
from tests.pages.conftest import TIMEOUT_S, assert_good, at_address, words

KEY = "made-up-key"
GATE = "These pages belong to the person who runs this server."


@pytest.fixture
def visit(mine, monkeypatch):
    """visit(**query) opens the dashboard of a server that answers the network."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("REVIEWSCAPE_KEY", KEY)
    config.set_option("server.address", "0.0.0.0")

    def open_app(**query: str) -> AppTest:
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=TIMEOUT_S)
        app.session_state["language"] = "en"
        for name, value in query.items():
            app.query_params[name] = value
        return app.run()

    return open_app


def test_without_the_key_there_is_nothing_but_the_gate(visit):
    app = visit()
    assert_good(app)
    assert GATE in words(app)
    assert not app.sidebar.children
    assert not app.metric
    for page in ("map", "check", "share", "open"):
        elsewhere = at_address(visit(), page)
        assert GATE in words(elsewhere)
        assert len(elsewhere.button) == 1


def test_a_wrong_key_is_refused(visit):
    app = visit(key="wrong")
    assert GATE in words(app)
    assert "not the key" in app.error[0].value
    app = visit(a="0" * 16, key="密钥")
    assert GATE in words(app)


def test_the_key_in_the_address_opens_and_leaves_the_address(visit):
    app = visit(key=KEY)
    assert_good(app)
    assert GATE not in words(app)
    assert app.metric
    assert "key" not in app.query_params


def test_the_key_can_be_typed(visit):
    app = visit()
    app.text_input(key="offered_key").set_value("wrong")
    app.button[0].click().run()
    assert "not the key" in app.error[0].value
    app.text_input(key="offered_key").set_value(KEY)
    app.button[0].click().run()
    assert_good(app)
    assert GATE not in words(app)


@pytest.mark.parametrize("address", ["0.0.0.0", "192.168.1.7", "::", ""])
def test_every_address_but_this_computers_own_has_the_gate(visit, address):
    config.set_option("server.address", address or None)
    assert GATE in words(visit())


@pytest.mark.parametrize("address", ["localhost", "127.0.0.1", "::1"])
def test_on_this_computer_the_person_is_the_owner(visit, address):
    config.set_option("server.address", address)
    assert GATE not in words(visit())

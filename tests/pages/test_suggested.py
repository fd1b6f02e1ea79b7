"""Names by a model in the dashboard: from the door to names that are used, seen beside the plain ones, and undone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from pipelines.store import library
from tests import sample_bundle
from tests.ask.chat_server import ChatServer
from tests.conftest import ROOT
from tests.embed.provider_server import status
from tests.pages.conftest import assert_good, words
from tests.suggested.conftest import PLAIN, naming, parts

NAMES = {0: "late deliveries", 1: "送餐慢与态度差", 2: "HACKED"}


@pytest.fixture
def server(monkeypatch) -> Iterator[ChatServer]:
    made = ChatServer(naming(NAMES))
    monkeypatch.setenv("OLLAMA_HOST", made.url)
    yield made
    made.close()


def open_page(parts_, monkeypatch, language: str = "en") -> AppTest:
    monkeypatch.chdir(ROOT)
    sample_bundle.stand_in(30)
    analysis = library.create("first")
    library.publish(analysis, parts_)
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.session_state["language"] = language
    app.query_params["a"] = analysis
    return app.run()


def test_from_the_door_to_used_names_and_back(home, monkeypatch, server) -> None:
    app = open_page(parts(), monkeypatch)
    app.button(key="names_open_button").click().run()
    assert_good(app)
    assert app.selectbox(key="names_ollama").options == ["qwen3:4b", "tiny:latest"]
    assert "on this computer" in words(app) and not server.questions
    app.button(key="names_start").click().run()
    assert_good(app)
    assert "2 names suggested" in words(app) and "hacked" not in " ".join(box.label.lower() for box in app.checkbox)
    app.checkbox(key="name_take_1").uncheck().run()
    app.button(key="names_accept").click().run()
    assert_good(app)
    table = app.dataframe[0].value
    assert "late deliveries" in table["name"].tolist() and PLAIN[1] in table["name"].tolist()
    assert "1 topic has a new name" in words(app)
    app.button(key="names_undo").click().run()
    assert PLAIN[0] in app.dataframe[0].value["name"].tolist()


def test_a_server_that_refuses_is_told_and_nothing_changes(home, monkeypatch, server) -> None:
    server.rules = [status(404)]
    app = open_page(parts(), monkeypatch)
    app.button(key="names_open_button").click().run()
    app.button(key="names_start").click().run()
    assert any("ollama pull" in error.value for error in app.error)
    assert PLAIN[0] in app.dataframe[0].value["name"].tolist()


def test_elsewhere_needs_the_persons_word(home, monkeypatch, server) -> None:
    app = open_page(parts(), monkeypatch)
    app.button(key="names_open_button").click().run()
    app.session_state["names_kind"] = "dashscope"
    app.run()
    assert_good(app)
    assert app.button(key="names_start").disabled
    assert "dashscope" in words(app)


def test_a_draft_is_not_named(home, monkeypatch) -> None:
    draft = parts()
    draft.config["draft"] = True
    app = open_page(draft, monkeypatch)
    assert not [button for button in app.button if button.key == "names_open_button"]

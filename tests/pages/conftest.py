"""The dashboard without a browser: app.py run by AppTest over a library of hostile texts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import pytest
import streamlit as st
from streamlit import config
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from pages.ui import access
from pipelines.store import library
from tests import sample_bundle
from tests.conftest import ROOT

NAME = "<script>window.hacked=1</script> **mine**"
N = 120
TIMEOUT_S = 120


@pytest.fixture(autouse=True)
def _fresh_server() -> Iterator[None]:
    """Nothing cached by another test's server, and the address as it was."""
    before = {name: config.get_option(name) for name in ("server.address", "client.showErrorDetails")}
    config.set_option("client.showErrorDetails", "full")
    st.cache_resource.clear()
    access.startup_key.cache_clear()
    yield
    st.cache_resource.clear()
    for name, value in before.items():
        config.set_option(name, value)


@pytest.fixture
def mine(home: Path) -> str:
    """A library with one analysis of hostile texts; the samples are there, so that none is started."""
    sample_bundle.stand_in(30)
    analysis = library.create(NAME)
    library.publish(analysis, sample_bundle.parts(N))
    return analysis


@pytest.fixture
def start(mine: str, monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    """start(page="overview", language="en", **query) opens a page of the dashboard as a new session."""
    monkeypatch.chdir(ROOT)

    def open_page(page: str = "overview", *, language: str = "en", **query: str) -> AppTest:
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=TIMEOUT_S)
        app.session_state["language"] = language
        for name, value in {"a": mine, **query}.items():
            app.query_params[name] = value
        app.run()
        return app if page == "overview" else app.switch_page(f"pages/main/{page}.py").run()

    return open_page


def follow(app: AppTest) -> AppTest:
    """Do the browser's part of going to another page: follow the link that the run ended with."""
    assert not app.exception
    (link,) = (link for link in app.get("page_link") if link.proto.label == "Go on")
    return app.switch_page(f"pages/main/{link.proto.page or 'overview'}.py").run()


def at_address(app: AppTest, page: str) -> AppTest:
    """Run the app as the address /page asks for it, whether or not that page is registered for the visitor."""
    app._page_hash = calc_hash(page)
    return app.run()


def table_behind(app: AppTest, key: str) -> pd.DataFrame:
    """Open what stands behind a chart; its table."""
    app.session_state[f"{key}_behind"] = True
    app.run()
    for one in app.expander:
        if any(f"{key}_csv" in button.proto.id for button in one.get("download_button")):
            return one.dataframe[0].value
    raise AssertionError(f"Nothing stands behind {key}")


def words(app: AppTest) -> str:
    """All that the page says in text, in its order."""
    kinds = (
        "title",
        "header",
        "subheader",
        "markdown",
        "caption",
        "text",
        "info",
        "warning",
        "error",
        "success",
    )
    said = [str(element.value) for kind in kinds for element in app.get(kind)]
    said += [element.label for kind in ("button", "metric", "expander", "tab") for element in app.get(kind)]
    return "\n".join(said)


def assert_good(app: AppTest) -> None:
    """No exception, and no text of others as Markdown, a link or HTML."""
    assert not app.exception, [(error.message, error.stack_trace[-2:]) for error in app.exception]
    for element in app.markdown:
        assert not element.allow_html
    shown = words(app)
    assert "<script>" not in shown.replace("\\<script\\>", "")
    assert "](javascript:" not in shown

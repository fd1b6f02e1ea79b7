"""Where people sign in: what the pages show to each of them, and what a set-up that is not whole lets in (nobody)."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import streamlit as st
from streamlit import config
from streamlit.testing.v1 import AppTest

from pipelines import jobs
from pipelines.embed import available
from pipelines.store import acting, library
from tests import sample_bundle
from tests.ask.chat_server import ChatServer
from tests.conftest import ROOT
from tests.pages.conftest import TIMEOUT_S, assert_good, at_address, follow, words
from tests.search.read_reviews import read_parts
from tests.suggested.conftest import naming
from tests.suggested.conftest import parts as parts_to_name

ISSUER, SECRET = "https://sign.example", "s" * 32
GATE, NOT_WHOLE = "Sign in to see your analyses.", "Sign-in is not set up completely"
FILE = "complaints of Zoe.csv"


def id_of(name: str) -> str:
    return acting.person_id(ISSUER, name)


def user(name: str, **more: object) -> dict[str, object]:
    """What Streamlit knows of a person whom the provider has vouched for."""
    return {"is_logged_in": True, "iss": ISSUER, "sub": name, "name": name, "iat": int(time.time()), **more}


@pytest.fixture
def alices(home: Path) -> str:
    """An analysis of Alice's, called as its file."""
    parts = sample_bundle.parts(60)
    analysis = library.create(FILE, {"file": FILE}, owner=id_of("alice"))
    library.publish(analysis, replace(parts, summary={**parts.summary, "source": {"name": FILE}}))
    return analysis


@pytest.fixture
def visit(home: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    """visit(who, page="overview", auth=…, **query): the dashboard as a person, or a visitor (None), finds it."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("REVIEWSCAPE_JOB_RUNNER", "tests.pages.quick_runner:refuse")
    config.set_option("server.address", "localhost")
    whole = {"cookie_secret": SECRET, "client_id": "one"}

    def open_page(
        who: dict[str, object] | None, page: str = "", *, auth: dict[str, object] | None = None, **query: str
    ) -> AppTest:
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=TIMEOUT_S)
        app.session_state["language"] = "en"
        app.secrets["auth"] = whole if auth is None else auth
        app.user = who or {"is_logged_in": False}
        for name, value in query.items():
            app.query_params[name] = value
        return at_address(app, page) if page else app.run()

    return open_page


def test_on_this_computer_too_a_visitor_signs_in_first(visit, alices):
    for page in ("", "share", "open", "colleague"):
        app = visit(None, page, a=alices, of=alices)
        assert_good(app)
        assert GATE in words(app)
        assert "Zoe" not in words(app)
        assert [button.label for button in app.button] == ["Sign in", "Open"]


@pytest.mark.parametrize(
    "claims",
    [{"iss": ""}, {"sub": None}, {"iat": None}, {"iat": 8 * -86_400}, {"is_logged_in": "yes"}],
    ids=["no issuer", "no subject", "no time", "long ago", "a word"],
)
def test_half_a_person_is_nobody(visit, alices, claims):
    if (ago := claims.get("iat")) is not None:
        claims = {"iat": int(time.time()) + ago}
    assert GATE in words(visit(user("alice", **claims)))


@pytest.mark.parametrize(
    "auth", [{}, {"client_id": "one"}, {"client_id": "one", "cookie_secret": "xxx"}, {"cookie_secret": SECRET}]
)
def test_a_set_up_that_is_not_whole_lets_nobody_in_and_says_so(visit, alices, auth):
    # With a secret that anybody can guess, a cookie that says who somebody is says nothing.
    app = visit(None if auth.get("cookie_secret") == SECRET else user("alice"), auth=auth)
    assert_good(app)
    assert NOT_WHOLE in words(app)
    assert not app.sidebar.children


@pytest.mark.parametrize("written", ["[auth\n", None])
def test_secrets_that_cannot_be_read_let_nobody_in(visit, alices, tmp_path, monkeypatch, written):
    path = tmp_path / "secrets.toml"
    if written is not None:
        path.write_text(written, "utf-8")
    before = config.get_option("secrets.files"), config.get_where_defined("secrets.files")
    config.set_option("secrets.files", [str(path)])
    monkeypatch.setattr(st, "secrets", type(st.secrets)())
    try:
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=TIMEOUT_S)
        app.session_state["language"] = "en"
        app.run()
    finally:
        config.set_option("secrets.files", *before)
        assert not config.is_manually_set("secrets.files")
    assert NOT_WHOLE in words(app)
    assert not app.sidebar.children


def test_several_providers_have_a_button_each(visit):
    one = {"client_id": "one"}
    app = visit(None, auth={"cookie_secret": SECRET, "google": one, "okta": one, "client_kwargs": {"prompt": "login"}})
    assert [button.label for button in app.button] == ["Sign in with google", "Sign in with okta", "Open"]


def test_a_newcomer_gets_a_sample_of_their_own_once(visit, alices):
    app = visit(user("bob"))
    app.run()
    assert_good(app)
    with acting.acting_as(id_of("bob")):
        [job] = jobs.list_recent()
    assert (job.spec["sample"], job.spec["owner"]) == ("coffee", id_of("bob"))
    assert "Zoe" not in words(app)
    assert len(jobs.list_recent()) == 1


def test_a_copy_of_what_a_colleague_shows_whole_opens_as_ones_own(visit, home):
    alices = library.create(FILE, owner=id_of("alice"))
    library.publish(alices, sample_bundle.parts(60))
    bobs = library.create("bobs.csv", owner=id_of("bob"))
    library.publish(bobs, sample_bundle.parts(20))
    library.set_visible(alices, True)
    masked = visit(user("bob"), "colleague", of=alices)
    assert_good(masked)
    assert "No copy can be taken" in words(masked)
    assert not [one for one in masked.button if one.key == "take_copy"]
    owner = visit(user("alice"), "share", a=alices)
    assert "can take a copy" not in words(owner)
    owner.toggle(key=f"colleagues_redact_{alices}").set_value(False).run()
    assert_good(owner)
    assert "colleagues can take a copy, which stays theirs" in words(owner)
    app = visit(user("bob"), "colleague", of=alices)
    app.button(key="take_copy").click().run()
    assert_good(app)
    with acting.acting_as(id_of("bob")):
        [taken] = [info for info in library.list_analyses() if info.id != bobs]
    assert taken.name == f"{FILE} (copy)"
    own = follow(app)
    assert_good(own)
    assert own.query_params["a"] == taken.id or own.query_params["a"] == [taken.id]
    assert len(library.list_analyses()) == 3


def test_a_sample_that_was_renamed_is_masked_as_any_other_name(visit, home):
    sample = library.create("Coffee machines", {"file": "coffee.csv"}, sample="coffee", owner=id_of("alice"))
    library.publish(sample, sample_bundle.parts(40))
    library.rename(sample, "of zoe@example.com")
    library.set_visible(sample, True)
    for page in ("open", "colleague"):
        seen = visit(user("bob"), page, of=sample)
        assert_good(seen)
        assert "zoe@example" not in words(seen)
        assert "of \\[email\\]" in words(seen)


def test_a_person_sends_no_key_of_the_server_to_an_address_of_their_own(visit, alices, monkeypatch):
    servers, typed = "key-of-the-server", "key-that-alice-typed"
    monkeypatch.setenv("OPENAI_API_KEY", servers)
    monkeypatch.setenv("DASHSCOPE_API_KEY", servers)
    library.publish(alices, parts_to_name())
    server = ChatServer(naming({0: "late deliveries", 1: "sour staff"}))

    def name_it(app: AppTest) -> AppTest:
        app.button(key="names_open_button").click().run()
        for name, value in (("kind", "openai"), ("openai", "m"), ("address", f"{server.url}/v1")):
            app.session_state[f"names_{name}"] = value
        return app.run()

    def ask(app: AppTest) -> AppTest:
        return name_it(app).button(key="names_start").click().run()

    try:
        # A server of this network is asked only where whoever runs this one has allowed it.
        app = name_it(visit(user("alice"), a=alices))
        assert app.button(key="names_start").disabled
        assert "name a model server on the internet only" in words(app)
        monkeypatch.setenv("REVIEWSCAPE_PEOPLE_ADDRESSES", "127.0.0.1")
        app = ask(visit(user("alice"), a=alices))
        assert_good(app)
        assert server.questions
        assert not any("authorization" in headers for headers in server.headers)
        seen = len(server.headers)
        app.button(key="names_refuse").click().run()
        app.session_state["session_keys"] = {"OPENAI_API_KEY": typed}
        ask(app)
        assert {headers["authorization"] for headers in server.headers[seen:]} == {f"Bearer {typed}"}
    finally:
        server.close()
    models = visit(user("alice"), "models", a=alices)
    assert_good(models)
    assert "in the environment" not in words(models)
    with acting.acting_as(id_of("alice")):
        assert available.look().keys == ()
    assert len(available.look().keys) == 2


def test_an_answer_is_written_with_no_key_of_the_server_either(visit, alices, monkeypatch):
    monkeypatch.setenv("REVIEWSCAPE_PEOPLE_ADDRESSES", "127.0.0.1")
    monkeypatch.setenv("OPENAI_API_KEY", "key-of-the-server")
    library.publish(alices, read_parts())
    server = ChatServer(lambda _rules, _question: '{"sentences": []}')
    try:
        app = visit(user("alice"), "ask", a=alices, q="What do people say about late delivery?")
        app.button(key="ask_model_door").click().run()
        for name, value in (("kind", "openai"), ("openai", "m"), ("address", f"{server.url}/v1")):
            app.session_state[f"ask_{name}"] = value
        app.run()
        assert_good(app)
        for box in app.checkbox:
            box.check().run()
        app.button(key="ask_write").click().run()
        assert_good(app)
        assert server.questions
        assert not any("authorization" in headers for headers in server.headers)
    finally:
        server.close()


def test_what_an_owner_shows_is_looked_at_by_others_as_the_owner_says(visit, alices):
    bobs = library.create("bobs.csv", owner=id_of("bob"))
    library.publish(bobs, sample_bundle.parts(60))
    share = visit(user("alice"), "share", a=alices)
    share.toggle(key=f"colleagues_on_{alices}").set_value(True).run()
    assert_good(share)
    assert library.info(alices).visible.redact

    listed = visit(user("bob"), "open")
    assert_good(listed)
    assert "From colleagues" in words(listed)
    # The file's name may name a person: with masking on it is not shown.
    assert "Zoe" not in words(listed)
    assert "Customer reviews" in words(listed)
    seen = visit(user("bob"), "colleague", of=alices)
    assert_good(seen)
    assert "This page is read-only." in words(seen)
    assert "Zoe" not in words(seen)
    assert not seen.text_input
    assert {one.label for one in seen.main.get("button")} <= {"", "Next", "Previous"}
    assert "From colleagues" not in words(visit(user("alice"), "open"))

    share.toggle(key=f"colleagues_redact_{alices}").set_value(False).run()
    assert "complaints of Zoe" in words(visit(user("bob"), "open"))
    share.toggle(key=f"colleagues_text_{alices}").set_value(False).run()
    assert "left the review texts out" in words(visit(user("bob"), "colleague", of=alices))
    share.toggle(key=f"colleagues_on_{alices}").set_value(False).run()
    assert "404" in words(visit(user("bob"), "colleague", of=alices))
    assert library.info(alices).visible is None


def test_a_switch_that_another_tab_left_behind_changes_nothing_of_others(visit, alices):
    """The page as Alice had it, its session now Bob's: what is pressed there is refused where it would be written."""
    share = visit(user("alice"), "share", a=alices)
    before = library.info(alices)
    share.user = user("bob")
    share.toggle(key=f"colleagues_on_{alices}").set_value(True).run()
    assert library.info(alices) == before
    share.user = {"is_logged_in": False}
    share.run()
    assert GATE in words(share)


def test_the_start_up_key_opens_the_machines_own_library(visit, alices, monkeypatch):
    monkeypatch.setenv("REVIEWSCAPE_KEY", "the-key")
    app = visit(None, "open", key="the-key")
    assert_good(app)
    assert GATE not in words(app)
    assert "Zoe" not in words(app)

"""Before texts leave: what is sent and where, what is known, the cap, the key, and the person's word."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest

from pipelines import embed, jobs
from pipelines.embed.base import document_identity
from pipelines.embed.tokens import estimate_all
from tests import made_reviews
from tests.embed.provider_server import ProviderServer
from tests.pages.conftest import assert_good, words
from tests.pages.uploads import csv_bytes, small_csv, upload, wait_until_ended

AWAY = "https://embeddings.example.invalid/v1"
KEY, TYPED = "OPENAI_API_KEY", "sk-typed-here-0001"
FIELD = f"start_key_{KEY}_typed"
TEXTS = list(dict.fromkeys(made_reviews.english(14)))
N = len(TEXTS)


@pytest.fixture(autouse=True)
def runner(monkeypatch):
    monkeypatch.setenv("REVIEWSCAPE_JOB_RUNNER", "tests.pages.quick_runner:publish")
    monkeypatch.setenv("OLLAMA_HOST", "127.0.0.1:9")
    for name in (KEY, "DASHSCOPE_API_KEY", "OLLAMA_API_KEY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def away(start):
    """away(content=…, model=…, address=…): the Open page with a file and a paid service elsewhere."""

    def open_page(content=None, *, model="small", address=AWAY, language="en", **more):
        app = start("open", language=language)
        chosen = {"expert_kind": "openai", "expert_openai": model, "expert_address": address}
        app.session_state["upload_experts"] = {**chosen, **more}
        return upload(app, small_csv() if content is None else content)

    return open_page


def shown(app):
    return words(app).replace("\\", "").replace("\u2060", "")


def box(app):
    (found,) = [box for box in app.checkbox if str(box.key).startswith("agree_paid_")]
    return found


def type_key(app, key=TYPED):
    app.text_input(key=FIELD).input(key).run()
    assert_good(app)
    return app


def test_it_says_how_many_how_much_where_and_the_cap(away, monkeypatch):
    monkeypatch.setenv(KEY, "sk-of-the-environment")
    app = away()
    assert_good(app)
    said = shown(app)
    assert f"{N} texts (about {estimate_all(TEXTS)} tokens) go to {AWAY}; 0 are known already and are not sent." in said
    assert "within the 5,000,000 tokens" in said
    assert "nothing leaves" not in said.lower()
    assert app.button(key="start").disabled
    assert box(app).label == f"Send {N} texts there"
    assert not app.text_input or FIELD not in {field.key for field in app.text_input}
    box(app).check().run()
    app.button(key="start").click().run()
    spec = wait_until_ended().spec
    assert spec["allow_paid"] is True
    assert "keys" not in spec
    assert spec["config"]["embedder"] == f"openai:small@{AWAY}"


def test_what_is_known_is_not_counted_and_all_known_is_told(away, home, monkeypatch):
    monkeypatch.setenv(KEY, "sk-of-the-environment")
    embedder = embed.resolve(f"openai:small@{AWAY}").embedder
    identity = document_identity(embedder.identity())
    with embed.VectorCache(home / "vectors.db") as cache:
        cache.put(identity, TEXTS[:10], np.eye(10, 12, dtype=np.float32))
    app = away()
    assert f"{N - 10} texts (about {estimate_all(TEXTS[10:])} tokens)" in shown(app)
    assert "10 are known already" in shown(app)
    app.session_state["upload_experts"] = {**app.session_state["upload_experts"], "expert_openai": "other"}
    app.run()
    assert f"{N} texts" in shown(app)
    with embed.VectorCache(home / "vectors.db") as cache:
        cache.put(identity, TEXTS, np.eye(N, dtype=np.float32))
    app = away()
    assert "0 texts" in shown(app)
    assert "none is sent" in box(app).label


def test_a_word_for_one_model_is_none_for_another(away, monkeypatch):
    monkeypatch.setenv(KEY, "sk-of-the-environment")
    app = away()
    box(app).check().run()
    assert not app.button(key="start").disabled
    app.text_input(key="expert_openai").input("other").run()
    assert_good(app)
    assert app.button(key="start").disabled
    assert not box(app).value


def test_over_the_cap_it_cannot_be_started(away, monkeypatch):
    monkeypatch.setenv(KEY, "sk-of-the-environment")
    monkeypatch.setenv("REVIEWSCAPE_EMBED_MAX_PAID_TOKENS", "30")
    app = away()
    assert_good(app)
    assert "more than the 30 tokens" in shown(app)
    assert "REVIEWSCAPE_EMBED_MAX_PAID_TOKENS" in shown(app)
    assert app.button(key="start").disabled
    monkeypatch.setenv("REVIEWSCAPE_EMBED_MAX_PAID_TOKENS", "0")
    app.run()
    assert not box(app).disabled
    assert "within the" not in shown(app)


def test_a_missing_key_is_asked_for_here_and_travels_by_name_alone(away, home):
    app = away()
    assert_good(app)
    box(app).check().run()
    assert app.button(key="start").disabled
    assert "A key is needed" in shown(app)
    type_key(app, "schlüssel")
    assert "characters that no key has" in shown(app)
    assert app.button(key="start").disabled
    type_key(app)
    assert not app.button(key="start").disabled
    app.button(key="start").click().run()
    assert wait_until_ended().spec["keys"] == [KEY]
    assert TYPED not in shown(app)
    files = [path for path in home.rglob("*") if path.is_file()]
    assert not any(TYPED.encode() in path.read_bytes() for path in files)


def test_another_providers_key_stays_here(away, monkeypatch):
    monkeypatch.setenv(KEY, "sk-of-the-environment")
    app = away()
    app.session_state["session_keys"] = {"DASHSCOPE_API_KEY": TYPED}
    box(app).check().run()
    app.button(key="start").click().run()
    assert "keys" not in wait_until_ended().spec


def test_a_key_typed_for_one_provider_is_not_handed_to_the_next(away):
    app = away(expert_kind="dashscope")
    app.text_input(key="start_key_DASHSCOPE_API_KEY_typed").input(TYPED).run()
    app.selectbox(key="expert_kind").set_value("openai").run()
    assert_good(app)
    assert app.text_input(key=FIELD).value == ""
    assert app.session_state["session_keys"] == {"DASHSCOPE_API_KEY": TYPED}
    box(app).check().run()
    assert app.button(key="start").disabled


def test_an_ollama_server_elsewhere_costs_nothing_and_is_named(start, monkeypatch):
    monkeypatch.setenv("OLLAMA_HOST", "http://gpu.example.invalid:11434")
    app = start("open")
    app.session_state["upload_experts"] = {"expert_kind": "ollama"}
    upload(app, small_csv())
    assert_good(app)
    assert "go to http://gpu.example.invalid:11434" in shown(app)
    assert "cost money" not in shown(app)
    assert app.button(key="start").disabled
    box(app).check().run()
    app.button(key="start").click().run()
    assert wait_until_ended().spec["allow_paid"] is False


def test_dashscope_in_chinese(start):
    app = start("open", language="zh")
    app.session_state["upload_experts"] = {"expert_kind": "dashscope"}
    upload(app, small_csv())
    assert_good(app)
    assert "dashscope.aliyuncs.com" in shown(app)
    assert app.button(key="start").disabled


def test_sentences_are_counted_where_sentences_are_placed(away, monkeypatch):
    monkeypatch.setenv(KEY, "sk-of-the-environment")
    first = [f"The strap of watch number {i} broke." for i in range(20)]
    content = csv_bytes(["review"], [[f"{one} Nobody answered my letter about it."] for one in first])
    assert "20 texts" in shown(away(content))
    assert "21 texts" in shown(away(content, expert_unit="sentence"))


def test_a_file_that_is_gone_says_so(away, home, monkeypatch):
    monkeypatch.setenv(KEY, "sk-of-the-environment")
    app = away()
    app.session_state["upload_counted"] = (None, {})
    app.session_state["upload_texts"] = (None, [])
    monkeypatch.setenv("REVIEWSCAPE_PARSE_TIMEOUT_S", "0.01")
    app.run()
    assert_good(app)
    assert app.button(key="start").disabled
    assert "was not read within" in shown(app)


@pytest.mark.filterwarnings("default")
def test_a_typed_key_reaches_the_provider_and_no_file(away, home, monkeypatch):
    """The whole way: page, job, worker, a real analysis by a guarded server on this computer."""
    monkeypatch.delenv("REVIEWSCAPE_JOB_RUNNER")
    server = ProviderServer()
    try:
        app = away(address=f"{server.url}/v1")
        app.session_state["session_keys"] = {KEY: TYPED}
        app.run()
        app.button(key="start").click().run()
        assert_good(app)
        job = wait_until_ended(300)
        assert (job.state, job.error) == (jobs.DONE, None)
        assert job.spec["keys"] == [KEY]
        assert {headers["authorization"] for headers in server.headers} == {f"Bearer {TYPED}"}
        assert sorted(server.sent) == sorted(TEXTS)
    finally:
        server.close()
    secrets = (TYPED.encode(), hashlib.sha256(TYPED.encode()).hexdigest().encode())
    for path in home.rglob("*"):
        assert not path.is_file() or not any(secret in path.read_bytes() for secret in secrets), path

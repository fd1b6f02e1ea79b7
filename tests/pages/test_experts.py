"""Which model reads a file: chosen by plain names, kept, checked at once, and told by the button."""

from __future__ import annotations

import pytest

from pipelines import jobs
from tests.pages.conftest import assert_good, words
from tests.pages.uploads import csv_bytes, keys, small_csv, upload, wait_until_ended

CHINESE = csv_bytes(["评论", "评分"], [["房间很干净，早餐也不错" + str(i) * 3, i % 5 + 1] for i in range(30)])


@pytest.fixture(autouse=True)
def runner(monkeypatch):
    monkeypatch.setenv("REVIEWSCAPE_JOB_RUNNER", "tests.pages.quick_runner:publish")
    # Nobody listens there, whatever runs on this machine.
    monkeypatch.setenv("OLLAMA_HOST", "127.0.0.1:9")
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")


def pick(app, kind):
    app.selectbox(key="expert_kind").select(kind).run()
    assert_good(app)
    return app


def said_by_the_button(app):
    (line,) = [caption.value for caption in app.caption if ":material/psychology:" in caption.value]
    return line.replace("\\", "").replace("\u2060", "")


def started(app):
    app.button(key="start").click().run()
    assert_good(app)
    return wait_until_ended().spec


def test_automatic_says_what_it_takes_and_why(start):
    app = upload(start("open"), small_csv())
    assert app.selectbox(key="expert_kind").value == "auto"
    assert "bundled (all-MiniLM-L6-v2), since most reviews are English" in said_by_the_button(app)
    assert "Nothing leaves this computer" in said_by_the_button(app)
    assert {"expert_dim", "expert_size"} & keys(app, "number_input") == {"expert_size"}
    assert "prompts" not in {expander.label for expander in app.expander}
    assert started(app)["config"]["embedder"] == "auto"


def test_automatic_is_asked_by_the_languages_of_the_file(start):
    app = upload(start("open", language="zh"), CHINESE)
    assert_good(app)
    english, chinese = said_by_the_button(upload(start("open"), small_csv())), said_by_the_button(app)
    assert "since most reviews are English" in english
    assert "since most reviews are English" not in chinese


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("bundled", "Read by “Small English model (bundled)”. Nothing leaves"),
        ("offline-zh", "Read by “Chinese and others without a network (offline-zh)”. Nothing leaves"),
        ("lexical", "Compared by their letters alone (lexical). Nothing leaves"),
    ],
)
def test_a_model_of_this_computer_is_chosen_by_its_plain_name(start, kind, said):
    app = pick(upload(start("open"), small_csv()), kind)
    assert said in said_by_the_button(app)
    assert started(app)["config"]["embedder"] == kind


def test_a_model_of_the_hub_needs_its_name(start):
    app = pick(upload(start("open"), small_csv()), "st")
    assert "its name is missing" in words(app)
    assert app.button(key="start").disabled
    app.text_input(key="expert_st").input(" intfloat/multilingual-e5-small ").run()
    assert_good(app)
    assert "Read by “intfloat/multilingual-e5-small”." in said_by_the_button(app)
    assert "fetched from huggingface.co" in said_by_the_button(app)
    config = started(app)["config"]
    assert (config["embedder"], config["dim"]) == ("st:intfloat/multilingual-e5-small", None)


def test_a_server_on_this_computer_sends_nothing_away(start):
    app = pick(upload(start("open"), small_csv()), "ollama")
    assert "Read by ollama:qwen3-embedding:0.6b at http://127.0.0.1:9. Nothing leaves" in said_by_the_button(app)
    app.session_state["upload_experts"] = {"expert_kind": "ollama", "expert_ollama": "embeddinggemma"}
    app.run()
    assert_good(app)
    assert "ollama:embeddinggemma" in said_by_the_button(app)
    pick(app, "openai")
    app.text_input(key="expert_openai").input("bge-m3").run()
    app.text_input(key="expert_address").input("http://127.0.0.1:9/v1").run()
    assert_good(app)
    assert "Read by openai:bge-m3 at http://127.0.0.1:9/v1. Nothing leaves" in said_by_the_button(app)
    spec = started(app)
    assert spec["config"]["embedder"] == "openai:bge-m3@http://127.0.0.1:9/v1"
    assert spec["allow_paid"] is False


def test_dimensions_are_offered_where_they_make_sense_and_checked(start):
    app = pick(upload(start("open"), small_csv()), "dashscope")
    app.number_input(key="expert_dim").set_value(4096).run()
    assert "2048 dimensions" in words(app).replace("\\", "")
    # One that the service itself does not give: the next larger one is asked for and cut.
    app.number_input(key="expert_dim").set_value(100).run()
    assert_good(app)
    assert "dimensions; --dim" not in words(app)
    pick(app, "offline-zh")
    assert "expert_dim" not in keys(app, "number_input")
    pick(app, "ollama")
    app.number_input(key="expert_dim").set_value(4096).run()
    assert_good(app)
    assert "1024 dimensions" in words(app).replace("\\", "")
    assert app.button(key="start").disabled
    app.number_input(key="expert_dim").set_value(256).run()
    assert not app.button(key="start").disabled
    assert "not known to be trained" not in words(app)
    pick(app, "bundled")
    app.number_input(key="expert_dim").set_value(1).run()
    assert_good(app)
    assert app.button(key="start").disabled
    app.number_input(key="expert_dim").set_value(128).run()
    assert "not known to be trained" in words(app)
    assert started(app)["config"]["dim"] == 128


def test_purpose_and_prompts_where_a_model_takes_them(start):
    app = pick(upload(start("open"), small_csv()), "bundled")
    assert "expert_purpose" not in keys(app, "selectbox")
    assert "expert_own_query" not in keys(app, "checkbox")
    pick(app, "ollama")
    assert app.selectbox(key="expert_purpose").value == "retrieval"
    assert "Instruct: Given a question about customer reviews" in words(app).replace("\\", "")
    app.selectbox(key="expert_purpose").select("clustering").run()
    assert_good(app)
    assert "Identify the topic or theme" in words(app)
    app.checkbox(key="expert_own_document").check().run()
    assert "Identify the topic" in app.text_area(key="expert_document").placeholder
    app.checkbox(key="expert_own_query").check().run()
    app.text_area(key="expert_query").input("ask: ").run()
    assert_good(app)
    app.switch_page("pages/main/check.py").run()
    app.switch_page("pages/main/open.py").run()
    config = started(app)["config"]
    assert (config["purpose"], config["query_prompt"], config["document_prompt"]) == ("clustering", "ask: ", "")


def test_a_model_without_instructions_leaves_the_last_ones_behind(start):
    app = pick(upload(start("open"), small_csv()), "ollama")
    app.selectbox(key="expert_purpose").select("clustering").run()
    pick(app, "st")
    app.text_input(key="expert_st").input("sentence-transformers/all-mpnet-base-v2").run()
    assert_good(app)
    assert "expert_purpose" not in keys(app, "selectbox")
    assert started(app)["config"]["purpose"] == "retrieval"


@pytest.mark.parametrize(
    ("model", "address"),
    [
        ("m", "https://user:hunter2hunter2@example.invalid/v1"),
        ("m", "https://example.invalid/v1?key=hunter2hunter2"),
        ("user:hunter2hunter2@example.invalid", ""),
        ("sk-hunter2hunter2hunter2", "https://example.invalid/v1"),
        ("m", "https://example.invalid/hunter2-from-env"),
    ],
)
def test_a_key_in_a_name_is_refused_before_it_gets_anywhere(start, home, monkeypatch, model, address):
    monkeypatch.setenv("OTHER_API_KEY", "hunter2-from-env")
    app = pick(upload(start("open"), small_csv()), "openai")
    app.text_input(key="expert_openai").input(model).run()
    app.text_input(key="expert_address").input(address).run()
    assert_good(app)
    assert app.error
    assert app.button(key="start").disabled
    assert "hunter2" not in words(app)
    assert not any(b"hunter2" in path.read_bytes() for path in home.rglob("*") if path.is_file())
    assert jobs.list_recent() == []


def test_another_page_chooses_the_model(start):
    app = upload(start("open"), small_csv())
    app.session_state["upload_experts"] = {}
    for name, kind, at in (
        ("st:google/embeddinggemma-300m", "st", ("expert_st", "google/embeddinggemma-300m")),
        ("openai:bge-m3@http://127.0.0.1:9/v1", "openai", ("expert_address", "http://127.0.0.1:9/v1")),
        ("lexical", "lexical", None),
        ("unheard of", "auto", None),
    ):
        app.switch_page("pages/main/check.py").run()
        _choose(app, name)
        app.switch_page("pages/main/open.py").run()
        assert_good(app)
        assert app.selectbox(key="expert_kind").value == kind
        if at is not None:
            assert app.text_input(key=at[0]).value == at[1]


def _choose(app, name):
    """As a button of another page calls it: within a run of that session."""
    from streamlit.testing.v1 import AppTest

    def script(name):
        from pages.ui.upload import experts

        experts.choose(name)

    other = AppTest.from_function(script, args=(name,))
    for key in ("upload_experts",):
        if key in app.session_state:
            other.session_state[key] = app.session_state[key]
    other.run()
    assert not other.exception
    app.session_state["upload_experts"] = other.session_state["upload_experts"]


def test_a_model_for_sentiment_reaches_the_job(start, tmp_path):
    app = upload(start("open"), small_csv())
    app.text_input(key="expert_sentiment").input(" someone/feelings ").run()
    assert_good(app)
    assert "fetched from huggingface.co before the analysis" in words(app)
    assert started(app)["config"]["extra"] == {"sentiment.model": "someone/feelings"}


def test_no_model_for_sentiment_is_refused_at_once(start, tmp_path):
    app = upload(start("open"), small_csv())
    for name, said in (("feelings", "neither a folder nor a hub id"), (str(tmp_path), "no model with safetensors")):
        app.text_input(key="expert_sentiment").input(name).run()
        assert_good(app)
        assert said in words(app).replace("\\", "")
        assert app.button(key="start").disabled
    app.text_input(key="expert_sentiment").input("").run()
    assert started(app)["config"]["extra"] == {}

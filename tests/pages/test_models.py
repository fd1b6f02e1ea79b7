"""The Models page: what is said of each model, the test of one, the stored vectors, the comparison of dimensions."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from pages.ui.models import session_keys
from pages.ui.upload import experts
from pipelines import settings
from pipelines.embed import VectorCache, available
from pipelines.store import library
from tests import sample_bundle
from tests.conftest import ROOT
from tests.embed.ollama_list import serving
from tests.pages import conftest
from tests.pages.conftest import TIMEOUT_S, assert_good

PAGE = "pages/more/models.py"
SECRET = "sk-very-secret-123"


@pytest.fixture
def models(mine: str, monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    """models(language="en") opens the page with no key in the environment."""
    for variable in available.KEY_VARIABLES.values():
        monkeypatch.delenv(variable, raising=False)

    def open_page(*, language: str = "en") -> AppTest:
        monkeypatch.chdir(ROOT)
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=TIMEOUT_S)
        app.session_state["language"] = language
        return conftest.at_address(app, "models")

    return open_page


def words(app: AppTest) -> str:
    """What the page says, as a person reads it: without the marks that keep text of others from being Markdown."""
    return conftest.words(app).replace("\\", "").replace("\u2060", "")


def fill_cache(n: int = 40) -> None:
    with VectorCache(settings.home() / "vectors.db") as cache:
        texts = [f"text {i}" for i in range(n)]
        cache.get({"name": "made-up"}, texts)
        cache.put({"name": "made-up"}, texts, np.ones((n, 8), np.float32))
        cache.get({"name": "made-up"}, texts)


def waited_for(app: AppTest) -> AppTest:
    """Run until the trial is over."""
    end = time.monotonic() + TIMEOUT_S
    while "model_trial" in app.session_state and time.monotonic() < end:
        time.sleep(0.2)
        app.run()
    return app


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_says_where_texts_go_and_what_it_costs(models: Callable[..., AppTest], language: str) -> None:
    app = models(language=language)
    assert_good(app)
    said = words(app)
    for shown in ("all-MiniLM-L6-v2", "dashscope.aliyuncs.com", "CC-CEDICT", "ollama pull qwen3-embedding:0.6b"):
        assert shown in said
    assert {"test_bundled", "test_offline_zh", "test_st", "test_dashscope", "test_ollama", "test_openai"} <= {
        button.key for button in app.button
    }


def test_a_model_is_taken_for_the_next_file_and_given_back(models: Callable[..., AppTest]) -> None:
    app = models()
    app.button("use_offline_zh").click().run()
    assert_good(app)
    assert "Chosen for your next file." in words(app)
    app.button("unuse_offline_zh").click().run()
    assert "Chosen for your next file." not in words(app)


def test_the_fields_are_remembered_while_another_page_is_open(models: Callable[..., AppTest]) -> None:
    app = models()
    app.text_input("models_st_model").set_value("somebody/some-model").run()
    assert "huggingface.co. No text is sent" in words(app)
    app.switch_page("pages/main/check.py").run()
    app.switch_page(PAGE).run()
    assert app.text_input("models_st_model").value == "somebody/some-model"


def test_a_model_that_is_refused_is_told_in_words(models: Callable[..., AppTest], tmp_path) -> None:
    app = models()
    (tmp_path / "weights.bin").write_bytes(b"pickled")
    app.text_input("models_st_model").set_value(str(tmp_path)).run()
    app.button("test_st").click().run()
    assert app.button("test_bundled").disabled, "one at a time"
    app = waited_for(app)
    assert_good(app)
    assert "can run code" in words(app)
    assert not app.button("test_bundled").disabled


def test_a_model_on_this_computer_is_tried(models: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch) -> None:
    # The quickest to load: nothing is converted or tested first.
    monkeypatch.setenv("REVIEWSCAPE_ARITHMETIC", "torch-fp32")
    app = models(language="zh")
    app.button("test_bundled").click().run()
    app = waited_for(app)
    assert_good(app)
    assert "**384**" in words(app)
    pairs = next(element.value for element in app.markdown if "↔" in element.value)
    assert pairs.count("↔") == 3
    assert "电池" in pairs, "in the session's language"


def test_a_trial_can_be_stopped(models: Callable[..., AppTest]) -> None:
    app = models()
    app.button("test_bundled").click().run()
    app.button("stop_trial").click().run()
    assert "model_trial" not in app.session_state
    assert not app.button("test_bundled").disabled


def test_nothing_is_tried_without_the_key_that_it_needs(models: Callable[..., AppTest]) -> None:
    app = models()
    assert app.button("test_dashscope").disabled
    assert not app.button("use_dashscope").disabled, "the Open page asks for the key too"
    app.text_input("dashscope_typed").set_value(SECRET).run()
    assert not app.button("test_dashscope").disabled


def test_a_key_stays_in_the_session(models: Callable[..., AppTest]) -> None:
    app = models()
    app.text_input("dashscope_typed").set_value(SECRET).run()
    assert_good(app)
    assert SECRET not in words(app)
    assert SECRET not in str(app.query_params)
    app.switch_page("pages/main/check.py").run()
    app.switch_page(PAGE).run()
    assert app.text_input("dashscope_typed").value == SECRET
    assert app.session_state["session_keys"] == {"DASHSCOPE_API_KEY": SECRET}
    app.text_input("dashscope_typed").set_value("").run()
    assert app.session_state["session_keys"] == {}
    written = [path for path in settings.home().rglob("*") if path.is_file()]
    assert all(SECRET.encode() not in path.read_bytes() for path in written)


def test_a_key_in_the_environment_is_named_and_never_shown(
    models: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch
) -> None:
    app = models()
    monkeypatch.setenv("DASHSCOPE_API_KEY", SECRET)
    app.run()
    assert "DASHSCOPE_API_KEY" in words(app)
    assert SECRET not in words(app)
    assert SECRET not in "".join(field.value for field in app.text_input)


def test_an_ollama_servers_models_are_choices(models: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch) -> None:
    with serving({"models": [{"name": "bge-m3:latest"}, {"name": "[x](javascript:1)"}]}) as url:
        monkeypatch.setenv("OLLAMA_HOST", url)
        app = models()
        assert_good(app)
        app.button("ollama_model_bge-m3:latest").click().run()
        assert app.text_input("models_ollama_model").value == "bge-m3:latest"
        assert "javascript" not in words(app)
        assert "ollama:bge-m3:latest" in words(app), "auto takes it for Chinese"


def test_stored_vectors_are_counted_and_cleared(models: Callable[..., AppTest]) -> None:
    fill_cache(40)
    app = models()
    assert app.metric[0].value == "40"
    assert "50%" in [metric.value for metric in app.metric]
    app.button("clear_vectors").click().run()
    app.button("clear_vectors_no").click().run()
    app.button("clear_vectors").click().run()
    assert "What it costs" in words(app)
    app.button("clear_vectors_yes").click().run()
    assert_good(app)
    assert "were cleared" in words(app)
    assert "Nothing is stored yet" in words(app)


def test_no_analysis_and_no_stored_vector_is_said(models: Callable[..., AppTest]) -> None:
    app = models()
    assert "Nothing is stored yet" in words(app)
    for info in library.list_analyses():
        library.delete(info.id)
    app.run()
    assert_good(app)
    assert "There is no analysis yet" in words(app)


def with_vectors(name: str, dim: int, n: int = 90) -> str:
    """An analysis whose vectors' first numbers tell nearly everything, made by an embedder of this name."""
    parts = sample_bundle.parts(n)
    spread = np.random.default_rng(1).normal(size=(n, dim)) * np.geomspace(1, 1e-3, dim)
    vectors = (spread / np.linalg.norm(spread, axis=1, keepdims=True)).astype(np.float32)
    analysis = library.create(f"Reviews read by {name}")
    library.publish(analysis, replace(parts, vectors=vectors, identity={"name": name, "dim": dim}))
    return analysis


def test_the_dimensions_of_an_analysis_are_compared(models: Callable[..., AppTest]) -> None:
    trained = with_vectors("dashscope:text-embedding-v4", 128)
    untrained = with_vectors("bundled", 64)
    joined = with_vectors("offline-zh", 64)
    app = models()
    app.selectbox("fewer_analysis").set_value(trained).run()
    assert_good(app)
    assert "of 100 nearest neighbours" in words(app)
    assert "is trained for it" in words(app)
    assert "--dim" in words(app)
    table = app.dataframe[-1].value
    assert table["Numbers"].tolist() == [16, 32, 64, 128]
    assert table["Neighbours kept"].tolist()[-1] == "100.0%"
    # Of the whole analysis, its repeated reviews too.
    assert table["Size"].tolist()[-1] == f"{90 * 128 * 4 / 1024:.0f} kB"
    assert table["Saved"].tolist()[0] == f"{90 * 112 * 4 / 1024:.0f} kB"
    app.selectbox("fewer_analysis").set_value(untrained).run()
    assert "is not trained for it" in words(app)
    app.selectbox("fewer_analysis").set_value(joined).run()
    assert "side by side" in words(app)


def test_a_draft_is_not_compared(models: Callable[..., AppTest]) -> None:
    parts = sample_bundle.parts(30)
    draft = library.create("only a draft")
    library.publish(draft, replace(parts, config={**parts.config, "draft": True}))
    shown = models().selectbox("fewer_analysis")
    assert len(shown.options) == 4, "three samples and one of the person's own"
    assert "only a draft" not in " ".join(shown.options)


def test_a_damaged_analysis_is_told(models: Callable[..., AppTest]) -> None:
    analysis = with_vectors("bundled", 64)
    folder = library.latest_bundle(analysis)
    assert folder is not None
    (folder / "vectors.npy").write_bytes(b"\x00" * 100)
    app = models()
    app.selectbox("fewer_analysis").set_value(analysis).run()
    assert_good(app)
    assert "vectors.npy" in words(app)


def test_variables_are_those_that_the_providers_read() -> None:
    from pipelines.embed import dashscope, ollama, openai

    read = {dashscope.KEY_VARIABLE, ollama.KEY_VARIABLE, openai.KEY_VARIABLE}
    assert set(available.KEY_VARIABLES.values()) == read
    assert callable(session_keys.keys)
    assert callable(getattr(experts, "embedder", None))
    assert (ROOT / PAGE).is_file()

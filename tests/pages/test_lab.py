"""The Lab page: what it says of numbers, in both languages, and where there is nothing to say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from pages.ui import lab_pair, state
from pipelines.store import library
from pipelines.store.bundle import BundleParts
from pipelines.words import catalogue
from tests.conftest import ROOT
from tests.lab import made
from tests.pages import conftest
from tests.pages.conftest import TIMEOUT_S, assert_good

Open = Callable[..., AppTest]


def words(app: AppTest) -> str:
    return conftest.words(app).replace("\\", "").replace("\u2060", "")


@pytest.fixture
def lab(mine: str, monkeypatch: pytest.MonkeyPatch) -> Open:
    """lab(tab, language="en", parts=None) opens a tab for a new analysis of real vectors, or of `parts`."""

    def open_page(tab: str, *, language: str = "en", parts: BundleParts | None = None) -> AppTest:
        analysis = library.create("kitchen")
        library.publish(analysis, parts or made.parts(120))
        monkeypatch.chdir(ROOT)
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=TIMEOUT_S)
        app.session_state["language"] = language
        app.session_state[f"lab_tab_{language}"] = catalogue(language).gettext(tab)
        app.query_params["a"] = analysis
        return conftest.at_address(app, "lab")

    return open_page


def test_two_texts_are_told_in_words_and_held_against_the_file(lab: Open) -> None:
    app = lab("Two texts")
    assert_good(app)
    said = words(app)
    assert "read on this computer" in said
    assert "of random pairs of your reviews" in said and "of pairs of one topic" in said
    assert "Distance at length 1" in said and "Lengths before scaling" in said
    app.text_area("lab_one").set_value("The grinder is loud").run()
    app.text_area("lab_other").set_value("The grinder is loud").run()
    assert "As alike as copies" in words(app)
    assert app.metric[0].value == "1.00"
    app.selectbox("lab_preset").set_value(0).run()
    assert app.text_area("lab_one").value == "cat"
    assert "this model reads no Chinese" in " ".join(app.dataframe[1].value["What it means"])


def test_hostile_text_is_text(lab: Open) -> None:
    app = lab("Two texts")
    app.text_area("lab_one").set_value("<script>window.hacked=1</script> **b**").run()
    assert_good(app)


def test_many_texts_are_a_grid_with_its_nearest_reviews(lab: Open) -> None:
    app = lab("Many texts")
    assert_good(app)
    assert "of 120 different reviews" in words(app)
    app.text_area("lab_many").set_value("one").run()
    assert "at least two different texts" in words(app)
    app.button("lab_many_own").click().run()
    assert_good(app)
    assert "The grinder is loud" in app.text_area("lab_many").value
    app.number_input("lab_near_row").set_value(4).run()
    assert "of 119 different reviews" in words(app)


def test_what_cannot_be_read_is_said(lab: Open) -> None:
    parts = made.parts(120)
    parts.identity["name"] = "own"
    for tab in ("Two texts", "Many texts"):
        app = lab(tab, parts=parts)
        assert_good(app)
        assert "vectors of your own" in words(app)


def test_a_service_gets_nothing_unasked(lab: Open) -> None:
    parts = made.parts(120)
    parts.identity["name"] = "openai:m@http://127.0.0.1:9/v1"
    app = lab("Two texts", parts=parts)
    assert_good(app)
    (switch,) = app.toggle
    assert switch.value is False
    assert not app.metric
    switch.set_value(True).run()
    assert app.error and not app.metric
    # What one service may have, that of another analysis may not.
    parts = made.parts(120)
    parts.identity["name"] = "openai:m@http://127.0.0.1:9/v2"
    other = library.create("other")
    library.publish(other, parts)
    app.session_state[state.VIEW] = replace(app.session_state[state.VIEW], analysis=other)
    app.run()
    (switch,) = app.toggle
    assert switch.value is False and not app.error


def test_without_topics_no_pair_is_held_against_pairs_of_one() -> None:
    levels = ("same", "close", "related", "faint", "none")
    assert not any("topic" in lab_pair.level_words(level, has_topics=False) for level in levels)
    assert "nine in ten pairs of one topic" in lab_pair.level_words("close")


def test_words_are_reckoned_with_and_the_share_right_is_told(lab: Open) -> None:
    app = lab("Reckoning with words")
    assert_good(app)
    assert "queen" in app.dataframe[0].value["Word"].tolist()
    app.button("lab_test_go").click().run()
    assert_good(app)
    scores = next(one.value for one in app.dataframe if "Without the sum" in one.value)
    assert scores["Vectors"].tolist()[0] == "The model"
    assert scores["Can be asked"].tolist()[0] == "61 of 61"
    app.text_input("lab_word_a").set_value("<b>x</b>").run()
    assert_good(app)


def test_fewer_and_coarser_numbers_are_weighed_and_what_is_lost_is_shown(lab: Open) -> None:
    app = lab("Fewer numbers")
    assert_good(app)
    assert "of the nearest neighbours at" in words(app)
    assert "Measured on 120 reviews" in words(app)
    behind = conftest.table_behind(app, "lab_shrink")
    assert len(behind) == 4 * 6
    app.session_state["lab_shrink_opened"] = (16, "binary")
    app.run()
    assert "this review loses most" in words(app)


def test_an_instruction_is_tried_on_every_topic(lab: Open) -> None:
    app = lab("Instruction")
    assert_good(app)
    assert "uses none" in words(app) and "are the same" in words(app)
    app.button("lab_instruction_go").click().run()
    assert_good(app)
    assert "5 topics asked" in words(app)
    assert [metric.label for metric in app.metric][:2] == ["Without it", "With it"]


@pytest.mark.parametrize(
    "tab",
    ["Two texts", "Many texts", "Reckoning with words", "Fewer numbers", "Instruction", "Two models", "Adapt a model"],
)
def test_every_tab_is_there_in_chinese(lab: Open, tab: str) -> None:
    app = lab(tab, language="zh", parts=made.parts(240))
    assert_good(app)
    assert len(app.tabs) == 7 and app.tabs[0].label

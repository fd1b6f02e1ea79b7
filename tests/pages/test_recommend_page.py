"""The Recommend page: people of planted tastes with hostile names, small files, and files without users."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from pages.ui import access, recommend_parts
from pipelines.recommend import ahead
from pipelines.store import library
from pipelines.store.bundle import BundleParts
from tests import sample_bundle
from tests.conftest import ROOT
from tests.pages.conftest import TIMEOUT_S, assert_good, at_address, table_behind, words
from tests.recommend.planted import HOSTILE, planted

# UMAP says at its import that TensorFlow, which its parametric variant wants, is not there.
pytestmark = [
    pytest.mark.filterwarnings("ignore:Tensorflow not installed:ImportWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning:(hdbscan|umap)"),
]
TABS = {"en": ["A person", "Somebody new", "Items alike", "Groups", "How well it works"]}


@pytest.fixture
def opened(home: Path, monkeypatch):
    """opened(parts, tab="A person", language="en") shows the page of a new analysis."""
    sample_bundle.stand_in(30)
    monkeypatch.chdir(ROOT)
    # What is measured in the background is there before the page is drawn.
    monkeypatch.setattr(recommend_parts, "WAIT_S", 120.0)

    def open_page(parts: BundleParts, tab: str | None = None, *, language: str = "en", user: str = "") -> AppTest:
        analysis = library.create("people")
        library.publish(analysis, parts)
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=TIMEOUT_S)
        app.session_state["language"] = language
        if user:
            # As if typed: AppTest knows no selectbox that takes new names.
            app.session_state["recommend_user"] = user
        app.query_params["a"] = analysis
        app.run()
        app.switch_page("pages/more/recommend.py").run()
        if tab is not None:
            app.session_state[f"recommend_tab_{language}"] = tab
            app.run()
        return app

    return open_page


def tables(app: AppTest) -> dict[str, object]:
    return {str(frame.key): frame.value for frame in app.dataframe}


def table(app: AppTest, begins: str):
    return next(value for key, value in tables(app).items() if key.startswith(begins))


@pytest.mark.parametrize("tab", TABS["en"])
def test_each_tab_opens(opened, tab):
    app = opened(planted()[0], tab)
    assert_good(app)
    assert "personal data" in words(app)
    assert "1 review has no name" in words(app)


def test_in_chinese(opened):
    app = opened(planted()[0], language="zh")
    assert_good(app)
    assert len(app.tabs) == 5


def test_a_person_of_a_hostile_name(opened):
    app = opened(planted()[0])
    chosen = app.selectbox(key="recommend_user")
    for name in HOSTILE:
        app.selectbox(key="recommend_user").set_value(name).run()
        assert_good(app)
        items = table(app, "recommend_for_items")
        assert len(items) == 10
        assert items["item"].str.startswith("<b>item</b>").all()
        assert items["liked"].str.match(r"\d\.\d \(\d\.\d–\d\.\d\)").all()
    assert chosen.label == "Person"
    assert "were among the first ten (95 %:" in words(app)
    assert "window.hacked" not in words(app).replace("\\<script\\>window\\.hacked\\=1\\<\\/script\\>", "")


def test_a_person_who_is_not_there_is_said(opened):
    app = opened(planted()[0], user="<b>nobody</b>")
    assert_good(app)
    assert "Nobody here is called “\\<b\\>nobody\\<\\/b\\>”" in words(app)


def test_a_typed_name_is_found_whatever_its_case(opened):
    app = opened(planted()[0], user=" Person 40")
    assert_good(app)
    assert app.selectbox(key="recommend_user").value == "person 40"


def test_the_figures_behind_the_taste(opened):
    app = opened(planted()[0])
    found = table_behind(app, "recommend_taste_table")
    assert found["Reviews"].sum() == 6
    assert (found["from"] <= found["to"]).all()


def test_somebody_new_by_topics_where_no_sentence_can_be_read(opened):
    app = opened(planted()[0], "Somebody new")
    assert "cannot read a sentence here" in words(app)
    assert not app.text_input
    app.multiselect[0].select(2).run()
    assert_good(app)
    assert table(app, "recommend_new_items")["item"].str.contains("</b> 2-").all()
    assert "Measured here: the text of a hidden review" in words(app)


def test_groups_say_what_they_talk_about(opened):
    app = opened(planted()[0], "Groups")
    assert table(app, "recommend_groups_")["people"].sum() == 120
    topics = table(app, "recommend_group_topics")
    assert topics["here"].str.match(r"\d+% \(\d+%–\d+%\)").all()
    assert "is no discovery" in words(app)
    people = table_behind(app, "recommend_people_table")
    assert set(HOSTILE) <= set(people["Person"])


def test_the_reviews_of_a_group_become_a_selection_of_the_map(opened):
    app = opened(planted()[0], "Groups")
    app.button(key="recommend_group_map").click().run()
    assert not app.exception
    assert app.session_state["view_state"].selection


def test_how_well_it_works_is_told_with_its_numbers(opened):
    app = opened(planted()[0], "How well it works")
    said = words(app)
    assert "Of each of 60 people one item that they liked was hidden." in said
    assert "surely more than popularity alone" in said
    assert "(chance: 50 %; 120 people)" in said
    found = table_behind(app, "recommend_measured_table")
    assert found["Way"].tolist() == [
        "by chance", "popularity alone", "reviewed by the same people", "what is written", "all three together",
    ]  # fmt: skip


def test_meanwhile_it_is_said_that_it_is_being_measured(opened, monkeypatch):
    """The thread that measures is kept busy; the page is there all the same, and takes the measure when it comes."""
    free = threading.Event()
    busy = ahead._worker().submit(free.wait, 60)
    monkeypatch.setattr(recommend_parts, "WAIT_S", 0.2)
    try:
        app = opened(planted()[0])
        assert_good(app)
        assert len(table(app, "recommend_for_items")) == 10
        assert "is being measured" in words(app)
        app.session_state["recommend_tab_en"] = "How well it works"
        app.run()
        assert_good(app)
        assert "is being measured" in words(app)
    finally:
        free.set()
    assert busy.result(timeout=60)
    monkeypatch.setattr(recommend_parts, "WAIT_S", 120.0)
    app.run()
    assert_good(app)
    assert "Of each of 60 people" in words(app)


def test_few_people_or_items_are_said(opened):
    few_people = opened(planted(20)[0], "How well it works")
    assert_good(few_people)
    assert "To measure anything, 60 are needed" in words(few_people)
    groups = opened(planted(20)[0], "Groups")
    assert "too few for a map of people" in words(groups)
    few_items = opened(planted(120, items=5, each=4)[0], "How well it works")
    assert "There are 20 items" in words(few_items)
    person = opened(planted(20)[0])
    assert_good(person)
    assert "Too few people or items to measure" in words(person)


def test_a_file_without_users_has_no_such_page_in_the_menu_and_says_why(opened):
    app = opened(sample_bundle.parts(40))
    assert_good(app)
    assert "does not know who wrote a review" in words(app)
    assert not recommend_parts.recommend.has_columns(
        type("B", (), {"summary": {"roles": {"text": "t", "user": "u", "item": None}}})()
    )


@pytest.mark.parametrize("tab", TABS["en"])
def test_without_topics_each_tab_opens(opened, tab):
    parts = planted()[0]
    points = parts.points.assign(cluster=np.int32(-1), topic=pd.array([""] * len(parts.points), dtype="str"))
    parts.summary["topics"] = []
    assert_good(opened(replace(parts, points=points), tab))


def test_a_share_link_reaches_no_such_page(opened, monkeypatch):
    opened(planted()[0])
    visitor = AppTest.from_file(str(ROOT / "app.py"), default_timeout=TIMEOUT_S)
    visitor.query_params[access.LINK_PARAMETER] = "x" * 43
    at_address(visitor, "recommend")
    assert not visitor.exception
    assert "Recommend" not in [title.value for title in visitor.title]
    assert not visitor.selectbox and not visitor.dataframe

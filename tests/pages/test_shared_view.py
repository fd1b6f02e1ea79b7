"""What reaches the browser of a person who opens a link: no more than the link says."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from pages.ui import map as review_map
from pages.ui import shared_view
from pipelines import share
from pipelines.map.colour import MISSING
from pipelines.redact import MARKS
from pipelines.store import library
from pipelines.view import Filter, View
from tests import sample_bundle
from tests.conftest import ROOT
from tests.pages.conftest import TIMEOUT_S, N, assert_good, words

FILE = "Complaints of Anna Nr7.csv"


@pytest.fixture
def telling(home) -> str:
    """An analysis with users, titles, a topic that names a person, and a note about a file."""
    parts = sample_bundle.parts(N)
    users = pd.array([f"Anna Nr{i % 40}" for i in range(N)], dtype="str")
    titles = pd.array([f"Title number {i}" for i in range(N)], dtype="str")
    rows = parts.rows.assign(用户=users, title=titles)
    names = [f"topic {'ABCDE'[topic['id']]} of @anna_nr7" for topic in parts.summary["topics"]]
    topic = pd.array([names[i] if i >= 0 else "" for i in parts.points["cluster"]], dtype="str")
    points = parts.points.assign(user=users, item=pd.array(["ask bo@example.com"] * N, dtype="str"), topic=topic)
    summary = {
        **parts.summary,
        "topics": [{**one, "name": name} for one, name in zip(parts.summary["topics"], names, strict=True)],
        "roles": {"text": "评论", "user": "用户", "title": "title"},
        "columns": [*parts.summary["columns"], "用户", "title"],
        "source": {"name": FILE, "encoding": "utf-8"},
    }
    analysis = library.create(FILE)
    library.publish(analysis, replace(parts, rows=rows, points=points, summary=summary))
    return analysis


@pytest.fixture
def visit(telling, monkeypatch):
    """visit(view, **options) opens a link to the view; returns the page and what its map and its cards were given."""
    monkeypatch.chdir(ROOT)
    seen: dict[str, object] = {}
    draw, list_reviews = review_map.show_map, shared_view.show_reviews

    def seen_map(points, topics, view, **more):
        seen["map"] = {"points": points, "topics": topics, "view": view, **more}
        return draw(points, topics, view, **more)

    def seen_reviews(points, bundle, **more):
        seen["cards"] = (points, bundle)
        return list_reviews(points, bundle, **more)

    monkeypatch.setattr(review_map, "show_map", seen_map)
    monkeypatch.setattr(shared_view, "show_reviews", seen_reviews)

    def open_link(view: View, **options):
        token = share.create_link(telling, replace(view, analysis=telling), **options)
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=TIMEOUT_S)
        app.session_state["language"] = "en"
        app.query_params["view"] = token
        app.run()
        assert_good(app)
        return app, seen

    return open_link


def test_with_masking_nothing_names_a_person(visit):
    filters = (
        Filter("user", "not", "Anna Nr9"),
        Filter("row:用户", "not", "Anna Nr8"),
        Filter("cluster", "in", (0, 1, 2)),
    )
    app, seen = visit(View(filters=filters, note="ask eve@example.com", colour="row:用户"), redact=True)
    said = words(app).replace("\\", "").replace("\u2060", "")
    said += "".join(frame.value.to_csv() for frame in app.dataframe)
    for private in ("Anna", "anna_nr7", "Complaints", "eve@"):
        assert private not in said
    assert "Customer reviews" in said
    assert "User ≠ …" in said
    assert "用户 ≠ …" in said
    assert f"topic A of {MARKS['handle']}" in said
    shown, cards = seen["map"], seen["cards"]
    assert shown["colour"].column == "topic"
    for frame in (shown["points"], cards[0]):
        assert (frame["user"] == "").all()
        assert not frame["topic"].str.contains("anna").any()
        assert not frame["text"].str.contains("13800138000").any()
        assert set(frame["item"]) == {f"ask {MARKS['email']}"}
    assert not any("anna" in label for label in shown["colour"].labels)
    assert not any("anna" in topic["name"] for topic in shown["topics"])
    # Titles are read from the bundle, which is not masked.
    assert cards[1] is None


def test_without_masking_titles_and_users_are_there(visit):
    app, seen = visit(View(colour="row:<b>shop</b>"), redact=False)
    assert "Complaints of Anna" in words(app)
    points, bundle = seen["cards"]
    assert bundle is not None
    assert (points["user"] != "").all()
    assert seen["map"]["colour"].column == "row:<b>shop</b>"


@pytest.mark.parametrize("options", [{"redact": True}, {"allow_text": False}, {"redact": True, "allow_text": False}])
@pytest.mark.parametrize("colour", ["text", "user", "row:评论", "row:title", "row:<b>shop</b>", "row:price"])
def test_a_legend_writes_no_cell_of_the_upload(visit, options, colour):
    _, seen = visit(View(colour=colour), **options)
    assert seen["map"]["colour"].column == "topic"


@pytest.mark.parametrize("colour", ["text", "user", "row:评论", "row:title", "row:用户"])
def test_texts_titles_and_users_are_never_a_legend(visit, colour):
    _, seen = visit(View(colour=colour))
    assert seen["map"]["colour"].column == "topic"


def test_outside_the_filters_a_point_is_a_place_only(visit):
    _, seen = visit(View(filters=(Filter("cluster", "is", 1),), colour="rating"))
    shown = seen["map"]
    outside = ~shown["mask"]
    assert 0 < outside.sum() < N
    points = shown["points"]
    assert (points["text"][outside] == "").all()
    assert (points["topic"][outside] == "").all()
    assert (points["cluster"][outside] == -1).all()
    assert not points["is_outlier"][outside].any()
    assert (shown["colour"].index[outside] == MISSING).all()
    assert (points["text"][~outside] != "").all()


def test_without_texts_there_is_none(visit):
    filters = (Filter("text", "not", "It leaks, says Bo"), Filter("text", "contains", "grinder"))
    app, seen = visit(View(filters=filters), allow_text=False)
    assert (seen["map"]["points"]["text"] == "").all()
    assert not seen["map"]["with_text"]
    assert "cards" not in seen
    said = words(app).replace("\\", "")
    assert "says Bo" not in said
    assert "Text ∋ grinder" in said


def test_a_closed_link_answers_no_question_of_the_map(visit, telling):
    _, seen = visit(View())
    may_read = seen["map"]["may_read"]
    assert may_read()
    share.revoke(telling, share.list_links(telling)[0].id)
    assert not may_read()


def test_a_filter_on_a_column_that_is_not_there_shows_nothing(visit):
    app, seen = visit(View(filters=(Filter("row:shops", "is", "north"),)))
    assert f"0 of {N} reviews" in words(app)
    assert not seen["map"]["mask"].any()
    assert (seen["map"]["points"]["text"] == "").all()


def test_a_name_that_a_person_gave_stays(visit, telling):
    library.rename(telling, "Autumn, for ann@example.com")
    app, _ = visit(View(), redact=True)
    assert f"Autumn, for {MARKS['email']}" in words(app).replace("\\", "")

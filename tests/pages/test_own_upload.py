"""Choosing own places, topics and vectors for an upload: said at once what they come to, and gone with the file."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from pipelines import uploads
from tests import made_reviews
from tests.pages.conftest import assert_good, words

N = 24


def page() -> None:
    """The part alone, for the file that the test names."""
    import streamlit as st

    from pages.ui.upload import choices, own, reading, remembered

    remembered.put(expert_unit=st.session_state["unit"])
    upload = choices.begin([(st.session_state["path"], "mine.csv")])
    st.session_state["given"] = own.show(reading.understood(upload))
    st.session_state["problem"] = own.problem()


def csv_file(folder: Path, **columns: list[object]) -> str:
    rows = made_reviews.table([f"{text} ({i})" for i, text in enumerate(made_reviews.english(N))])
    for name, cells in columns.items():
        for row, cell in zip(rows, cells, strict=True):
            row[name] = cell
    return str(uploads.keep(made_reviews.write(folder / "mine.csv", rows).read_bytes()))


@pytest.fixture
def app(home, tmp_path) -> AppTest:
    """The part for 24 reviews with columns across, up and kind (a hostile one among them)."""
    kinds = ["<b>late</b> [x](y)", "*rude*", ""] * (N // 3)
    path = csv_file(tmp_path, across=[f"{i},5" for i in range(N)], up=["", *range(1, N)], kind=kinds)
    started = AppTest.from_function(page, default_timeout=120)
    started.session_state["language"] = "en"
    started.session_state["path"], started.session_state["unit"] = path, "review"
    return started.run()


def choose(app: AppTest, **columns: str) -> AppTest:
    for name, column in columns.items():
        app.selectbox(key=f"own_{name}_column").select(column)
        app.run()
    return app


def npy(array: np.ndarray) -> bytes:
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


def drop(app: AppTest, content: bytes, name: str = "v.npy") -> AppTest:
    app.file_uploader[0].set_value([(name, content, "")])
    app.run()
    return app


def test_nothing_is_chosen_at_first(app):
    assert_good(app)
    assert app.session_state["given"] == dict.fromkeys(("x_column", "y_column", "label_column", "vectors"))
    assert app.session_state["problem"] == ""
    assert "across" in app.selectbox(key="own_x_column").options


def test_places_are_counted_over_the_whole_file(app):
    choose(app, x="across")
    assert "two columns" in app.session_state["problem"]
    choose(app, y="up")
    assert_good(app)
    assert app.session_state["problem"] == ""
    assert "23 of 24 reviews have a place. The others will stand" in words(app)
    assert app.session_state["given"]["x_column"] == "across"
    assert app.session_state["given"]["y_column"] == "up"


def test_topics_are_counted_and_shown_as_text(app):
    choose(app, label="kind")
    assert_good(app)
    shown = words(app)
    assert "2 topics: " in shown
    assert "8 reviews have none." in shown
    assert "<b>" not in shown
    assert "[x](y)" not in shown


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"x": "shop", "y": "up"}, "holds no numbers"),
        ({"label": "review"}, "different values"),
        ({"label": "user"}, "tells who people are"),
    ],
)
def test_a_column_that_cannot_stand_in_is_said_at_once(app, columns, said):
    choose(app, **columns)
    assert_good(app)
    assert said in app.session_state["problem"]
    assert said in app.error[0].value
    choose(app, **dict.fromkeys(columns, ""))
    assert app.session_state["problem"] == ""
    assert not app.error


def test_vectors_are_kept_shown_and_taken_away(app):
    drop(app, npy(np.ones((N, 7), dtype=np.float16)))
    assert_good(app)
    assert "24 vectors of 7 numbers." in words(app)
    given = app.session_state["given"]["vectors"]
    assert given["name"] == "v.npy"
    assert Path(given["path"]).parent == uploads.folder()
    app.button(key="own_remove").click().run()
    assert app.session_state["given"]["vectors"] is None
    assert app.file_uploader


@pytest.mark.parametrize(
    ("content", "said"),
    [(npy(np.ones((N - 1, 7))), "24 vectors"), (b"not an array", "numpy"), (npy(np.array([{}] * N)), "numpy")],
)
def test_a_file_that_is_no_such_array_is_said_at_once(app, content, said):
    drop(app, content)
    assert_good(app)
    assert said in app.session_state["problem"].replace("\\", "")


def test_sentences_and_own_vectors_exclude_each_other(app):
    app.session_state["unit"] = "sentence"
    drop(app, npy(np.ones((N, 7))))
    assert "whole reviews" in app.session_state["problem"]


def test_another_file_starts_without_choices(app, tmp_path):
    choose(app, label="kind")
    drop(app, npy(np.ones((N, 7))))
    app.session_state["path"] = csv_file(tmp_path, kind=["a", "b", "c", "d"] * (N // 4))
    app.run()
    assert_good(app)
    assert app.session_state["given"] == dict.fromkeys(("x_column", "y_column", "label_column", "vectors"))


def test_a_file_swept_meanwhile_is_no_longer_chosen(app):
    drop(app, npy(np.ones((N, 7))))
    Path(app.session_state["given"]["vectors"]["path"]).unlink()
    app.run()
    assert_good(app)
    assert app.session_state["given"]["vectors"] is None

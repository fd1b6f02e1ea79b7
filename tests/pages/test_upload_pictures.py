"""Choosing pictures for an upload: what is missing is said, what is chosen reaches the job, and goes with the file."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pipelines import jobs, uploads
from tests import made_reviews
from tests.pages.conftest import assert_good, words

N = 24


def page() -> None:
    """The part alone, for the file that the test names."""
    import streamlit as st

    from pages.ui.upload import choices, pictures, reading

    upload = choices.begin([(st.session_state["path"], "mine.csv")])
    pictures.show(reading.understood(upload))
    st.session_state["problem"], st.session_state["spec"] = pictures.problem(), pictures.spec()


@pytest.fixture
def app(home: Path, tmp_path: Path) -> AppTest:
    rows = made_reviews.table([f"{text} ({i})" for i, text in enumerate(made_reviews.english(N))])
    for i, row in enumerate(rows):
        row["photos"] = f"{i}.jpg;{i}b.jpg"
        row["colour"] = "<b>red</b>"
    path = uploads.keep(made_reviews.write(tmp_path / "mine.csv", rows).read_bytes())
    started = AppTest.from_function(page, default_timeout=120)
    started.session_state["language"] = "en"
    started.session_state["path"] = str(path)
    return started.run()


def zipped(n: int = 2) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for i in range(n):
            archive.writestr(f"{i}.jpg", b"1")
    return out.getvalue()


def drop(app: AppTest, content: bytes, name: str = "photos.zip") -> AppTest:
    app.file_uploader[0].set_value([(name, content, "")])
    return app.run()


def test_nothing_is_chosen_at_first_and_the_likely_column_is_said(app: AppTest) -> None:
    assert_good(app)
    assert app.session_state["spec"] is None
    assert app.session_state["problem"] == ""
    assert app.expander[0].label == "Pictures · photos"
    assert app.selectbox(key="pictures_column").options[:2] == ["—", "photos"]


def test_what_is_missing_is_said_until_all_is_there(app: AppTest) -> None:
    app.selectbox(key="pictures_column").select("photos").run()
    assert "name the model" in app.session_state["problem"]
    app.text_input(key="pictures_model").set_value("some/model").run()
    assert "drop the zip" in app.session_state["problem"]
    assert "fetched from the hub" in words(app)
    drop(app, zipped())
    assert_good(app)
    assert app.session_state["problem"] == ""
    spec = app.session_state["spec"]
    assert {**spec, "zip": spec["zip"]["name"]} == {
        "column": "photos", "model": "clip:some/model", "from_web": False, "zip": "photos.zip",
    }  # fmt: skip
    assert Path(spec["zip"]["path"]).read_bytes() == zipped()
    assert "2 files" in words(app)
    app.button(key="pictures_remove").click().run()
    app.checkbox(key="pictures_from_web").check().run()
    assert app.session_state["spec"]["zip"] is None
    assert app.session_state["spec"]["from_web"] is True


def test_what_is_no_zip_is_refused_at_once(app: AppTest) -> None:
    drop(app, b"no zip", "<b>x</b>.zip")
    assert not app.exception
    assert "does not read as a zip" in app.error[0].value
    assert "<b>" not in app.error[0].value.replace("\\<", "")
    assert not list(uploads.folder().glob("*no zip*"))


def test_a_waiting_jobs_zip_is_not_swept(home: Path) -> None:
    table, pictures, other = (uploads.keep(content) for content in (b"table", zipped(), b"other"))
    jobs.submit(
        {
            "uploads": [{"path": str(table), "name": "a.csv"}],
            "name": "a",
            "pictures": {"column": "photos", "model": "clip:x/y", "from_web": False,
                         "zip": {"path": str(pictures), "name": "photos.zip"}},
        },
        start=False,
    )  # fmt: skip
    gone = uploads.sweep(now_s=pictures.stat().st_mtime + 365 * uploads.DAY_S)
    assert gone == [other]

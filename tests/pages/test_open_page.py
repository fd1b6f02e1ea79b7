from __future__ import annotations

import csv
import io
import time

import pytest

from pipelines import jobs
from pipelines.store import library
from tests import made_reviews
from tests.pages.conftest import NAME, assert_good, words


def small_csv(n: int = 14) -> bytes:
    rows = made_reviews.table(made_reviews.english(n))
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue().encode("utf-8")


def upload(app, content: bytes, name: str = "wearers.csv"):
    app.file_uploader(key="upload").set_value((name, content, "text/csv")).run()
    return app


def wait_until_ended(timeout_s: float = 120) -> jobs.Job:
    end = time.monotonic() + timeout_s
    while time.monotonic() < end:
        (job,) = jobs.list_recent()
        if not job.is_active:
            return job
        time.sleep(0.1)
    raise AssertionError(f"the job is still {job.state}")


@pytest.mark.parametrize(("language", "said"), [("en", "Open a file of reviews"), ("zh", "评论")])
def test_it_lists_the_library(start, language, said):
    app = start("open", language=language)
    assert_good(app)
    assert said in words(app)
    assert sum(str(button.key).startswith("open_") for button in app.button) == 4


def test_an_upload_is_understood_in_a_sentence_and_a_preview(start):
    app = upload(start("open"), small_csv())
    assert_good(app)
    assert "UTF\\-8" in app.success[0].value or "UTF-8" in app.success[0].value
    assert "14 reviews" in app.success[0].value
    assert "“review”" in app.success[0].value
    preview = app.dataframe[0].value
    assert len(preview) == 5
    assert set(preview.columns) == {"review", "stars", "day", "shop", "user"}
    assert not app.button(key="start").disabled


def test_another_text_column_can_be_chosen(start):
    app = upload(start("open"), small_csv())
    app.selectbox(key="fix_text").select("user").run()
    assert_good(app)
    assert "“user”" in app.success[0].value


@pytest.mark.parametrize(
    "content", [b"", b"\x00" * 100, b"a,b\n1,2\n3,4\n", b"review,stars\n", "评论\n很好\n".encode("gb18030")]
)
def test_any_file_is_answered_with_words(start, content):
    app = upload(start("open"), content)
    assert_good(app)
    assert app.error or app.success


def test_a_hostile_name_and_hostile_columns(start):
    content = small_csv().replace(b"shop", b"<script>alert(1)</script>").replace(b"user", b"![x](http://a.invalid)")
    app = upload(start("open"), content, "<script>window.hacked=1</script>.csv")
    assert_good(app)


def test_start_to_overview(start, monkeypatch):
    monkeypatch.setenv("REVIEWSCAPE_JOB_RUNNER", "tests.pages.quick_runner:publish")
    app = upload(start("open"), small_csv())
    app.button(key="start").click().run()
    assert_good(app)
    assert "job" in app.query_params
    job = wait_until_ended()
    assert job.state == jobs.DONE
    assert job.spec["name"] == "wearers.csv"
    app.run()
    assert not app.exception
    assert app.title[0].value == "wearers\\.csv"
    assert "job" not in app.query_params


def test_a_job_that_fails_says_why_and_can_go_on(start, monkeypatch):
    monkeypatch.setenv("REVIEWSCAPE_JOB_RUNNER", "tests.pages.quick_runner:refuse")
    app = upload(start("open"), small_csv())
    app.button(key="start").click().run()
    job = wait_until_ended()
    assert job.state == jobs.FAILED
    app.run()
    assert_good(app)
    assert "is empty" in app.error[0].value
    assert f"resume_{job.id}" in {button.key for button in app.button}


def test_an_unknown_job_in_the_address(start):
    app = start("open", job="0" * 16)
    assert_good(app)


def test_delete_undo_and_bring_back(start, mine):
    app = start("open")
    app.button(key=f"delete_{mine}").click().run()
    assert_good(app)
    assert mine not in {info.id for info in library.list_analyses()}
    assert f"open_{mine}" not in {button.key for button in app.button}
    app.button(key="undo").click().run()
    assert_good(app)
    assert mine in {info.id for info in library.list_analyses()}
    app.button(key=f"delete_{mine}").click().run()
    again = start("open")
    again.button(key=f"restore_{mine}").click().run()
    assert_good(again)
    assert mine in {info.id for info in library.list_analyses()}


def test_rename_asks_with_the_name_of_now(start, mine):
    # AppTest reruns the whole app where a browser reruns the dialog alone: saving is a browser test's.
    app = start("open")
    app.button(key=f"rename_{mine}").click().run()
    assert not app.exception
    name = next(box for box in app.text_input if box.label == "Name")
    assert name.value == library.info(mine).name


def test_an_analysis_of_the_library_opens(start, mine):
    other = next(info for info in library.list_analyses() if info.sample == "coffee")
    app = start("open")
    app.button(key=f"open_{other.id}").click().run()
    assert not app.exception
    assert app.title[0].value == "Sample coffee"
    assert app.query_params["a"] == other.id


def test_the_name_of_the_hostile_analysis_is_shown_as_it_is(start):
    app = start("open")
    shown = [element.value for element in app.markdown]
    assert any("\\<script\\>" in value for value in shown)
    assert NAME in library.list_analyses()[0].name

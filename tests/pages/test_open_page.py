from __future__ import annotations

import pytest

from pipelines import job_limits, job_row, jobs
from pipelines.store import library
from tests.pages.conftest import NAME, assert_good, follow, words
from tests.pages.uploads import drop, keys, sentence, small_csv, upload, wait_until_ended


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
    assert app.error or app.success or app.warning


def test_a_hostile_name_and_hostile_columns(start):
    content = small_csv().replace(b"shop", b"<script>alert(1)</script>").replace(b"user", b"![x](http://a.invalid)")
    app = upload(start("open"), content, "<script>window.hacked=1</script>.csv")
    assert_good(app)


def test_several_files_become_one_analysis(start, monkeypatch):
    monkeypatch.setenv("REVIEWSCAPE_JOB_RUNNER", "tests.pages.quick_runner:publish")
    files = {"spring.csv": small_csv(14), "summer.csv": small_csv(9), "autumn.csv": small_csv(5)}
    app = drop(start("open"), files)
    assert_good(app)
    assert "3 files" in sentence(app)
    assert "28 reviews" in sentence(app)
    app.button(key="start").click().run()
    job = wait_until_ended()
    assert job.spec["name"] == "spring.csv + 2"
    assert [one["name"] for one in job.spec["uploads"]] == list(files)
    assert len({one["path"] for one in job.spec["uploads"]}) == 3


def test_files_too_large_together_are_refused_with_the_other_way(start, monkeypatch):
    monkeypatch.setenv("REVIEWSCAPE_MAX_FILE_MB", "1")
    half = small_csv() + b"x" * (700 << 10)
    app = drop(start("open"), {"a.csv": half, "b.csv": half + b"y"})
    assert_good(app)
    assert "python -m pipelines analyze" in app.error[0].value
    assert "start" not in keys(app)
    drop(app, {"a.csv": small_csv()})
    assert_good(app)
    assert not app.error
    assert not app.button(key="start").disabled


def test_files_taken_away_are_forgotten(start):
    app = upload(start("open"), small_csv())
    assert app.success
    drop(app, {})
    assert_good(app)
    assert not app.success
    assert "start" not in keys(app)


def test_a_page_in_between_keeps_file_and_corrections(start):
    app = upload(start("open"), small_csv())
    app.selectbox(key="fix_text").select("user").run()
    app.selectbox(key="expert_kind").select("st").run()
    app.text_input(key="expert_st").input("intfloat/multilingual-e5-small").run()
    app.number_input(key="expert_dim").set_value(128).run()
    app.switch_page("pages/main/check.py").run()
    app.switch_page("pages/main/open.py").run()
    assert_good(app)
    assert "“user”" in sentence(app)
    assert app.selectbox(key="fix_text").value == "user"
    assert app.selectbox(key="expert_kind").value == "st"
    assert app.text_input(key="expert_st").value == "intfloat/multilingual-e5-small"
    assert app.number_input(key="expert_dim").value == 128
    assert "wearers\\.csv" in words(app)
    app.button(key="upload_remove").click().run()
    assert_good(app)
    assert "start" not in keys(app)


def test_other_files_have_no_corrections(start):
    app = upload(start("open"), small_csv())
    app.selectbox(key="fix_text").select("user").run()
    drop(app, {"other.csv": small_csv(9)})
    assert_good(app)
    assert "“review”" in sentence(app)


def test_a_failed_job_leads_back_to_the_file(start, monkeypatch):
    monkeypatch.setenv("REVIEWSCAPE_JOB_RUNNER", "tests.pages.quick_runner:refuse")
    app = upload(start("open"), small_csv())
    app.selectbox(key="fix_text").select("user").run()
    app.button(key="start").click().run()
    assert wait_until_ended().state == jobs.FAILED
    app.run()
    next(button for button in app.button if "Back to the file" in button.label).click().run()
    assert_good(app)
    assert "“user”" in sentence(app)


def test_start_to_overview(start, monkeypatch):
    monkeypatch.setenv("REVIEWSCAPE_JOB_RUNNER", "tests.pages.quick_runner:publish")
    app = upload(start("open"), small_csv())
    app.button(key="start").click().run()
    assert_good(app)
    assert "job" in app.query_params
    job = wait_until_ended()
    assert job.state == jobs.DONE
    assert job.spec["name"] == "wearers.csv"
    follow(app.run())
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


def test_after_a_restart_an_interrupted_analysis_goes_on_by_one_click(start, monkeypatch):
    monkeypatch.setenv("REVIEWSCAPE_JOB_RUNNER", "tests.pages.quick_runner:die_once")
    jobs.submit({"uploads": [], "name": "wearers.csv"})
    job = wait_until_ended()
    assert job.state == jobs.INTERRUPTED
    # A session that knows nothing of it, as after the server was started anew.
    app = start("open")
    assert_good(app)
    assert "was interrupted" in app.warning[0].value
    assert {f"resume_{job.id}", f"discard_{job.id}"} <= keys(app)
    app.button(key=f"resume_{job.id}").click().run()
    assert_good(app)
    assert app.query_params["job"] == job.id
    done = wait_until_ended()
    assert (done.id, done.state, done.attempt) == (job.id, jobs.DONE, 2)
    follow(app.run())
    assert not app.exception
    assert app.title[0].value == "wearers\\.csv"


def test_one_interrupted_again_is_told_what_may_be_lacking(start):
    job_id = jobs.submit({"uploads": [], "name": "wearers.csv"}, start=False)
    jobs.use(lambda c: c.execute("UPDATE jobs SET state = ?, attempt = 2 WHERE id = ?", (jobs.INTERRUPTED, job_id)))
    app = start("open")
    assert_good(app)
    assert any("may lack memory" in caption.value for caption in app.caption)
    app.button(key=f"discard_{job_id}").click().run()
    assert jobs.list_interrupted() == []


def test_why_a_job_was_ended_names_the_stage_in_plain_words(start):
    job_id = jobs.submit({"uploads": [], "name": "wearers.csv"}, start=False)
    why = job_row.failed(*job_limits.too_large("projection"))
    jobs.use(lambda c: c.execute("UPDATE jobs SET state = ?, error = ? WHERE id = ?", (jobs.FAILED, why, job_id)))
    app = start("open", job=job_id)
    assert_good(app)
    assert "Drawing the map" in app.error[0].value and "fewer rows" in app.error[0].value
    assert f"resume_{job_id}" in keys(app)


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
    follow(app.button(key=f"open_{other.id}").click().run())
    assert not app.exception
    assert app.title[0].value == "Sample coffee"
    assert app.query_params["a"] == other.id


def test_the_name_of_the_hostile_analysis_is_shown_as_it_is(start):
    app = start("open")
    shown = [element.value for element in app.markdown]
    assert any("\\<script\\>" in value for value in shown)
    assert NAME in library.list_analyses()[0].name

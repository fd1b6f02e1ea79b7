"""A draft on the pages: its mark, what waits for the full map, and how the full map takes its place."""

from __future__ import annotations

import json
import os
import time
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from pages.ui import share_parts
from pipelines import jobs, processes
from pipelines.store import database, library
from tests import sample_bundle
from tests.conftest import ROOT
from tests.pages.conftest import N, assert_good, at_address, follow, words
from tests.pages.uploads import keys

BY_TOPIC_AND_LANGUAGE = json.dumps([["cluster", "is", 1], ["language", "is", "en"]])
FAILURE = {"template": "The provider {name} is down.", "values": {"name": "<b>x</b>"}, "kind": "E", "exit_code": 3}


def parts(*, draft: bool, seed: int = 5):
    made = sample_bundle.parts(N, seed)
    return replace(made, config={**made.config, "draft": draft})


@pytest.fixture
def job(mine, home) -> str:
    """A job at work that has published a draft: its id, which is its analysis's too."""
    upload = home / "uploads" / "x.upload"
    upload.parent.mkdir()
    upload.write_text("review\nfine\n")
    spec = {"uploads": [{"path": str(upload), "name": "x.csv"}], "name": "x.csv", "config": {}}
    job_id = jobs.submit(spec, start=False)
    change(job_id, state=jobs.RUNNING, stage="embedding", done=3200, total=14427, rate=610.0, percent=21.0)
    change(job_id, texts=14427, note="tokens=402118 cached=1020", pid=os.getpid(), place=processes.place())
    change(job_id, pid_start=processes.started(os.getpid()), started=time.time())
    library.create("x.csv", analysis_id=job_id)
    jobs.announce(job_id, job_id, library.publish(job_id, parts(draft=True)).path)
    return job_id


def change(job_id: str, **columns: object) -> None:
    names = ", ".join(f"{name} = ?" for name in columns)
    jobs.use(lambda c: c.execute(f"UPDATE jobs SET {names} WHERE id = ?", (*columns.values(), job_id)))


def finish(job_id: str) -> None:
    """The full map is there, and the job ended."""
    library.publish(job_id, parts(draft=False, seed=9))
    change(job_id, state=jobs.DONE, percent=100.0, finished=time.time())


def shown_draft(app) -> bool:
    return "A quick sketch" in words(app)


def fresh(**query: str) -> AppTest:
    """A session that has seen no page yet."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    app.session_state["language"] = "en"
    for name, value in query.items():
        app.query_params[name] = value
    return app


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("page", ["overview", "map", "check", "share"])
def test_every_page_marks_a_draft_and_says_how_far_the_full_map_is(start, job, page, language):
    app = start(page, a=job, language=language)
    assert_good(app)
    assert "21 %" in words(app)
    assert app.query_params["b"] == library.latest_bundle(job).name[:12]


def test_a_full_map_has_no_mark(start, mine):
    app = start()
    assert not shown_draft(app)
    assert "b" not in app.query_params


def test_the_overview_takes_the_full_map_by_itself(start, job):
    app = start(a=job, f=BY_TOPIC_AND_LANGUAGE, s="1-60")
    assert shown_draft(app)
    finish(job)
    app.run()
    assert_good(app)
    assert not shown_draft(app)
    assert json.loads(app.query_params["f"]) == [["language", "is", "en"]]
    assert app.query_params["s"] == "1-60"
    assert "b" not in app.query_params
    assert "the filter by topic was taken away" in app.toast[0].value
    app.run()
    assert not app.toast


def test_the_map_waits_until_the_person_asks_for_the_full_one(start, job):
    app = start("map", a=job, f=BY_TOPIC_AND_LANGUAGE)
    finish(job)
    app.run()
    assert_good(app)
    assert "The full map is ready" in words(app)
    assert json.loads(app.query_params["f"]) == json.loads(BY_TOPIC_AND_LANGUAGE)
    app.switch_page("pages/main/check.py").run()
    assert "The full map is ready" in words(app)
    app.switch_page("pages/main/map.py").run()
    app.button(key="draft_leave").click().run()
    assert_good(app)
    assert not shown_draft(app)
    assert json.loads(app.query_params["f"]) == [["language", "is", "en"]]
    assert "b" not in app.query_params


def test_an_address_of_the_draft_says_which_topics_it_means(job, monkeypatch):
    monkeypatch.chdir(ROOT)
    draft = library.latest_bundle(job).name
    finish(job)
    app = at_address(fresh(a=job, f=BY_TOPIC_AND_LANGUAGE, b=draft[:12]), "map")
    assert_good(app)
    assert "The full map is ready" in words(app)
    for other in ("0" * 12, "../../etc", draft):
        app = at_address(fresh(a=job, b=other), "map")
        assert_good(app)
        assert not shown_draft(app)
        assert "b" not in app.query_params


def test_another_analysis_is_no_draft(start, job, mine):
    app = start("open", a=job)
    app.button(key=f"open_{mine}").click().run()
    assert_good(app)
    assert not shown_draft(app)
    assert "b" not in app.query_params


def test_units_that_are_others_are_not_selected(start, job):
    app = start(a=job, s="1-60")
    made = sample_bundle.parts(N - 20)
    library.publish(job, made)
    change(job, state=jobs.DONE)
    app.run()
    assert_good(app)
    assert "s" not in app.query_params


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"state": jobs.FAILED, "error": json.dumps(FAILURE)}, "The provider <b>x</b> is down."),
        ({"state": jobs.CANCELLED}, "was stopped"),
        ({"state": jobs.INTERRUPTED}, "was interrupted"),
    ],
    ids=["failed", "cancelled", "interrupted"],
)
def test_a_full_map_that_did_not_come_can_be_finished(start, job, monkeypatch, columns, said):
    monkeypatch.setenv("REVIEWSCAPE_JOB_RUNNER", "tests.pages.quick_runner:publish")
    change(job, **columns)
    app = start("map", a=job)
    assert_good(app)
    assert said in words(app).replace("\\", "")
    app.button(key="draft_finish").click().run()
    assert_good(app)
    end = time.monotonic() + 120
    while (now := jobs.get(job)).is_active:
        assert time.monotonic() < end
        time.sleep(0.1)
    assert (now.state, now.attempt) == (jobs.DONE, 2)
    app.run()
    assert "The full map is ready" in words(app)


def test_that_it_cannot_be_finished_is_said(start, job, monkeypatch):
    def refuse(*_given: object, **_more: object) -> None:
        raise database.CannotWrite("{path} cannot be written.", path="jobs.db")

    change(job, state=jobs.CANCELLED)
    app = start("map", a=job)
    monkeypatch.setattr(jobs, "resume", refuse)
    app.button(key="draft_finish").click().run()
    assert not app.exception
    assert any("cannot be written" in toast.value.replace("\\", "") for toast in app.toast)


def test_without_its_file_or_its_job_a_draft_says_to_open_the_file(start, job, home):
    change(job, state=jobs.CANCELLED)
    (home / "uploads" / "x.upload").unlink()
    other = library.create("made by a command")
    library.publish(other, parts(draft=True))
    for analysis in (job, other):
        app = start("map", a=analysis)
        assert_good(app)
        assert "open the file once more" in words(app)
        assert "draft_finish" not in keys(app)


def test_links_wait_for_the_full_map(start, job):
    app = start("share", a=job)
    assert_good(app)
    assert "Links and edits wait for the full map" in words(app)
    assert "make_link" not in keys(app)
    finish(job)
    app.run()
    assert "make_link" in keys(app)
    assert "Links and edits wait" not in words(app)


def test_the_file_of_a_draft_says_so(start, job):
    app = start("share", a=job, n="Look <b>here</b>")
    app.button(key="prepare_file").click().run()
    assert_good(app)
    content = share_parts._report(*app.session_state["report"], None, None).page
    assert "Draft: a quick sketch." in content
    assert "Look \\u003cb\\u003ehere" in content
    assert "says that it is a draft" in words(app)


def test_the_library_marks_a_draft_and_deleting_it_stops_its_job(start, job, mine):
    app = start("open")
    assert sum(":orange-badge[draft]" in element.value for element in app.markdown) == 1
    app.button(key=f"delete_{job}").click().run()
    assert_good(app)
    assert jobs.get(job).is_cancelling
    app.button(key="undo").click().run()
    assert job in {info.id for info in library.list_analyses()}


def test_who_waits_for_an_analysis_is_led_to_its_draft_once(start, job):
    app = follow(start("open", job=job))
    assert_good(app)
    assert shown_draft(app)
    assert app.query_params["a"] == job
    app.switch_page("pages/main/open.py").run()
    assert_good(app)
    assert "3,200 of 14,427 texts · 610 texts/s · 402,118 tokens · 1,020 already known" in words(app)
    follow(app.button(key=f"look_{job}").click().run())
    assert shown_draft(app)
    app.switch_page("pages/main/open.py").run()
    assert app.title[0].value == "Open a file of reviews"
    finish(job)
    app.run()
    assert_good(app)
    assert app.title[0].value == "Open a file of reviews"
    assert "job" not in app.query_params


def test_who_comes_for_another_file_is_led_nowhere_unasked(start, job):
    app = start("open")
    assert_good(app)
    assert app.title[0].value == "Open a file of reviews"
    follow(app.button(key=f"look_{job}").click().run())
    assert shown_draft(app)
    assert app.query_params["a"] == job


def test_a_deleted_draft_is_not_gone_to(start, job):
    library.delete(job)
    app = start("open", job=job)
    assert_good(app)
    assert app.title[0].value == "Open a file of reviews"
    assert f"look_{job}" not in keys(app)


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"note": ""}, "3,200 of 14,427 texts · 610 texts/s"),
        ({"note": "x=y tokens=0", "rate": 0.4}, "3,200 of 14,427 texts · 0.4 texts/s"),
        ({"stage": "draft", "done": 40, "total": 100, "note": "", "rate": None}, "The full map follows."),
        ({"stage": "topics", "done": 0, "total": 1, "rate": 610.0}, "Step 6 of 9"),
    ],
)
def test_the_card_of_a_job_says_what_is_known(start, job, columns, said):
    library.delete(job)
    change(job, **columns)
    app = start("open", job=job)
    assert_good(app)
    assert said in [caption.value for caption in app.caption] or any(
        caption.value.endswith(said) for caption in app.caption
    )

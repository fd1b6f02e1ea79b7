"""The Lab page's two jobs: what is shown before one, while it runs and after it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from pages.ui import lab_adapt
from pipelines import jobs, settings
from pipelines.errors import UnusableInput
from pipelines.lab import adapted, compared, two_models
from pipelines.lab.adapted import Adapted
from pipelines.lab.adapting import AdaptConfig
from pipelines.lab.held_back import Change
from pipelines.lab.kinds import ADAPT, COMPARE
from pipelines.store import acting, durable, library
from pipelines.store.reader import open_bundle
from tests.lab import made
from tests.pages.conftest import assert_good
from tests.pages.test_lab import lab, words

__all__ = ["lab"]
Open = Callable[..., AppTest]


@pytest.fixture(autouse=True)
def _no_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """A job that is queued stays queued: what a worker does is tried elsewhere."""
    monkeypatch.setattr(jobs, "pump", list)


def a_model(analysis: str, bundle: str, **more: object) -> Adapted:
    folder = settings.home() / "models" / "adapted" / f"made-{analysis[:8]}"
    folder.mkdir(parents=True, exist_ok=True)
    one = Adapted(
        name=f"st:{folder}",
        source="bundled",
        analysis=analysis,
        bundle=bundle,
        created="2026-01-01T00:00:00+00:00",
        learned=400,
        confirmed=3,
        held=150,
        column="rating",
        seconds=130.0,
        losses=(1.0, 0.5),
        halves=Change(0.30, 0.42, 0.05, 0.19, 150),
        same=Change(0.50, 0.50, -0.02, 0.02, 150),
        groups=((0.10, 0.12, 0.14), (0.11, 0.13, 0.15)),
    )
    one = Adapted(**{**vars(one), **more})  # type: ignore[arg-type]
    durable.replace_file(folder.with_suffix(".json"), durable.json_bytes(asdict(one)))
    return one


def test_a_second_model_is_asked_for_and_its_result_is_shown(lab: Open) -> None:
    app = lab("Two models")
    assert_good(app)
    app.selectbox("lab_second_model").set_value("lexical").run()
    app.button("lab_compare").click().run()
    assert_good(app)
    (job,) = [job for job in jobs.list_active() if job.spec["kind"] == COMPARE]
    assert job.spec["other"] == "lexical"
    assert "it goes on" in words(app)
    app.button(f"lab_stop_{job.id}").click().run()
    app.run()
    assert "Stopped; nothing was kept." in words(app)
    analysis = str(job.spec["analysis_id"])
    bundle = library.bundles(analysis)[-1]
    random = np.random.default_rng(0)
    units = np.arange(120)
    maps = [random.normal(size=(120, 2)).astype(np.float32) for _ in range(2)]
    first = random.normal(size=(120, 8)).astype(np.float32)
    found = two_models.compare(units, first, first[::-1].copy(), *maps, again=maps[0])
    compared.keep(analysis, open_bundle(library.bundle_path(analysis, bundle.id)), "lexical", found)
    app.run()
    assert_good(app)
    assert "made anew moves 0.00" in words(app)
    assert app.metric[0].label == "Nearest that both give"
    moved = next(one.value for one in app.dataframe if "Moved" in one.value)
    assert len(moved) == 50


def test_another_analysis_of_the_same_texts_is_compared_at_once(lab: Open) -> None:
    analysis = library.create("the same, elsewhere")
    library.publish(analysis, made.parts(120))
    app = lab("Two models")
    app.segmented_control("lab_models_way").set_value("analysis").run()
    app.selectbox("lab_second_analysis").set_value(analysis).run()
    assert_good(app)
    assert app.metric[0].value == "100%"
    assert "not measured between two analyses" in words(app)


def test_one_that_was_interrupted_is_started_again_by_one_click_in_any_session(lab: Open) -> None:
    app = lab("Two models")
    app.selectbox("lab_second_model").set_value("lexical").run()
    app.button("lab_compare").click().run()
    (job,) = jobs.list_active()
    jobs.use(lambda c: c.execute("UPDATE jobs SET state = ? WHERE id = ?", (jobs.INTERRUPTED, job.id)))
    del app.session_state["lab_jobs_started"]
    app.run()
    assert_good(app)
    assert "It starts over: half of it is not kept." in words(app)
    app.button(f"lab_again_{job.id}").click().run()
    assert_good(app)
    assert [(one.id, one.attempt, one.state) for one in jobs.list_active()] == [(job.id, 2, jobs.QUEUED)]
    app.button(f"lab_stop_{job.id}").click().run()
    app.run()
    assert "Stopped; nothing was kept." in words(app)


def test_who_only_signed_in_takes_listed_models_alone(lab: Open) -> None:
    lab("Two models")
    analysis = next(info.id for info in library.list_analyses() if info.name == "kitchen")
    bundle = open_bundle(library.bundle_path(analysis, library.bundles(analysis)[-1].id))
    theirs = a_model(analysis, bundle.id)
    with acting.acting_as("a" * acting.ID_CHARS):
        for name in ("lexical", theirs.name):
            assert compared.spec(analysis, bundle, name)["other"] == name
        for name in ("st:/etc", "st:someone/model", "dashscope:text-embedding-v4"):
            with pytest.raises(UnusableInput, match="Only the person at the machine"):
                compared.spec(analysis, bundle, name)
        with pytest.raises(UnusableInput, match="Only the person at the machine"):
            adapted.spec(analysis, bundle, "bundled", "", AdaptConfig())
    assert compared.spec(analysis, bundle, "st:/etc")["other"] == "st:/etc"


def test_a_file_can_be_too_small_to_learn_from(lab: Open) -> None:
    app = lab("Adapt a model")
    assert_good(app)
    assert "at least 150 different reviews" in words(app)


def test_adapting_is_a_job_that_can_be_stopped(lab: Open) -> None:
    app = lab("Adapt a model", parts=made.parts(240))
    assert_good(app)
    assert "nothing is confirmed yet" in words(app)
    next(button for button in app.button if button.label == "Adapt a copy").click().run()
    assert_good(app)
    (job,) = [job for job in jobs.list_active() if job.spec["kind"] == ADAPT]
    assert job.spec["column"] == "rating" and job.spec["config"]["pairs"] == "parts"
    app.button(f"lab_stop_{job.id}").click().run()
    app.run()
    assert "Stopped; nothing was kept." in words(app)


def test_what_an_adapted_model_gained_is_told_and_it_is_taken_or_deleted(lab: Open) -> None:
    app = lab("Adapt a model", parts=made.parts(240))
    analysis = next(info.id for info in library.list_analyses() if info.name == "kitchen")
    one = a_model(analysis, library.bundles(analysis)[-1].id)
    app.run()
    assert_good(app)
    said = words(app)
    assert "by the column no gain is sure" in said and "3 confirmed pairs" in said
    figures = next(one.value for one in app.dataframe if "Gain (95 % interval)" in one.value)
    assert figures["Gain (95 % interval)"].tolist()[1] == "12.0 points (5.0 … 19.0)"
    app.button(f"lab_use_{one.folder.name}").click().run()
    assert "Chosen for your next file." in words(app)
    app.button(f"lab_delete_{one.folder.name}").click().run()
    assert adapted.made_for(analysis) == [] and not Path(one.folder).exists()


def test_a_verdict_needs_to_be_sure() -> None:
    up, down, even = Change(0.3, 0.4, 0.05, 0.15, 9), Change(0.4, 0.3, -0.15, -0.05, 9), Change(0.3, 0.3, -0.1, 0.1, 9)
    told = {}
    for name, same, halves in (("b", up, even), ("w", even, down), ("m", up, down), ("e", even, None), ("h", even, up)):
        fields = dict.fromkeys(Adapted.__dataclass_fields__)
        told[name] = lab_adapt.verdict_of(Adapted(**{**fields, "same": same, "halves": halves}))  # type: ignore[arg-type]
    assert told == {"b": "better", "w": "worse", "m": "mixed", "e": "even", "h": "halves"}


def test_the_open_page_does_not_follow_the_labs_jobs(start: Open, mine: str) -> None:
    bundle = open_bundle(library.bundle_path(mine, library.bundles(mine)[-1].id))
    jobs.submit(compared.spec(mine, bundle, "lexical"))
    app = start("open")
    assert_good(app)
    assert not [button for button in app.button if (button.key or "").startswith("cancel_")]

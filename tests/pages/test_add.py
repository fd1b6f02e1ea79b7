"""Adding reviews in the dashboard: from the file to what became of it, made by a real worker, and back again."""

from __future__ import annotations

import csv
import io
import time
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pipelines import jobs, runner
from pipelines.progress import silent
from pipelines.store import library
from tests import made_reviews, sample_bundle
from tests.add.conftest import fresh
from tests.conftest import ROOT
from tests.pages.conftest import assert_good, follow, words

TIMEOUT_S = 120
N = 60

pytestmark = [
    # UMAP says at its import that TensorFlow, which its parametric variant wants, is not there.
    pytest.mark.filterwarnings("ignore:Tensorflow not installed:ImportWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning:(jieba|snownlp|hdbscan|umap)"),
]


@pytest.fixture
def analysis(home: Path, monkeypatch) -> str:
    """A library with the samples and one small real analysis."""
    monkeypatch.chdir(ROOT)
    sample_bundle.stand_in(30)
    path = made_reviews.write(home / "first.csv", made_reviews.table(made_reviews.english(N)))
    spec = {"uploads": [{"path": str(path), "name": "first.csv"}], "name": "<b>first</b>", "job_id": "0123456789abcdef"}
    return runner.run_job({**spec, "draft_first": False}, silent)["analysis_id"]


def open_page(analysis: str, page: str, language: str = "en") -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=TIMEOUT_S)
    app.session_state["language"] = language
    app.query_params["a"] = analysis
    app.run()
    return app if page == "overview" else app.switch_page(f"pages/main/{page}.py").run()


def content(rows: list[dict[str, object]]) -> bytes:
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue().encode()


def drop(app: AppTest, rows: list[dict[str, object]]) -> AppTest:
    app.file_uploader(key="add_upload").set_value([("week.csv", content(rows), "")]).run()
    return app


def wait(app: AppTest) -> AppTest:
    """Until the job has ended and the page has seen it."""
    end = time.monotonic() + TIMEOUT_S
    while any(job.is_active for job in jobs.list_recent()):
        assert time.monotonic() < end
        time.sleep(0.2)
    return app.run()


def test_from_a_file_to_what_became_of_it_and_back(analysis):
    app = open_page(analysis, "overview")
    assert_good(app)
    app = follow(app.button(key="add_reviews").click().run())
    repeated = made_reviews.table(made_reviews.english(N))[:4]
    drop(app, [*repeated, *fresh(12)])
    assert_good(app)
    assert "16 reviews · review text = “review”" in words(app)
    assert app.checkbox(key="add_skip_known").value is True
    app.button(key="add_start").click().run()
    app = follow(wait(app))
    assert_good(app)
    assert "12 reviews added" in app.expander[0].label
    assert "4 rows were in the analysis already" in words(app)
    assert [info.rows for info in library.bundles(analysis)] == [N, N + 12]
    app.button(key="read_new").click().run()
    assert_good(app)

    app = open_page(analysis, "overview")
    app.button(key="take_back").click().run()
    assert_good(app)
    assert "as it was before" in words(app)
    assert [info.rows for info in library.bundles(analysis)] == [N]
    app.button(key="bring_back").click().run()
    assert [info.rows for info in library.bundles(analysis)] == [N, N + 12]

    app = follow(app.button(key="refit").click().run())
    assert "Making the map anew" in words(app)
    app = follow(wait(app))
    assert_good(app)
    assert "made anew" in app.expander[0].label


def test_nothing_new_cannot_be_added(analysis):
    app = open_page(analysis, "add")
    drop(app, made_reviews.table(made_reviews.english(N))[:4])
    assert_good(app)
    assert app.button(key="add_start").disabled
    assert "nothing to add" in words(app)


def test_a_file_without_text_says_so_and_lets_choose(analysis):
    app = open_page(analysis, "add")
    drop(app, [{"id": i, "price": i * 3} for i in range(30)])
    assert_good(app)
    assert app.button(key="add_start").disabled
    assert app.error
    assert app.selectbox(key="add_text_choice").options == ["id", "price"]


def test_the_page_speaks_chinese_and_a_draft_takes_no_reviews(home, monkeypatch, analysis):
    app = open_page(analysis, "add", "zh")
    assert_good(app)
    draft = library.create("draft")
    parts = sample_bundle.parts(30)
    parts.config["draft"] = True
    library.publish(draft, parts)
    app = open_page(draft, "add")
    assert_good(app)
    assert "This is a draft" in words(app)
    assert not app.get("file_uploader")

"""Next week's file in a real browser, with a real worker: dropped, added, told on the Overview, taken back."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from pipelines import runner
from pipelines.progress import silent
from pipelines.store import library
from tests import made_reviews, sample_bundle
from tests.add.conftest import fresh
from tests.browser.test_map import IDLE

pytestmark = [
    pytest.mark.browser,
    # UMAP says at its import that TensorFlow, which its parametric variant wants, is not there.
    pytest.mark.filterwarnings("ignore:Tensorflow not installed:ImportWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning:(jieba|snownlp|hdbscan|umap)"),
]

WAIT_MS = 60_000
WORK_MS = 300_000


@pytest.fixture
def analysis(home: Path) -> str:
    """A small real analysis beside the samples."""
    for key in ("hotels", "coffee", "app"):
        library.publish(library.create(f"Sample {key}", sample=key), sample_bundle.parts(80))
    path = made_reviews.write(home / "first.csv", made_reviews.table(made_reviews.english(60)))
    spec = {"uploads": [{"path": str(path), "name": "first.csv"}], "name": "wearers", "job_id": "0123456789abcdef"}
    return runner.run_job({**spec, "draft_first": False}, silent)["analysis_id"]


def at_rest(page: Page) -> None:
    page.wait_for_selector(IDLE, timeout=WAIT_MS)
    page.wait_for_timeout(300)
    page.wait_for_selector(IDLE, timeout=WAIT_MS)


def test_next_weeks_file_is_added_and_taken_back(page: Page, start_app, home: Path, analysis: str, tmp_path: Path):
    url = start_app(home)
    week = made_reviews.write(tmp_path / "week.csv", fresh(12))
    page.goto(f"{url}/?a={analysis}")
    page.wait_for_selector(".st-key-add_reviews", timeout=WAIT_MS)
    at_rest(page)
    page.locator(".st-key-add_reviews button").first.click()
    page.wait_for_selector(".st-key-add_zone", timeout=WAIT_MS)
    at_rest(page)
    page.locator("input[type=file]").set_input_files(week)
    expect(page.locator("[data-testid=stAlert]").first).to_contain_text("12 reviews", timeout=WAIT_MS)
    at_rest(page)
    page.locator(".st-key-add_start button").first.click()
    changed = page.locator(".st-key-last_change")
    expect(changed).to_contain_text("12 reviews added", timeout=WORK_MS)
    expect(page.locator("[data-testid=stMetricValue]").first).to_have_text("72", timeout=WAIT_MS)
    at_rest(page)
    page.locator(".st-key-take_back button").first.click()
    expect(page.locator(".st-key-taken_back")).to_be_visible(timeout=WAIT_MS)
    expect(page.locator("[data-testid=stMetricValue]").first).to_have_text("60", timeout=WAIT_MS)

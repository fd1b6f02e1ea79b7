"""Next week's file in a real browser, with a real worker: dropped, added, told on the Overview, taken back."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from pipelines import runner
from pipelines.progress import silent
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


N = 100


@pytest.fixture
def first() -> list[dict[str, object]]:
    """The rows of the first map, all different: of few distinct ones none is far."""
    rows = made_reviews.table(made_reviews.english(N))
    return [{**row, "review": f"{row['review']} Number {i}."} for i, row in enumerate(rows)]


@pytest.fixture
def analysis(home: Path, first: list[dict[str, object]]) -> str:
    """A small real analysis beside the samples."""
    sample_bundle.stand_in(80)
    path = made_reviews.write(home / "first.csv", first)
    spec = {"uploads": [{"path": str(path), "name": "first.csv"}], "name": "wearers", "job_id": "0123456789abcdef"}
    return runner.run_job({**spec, "draft_first": False}, silent)["analysis_id"]


def at_rest(page: Page) -> None:
    page.wait_for_selector(IDLE, timeout=WAIT_MS)
    page.wait_for_timeout(300)
    page.wait_for_selector(IDLE, timeout=WAIT_MS)


def week(first: list[dict[str, object]]) -> list[dict[str, object]]:
    """Four rows that are there already, twelve like those before, and 21 of a subject that nobody wrote about."""
    kinds = (
        "The invoice",
        "The bill",
        "My invoice",
        "Billing",
        "The receipt",
        "The payment page",
        "The card statement",
    )
    faults = (
        "charged me twice in March and the refund is still missing.",
        "shows the wrong amount of tax and accounting refuses it.",
        "has somebody else's address on it, which is plain fraud.",
    )
    rows = made_reviews.table([f"{kind} {fault}" for kind in kinds for fault in faults], 5)
    return [*first[:4], *fresh(12), *({**row, "user": f"payer{i}"} for i, row in enumerate(rows))]


def test_next_weeks_file_is_added_taken_back_shown_again_and_made_anew(
    page: Page, start_app, home: Path, analysis: str, first: list[dict[str, object]], tmp_path: Path
):
    url = start_app(home)
    file = made_reviews.write(tmp_path / "week.csv", week(first))
    reviews = page.locator("[data-testid=stMetricValue]").first
    page.goto(f"{url}/?a={analysis}")
    page.wait_for_selector(".st-key-add_reviews", timeout=WAIT_MS)
    at_rest(page)
    page.locator(".st-key-add_reviews button").first.click()
    page.wait_for_selector(".st-key-add_zone", timeout=WAIT_MS)
    at_rest(page)
    page.locator("input[type=file]").set_input_files(file)
    expect(page.locator("[data-testid=stAlert]").first).to_contain_text("37 reviews", timeout=WAIT_MS)
    at_rest(page)
    expect(page.get_by_text("Leave out 4 rows")).to_be_visible()
    page.locator(".st-key-add_start button").first.click()
    changed = page.locator(".st-key-last_change")
    expect(changed).to_contain_text("33 reviews added", timeout=WORK_MS)
    expect(changed).to_contain_text("4 rows were in the analysis already")
    expect(reviews).to_have_text(str(N + 33), timeout=WAIT_MS)
    at_rest(page)
    forming = page.locator(".st-key-forming_0")
    expect(forming).to_contain_text("A new topic may be forming")
    forming.locator("button").first.click()
    expect(page.locator("[role=dialog]")).to_contain_text("payer", timeout=WAIT_MS)
    page.keyboard.press("Escape")
    at_rest(page)
    page.locator(".st-key-take_back button").first.click()
    expect(page.locator(".st-key-taken_back")).to_be_visible(timeout=WAIT_MS)
    expect(reviews).to_have_text(str(N), timeout=WAIT_MS)
    at_rest(page)
    page.locator(".st-key-bring_back button").first.click()
    expect(reviews).to_have_text(str(N + 33), timeout=WAIT_MS)
    at_rest(page)
    if not page.locator(".st-key-refit").is_visible():
        changed.locator("summary").first.click()
    page.locator(".st-key-refit button").first.click()
    expect(page.locator(".st-key-last_change")).to_contain_text("made anew with all reviews", timeout=WORK_MS)
    expect(reviews).to_have_text(str(N + 33), timeout=WAIT_MS)

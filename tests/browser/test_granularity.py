"""The slider in a real browser: fewer topics by key, still there after a reload, taken back; a theme filters."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from pipelines.store import library
from tests import sample_bundle
from tests.browser.test_map import IDLE
from tests.granularity import planted

pytestmark = pytest.mark.browser

WAIT_MS = 60_000
THUMB = ".st-key-granularity input[type=range]"
TOPICS = "[class*=st-key-map_topic_]:not([class*=st-key-map_topic_-1])"


@pytest.fixture
def analysis(home: Path) -> str:
    sample_bundle.stand_in(30)
    analysis = library.create("planted")
    library.publish(analysis, planted.parts())
    return analysis


def open_map(page: Page) -> None:
    page.locator("[data-testid=stSidebarNavLink]", has_text="Map").click()
    page.wait_for_selector(THUMB, state="attached", timeout=WAIT_MS)
    page.wait_for_selector(IDLE, timeout=WAIT_MS)
    page.wait_for_timeout(300)
    page.wait_for_selector(IDLE, timeout=WAIT_MS)


def test_fewer_topics_by_key_stay_and_are_taken_back(page: Page, start_app, home: Path, analysis: str):
    url = start_app(home)
    page.goto(f"{url}/?a={analysis}")
    open_map(page)
    thumb, topics = page.locator(THUMB), page.locator(TOPICS)
    before = topics.count()
    expect(thumb).to_have_attribute("aria-valuetext", f"{before} topics · 100% (suggested)")
    thumb.focus()
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".st-key-granularity_undo")).to_be_visible(timeout=WAIT_MS)
    page.wait_for_selector(IDLE, timeout=WAIT_MS)
    fewer = str(thumb.get_attribute("aria-valuetext"))
    expect(topics).to_have_count(int(fewer.split()[0]), timeout=WAIT_MS)
    assert topics.count() < before

    page.reload()
    page.wait_for_selector(THUMB, state="attached", timeout=WAIT_MS)
    expect(thumb).to_have_attribute("aria-valuetext", fewer, timeout=WAIT_MS)
    expect(topics).to_have_count(int(fewer.split()[0]), timeout=WAIT_MS)

    page.locator(".st-key-granularity_undo button").first.click()
    expect(topics).to_have_count(before, timeout=WAIT_MS)
    expect(page.locator(".st-key-granularity_undo")).to_have_count(0, timeout=WAIT_MS)

"""What a chart can be taken along as, in a real browser: either kind of picture, a table; on a phone, in Chinese."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from pipelines.store import library
from tests import planted_effects, sample_bundle
from tests.browser.test_map import IDLE

pytestmark = pytest.mark.browser

WAIT_MS = 60_000
CHART = "[class*=st-key-sentiment_over_time] .js-plotly-plot"
PANEL = ".st-key-sentiment_periods_behind"


@pytest.fixture
def address(home: Path, start_app) -> str:
    sample_bundle.stand_in(80)
    analysis = library.create("planted")
    library.publish(analysis, planted_effects.parts())
    return f"{start_app(home)}/?a={analysis}"


def over_time(page: Page, address: str, tab: str) -> None:
    """The chart of sentiment over time, with what stands behind it open."""
    page.goto(address)
    page.get_by_role("tab", name=tab).click(timeout=WAIT_MS)
    expect(page.locator(f"{CHART} .main-svg").first).to_be_visible(timeout=WAIT_MS)
    page.locator(f"{PANEL} summary").click()
    expect(page.locator(".st-key-sentiment_periods_csv")).to_be_visible(timeout=WAIT_MS)
    page.wait_for_selector(IDLE, timeout=WAIT_MS)


def saved(page: Page) -> bytes:
    """What the chart's own button saves."""
    page.locator(CHART).hover()
    with page.expect_download(timeout=WAIT_MS) as download:
        page.locator(f"{CHART} .modebar-btn").click()
    assert download.value.suggested_filename.startswith("sentiment-over-time.")
    return Path(download.value.path()).read_bytes()


def test_a_chart_is_saved_as_either_kind_of_picture_and_as_a_table(page: Page, address: str):
    over_time(page, address, "Over time")
    assert saved(page).startswith(b"\x89PNG")
    page.locator(".st-key-sentiment_periods_picture").get_by_text("SVG").click()
    page.wait_for_selector(IDLE, timeout=WAIT_MS)
    page.wait_for_timeout(500)
    picture = saved(page)
    assert picture.startswith(b"<svg")
    assert b"2026" in picture or b"2025" in picture
    with page.expect_download(timeout=WAIT_MS) as download:
        page.locator(".st-key-sentiment_periods_csv button").click()
    assert download.value.suggested_filename == "sentiment-over-time.csv"
    assert Path(download.value.path()).read_text("utf-8-sig").startswith('"From","Reviews"')


def test_on_a_phone_in_chinese_dates_are_figures_and_nothing_is_wider_than_the_screen(chromium: Browser, address: str):
    page = chromium.new_page(locale="zh-CN", viewport={"width": 390, "height": 844})
    over_time(page, address, "随时间变化")
    ticks = page.locator(f"{CHART} .xtick text").all_text_contents()
    assert ticks
    assert all(re.fullmatch(r"\d{4}(-\d{2}){0,2}", tick) for tick in ticks), ticks
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.close()

"""Clicks on the charts of impact and trend, in a real browser: a point leads to its reviews."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import parse_qs, urlparse

import pytest
from playwright.sync_api import Page, expect

from pipelines.store import library
from tests import planted_effects, sample_bundle
from tests.browser.test_map import IDLE

pytestmark = pytest.mark.browser

WAIT_MS = 60_000
PLACE = """([chart, trace, point]) => {
  const plot = document.querySelector(`.st-key-${chart} .js-plotly-plot, [class*=st-key-${chart}] .js-plotly-plot`);
  const { xaxis, yaxis } = plot._fullLayout, box = plot.getBoundingClientRect(), data = plot._fullData[trace];
  return [box.left + xaxis._offset + xaxis.d2p(data.x[point]), box.top + yaxis._offset + yaxis.d2p(data.y[point])];
}"""


@pytest.fixture
def address(home: Path, start_app) -> str:
    sample_bundle.stand_in(80)
    analysis = library.create("planted")
    library.publish(analysis, planted_effects.parts())
    return f"{start_app(home)}/?a={analysis}"


def filters(page: Page) -> list:
    return json.loads(parse_qs(urlparse(page.url).query).get("f", ["[]"])[0])


def click(page: Page, chart: str, trace: int, point: int) -> None:
    page.wait_for_selector(IDLE)
    shown = page.locator(f"[class*=st-key-{chart}] .js-plotly-plot").first
    shown.scroll_into_view_if_needed()
    page.wait_for_timeout(800)
    page.mouse.click(*page.evaluate(PLACE, [chart, trace, point]))


def test_a_point_opens_its_topic_and_a_dot_its_time(page: Page, address: str):
    page.goto(address)
    expect(page.get_by_text("Fix first: grinder noise")).to_be_visible(timeout=WAIT_MS)
    click(page, "impact_chart", 0, 0)
    expect(page.locator(".st-key-opened_topic")).to_be_visible(timeout=WAIT_MS)
    assert filters(page) == [["cluster", "is", 0]]
    expect(page.get_by_text("Rising · ")).to_be_visible(timeout=WAIT_MS)
    click(page, "trend_0_share", 2, 3)
    expect(page.locator(".st-key-chip_1")).to_be_visible(timeout=WAIT_MS)
    column, op, (low, high) = filters(page)[1]
    assert (column, op) == ("date", "between")
    assert low < high

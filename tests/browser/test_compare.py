"""A cell of the grid clicked in a real browser, and the page on a phone."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from pipelines.store import library
from tests import sample_bundle
from tests.browser.test_map import IDLE

pytestmark = pytest.mark.browser

WAIT_MS = 60_000


@pytest.fixture
def address(home: Path, start_app) -> str:
    """A library with the samples and one analysis; the address of its Compare page."""
    sample_bundle.stand_in(80)
    analysis = library.create("compared")
    library.publish(analysis, sample_bundle.parts(300))
    return f"{start_app(home)}/compare?a={analysis}"


def ready(page: Page) -> None:
    page.wait_for_selector(".st-key-compare_grid .bars .point", timeout=WAIT_MS)
    page.wait_for_selector(IDLE, timeout=WAIT_MS)


def test_a_cell_opens_its_reviews_and_a_phone_needs_no_sideways_scroll(page: Page, address: str):
    # From the front page, as a person comes: a server that has shown no page yet knows none by its address.
    page.goto(address.replace("/compare", "/"))
    page.locator("[data-testid=stSidebarNavLink]", has_text="Compare").click()
    ready(page)
    cells = page.locator(".st-key-compare_grid .bars .point path")
    assert cells.count() == 3 * 5
    box = cells.nth(4).bounding_box()
    place = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    said = page.locator(".st-key-compare_grid .hoverlayer .hovertext")
    # Plotly listens a moment after it has drawn: what it says of the cell shows that it does.
    for step in range(60):
        page.mouse.move(place[0] + step % 2, place[1])
        page.wait_for_timeout(500)
        if said.count():
            break
    expect(said).to_contain_text("elsewhere")
    page.mouse.click(*place)
    expect(page.locator(".st-key-compare_cell")).to_be_visible(timeout=WAIT_MS)
    filters = json.loads(parse_qs(urlsplit(page.url).query)["f"][0])
    assert [item[0] for item in filters] == ["row:<b>shop</b>", "cluster"]
    # The grid stays whole, and the cell that is open is marked.
    ready(page)
    assert cells.count() == 3 * 5
    page.set_viewport_size({"width": 390, "height": 844})
    ready(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_text("Two groups side by side").click()
    expect(page.locator(".st-key-compare_map_A-frame .rsm[data-drawn]")).to_be_visible(timeout=WAIT_MS)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390

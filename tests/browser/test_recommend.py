"""A person on the map of people clicked in a real browser, and the page on a phone."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from pipelines.store import library
from tests import sample_bundle
from tests.recommend.planted import planted

pytestmark = pytest.mark.browser

WAIT_MS = 90_000


@pytest.fixture
def address(home: Path, start_app) -> str:
    """A library with the samples, an analysis with users and one without; its server."""
    sample_bundle.stand_in(40)
    library.publish(library.create("without people"), sample_bundle.parts(40))
    analysis = library.create("people")
    library.publish(analysis, planted()[0])
    return f"{start_app(home)}/?a={analysis}"


def test_a_dot_opens_the_person_and_a_phone_needs_no_sideways_scroll(page: Page, address: str):
    page.goto(address)
    entry = page.locator("[data-testid=stSidebarNavLink]", has_text="Recommend")
    entry.click()
    expect(page.get_by_text("Why <b>item</b>").first).to_be_visible(timeout=WAIT_MS)
    page.get_by_role("tab", name="Groups").click()
    dots = page.locator(".scatterlayer .trace .point")
    expect(dots.first).to_be_visible(timeout=WAIT_MS)
    assert dots.count() == 120
    box = dots.nth(7).bounding_box()
    place = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    said = page.locator(".hoverlayer .hovertext")
    # Plotly listens a moment after it has drawn: what it says of the dot shows that it does.
    for step in range(60):
        page.mouse.move(place[0] + step % 2, place[1])
        page.wait_for_timeout(500)
        if said.count():
            break
    name = said.first.locator("tspan").first.text_content()
    page.mouse.click(*place)
    expect(page.get_by_role("tab", name="A person")).to_have_attribute("aria-selected", "true", timeout=WAIT_MS)
    shown = "e => e.innerText + [...e.querySelectorAll('input')].map(input => input.value).join(' ')"
    chosen = page.locator(".st-key-recommend_user")
    expect(chosen).to_be_visible(timeout=WAIT_MS)
    assert name and name in chosen.evaluate(shown)
    page.set_viewport_size({"width": 390, "height": 844})
    for tab in ("A person", "Somebody new", "Items alike", "Groups", "How well it works"):
        page.get_by_role("tab", name=tab).click()
        expect(page.get_by_role("tab", name=tab)).to_have_attribute("aria-selected", "true", timeout=WAIT_MS)
        page.wait_for_timeout(1500)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, tab
    # The page is in no menu where the file has no users.
    page.set_viewport_size({"width": 1280, "height": 900})
    page.locator("[data-testid=stSidebar] [data-testid=stSelectbox]").click()
    page.get_by_role("option", name="without people").click()
    expect(entry).to_have_count(0, timeout=WAIT_MS)
    assert page.evaluate("window.hacked") is None

"""The colours that say how far to believe the map, drawn and explained in a real browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from pipelines.store import library
from tests import sample_bundle
from tests.browser.test_map import IDLE, settle

pytestmark = pytest.mark.browser

WAIT_MS = 60_000


@pytest.fixture
def address(home: Path, start_app) -> str:
    """A library with the samples and one analysis; the address of its map."""
    sample_bundle.stand_in(80)
    analysis = library.create("trusted")
    library.publish(analysis, sample_bundle.parts(200))
    return f"{start_app(home)}/map?a={analysis}"


def colours_drawn(page: Page) -> int:
    """How many different colour bytes the map's points have."""
    script = """() => {
      const marks = document.querySelector(".rsm-plot").data.flatMap((t) => Array.from(t.marker?.color ?? []));
      return new Set(marks).size;
    }"""
    return page.evaluate(script)


def test_each_colour_is_drawn_with_a_legend_in_words(page: Page, address: str):
    expected = {
        "belonging": ("At the core of its topic", "No clear topic"),
        "stability": ("topic hardly comes back", "topic always comes back", "No clear topic"),
        "map_trust": ("neighbours only look alike", "neighbours are really alike"),
    }
    for colour, said in expected.items():
        page.goto(f"{address}&c={colour}")
        page.wait_for_selector(".rsm[data-drawn]", timeout=WAIT_MS)
        page.wait_for_selector(IDLE, timeout=WAIT_MS)
        settle(page)
        for words in said:
            expect(page.locator(".rsm")).to_contain_text(words, timeout=WAIT_MS)
        assert colours_drawn(page) > 2
    expect(page.get_by_text("of 100 reviews have mostly their true neighbours")).to_be_visible()
    page.locator(".st-key-map_trust").get_by_role("button").click()
    expect(page.get_by_text("Venna and Kaski")).to_be_visible(timeout=WAIT_MS)

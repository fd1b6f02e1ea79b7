"""The map's search in a real browser: hits are ringed, gone through, kept over a reload, and ended by Escape."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from pipelines.store import library
from pipelines.trends.brush import brush_periods
from tests import sample_bundle
from tests.browser.test_map import ranges, settle

pytestmark = pytest.mark.browser

TRACES = "() => Object.fromEntries(document.querySelector('.rsm-plot').data.map((t) => [t.meta, t.x.length]))"


@pytest.fixture
def address(home: Path, start_app) -> str:
    """A library with the samples and one analysis; the address of its map."""
    sample_bundle.stand_in(30)
    analysis = library.create("searched")
    library.publish(analysis, sample_bundle.parts(120))
    return f"{start_app(home)}/?a={analysis}"


def test_hits_are_ringed_gone_through_kept_and_ended(page: Page, address: str):
    page.goto(address)
    page.locator("[data-testid=stSidebarNavLink]", has_text="Map").click()
    page.wait_for_url("**/map*")
    page.wait_for_selector(".rsm[data-drawn]")
    settle(page)
    box = page.locator(".st-key-map_words input")
    box.fill("Espresso")
    box.press("Enter")
    expect(page.locator(".rsm-at")).to_have_text("54 found")
    settle(page)
    drawn = page.evaluate(TRACES)
    assert drawn["rings"] == drawn["found"] == 54
    # Played over time, what was found at other times is grey like all the rest.
    points = sample_bundle.parts(120).points
    period, _ = brush_periods(points)
    counts = np.bincount(period[points["text"].str.contains("espresso").to_numpy(dtype=bool)])
    page.locator(".rsm-brush input").fill(str(int(counts.argmax())))
    settle(page)
    played = page.evaluate(TRACES)
    assert played["rings"] == played["found"] == counts.max() < 54
    page.get_by_role("button", name="All times").click()
    settle(page)
    assert page.evaluate(TRACES)["rings"] == 54
    whole = ranges(page)
    page.locator(".rsm-hits button", has_text="›").click()
    expect(page.locator(".rsm-at")).to_have_text("1 of 54")
    expect(page.locator(".rsm-tip.rsm-shown")).to_contain_text("espresso")
    settle(page)
    near = ranges(page)
    assert near[1] - near[0] < 0.5 * (whole[1] - whole[0])
    assert page.evaluate(TRACES)["shown"] == 1
    # By keys on the map, around the end of the list and back.
    page.locator(".rsm-frame").focus()
    page.keyboard.press("Shift+N")
    expect(page.locator(".rsm-at")).to_have_text("54 of 54")
    page.keyboard.press("n")
    expect(page.locator(".rsm-at")).to_have_text("1 of 54")
    page.locator(".review-card, [class*=card]").first.wait_for()
    page.reload()
    expect(page.locator(".rsm-at")).to_have_text("54 found")
    expect(box).to_have_value("Espresso")
    settle(page)
    box.focus()
    page.keyboard.press("Escape")
    expect(box).to_have_value("")
    expect(page.locator(".rsm-at")).to_have_count(0)
    settle(page)
    assert "rings" not in page.evaluate(TRACES)
    assert "q=" not in page.url
    page.locator(".rsm-frame").focus()
    page.keyboard.press("Control+z")
    expect(page.locator(".rsm-at")).to_have_text("54 found")
    page.keyboard.press("Control+y")
    expect(page.locator(".rsm-at")).to_have_count(0)
    page.go_back()
    expect(page.locator(".rsm-at")).to_have_text("54 found")

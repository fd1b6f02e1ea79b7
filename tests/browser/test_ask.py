"""The page Ask in a real browser: typed words find reviews, marked and explained; more like one; on to the map."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from pipelines.store import library
from tests import sample_bundle
from tests.search.read_reviews import read_parts

pytestmark = pytest.mark.browser

WIDER = "() => document.querySelector('[data-testid=stMain]').scrollWidth > document.documentElement.clientWidth"


@pytest.fixture
def address(home: Path, start_app) -> str:
    """A library with the samples and one analysis that can be asked; the address of its page Ask."""
    sample_bundle.stand_in(30)
    analysis = library.create("asked")
    library.publish(analysis, read_parts())
    return f"{start_app(home)}/ask?a={analysis}"


def test_a_search_is_explained_followed_and_shown_on_the_map(page: Page, address: str):
    # Until one page was opened a server knows no other's address.
    page.goto(address.replace("/ask", "/"))
    page.locator("[data-testid=stSidebarNavLink]", has_text="Ask").click()
    page.wait_for_url("**/ask*")
    box = page.locator(".st-key-ask_box input")
    box.fill("late parcel")
    box.press("Enter")
    cards = page.locator(".st-key-ask_hits .rs-card, [class*=ask_hits] .rs-card")
    expect(cards.first).to_contain_text("The parcel came two weeks late")
    expect(cards.first.locator("mark")).to_have_text(["parcel", "late"])
    expect(cards.first.locator(".rs-why")).to_contain_text("has: late · parcel")
    expect(cards.first.locator(".rs-why")).to_contain_text("close in meaning (likeness 0.")
    page.reload()
    expect(box).to_have_value("late parcel")
    cards.first.get_by_role("button", name="More like this").click()
    expect(page.get_by_role("heading", name="More like this review")).to_be_visible()
    like = page.locator("[class*=ask_like_hits] .rs-card")
    expect(like.first.locator(".rs-why")).to_contain_text("likeness 0.9")
    page.locator(".st-key-ask_back button").click()
    expect(box).to_have_value("late parcel")
    page.set_viewport_size({"width": 390, "height": 844})
    expect(cards.first).to_be_visible()
    assert not page.evaluate(WIDER)
    page.set_viewport_size({"width": 1280, "height": 900})
    page.locator(".st-key-ask_on_map button").click()
    page.wait_for_url("**/map*")
    expect(page.locator(".rsm-at")).to_contain_text("found")
    expect(page.locator(".st-key-map_words input")).to_have_value("late parcel")
    # From any review on any page.
    page.locator("[class*=map_hits] .rs-card").first.get_by_role("button", name="More like this").click()
    page.wait_for_url("**/ask*")
    expect(page.get_by_role("heading", name="More like this review")).to_be_visible()

"""The Lab page in a real browser: a number told in words, each tab on a phone, a second model read by a real worker."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from pipelines.store import library
from tests import sample_bundle
from tests.browser.test_journey import WAIT_MS, at_rest, go_to
from tests.lab import made

pytestmark = pytest.mark.browser


@pytest.fixture
def kitchen_home(home: Path) -> Path:
    """A library with the samples and an analysis that the bundled model read."""
    sample_bundle.stand_in(30)
    library.publish(library.create("kitchen"), made.parts(120))
    return home


def test_the_lab_tells_what_a_number_means_and_asks_a_second_model(page: Page, start_app, kitchen_home: Path):
    analysis = next(info.id for info in library.list_analyses() if info.name == "kitchen")
    page.goto(f"{start_app(kitchen_home)}?a={analysis}")
    page.wait_for_selector("[data-testid=stSidebarNavLink]", timeout=WAIT_MS)
    go_to(page, "Lab")
    expect(page.get_by_test_id("stMetricValue")).to_have_text("0.75", timeout=WAIT_MS)
    at_rest(page)
    other = page.locator(".st-key-lab_other textarea")
    other.fill("phone")
    other.press("Control+Enter")
    expect(page.get_by_text("As alike as copies of one another.")).to_be_visible(timeout=WAIT_MS)
    at_rest(page)

    page.set_viewport_size({"width": 390, "height": 844})
    main = page.get_by_test_id("stMain")
    for name in ("Many texts", "Fewer numbers", "Instruction", "Adapt a model", "Two models"):
        page.get_by_role("tab", name=name).click()
        at_rest(page)
        assert main.evaluate("e => e.scrollWidth - e.clientWidth") <= 0, name

    box = page.locator(".st-key-lab_second_model input")
    box.click()
    box.fill("lexical")
    page.get_by_role("option", name="lexical").click()
    at_rest(page)
    page.locator(".st-key-lab_compare button").click()
    expect(page.get_by_text("Nearest that both give").first).to_be_visible(timeout=4 * WAIT_MS)
    at_rest(page)
    expect(page.get_by_text("120 reviews compared.")).to_be_visible()
    assert main.evaluate("e => e.scrollWidth - e.clientWidth") <= 0

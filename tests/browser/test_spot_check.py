"""The spot check by its keys in a real browser, kept over a reload; another tab's keys do nothing."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect

from pipelines import checked
from pipelines.store import catalog, journal, library
from tests import sample_bundle
from tests.browser.test_tracked import at_rest, pytestmark  # noqa: F401  (the mark of browser tests)


def answers(analysis: str) -> list[bool | None]:
    return [one.right for one in checked.answers(journal.replay(catalog.home() / analysis))]


def test_one_key_each_and_kept_over_a_reload(page: Page, start_app, home: Path):
    sample_bundle.stand_in(40)
    analysis = library.create("mine")
    library.publish(analysis, sample_bundle.parts(120))
    url = start_app(home)
    page.goto(f"{url}/?a={analysis}")
    at_rest(page)
    page.get_by_role("link", name="Check").first.click()
    at_rest(page)
    page.keyboard.press("y")
    at_rest(page)
    assert answers(analysis) == []
    page.get_by_role("tab", name="Spot check").click()
    at_rest(page)
    for count, key in enumerate(("y", "n", "s"), start=1):
        page.keyboard.press(key)
        at_rest(page)
        assert len(answers(analysis)) == count
    assert answers(analysis) == [True, False, None]
    said = page.locator(".st-key-spot").inner_text()
    page.reload()
    at_rest(page)
    page.get_by_role("tab", name="Spot check").click()
    at_rest(page)
    expect(page.locator(".st-key-spot")).to_have_text(said, use_inner_text=True)
    page.set_viewport_size({"width": 390, "height": 900})
    at_rest(page)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")

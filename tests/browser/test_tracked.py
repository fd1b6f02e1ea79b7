"""Tracked topics in a real browser: a phrase, yes and no, the count, kept over a reload; a selection made a topic."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from pipelines import tracked
from pipelines.store import library
from tests import sample_bundle
from tests.browser.test_map import IDLE

pytestmark = pytest.mark.browser

WAIT_MS = 90_000


@pytest.fixture
def analysis(home: Path) -> str:
    sample_bundle.stand_in(40)
    made = library.create("mine")
    parts = sample_bundle.parts(120)
    parts.identity["name"] = "own"
    library.publish(made, parts)
    return made


def at_rest(page: Page) -> None:
    page.wait_for_timeout(300)
    page.wait_for_selector(IDLE, timeout=WAIT_MS)
    page.wait_for_timeout(300)
    page.wait_for_selector(IDLE, timeout=WAIT_MS)


def test_a_phrase_is_tracked_answered_and_kept(page: Page, start_app, home: Path, analysis: str):
    url = start_app(home)
    page.goto(f"{url}/?a={analysis}")
    page.wait_for_selector(".st-key-tracked_phrase", timeout=WAIT_MS)
    at_rest(page)
    box = page.locator(".st-key-tracked_phrase input")
    box.fill("espresso")
    box.press("Enter")
    expect(page.locator(".st-key-tracked_preview")).to_contain_text("reviews speak of it", timeout=WAIT_MS)
    at_rest(page)
    page.locator(".st-key-tracked_keep button").click()
    opened = page.locator(".st-key-opened_tracked")
    expect(opened).to_contain_text("Does this review belong to", timeout=WAIT_MS)
    at_rest(page)
    before = opened.locator("p").first.inner_text()
    # By the keyboard: the letter answers where no box has the focus.
    page.locator(".st-key-opened_tracked").click(position={"x": 5, "y": 5})
    page.keyboard.press("n")
    expect(opened).to_contain_text("9 reviews left", timeout=WAIT_MS)
    at_rest(page)
    page.locator(".st-key-tracked_n button").click()
    expect(opened).to_contain_text("8 reviews left", timeout=WAIT_MS)
    at_rest(page)
    answers = tracked.tracked(analysis)[0].answers
    assert [answer.yes for answer in answers] == [False, False]
    assert any(answer.was for answer in answers)
    assert opened.locator("p").first.inner_text() != before
    page.goto(f"{url}/?a={analysis}")
    page.wait_for_selector("[class*=st-key-tracked_table]", timeout=WAIT_MS)
    at_rest(page)
    assert len(tracked.tracked(analysis)[0].answers) == 2


def test_a_selection_on_the_map_becomes_a_topic(page: Page, start_app, home: Path, analysis: str):
    url = start_app(home)
    page.goto(f"{url}/?a={analysis}&s=20-40")
    page.wait_for_selector(".st-key-tracked_phrase", timeout=WAIT_MS)
    at_rest(page)
    page.locator("[data-testid=stSidebarNav] a", has_text="Map").click()
    page.wait_for_selector(".st-key-make_topic summary", timeout=WAIT_MS)
    at_rest(page)
    page.locator(".st-key-make_topic summary").click()
    name = page.locator(".st-key-make_topic_name input")
    name.fill("my region")
    page.locator("[data-testid=stFormSubmitButton] button").click()
    expect(page.locator(".st-key-opened_tracked")).to_contain_text("my region", timeout=WAIT_MS)
    at_rest(page)
    assert len(tracked.tracked(analysis)[0].examples) == 21

"""Answers on the page Ask in a real browser: a citation opens its review, a document joins, a small screen holds it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from pipelines.store import library
from tests import sample_bundle
from tests.search.read_reviews import read_parts

pytestmark = pytest.mark.browser

WIDER = "() => document.querySelector('[data-testid=stMain]').scrollWidth > document.documentElement.clientWidth"
POLICY = "# Delivery\nEvery parcel arrives within three days, or shipping is paid back.\n"
QUESTION = "What do people say about late delivery?"


@pytest.fixture
def address(home: Path, start_app) -> str:
    """A library with the samples and one analysis that can be asked; the address of its page Ask."""
    sample_bundle.stand_in(30)
    analysis = library.create("asked")
    library.publish(analysis, read_parts())
    return f"{start_app(home)}/ask?a={analysis}"


def shot(page: Page, name: str) -> None:
    """A picture to look at, where a folder for it is named."""
    if folder := os.environ.get("REVIEWSCAPE_TEST_SHOTS"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def test_an_answer_its_review_and_a_document_beside_it(page: Page, address: str, tmp_path: Path):
    page.goto(address.replace("/ask", "/"))
    page.locator("[data-testid=stSidebarNavLink]", has_text="Ask").click()
    page.wait_for_url("**/ask*")
    box = page.locator(".st-key-ask_box input")
    box.fill(QUESTION)
    box.press("Enter")
    answer = page.locator(".st-key-ask_answer")
    expect(answer).to_contain_text("put together without a language model")
    expect(answer).to_contain_text("“")
    shot(page, "ask_answer")
    answer.locator("[class*=st-key-ask_door_] button", has_text="row ").first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog.locator(".rs-card")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    policy = tmp_path / "policy.md"
    policy.write_text(POLICY, "utf-8")
    page.locator(".st-key-ask_documents summary").click()
    page.locator(".st-key-ask_documents input[type=file]").set_input_files(policy)
    expect(answer).to_contain_text("What the document says")
    expect(answer).to_contain_text("within three days")
    answer.get_by_role("button", name="policy.md").click()
    expect(page.locator("[data-testid=stPopoverBody]")).to_contain_text("Every parcel arrives")
    page.keyboard.press("Escape")
    shot(page, "ask_document")
    page.set_viewport_size({"width": 390, "height": 844})
    expect(answer).to_be_visible()
    shot(page, "ask_390")
    assert not page.evaluate(WIDER)
    page.set_viewport_size({"width": 1280, "height": 900})
    box.fill("How many people mention late parcels, by shop?")
    box.press("Enter")
    expect(answer).to_contain_text("Counted")
    shot(page, "ask_count")
    answer.get_by_text("How this was counted").click()
    expect(answer).to_contain_text("hold the words")

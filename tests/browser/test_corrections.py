"""Topics changed in a real browser: renamed, merged, taken back, and as they were left after a reload."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from pipelines.store import library
from tests import sample_bundle
from tests.browser.test_add import at_rest

pytestmark = pytest.mark.browser

WAIT_MS = 60_000


def test_rename_merge_undo_reload(page: Page, start_app, home: Path):
    sample_bundle.stand_in(80)
    analysis = library.create("Mine")
    library.publish(analysis, sample_bundle.parts(120))
    url = start_app(home)
    of_topic = quote('[["cluster","is",1]]')
    page.goto(f"{url}/?a={analysis}&f={of_topic}")
    panel = page.locator(".st-key-opened_topic")
    expect(panel).to_contain_text("早餐 丰富", timeout=WAIT_MS)
    at_rest(page)

    # By keys alone: open, type, go on to the button, press it.
    page.get_by_role("button", name="Rename").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Name", exact=True).fill("Breakfast")
    page.keyboard.press("Tab")
    at_rest(page)
    page.get_by_role("button", name="Save", exact=True).focus()
    page.keyboard.press("Enter")
    last = page.locator(".st-key-last_edit")
    expect(last).to_contain_text("is now called “Breakfast”", timeout=WAIT_MS)
    expect(panel).to_contain_text("Breakfast")
    expect(panel).to_contain_text("Its name before: 早餐 丰富")
    at_rest(page)

    page.get_by_role("button", name=re.compile("Merge with")).click()
    page.get_by_role("combobox", name=re.compile("Topics")).click()
    page.get_by_role("option", name=re.compile("grinder noise")).click()
    page.keyboard.press("Escape")
    at_rest(page)
    if not page.get_by_role("button", name="Merge", exact=True).is_visible():
        page.get_by_role("button", name=re.compile("Merge with")).click()
    page.get_by_label("Name", exact=True).fill("Morning")
    page.keyboard.press("Tab")
    at_rest(page)
    page.get_by_role("button", name="Merge", exact=True).click()
    expect(last).to_contain_text("Merged into “Morning”", timeout=WAIT_MS)
    expect(panel).to_contain_text("Morning")
    at_rest(page)

    last.get_by_role("button", name="Undo").click()
    expect(last).to_contain_text("Taken back", timeout=WAIT_MS)
    at_rest(page)

    page.goto(f"{url}/?a={analysis}&f={of_topic}")
    expect(panel).to_contain_text("Breakfast", timeout=WAIT_MS)
    at_rest(page)
    page.get_by_role("button", name="Split", exact=True).click()
    page.get_by_role("button", name="Split it so").click(timeout=WAIT_MS)
    expect(last).to_contain_text("“Breakfast” was split", timeout=WAIT_MS)
    at_rest(page)

    page.reload()
    history = page.locator(".st-key-edit_history")
    expect(history).to_contain_text("3 changes to topics", timeout=WAIT_MS)
    at_rest(page)
    history.locator("summary").click()
    expect(history).to_contain_text("Taken back: Merged into “Morning”")
    expect(history.get_by_role("button", name="Redo")).to_be_visible()

"""Names by a model as a person meets them in a browser, with a server on loopback in Ollama's place."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from pipelines.store import library
from tests import sample_bundle
from tests.ask.chat_server import ChatServer
from tests.suggested.conftest import PLAIN, naming, parts

pytestmark = pytest.mark.browser

WAIT_MS = 60_000
IDLE = "[data-testid=stApp][data-test-script-state=notRunning]"
SHOTS = os.environ.get("SHOTS", "")


def at_rest(page: Page) -> None:
    page.wait_for_selector(IDLE, timeout=WAIT_MS)
    page.wait_for_timeout(300)
    page.wait_for_selector(IDLE, timeout=WAIT_MS)


def shot(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)


def test_names_are_suggested_used_and_taken_back(page: Page, start_app, home: Path) -> None:
    server = ChatServer(naming({0: "late deliveries", 1: "送餐慢与态度差", 2: "HACKED"}))
    try:
        sample_bundle.stand_in(30)
        analysis = library.create("first")
        library.publish(analysis, parts())
        url = start_app(home, env={"OLLAMA_HOST": server.url})
        page.goto(f"{url}/?a={analysis}")
        page.wait_for_selector(".st-key-names_open_button", timeout=WAIT_MS)
        at_rest(page)
        shot(page, "door")
        page.locator(".st-key-names_open_button button").first.click()
        page.wait_for_selector(".st-key-names_choice", timeout=WAIT_MS)
        at_rest(page)
        shot(page, "choice")
        page.locator(".st-key-names_start button").first.click()
        page.wait_for_selector(".st-key-names_result", timeout=WAIT_MS)
        at_rest(page)
        expect(page.locator(".st-key-names_result")).to_contain_text("late deliveries")
        expect(page.locator(".st-key-names_result")).not_to_contain_text("HACKED", ignore_case=True)
        shot(page, "result")
        page.locator(".st-key-names_accept button").first.click()
        page.wait_for_selector(".st-key-names_done_row", timeout=WAIT_MS)
        at_rest(page)
        shot(page, "done")
        one_topic = quote('[["cluster","is",0]]')
        page.goto(f"{url}/?a={analysis}&f={one_topic}")
        beside = page.locator(".st-key-named_by")
        expect(beside).to_contain_text(PLAIN[0], timeout=WAIT_MS)
        at_rest(page)
        shot(page, "beside")
        beside.locator("button").first.click()
        expect(beside).to_have_count(0, timeout=WAIT_MS)
    finally:
        server.close()

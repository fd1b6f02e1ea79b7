"""The address and the look: what a browser asks with an address that is not the newest any more takes nothing back."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from pipelines.store import library
from tests import sample_bundle
from tests.browser.test_map import settle

pytestmark = pytest.mark.browser


class Line:
    """The connection to the server, on which what the server says can be held back."""

    def __init__(self, page: Page) -> None:
        self.held: list[tuple[WebSocketRoute, str | bytes]] | None = None
        page.route_web_socket(re.compile("_stcore/stream"), self._join)

    def _join(self, browser: WebSocketRoute) -> None:
        server = browser.connect_to_server()
        browser.on_message(server.send)
        server.on_message(lambda message: self._say(browser, message))

    def _say(self, browser: WebSocketRoute, message: str | bytes) -> None:
        if self.held is None:
            browser.send(message)
        else:
            self.held.append((browser, message))

    def hold(self) -> None:
        """From now on the browser hears nothing."""
        self.held = []

    def release(self) -> None:
        """Let the browser hear all of it."""
        for browser, message in self.held or []:
            browser.send(message)
        self.held = None


@pytest.fixture
def address(home: Path, start_app) -> str:
    sample_bundle.stand_in(30)
    analysis = library.create("asked")
    library.publish(analysis, sample_bundle.parts(120))
    return f"{start_app(home)}/?a={analysis}"


def test_a_zoom_told_over_a_slow_line_takes_no_change_back(page: Page, address: str):
    line = Line(page)
    page.goto(address + "&q=Espresso")
    page.locator("[data-testid=stSidebarNavLink]", has_text="Map").click()
    expect(page.locator(".rsm-at")).to_have_text("54 found")
    settle(page)
    line.hold()
    page.locator(".rsm-frame").focus()
    page.keyboard.press("Escape")
    page.wait_for_timeout(1500)
    # The map tells its zoom with the address that still has the search.
    page.keyboard.press("+")
    page.wait_for_timeout(2500)
    assert "q=Espresso" in page.url
    line.release()
    expect(page.locator(".rsm-at")).to_have_count(0)
    settle(page)
    page.wait_for_timeout(500)
    settle(page)
    assert "q=" not in page.url
    assert page.locator(".rsm-at").count() == 0
    page.go_back()
    expect(page.locator(".rsm-at")).to_have_text("54 found")
    page.go_forward()
    expect(page.locator(".rsm-at")).to_have_count(0)

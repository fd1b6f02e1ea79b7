"""The Models page in a real browser: reached by the menu, a key that goes nowhere, a trial, and the stored vectors."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from pipelines.embed import VectorCache
from tests import sample_bundle
from tests.browser.test_journey import WAIT_MS, at_rest, go_to
from tests.embed.provider_server import ProviderServer

pytestmark = pytest.mark.browser
SECRET = "sk-browser-secret"


@pytest.fixture
def stored_home(home: Path) -> Path:
    """A library with the samples in it and vectors of 30 texts."""
    sample_bundle.stand_in(80)
    with VectorCache(home / "vectors.db") as cache:
        cache.put({"name": "made-up"}, [f"text {i}" for i in range(30)], np.ones((30, 8), np.float32))
    return home


def test_a_model_is_tried_taken_and_its_vectors_cleared(page: Page, start_app, stored_home: Path):
    server = ProviderServer()
    try:
        url = start_app(stored_home, env={"OPENAI_API_KEY": "", "OLLAMA_HOST": "http://127.0.0.1:9"})
        page.goto(url)
        page.wait_for_selector("[data-testid=stSidebarNavLink]", timeout=WAIT_MS)
        go_to(page, "Models")
        card = page.locator(".st-key-card_openai")
        for key, value in {"models_openai_model": "made-up", "models_openai_url": f"{server.url}/v1"}.items():
            card.locator(f".st-key-{key} input").fill(value)
            card.locator(f".st-key-{key} input").press("Enter")
            at_rest(page)
        card.locator(".st-key-openai_typed input").fill(SECRET)
        card.locator(".st-key-openai_typed input").press("Enter")
        at_rest(page)
        expect(card).to_contain_text("stay on this computer")
        card.get_by_role("button", name="Test").click()
        expect(page.locator(".st-key-test_bundled button")).to_be_disabled(timeout=WAIT_MS)
        expect(page.locator(".st-key-trial_openai")).to_contain_text("12 numbers a text", timeout=3 * WAIT_MS)
        at_rest(page)
        expect(page.locator(".st-key-test_bundled button")).to_be_enabled()
        assert server.headers[0]["authorization"] == f"Bearer {SECRET}"
        assert SECRET not in page.url

        card.get_by_role("button", name="Use this for my next file").click()
        expect(card).to_contain_text("Chosen for your next file", timeout=WAIT_MS)
        at_rest(page)

        page.locator(".st-key-clear_vectors button").click()
        page.get_by_role("button", name="Clear 30 texts").click()
        expect(page.get_by_text("The stored vectors were cleared.")).to_be_visible(timeout=WAIT_MS)
        files = [path for path in stored_home.rglob("*") if path.is_file()]
        assert all(SECRET.encode() not in path.read_bytes() for path in files)
    finally:
        server.close()

"""Files dropped on the Open page in a real browser: several at once, by mouse and by keyboard, in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from pipelines import jobs
from tests import made_reviews, sample_bundle
from tests.browser.test_journey import ANALYSIS_MS, NAV, WAIT_MS, at_rest

pytestmark = pytest.mark.browser

MOST_TABS = 30
ALERT = "[data-testid=stAlert]"
RUNNER = {"REVIEWSCAPE_JOB_RUNNER": "tests.pages.quick_runner:publish"}
DROP = """async ([selector, files]) => {
  const zone = document.querySelector(selector);
  const data = new DataTransfer();
  for (const [name, text] of files) data.items.add(new File([text], name));
  for (const kind of ["dragenter", "dragover"]) {
    zone.dispatchEvent(new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true }));
    await new Promise((go) => setTimeout(go, 300));
  }
  const said = [...zone.querySelectorAll(":scope > div:not([data-testid]) > span")].map(
    (span) => getComputedStyle(span, "::after").content + getComputedStyle(span).fontSize
  );
  zone.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
  return said;
}"""
ZONE = ".st-key-upload [data-testid=stFileUploaderDropzone]"


@pytest.fixture
def library_home(home: Path) -> Path:
    """A library in which the samples are there, so that the server starts none."""
    sample_bundle.stand_in(30)
    return home


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Two exports of the same shop, one of them called like an attack."""
    texts = made_reviews.english(40)
    return [
        made_reviews.write(tmp_path / "spring.csv", made_reviews.table(texts[:25])),
        made_reviews.write(tmp_path / "<img src=x onerror=alert(1)>.csv", made_reviews.table(texts[25:])),
    ]


def open_page(page: Page, url: str) -> None:
    """The Open page by its menu: a cold link to it shows Streamlit's note on unknown pages to the first visitor."""
    page.goto(url)
    page.locator(NAV, has_text="Open").click()
    expect(page.locator(ZONE)).to_be_visible(timeout=WAIT_MS)
    at_rest(page)


def test_two_files_dropped_together_become_one_analysis(page: Page, start_app, library_home: Path, files: list[Path]):
    url = start_app(library_home, env=RUNNER)
    open_page(page, url)
    said = page.evaluate(DROP, [ZONE, [[path.name, path.read_text("utf-8")] for path in files]])
    assert said == ['"Let go to add the files"0px']
    expect(page.locator(ALERT).first).to_contain_text("2 files", timeout=WAIT_MS)
    expect(page.locator(ALERT).first).to_contain_text("40 reviews")
    at_rest(page)
    # Another page and back: the uploader is empty, the files and what was understood of them are there.
    page.locator(NAV, has_text="Check").click()
    expect(page.locator(ZONE)).to_have_count(0, timeout=WAIT_MS)
    at_rest(page)
    page.locator(NAV, has_text="Open").click()
    expect(page.locator(".st-key-upload_kept")).to_contain_text("spring.csv + 1", timeout=WAIT_MS)
    expect(page.locator(ALERT).first).to_contain_text("40 reviews")
    at_rest(page)
    page.locator(".st-key-start button").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("spring.csv + 1", timeout=ANALYSIS_MS)
    (job,) = jobs.list_recent()
    assert [one["name"] for one in job.spec["uploads"]] == [path.name for path in files]
    assert page.evaluate("() => window.hacked") is None


def test_start_is_reached_by_keyboard(page: Page, start_app, library_home: Path, files: list[Path]):
    url = start_app(library_home, env=RUNNER)
    open_page(page, url)
    button = page.locator(f"{ZONE} button")
    button.focus()
    expect(button).to_be_focused()
    with page.expect_file_chooser(timeout=WAIT_MS) as chooser:
        button.press("Enter")
    chooser.value.set_files(files[0])
    expect(page.locator(".st-key-start button")).to_be_enabled(timeout=WAIT_MS)
    at_rest(page)
    passed = []
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        passed.append(
            page.evaluate(
                "() => [...document.activeElement.classList, document.activeElement.textContent.trim(),"
                " document.activeElement.closest('.st-key-start') ? 'START' : ''].join(' ')"
            )
        )
        if passed[-1].endswith("START"):
            break
    assert passed[-1].endswith("START"), passed
    # On the way lies what was dropped and what was understood, not the menu of pages.
    assert not any("Overview" in one for one in passed), passed
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("spring.csv", timeout=ANALYSIS_MS)


@pytest.mark.parametrize("locale", ["en-US", "zh-CN"])
def test_the_uploader_speaks_the_readers_language(chromium, start_app, library_home: Path, tmp_path: Path, locale: str):
    url = start_app(library_home, env={**RUNNER, "REVIEWSCAPE_MAX_FILE_MB": "1"})
    large = tmp_path / "large.csv"
    large.write_bytes(b"review\n" + b"x" * (2 << 20))
    context = chromium.new_context(viewport={"width": 390, "height": 800}, locale=locale)
    try:
        page = context.new_page()
        page.goto(url)
        at_rest(page)
        page.goto(f"{url}/open")
        expect(page.locator(ZONE)).to_be_visible(timeout=WAIT_MS)
        at_rest(page)
        english = page.locator(f"{ZONE} button p")
        assert english.evaluate("node => getComputedStyle(node).fontSize") == "0px"
        hint = page.locator("[data-testid=stFileUploaderDropzoneInstructions] span").first
        assert hint.evaluate("node => getComputedStyle(node).fontSize") == "0px"
        assert re.search(r"JSON Lines.*1 MB", hint.evaluate("node => getComputedStyle(node, '::after').content"))
        page.locator("input[type=file]").set_input_files(large)
        expect(page.locator("[data-testid=stFileChip][aria-invalid=true]")).to_be_visible(timeout=WAIT_MS)
        refused = page.locator(".st-key-upload").evaluate("node => getComputedStyle(node, '::after').content")
        assert "python -m pipelines analyze" in refused
        assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    finally:
        context.close()

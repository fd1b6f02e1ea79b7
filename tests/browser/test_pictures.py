"""Pictures in a real browser: dropped beside the table, read by a real model, found by what they show."""

from __future__ import annotations

import contextlib
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Error, Page, expect

from tests import sample_bundle
from tests.browser.test_journey import ANALYSIS_MS, NAV, WAIT_MS, at_rest
from tests.browser.test_upload import open_page
from tests.pictures import tiny_clip
from tests.pictures.tiny_clip import COLOURS

pytestmark = pytest.mark.browser

N = 24
TRIES, LIST_MS = 6, 5_000
TILES = ".rs-tile"
FITS = "() => document.documentElement.scrollWidth <= innerWidth"


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """A table of reviews whose first word is the colour of its picture, and the zip."""
    names = [list(COLOURS)[i % 6] for i in range(N)]
    frame = pd.DataFrame(
        {
            "review": [f"The {name} kettle, my number {i}, boils fast and looks well." for i, name in enumerate(names)],
            "photos": [f"{i}.jpg" for i in range(N)],
        }
    )
    frame.to_csv(tmp_path / "kettles.csv", index=False)
    with zipfile.ZipFile(tmp_path / "photos.zip", "w") as archive:
        for i, name in enumerate(names):
            archive.writestr(f"{i}.jpg", tiny_clip.as_bytes(tiny_clip.picture(name, seed=i)))
    return tmp_path / "kettles.csv", tmp_path / "photos.zip"


def test_from_a_zip_to_a_found_picture(page: Page, start_app, home: Path, files: tuple[Path, Path], tmp_path: Path):
    sample_bundle.stand_in(30)
    model = tiny_clip.save(tmp_path / "clip")
    table, zipped = files
    open_page(page, start_app(home))
    page.locator(".st-key-upload input[type=file]").set_input_files(table)
    expect(page.locator(".st-key-start button")).to_be_enabled(timeout=WAIT_MS)
    page.locator(".st-key-pictures summary").click()
    expect(page.locator(".st-key-pictures summary")).to_contain_text("photos")
    at_rest(page)
    column = page.locator(".st-key-pictures_column input")
    photos = page.get_by_role("option", name="photos")
    column.evaluate("node => node.scrollIntoView({ block: 'center' })")
    for _ in range(TRIES):
        at_rest(page)
        column.click()
        # A list that opens closes again as soon as the page is scrolled or drawn anew: on a busy machine now and then.
        with contextlib.suppress(Error):
            photos.click(timeout=LIST_MS)
            break
    expect(page.locator(".st-key-start_blocked button")).to_be_disabled(timeout=WAIT_MS)
    at_rest(page)
    box = page.locator(".st-key-pictures_model input")
    # What the run before left goes only when the next has ended.
    expect(box).to_have_count(1)
    box.fill(f"clip:{model}")
    box.press("Enter")
    # A file handed over while the page draws its drop zone anew is dropped beside it.
    at_rest(page)
    page.locator(".st-key-pictures input[type=file]").set_input_files(zipped)
    expect(page.locator(".st-key-pictures_kept")).to_contain_text(f"{N} files", timeout=WAIT_MS)
    at_rest(page)
    page.locator(".st-key-start button").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("kettles.csv", timeout=ANALYSIS_MS)
    at_rest(page)

    page.locator(NAV, has_text="Pictures").click()
    expect(page.locator(TILES)).to_have_count(N, timeout=WAIT_MS)
    page.wait_for_function(
        "() => [...document.querySelectorAll('.rs-tile img')].every((image) => image.complete && image.naturalWidth)"
    )
    words = page.locator(".st-key-pictures_words input")
    words.fill("red")
    words.press("Enter")
    expect(page.locator(TILES).first).to_contain_text("likeness", timeout=WAIT_MS)
    at_rest(page)
    first = [page.locator(TILES).nth(i).get_attribute("title") or "" for i in range(4)]
    assert all(told.startswith("The red kettle") for told in first), first

    page.locator(TILES).first.click()
    card = page.get_by_role("dialog").locator(".rs-card")
    expect(card).to_contain_text("The red kettle", timeout=WAIT_MS)
    expect(card.locator(".rs-pictures img")).to_have_count(1)
    page.keyboard.press("Escape")
    at_rest(page)
    page.set_viewport_size({"width": 390, "height": 800})
    at_rest(page)
    assert page.evaluate(FITS)
    page.set_viewport_size({"width": 1280, "height": 900})
    page.locator(".st-key-pictures_map button").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Map", timeout=WAIT_MS)

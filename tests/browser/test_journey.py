"""What a person does from a file to a shared link, in a real browser against the real server and a real worker."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from pipelines.store import library
from pipelines.store.reader import Bundle, open_bundle
from tests import made_reviews, sample_bundle
from tests.browser.test_map import IDLE, drawn_selected, inside, lasso, settle

pytestmark = pytest.mark.browser

ROWS = 60
WAIT_MS = 60_000
ANALYSIS_MS = 300_000
NAV = "[data-testid=stSidebarNavLink]"


@pytest.fixture
def library_home(home: Path) -> Path:
    """A library in which the samples are there, so that the server starts none."""
    sample_bundle.stand_in(80)
    return home


def go_to(page: Page, name: str) -> None:
    page.locator(NAV, has_text=name).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(name, timeout=WAIT_MS)
    at_rest(page)


def at_rest(page: Page) -> None:
    """Wait until the script has ended and what it no longer draws is gone."""
    page.wait_for_selector(IDLE, timeout=WAIT_MS)
    page.wait_for_timeout(300)
    page.wait_for_selector(IDLE, timeout=WAIT_MS)


def heading(page: Page, words: str | re.Pattern[str]):
    return page.get_by_role("heading", name=words)


def middle(bundle: Bundle) -> list[int]:
    """A third of the units: those nearest to the middle of the map, where no button lies over them."""
    places = bundle.points[["x2", "y2"]].to_numpy(dtype=float)
    centre = np.median(places, axis=0)
    return np.argsort(np.linalg.norm(places - centre, axis=1), kind="stable")[: len(places) // 3].tolist()


def wait_for_map(page: Page) -> None:
    page.wait_for_selector(".rsm[data-drawn]", timeout=WAIT_MS)
    settle(page)


def select_by_lasso(page: Page, bundle: Bundle) -> int:
    """Lasso the middle of the map; how many reviews that must be."""
    units = middle(bundle)
    lasso(page, bundle.points, units)
    return len(inside(bundle.points, units))


def open_shared(page: Page, url: str, link: str) -> Page:
    """A share link in a browser context of its own."""
    context = page.context.browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-US")
    context.set_default_timeout(WAIT_MS)
    other = context.new_page()
    other.goto(f"{url}/?{urlsplit(link).query}")
    return other


def test_from_a_file_to_a_link(page: Page, start_app, library_home: Path, tmp_path: Path):
    url = start_app(library_home)
    source = made_reviews.write(tmp_path / "wearers.csv", made_reviews.table(made_reviews.mixed(ROWS)))

    page.goto(url)
    go_to(page, "Open")
    page.locator("input[type=file]").set_input_files(source)
    understood = page.locator("[data-testid=stAlert]").first
    expect(understood).to_contain_text(f"{ROWS} reviews", timeout=WAIT_MS)
    expect(understood).to_contain_text("review text = “review”")
    expect(page.locator("[data-testid=stDataFrame]")).to_be_visible(timeout=WAIT_MS)
    at_rest(page)
    page.locator(".st-key-start button").click()
    expect(page.locator("[class*=st-key-job_]")).to_be_visible(timeout=WAIT_MS)
    expect(page.get_by_role("heading", level=1)).to_contain_text("wearers.csv", timeout=ANALYSIS_MS)

    expect(heading(page, "What matters")).to_be_visible(timeout=WAIT_MS)
    expect(page.locator("[data-testid=stMetricValue]").first).to_have_text(f"{ROWS}")
    analysis = parse_qs(urlsplit(page.url).query)["a"][0]
    bundle = open_bundle(library.latest_bundle(analysis))
    assert bundle.counts["topics"] >= 1
    expect(page.locator("[data-testid=stDataFrame]").first).to_be_visible()

    go_to(page, "Map")
    wait_for_map(page)
    expected = select_by_lasso(page, bundle)
    expect(heading(page, f"Selected · {expected} reviews")).to_be_visible(timeout=WAIT_MS)
    expect(page.locator(".rs-card").first).to_be_visible(timeout=WAIT_MS)
    beside = page.locator(".rs-card .rs-text").all_text_contents()
    assert set(beside) <= set(bundle.points["text"])
    assert drawn_selected(page) == expected

    page.reload()
    wait_for_map(page)
    expect(heading(page, f"Selected · {expected} reviews")).to_be_visible(timeout=WAIT_MS)
    assert drawn_selected(page) == expected

    go_to(page, "Share")
    page.locator(".st-key-make_link button").click()
    link = page.locator(".st-key-share_link [data-testid=stCode] code")
    expect(link).to_contain_text("?view=", timeout=WAIT_MS)
    other = open_shared(page, url, link.inner_text().strip())
    try:
        expect(heading(other, f"{expected} selected reviews")).to_be_visible(timeout=WAIT_MS)
        wait_for_map(other)
        assert drawn_selected(other) == expected
        assert other.locator(NAV).count() == 0
        assert other.locator("[data-testid=stSidebar]").count() == 0
        token = urlsplit(other.url).query
        other.goto(f"{url}/share?{token}")
        expect(other.get_by_text("This page is read-only.")).to_be_visible(timeout=WAIT_MS)
        assert other.locator(".st-key-make_link").count() == 0
        # Closed by its owner, the same address opens nothing.
        page.locator("[class*=st-key-revoke_] button").click()
        expect(page.locator(".st-key-links")).to_have_count(0, timeout=WAIT_MS)
        other.goto(f"{url}/?{token}")
        expect(heading(other, "404")).to_be_visible(timeout=WAIT_MS)
    finally:
        other.context.close()


@pytest.fixture
def opened(page: Page, start_app, library_home: Path) -> tuple[Page, str, Bundle]:
    """The dashboard with an analysis of hostile texts, its address, and the bundle."""
    analysis = library.create("Wearers")
    bundle = library.publish(analysis, sample_bundle.parts(120))
    url = start_app(library_home)
    page.goto(f"{url}/?a={analysis}")
    expect(heading(page, "What matters")).to_be_visible(timeout=WAIT_MS)
    return page, url, bundle


def test_language_filters_and_a_reload(opened):
    page, _, bundle = opened
    at_rest(page)
    page.locator(".st-key-only_positive button").first.click()
    chip = page.locator(".st-key-chip_0 button").first
    expect(chip).to_contain_text("positive", timeout=WAIT_MS)
    n = int((bundle.points["sentiment_label"] == "positive").sum())
    value = page.locator("[data-testid=stMetricValue]").first
    expect(value).to_have_text(f"{n}")
    assert "f" in parse_qs(urlsplit(page.url).query)

    page.reload()
    expect(chip).to_contain_text("positive", timeout=WAIT_MS)
    expect(value).to_have_text(f"{n}")

    page.locator("[data-testid=stSidebar]").get_by_text("简体中文", exact=True).click()
    expect(page.locator(NAV, has_text="地图")).to_be_visible(timeout=WAIT_MS)
    expect(heading(page, "What matters")).to_have_count(0, timeout=WAIT_MS)
    expect(value).to_have_text(f"{n}")
    page.locator(NAV, has_text="地图").click()
    wait_for_map(page)
    expect(chip).to_be_visible(timeout=WAIT_MS)
    chip.click()
    expect(chip).to_have_count(0, timeout=WAIT_MS)
    assert "f" not in parse_qs(urlsplit(page.url).query)


def test_one_file_is_saved_and_opens_without_a_network(opened, tmp_path: Path):
    page, _, bundle = opened
    go_to(page, "Map")
    wait_for_map(page)
    expected = select_by_lasso(page, bundle)
    expect(heading(page, f"Selected · {expected} reviews")).to_be_visible(timeout=WAIT_MS)
    go_to(page, "Share")
    page.locator(".st-key-prepare_file button").click()
    save = page.locator(".st-key-save_file button")
    expect(save).to_be_visible(timeout=WAIT_MS)
    with page.expect_download(timeout=WAIT_MS) as waiting:
        save.click()
    assert waiting.value.suggested_filename == "Wearers.html"
    # The same on one page, as a picture that this browser draws.
    page.locator(".st-key-file_preview label").first.click()
    canvas = page.locator(".st-key-save_picture canvas")
    expect(canvas).to_be_visible(timeout=WAIT_MS)
    at_rest(page)
    assert canvas.evaluate("(node) => [node.width, node.height]") == [2000, 2828]
    # Not blank: the topics' colours are on it.
    pixels = "(node) => new Uint32Array(node.getContext('2d').getImageData(0, 400, 2000, 1200).data.buffer)"
    assert canvas.evaluate(f"(node) => new Set(({pixels})(node)).size") > 50
    with page.expect_download(timeout=WAIT_MS) as picture:
        page.locator(".st-key-save_picture button").click()
    assert picture.value.suggested_filename == "Wearers.png"
    assert Path(picture.value.path()).read_bytes()[:4] == b"\x89PNG"
    path = tmp_path / "saved.html"
    waiting.value.save_as(path)

    context = page.context.browser.new_context(viewport={"width": 1280, "height": 900})
    try:
        context.set_offline(True)
        report = context.new_page()
        errors: list[str] = []
        report.on("pageerror", lambda error: errors.append(str(error)))
        report.goto(path.as_uri())
        report.wait_for_selector("html[data-ready]", timeout=WAIT_MS)
        expect(report.locator("#panel h2")).to_have_text(f"Selected reviews · {expected}")
        assert drawn_selected(report) == expected
        assert errors == []
        assert report.evaluate("() => window.hacked") is None
        # Masking is on unless it is switched off.
        assert "13800138000" not in path.read_text("utf-8")
    finally:
        context.close()


def test_rename_delete_and_undo(opened):
    page, _, _ = opened
    page.locator(NAV, has_text="Open").click()
    card = page.locator("[class*=st-key-analysis_]", has_text="Wearers").first
    card.get_by_role("button", name="Rename").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("Wearers, spring")
    dialog.get_by_role("button", name="Save").click()
    renamed = page.locator("[class*=st-key-analysis_]", has_text="Wearers, spring").first
    expect(renamed).to_be_visible(timeout=WAIT_MS)
    renamed.get_by_role("button", name="Delete").click()
    expect(page.locator(".st-key-undo button")).to_be_visible(timeout=WAIT_MS)
    expect(renamed).to_have_count(0, timeout=WAIT_MS)
    page.locator(".st-key-undo button").click()
    expect(renamed).to_be_visible(timeout=WAIT_MS)

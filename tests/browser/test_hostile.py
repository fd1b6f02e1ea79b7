"""A hundred hostile texts in every field, walked through in a real browser: nothing of them is interpreted anywhere."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit

import numpy as np
import pandas as pd
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from pipelines import documents, share
from pipelines.address import to_query
from pipelines.export.html import write_report
from pipelines.pictures import STATE, Pictures
from pipelines.pictures.decoding import thumbnail
from pipelines.store import library
from pipelines.store.reader import Bundle
from pipelines.view import Filter, View
from tests import hostile_bundle, sample_bundle
from tests.browser.test_journey import NAV, WAIT_MS, at_rest, wait_for_map
from tests.hostile import BEFORE, FILE_NAME, SCAN, TEXTS

pytestmark = pytest.mark.browser


class Watch:
    """What a page did that no text may make it do."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.dialogs: list[str] = []
        self.requests: list[str] = []
        self.opened: list[str] = []
        page.on("dialog", lambda dialog: (self.dialogs.append(dialog.message), dialog.dismiss()))
        page.context.on("request", lambda request: self.requests.append(request.url))
        page.context.on("page", lambda other: self.opened.append(other.url))

    def look(self, where: str, least: int = 1, *, cleaned: bool = False) -> None:
        """Nothing of the page as it is now is interpreted, and at least so many marks are on it.

        cleaned: links and tags may be gone from a text, as they are from what an answer quotes.
        """
        seen = [frame.evaluate(SCAN, {} if cleaned else BEFORE) for frame in self.page.frames]
        assert [one for each in seen for one in each["found"]] == [], where
        assert sum(each["marks"] for each in seen) >= least, where

    def nothing_happened(self, *home: str) -> None:
        assert self.dialogs == []
        assert self.opened == []
        elsewhere = [url for url in self.requests if not url.startswith((*home, "data:", "blob:", "about:"))]
        assert elsewhere == []


@pytest.fixture
def furnished(home: Path) -> tuple[str, Bundle, View]:
    """A library full of hostile texts: the analysis, its bundle, and a look at it."""
    sample_bundle.stand_in(80)
    hostile_bundle.neighbours()
    analysis = library.create(TEXTS[14])
    bundle = library.publish(analysis, hostile_bundle.parts())
    return analysis, bundle, hostile_bundle.furnish(analysis, bundle)


def test_the_dashboard_and_a_link(page: Page, start_app, furnished, home: Path):
    analysis, bundle, view = furnished
    url = start_app(home)
    watch = Watch(page)

    def go(path: str, where: View, least: int = 1, ready: str = "h1") -> None:
        page.goto(f"{url}/{path}?{urlencode(to_query(where), quote_via=quote)}")
        page.wait_for_selector(ready, timeout=WAIT_MS)
        at_rest(page)
        watch.look(path, least)

    plain = View(analysis=analysis)
    # One topic is open, so that its panel is there too.
    go("", View(analysis=analysis, filters=(Filter("cluster", "is", 25),)), 20)
    page.locator(NAV, has_text="Map").click()
    wait_for_map(page)
    watch.look("map", 20)
    # Filters by a user, a text and a topic, a note, words to look for, items as colour, a selection.
    look = View.from_dict({**view.to_dict(), "colour": "item", "selection": list(range(0, 400, 3))})
    go("map", look, 20, ".rsm[data-drawn]")
    for name in ("Views", "Quotes"):
        page.get_by_role("button", name=name).first.click()
        expect(page.locator("[data-testid=stPopoverBody]")).to_be_visible(timeout=WAIT_MS)
        at_rest(page)
        watch.look(name, 20)
        page.keyboard.press("Escape")
    page.locator(".st-key-map_table_open label").first.click()
    at_rest(page)
    watch.look("table", 20)
    go("compare", plain, 2)
    page.get_by_text("Two groups side by side").click()
    at_rest(page)
    watch.look("pair", 2)
    go("check", plain)
    for tab in page.get_by_role("tab").all():
        tab.click()
        at_rest(page)
        watch.look(f"check, {tab.inner_text()}", 0)
    go("share", view, 2)
    page.locator(".st-key-share_views summary").click()
    at_rest(page)
    watch.look("share, views", 20)
    page.locator(".st-key-prepare_file button").click()
    expect(page.locator(".st-key-save_file")).to_be_visible(timeout=WAIT_MS)
    page.locator(".st-key-file_preview label").first.click()
    expect(page.locator(".st-key-save_picture canvas")).to_be_visible(timeout=WAIT_MS)
    at_rest(page)
    watch.look("share, preview", 20)
    go("open", plain, 20)
    lines = [",".join(_cell(text) for text in TEXTS[start : start + 25]) for start in (0, 25, 50, 75)]
    rows = [",".join(_cell(TEXTS[(i + j) % len(TEXTS)]) for j in range(25)) for i in range(60)]
    content = "\n".join([lines[0], *rows, *lines]).encode()
    page.locator("input[type=file]").set_input_files({"name": FILE_NAME, "mimeType": "text/csv", "buffer": content})
    expect(page.locator("[data-testid=stDataFrame]").first).to_be_visible(timeout=WAIT_MS)
    at_rest(page)
    watch.look("open, a file", 20)
    token = share.create_link(analysis, look, days=1, download=True, bundle=bundle.id, name=TEXTS[40])
    page.goto(f"{url}/?view={token}")
    expect(page.get_by_text("This page is read-only.")).to_be_visible(timeout=WAIT_MS)
    at_rest(page)
    watch.look("link", 20)
    watch.nothing_happened(url, f"ws://{urlsplit(url).netloc}")


def _cell(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


@pytest.fixture
def for_more(home: Path) -> str:
    """An analysis whose people have several items each, with pictures and a document called as the texts are."""
    sample_bundle.stand_in(80)
    parts = hostile_bundle.parts()
    n = len(parts.points)
    item = pd.array([TEXTS[(i * 5 + i // len(TEXTS)) % len(TEXTS)] for i in range(n)], dtype="str")
    parts = replace(parts, points=parts.points.assign(item=item), rows=parts.rows.assign(item=item))
    jpeg = thumbnail(Image.new("RGB", (60, 40), "teal"))
    kept = Pictures(
        row_id=np.arange(n, dtype=np.int64),
        vectors=np.eye(1, 4, dtype=np.float32).repeat(n, axis=0),
        jpeg=np.frombuffer(jpeg * n, np.uint8),
        ends=np.arange(1, n + 1, dtype=np.int64) * len(jpeg),
        identity={"name": f"clip:{TEXTS[14]}", "revision": "", "weights": ""},
    )
    analysis = library.create(TEXTS[14])
    library.publish(analysis, replace(parts, state={**parts.state, STATE: kept.as_state()}))
    documents.add(analysis, "\n\n".join(f"# attacker {text}\n{text}" for text in TEXTS).encode(), f"{TEXTS[15]}.md")
    return analysis


def test_what_embeddings_are_for(page: Page, start_app, for_more: str, home: Path):
    url = start_app(home)
    watch = Watch(page)

    def go(path: str, where: View, least: int = 1, *, cleaned: bool = False) -> None:
        page.goto(f"{url}/{path}?{urlencode(to_query(where), quote_via=quote)}")
        page.wait_for_selector("h1", timeout=WAIT_MS)
        at_rest(page)
        watch.look(f"{path}, {where.search}", least, cleaned=cleaned)

    def tabs(name: str) -> None:
        for tab in page.get_by_role("tab").all():
            tab.click()
            at_rest(page)
            watch.look(f"{name}, {tab.inner_text()}", 0)

    plain = View(analysis=for_more)
    go("ask", plain, 0)
    for asked in ("attacker", "What do people say about attacker?", "How many people mention attacker, by title?"):
        go("ask", View(analysis=for_more, search=asked), 2, cleaned=asked.endswith("?"))
        for opened in ("ask_nearest", "ask_documents", "ask_answer"):
            for summary in page.locator(f".st-key-{opened} summary").all():
                summary.click()
                at_rest(page)
        watch.look(f"ask, {asked}", 4, cleaned=asked.endswith("?"))
    go("recommend", plain, 0)
    tabs("recommend")
    go("lab", plain)
    tabs("lab")
    go("pictures", plain, 0)
    expect(page.locator(".rs-tile").first).to_be_visible(timeout=WAIT_MS)
    page.locator(".rs-tile").nth(20).click()
    expect(page.get_by_role("dialog")).to_be_visible(timeout=WAIT_MS)
    at_rest(page)
    watch.look("pictures, a review")
    watch.nothing_happened(url, f"ws://{urlsplit(url).netloc}")


def test_the_report_without_a_network(page: Page, furnished, tmp_path: Path):
    _analysis, bundle, view = furnished
    watch = Watch(page)
    page.context.set_offline(True)
    path = tmp_path / "report.html"
    write_report(bundle, path, view=View.from_dict({**view.to_dict(), "note": " ".join(TEXTS)[:4000]}))
    page.goto(path.as_uri())
    page.wait_for_selector("html[data-ready]")
    watch.look("report", 100)
    while page.locator(".stack > button").count():
        page.locator(".stack > button").first.click()
    for column in page.locator("#colour option").all():
        page.locator("#colour").select_option(column.get_attribute("value"))
        page.wait_for_timeout(100)
        watch.look("report, coloured", 100)
    for i, topic in enumerate(page.locator("button.topic").all()):
        if i % 25 == 0:
            topic.click()
            watch.look("report, a topic", 10)
            page.get_by_role("button", name="Back to the topics").click()
    for text in TEXTS[14::25]:
        page.locator("#words").fill(text)
        page.keyboard.press("Enter")
        watch.look("report, words", 10)
    page.locator("[data-dims='3']").click()
    page.wait_for_function("() => document.querySelector('.rsm-plot').data[0].type === 'scatter3d'")
    watch.look("report, 3D", 10)
    with page.expect_download() as waiting:
        page.locator("#picture").click()
    assert Path(waiting.value.path()).stat().st_size > 50_000
    watch.nothing_happened(path.as_uri())


def test_the_scan_sees_what_is_interpreted(chromium):
    context = chromium.new_context(offline=True)
    # In one breath, before anything of it can lead the page elsewhere.
    put = f"([text, how]) => {{ here[how] = text; return ({SCAN})({json.dumps(BEFORE)}); }}"

    def seen(text: str, *, as_html: bool) -> dict[str, object]:
        page = context.new_page()
        page.set_content("<div id=here></div>")
        try:
            return page.evaluate(put, [text, "innerHTML" if as_html else "textContent"])
        finally:
            page.close()

    try:
        assert seen(" ".join(TEXTS), as_html=False) == {"found": [], "marks": len(BEFORE) - 1}
        assert [text for text in TEXTS[14:43] if not seen(text, as_html=True)["found"]] == []
    finally:
        context.close()

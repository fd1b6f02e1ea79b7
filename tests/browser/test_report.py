"""The one-file report in a real browser with networking off: it works, and hostile texts do nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page

from pipelines.export.html import write_report
from pipelines.view import Filter, View
from tests.browser.test_map import alone, hover
from tests.sample_bundle import HOSTILE, TOPICS, N, sample_bundle

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def bundle(tmp_path_factory):
    return sample_bundle(tmp_path_factory.mktemp("report"))


@pytest.fixture
def opened(page: Page, bundle, tmp_path: Path):
    """open(**options) writes a report and opens it offline; at the end nothing may have run, loaded or failed."""
    seen: dict[str, list[str]] = {"dialogs": [], "requests": [], "errors": []}
    page.context.set_offline(True)
    page.on("dialog", lambda dialog: (seen["dialogs"].append(dialog.message), dialog.dismiss()))
    page.on("request", lambda request: seen["requests"].append(request.url))
    page.on("console", lambda line: seen["errors"].append(line.text) if line.type == "error" else None)

    def open_report(**options) -> Page:
        path = tmp_path / "report.html"
        write_report(bundle, path, **options)
        page.goto(path.as_uri())
        page.wait_for_selector("html[data-ready]")
        page.wait_for_timeout(300)
        return page

    yield open_report
    assert page.evaluate("() => window.hacked") is None
    assert seen["dialogs"] == []
    assert [url for url in seen["requests"] if not url.startswith(("file:", "data:", "blob:"))] == []
    assert seen["errors"] == []


def listed(page: Page) -> list[str]:
    return page.locator("#panel .review .text").all_text_contents()


def test_it_draws_with_webgl_under_its_policy(opened):
    page = opened()
    assert page.evaluate("() => document.querySelector('.rsm-plot').data.map((t) => t.type)").count("scattergl") >= 2
    assert page.locator(".rsm-note").is_hidden()
    assert page.locator(".gl-container canvas").count() > 0
    for chart in page.locator(".chart").all():
        assert chart.locator(".bars path").count() > 0
    assert page.locator(".modebar-btn--logo, .plotlyjsicon").count() == 0
    # A policy that let strings run as code would show here.
    assert page.evaluate("() => { try { return new Function('return 1')(); } catch { return 'refused'; } }") in (
        1,
        "refused",
    )


def test_a_topic_of_the_table_lists_its_reviews_in_pages(opened, bundle):
    page = opened()
    topic = 1
    page.locator(f"button.topic[data-topic='{topic}']").click()
    own = bundle.points[bundle.points["cluster"] == topic]
    assert page.locator("#panel h2").inner_text() == f"{TOPICS[topic]} · {len(own)}"
    first = listed(page)
    assert len(first) == min(20, len(own))
    page.get_by_role("button", name="Next").click()
    second = listed(page)
    assert first[0] not in second
    shown = page.evaluate("() => document.querySelector('.rsm-plot').data.find((t) => t.meta === 'chosen').x.length")
    assert shown == len(own)
    page.get_by_role("button", name="Back to the topics").click()
    assert page.locator("table.topics").is_visible()
    assert not page.evaluate("() => document.querySelector('.rsm-plot').data.some((t) => t.meta === 'chosen')")


def test_a_lasso_and_a_topic_name_on_the_map_list_reviews(opened):
    page = opened()
    page.locator(".rsm-frame").scroll_into_view_if_needed()
    box = page.locator(".rsm-frame").bounding_box()
    page.locator(".modebar-btn[data-val=lasso]").click()
    corners = [(0.02, 0.04), (0.98, 0.04), (0.98, 0.97), (0.02, 0.97), (0.02, 0.04)]
    at = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in corners]
    page.mouse.move(*at[0])
    page.mouse.down()
    for corner in at[1:]:
        page.mouse.move(*corner, steps=6)
    page.mouse.up()
    page.wait_for_selector("#panel[data-shows=reviews]")
    assert page.locator("#panel h2").inner_text() == f"Selected reviews · {N}"
    page.keyboard.press("Escape")
    page.wait_for_selector("#panel[data-shows=topics]")
    page.locator("button.rsm-item").first.click()
    page.wait_for_selector("#panel[data-shows=reviews]")
    assert listed(page)


def test_the_tip_says_the_text_and_keys_that_do_nothing_here_are_left_alone(opened, bundle):
    page = opened()
    unit = alone(bundle.points[["x2", "y2"]].to_numpy())
    hover(page, bundle.points, unit)
    page.wait_for_selector(".rsm-tip.rsm-shown .rsm-tip-text")
    assert " ".join(bundle.points["text"][unit].split()).startswith(page.locator(".rsm-tip-text").inner_text())
    # Undo is the browser's own where the map has none.
    page.evaluate(
        """() => document.addEventListener("keydown", (event) => { window.taken = event.defaultPrevented; })"""
    )
    page.locator(".rsm-frame").focus()
    for key, taken in (("Control+z", False), ("Control+y", False), ("n", False), ("+", True)):
        page.keyboard.press(key)
        assert page.evaluate("() => window.taken") is taken, key
    assert "Shift N" not in page.locator(".rsm-about").first.inner_text()


def test_words_are_found(opened, bundle):
    page = opened()
    page.locator("#words").fill("ESPRESSO grinder")
    page.get_by_role("button", name="Find", exact=True).click()
    n = bundle.points["text"].str.contains("espresso").sum()
    assert page.locator("#panel h2").inner_text().endswith(f"· {n}")
    page.locator("#words").fill("<img src=x onerror")
    page.keyboard.press("Enter")
    assert listed(page) == [HOSTILE[1]]
    page.locator("#words").fill("no such word anywhere")
    page.keyboard.press("Enter")
    assert "Nothing found." in page.locator("#panel").inner_text()


def test_hostile_texts_are_shown_as_they_are_written(opened, bundle):
    note = "".join(HOSTILE[:8])
    page = opened(view=View(note=note, filters=(Filter("row:<b>shop</b>", "not", "<svg onload=window.hacked=1>"),)))
    assert page.locator("blockquote").inner_text() == note
    assert page.locator("h1").inner_text() == "<script>window.hacked=1</script>.csv"
    for i, text in enumerate(HOSTILE):
        page.locator("#words").fill(text[:30].replace("\u0000", " "))
        page.keyboard.press("Enter")
        expected = bundle.points["text"][i]
        found = page.locator("#panel .review .text").all_text_contents()
        assert any(one == expected or (one.endswith("…") and expected.startswith(one[:-1])) for one in found), i
    for column in page.locator("#colour option").all():
        page.locator("#colour").select_option(column.get_attribute("value"))
        page.wait_for_timeout(200)
    assert page.evaluate("() => document.querySelectorAll('#report img, #report script, #report iframe').length") == 0
    for link in page.locator("#report a").all():
        assert link.get_attribute("href") is None


def test_the_view_is_applied(opened, bundle):
    units = (4, 8, 15)
    camera = {"flat": [-4.0, 10.0, -5.0, 9.0]}
    page = opened(view=View(colour="sentiment", selection=units, camera=camera))
    assert page.locator("#panel h2").inner_text() == "Selected reviews · 3"
    assert sorted(listed(page)) == sorted(bundle.points["text"][list(units)])
    ranges = page.evaluate("() => document.querySelector('.rsm-plot')._fullLayout.yaxis.range")
    assert ranges[0] <= -5.0
    assert ranges[1] >= 9.0
    assert page.locator("#colour").evaluate("(node) => node.selectedOptions[0].textContent") == "Sentiment"


def test_quotes_are_read_and_found_on_the_map(opened, bundle):
    inside, hostile = 30, 1
    view = View(quotes=(hostile, inside), filters=(Filter("row_id", "not", hostile),))
    page = opened(view=view)
    said = page.locator("#quotes .quote .text").all_text_contents()
    assert said == [HOSTILE[hostile], bundle.points["text"][inside]]
    # Outside the filters a quote is its text alone.
    assert page.locator("#quotes .quote").nth(0).get_by_role("button").count() == 0
    page.locator("#quotes .quote").nth(1).get_by_role("button").click()
    assert page.locator("#panel h2").inner_text() == "Quotes · 1"
    assert listed(page) == [bundle.points["text"][inside]]


def test_a_topic_of_the_effects_opens_its_reviews(opened, bundle):
    page = opened()
    row = page.locator("#moves tbody tr").first
    name = row.locator("button").inner_text()
    assert name in TOPICS
    assert row.locator("svg.spark polyline").count() == 1
    row.locator("button").click()
    n = int((bundle.points["topic"] == name).sum())
    assert page.locator("#panel h2").inner_text() == f"{name} · {n}"


# What is written on a canvas: each text with its left and right end in its own pixels, and its lower edge.
RECORD = """
const own = CanvasRenderingContext2D.prototype.fillText;
window.written = [];
CanvasRenderingContext2D.prototype.fillText = function (text, x, y) {
  const width = this.measureText(text).width;
  const left = this.textAlign === "right" ? x - width : this.textAlign === "center" ? x - width / 2 : x;
  const { a, e, f } = this.getTransform();
  window.written.push([text, left + e / a, left + width + e / a, y + f / a]);
  return own.call(this, text, x, y);
};
"""
PAGE_WIDTH, PAGE_HEIGHT = 1000, 1414


def saved_picture(page: Page) -> bytes:
    with page.expect_download() as waiting:
        page.locator("#picture").click()
    return Path(waiting.value.path()).read_bytes()


LOOKS = {
    "quotes": {"view": View(quotes=(13, 30, 1), note="".join(HOSTILE[:8]) * 3)},
    "selected": {"view": View(colour="sentiment", selection=tuple(range(20, 60)), camera={"flat": [-4, 10, -5, 9]})},
    "categories": {"view": View(colour="row:<b>shop</b>"), "language": "zh"},
    "nothing": {"view": View(filters=(Filter("rating", "between", (9, 10)),))},
    "masked": {"redact": True, "view": View(quotes=(16,))},
    "silent": {"allow_text": False, "view": View(quotes=(16,), dims=3)},
}


@pytest.mark.parametrize("name", LOOKS)
def test_the_picture_is_one_page_of_the_same(opened, page, name):
    page.add_init_script(RECORD)
    opened(**LOOKS[name])
    page.evaluate("() => { window.written = []; }")
    picture = saved_picture(page)
    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    assert [int.from_bytes(picture[at : at + 4], "big") for at in (16, 20)] == [2 * PAGE_WIDTH, 2 * PAGE_HEIGHT]
    written = page.evaluate("() => window.written")
    for text, left, right, y in written:
        assert left >= 47, text
        assert right <= PAGE_WIDTH - 47, text
        assert 0 < y < PAGE_HEIGHT - 40, text
    said = "\n".join(text for text, *_ in written)
    assert not set(said) & set("\u0000\u202e\u2066\u2028")
    facts = page.evaluate("() => JSON.parse(document.getElementById('report_data').textContent)")
    for topic in facts["topics"]:
        assert f"{topic['reviews']:,}" in said
    if name == "quotes":
        assert "<script>window.hacked=1</script>.csv" in said
        assert said.index("xxxxxxxx…") < said.index("第30次入住") < said.index(HOSTILE[1])
    elif name == "categories":
        assert "<i>east</i>" in said
        assert "条评论" in said
    elif name == "masked":
        assert "[phone]" in said
        assert "13800138000" not in said
    elif name == "silent":
        assert "第" not in said.replace("第三", "")


def test_3d_keeps_the_selection_and_comes_back(opened):
    page = opened(view=View(dims=3, selection=(1, 2)))
    types = "() => document.querySelector('.rsm-plot').data.map((t) => [t.type, t.meta, t.x.length])"
    assert ["scatter3d", "chosen", 2] in page.evaluate(types)
    page.locator("[data-dims='2']").click()
    page.wait_for_function("() => document.querySelector('.rsm-plot').data[0].type === 'scattergl'")
    assert ["scattergl", "chosen", 2] in page.evaluate(types)


def test_without_text_figures_only(opened):
    page = opened(allow_text=False)
    assert page.locator("#words").count() == 0
    page.locator("button.topic").first.click()
    assert set(listed(page)) == {"The texts of the reviews are not part of this file."}


def test_chinese_dark_and_phone(opened):
    page = opened(language="zh")
    page.set_viewport_size({"width": 390, "height": 844})
    page.emulate_media(color_scheme="dark")
    page.reload()
    page.wait_for_selector("html[data-ready]")
    assert page.evaluate("() => document.documentElement.dataset.theme") == "dark"
    assert page.evaluate("() => getComputedStyle(document.body).backgroundColor") == "rgb(14, 17, 23)"
    assert page.evaluate("() => document.documentElement.lang") == "zh-CN"
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
    page.locator("header button.round").click()
    page.wait_for_function("() => document.documentElement.dataset.theme === 'light'")

"""A map that does not draw all its points: what is seen, said and selected."""

from __future__ import annotations

import re
import shutil

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from pipelines.map.sample import sample
from tests.browser.conftest import ROOT
from tests.browser.test_map import alone, choose, hover, inside, lasso, open_map, ranges, settle, state, wait_for
from tests.sample_bundle import N, sample_bundle

pytestmark = pytest.mark.browser

MOST = 80
DRAWN = """() => document.querySelector(".rsm-plot").data
  .filter((t) => !["rings", "shown"].includes(t.meta)).reduce((sum, t) => sum + t.x.length, 0)"""
PICTURE = """() => {
  const image = document.querySelector(".rsm-plot").layout.images?.[0];
  return image ? image.source.slice(0, 22) + image.source.length : null;
}"""


@pytest.fixture(scope="module")
def app(start_app, tmp_path_factory):
    """The address of a page whose map draws MOST of the sample's points, and the sample."""
    folder = tmp_path_factory.mktemp("app")
    bundle = sample_bundle(folder)
    shutil.copy(ROOT / "tests/browser/map_app.py", folder / "map_app.py")
    shutil.copytree(ROOT / "static", folder / "static")
    env = {"SAMPLE_BUNDLE": str(bundle.path), "SAMPLE_MOST": str(MOST)}
    return start_app(folder / "home", folder / "map_app.py", env=env), bundle


def counted(page: Page) -> int:
    """All points that the legend counts inside the filters."""
    texts = page.locator("button.rsm-item .rsm-count").all_inner_texts()
    return sum(int(text.replace(",", "")) for text in texts)


def test_a_part_is_drawn_all_are_shaded_counted_and_selected(page: Page, app):
    url, bundle = app
    points = bundle.points
    base = sample(points, limit=MOST, most=MOST).base
    open_map(page, url)
    assert page.evaluate(DRAWN) == MOST
    note = page.locator(".rsm-note")
    expect(note).to_contain_text(f"Showing {MOST} of {N} points")
    whole = page.evaluate(PICTURE)
    assert whole.startswith("data:image/png")
    assert counted(page) == N
    expect(page.locator(".rsm-legend")).to_contain_text(f"how many of {N} reviews")
    # A lasso means all points inside, not only those that are drawn.
    units = points.index[points["cluster"] == 4].tolist()
    expected = inside(points, units)
    assert len(expected) > len(expected & {*base.tolist()})
    lasso(page, points, units)
    found = wait_for(page, "selection", bool)
    assert set(found["selection"]) == expected
    expect(page.locator(".rsm-status")).to_contain_text(f"{len(expected)} selected, {len(expected)} of them drawn")
    # A filter: the shading and the counts follow, and what is left of the others is drawn.
    page.get_by_text("Only positive").click()
    settle(page)
    positive = int((points["sentiment_label"] == "positive").sum())
    assert counted(page) == positive
    assert page.evaluate(PICTURE) != whole
    expect(page.locator(".rsm-legend")).to_contain_text(f"how many of {positive} reviews")
    assert page.evaluate(DRAWN) == len(
        {*base.tolist(), *expected, *np.flatnonzero(points["sentiment_label"] == "positive")}
    )
    assert set(state(page)["selection"]) == expected
    page.locator(".rsm-frame").focus()
    page.keyboard.press("Escape")
    wait_for(page, "selection", lambda s: s is None)
    choose(page, "Dims", "3")
    assert page.evaluate(PICTURE) is None
    expect(note).to_contain_text("The flat map (2D) also shades")


def test_zooming_in_brings_the_points_that_are_there_and_texts_are_theirs(page: Page, app):
    url, bundle = app
    points = bundle.points
    places = points[["x2", "y2"]].to_numpy()
    base = {*sample(points, limit=MOST, most=MOST).base.tolist()}
    open_map(page, url)
    hidden = [i for i in range(N) if i not in base]
    unit = hidden[alone(places[hidden])]
    page.evaluate(
        """([x, y]) => Plotly.relayout(document.querySelector(".rsm-plot"),
          {"xaxis.range": [x - 0.6, x + 0.6], "yaxis.range": [y - 0.5, y + 0.5]})""",
        places[unit].astype(float).tolist(),
    )
    wait_for(page, "camera", bool)
    settle(page)
    low, high, bottom, top = ranges(page)
    seen = np.flatnonzero(
        (places[:, 0] >= low) & (places[:, 0] <= high) & (places[:, 1] >= bottom) & (places[:, 1] <= top)
    )
    drawn = page.evaluate(
        """([low, high, bottom, top]) => document.querySelector(".rsm-plot").data.flatMap(
          (t) => Array.from(t.x, (x, i) => [x, t.y[i]]),
        ).filter(([x, y]) => x >= low && x <= high && y >= bottom && y <= top).length""",
        [low, high, bottom, top],
    )
    assert unit in seen
    assert drawn == len(seen)
    hover(page, points, unit)
    expect(page.locator(".rsm-tip.rsm-shown .rsm-tip-text")).to_have_text(" ".join(points["text"][unit].split()))
    page.mouse.down()
    page.mouse.up()
    assert unit in wait_for(page, "selection", bool)["selection"]
    # The whole map again: back to the first points, and the one that is selected.
    page.locator(".rsm-frame").focus()
    page.keyboard.press("0")
    expect(page.locator(".rsm-note")).to_contain_text(re.compile(f"Showing ({MOST}|{MOST + 1}) of"))


def test_the_brush_plays_over_what_is_drawn(page: Page, app):
    url, _ = app
    open_map(page, url)
    page.locator(".rsm-brush input").fill("2")
    settle(page)
    assert page.evaluate(PICTURE) is None
    greyed = page.evaluate("() => document.querySelector('.rsm-plot').data.find((t) => t.meta === 'context').x.length")
    assert 0 < greyed < MOST
    page.get_by_role("button", name="All times").click()
    settle(page)
    assert page.evaluate(PICTURE) is not None
    assert counted(page) == N

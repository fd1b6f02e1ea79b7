"""The map in a real browser: what a person does reaches Python, and nothing they did is lost by what comes after."""

from __future__ import annotations

import json
import re
import shutil

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from pipelines.trends.brush import brush_periods
from tests.browser.conftest import ROOT, launch
from tests.sample_bundle import sample_bundle

pytestmark = pytest.mark.browser

PLOT = ".rsm-plot"
IDLE = "[data-testid=stApp][data-test-script-state=notRunning]"

RANGES = """() => {
  const {xaxis, yaxis} = document.querySelector(".rsm-plot")._fullLayout;
  return [...xaxis.range, ...yaxis.range];
}"""
# Where points of the 3D map are on the page.
ON_SCREEN = """(points) => {
  const plot = document.querySelector(".rsm-plot"), scene = plot._fullLayout.scene._scene;
  const {model, view, projection} = scene.glplot.cameraParams, scale = scene.dataScale;
  const row = (m, v, i) => m[i] * v[0] + m[4 + i] * v[1] + m[8 + i] * v[2] + m[12 + i] * v[3];
  const times = (m, v) => [0, 1, 2, 3].map((i) => row(m, v, i));
  const box = plot.getBoundingClientRect();
  return points.map(([x, y, z]) => {
    const p = times(projection, times(view, times(model, [x * scale[0], y * scale[1], z * scale[2], 1])));
    return [box.left + (0.5 + 0.5 * p[0] / p[3]) * box.width, box.top + (0.5 - 0.5 * p[1] / p[3]) * box.height];
  });
}"""
OUTSIDE = re.compile(r"https?://(?!127\.0\.0\.1)")


@pytest.fixture(scope="module")
def app(start_app, tmp_path_factory):
    """The address of a page with the sample's map, and the sample."""
    folder = tmp_path_factory.mktemp("app")
    bundle = sample_bundle(folder)
    shutil.copy(ROOT / "tests/browser/map_app.py", folder / "map_app.py")
    shutil.copytree(ROOT / "static", folder / "static")
    url = start_app(folder / "home", folder / "map_app.py", env={"SAMPLE_BUNDLE": str(bundle.path)})
    return url, bundle


def open_map(page: Page, url: str) -> None:
    page.goto(url)
    page.wait_for_selector(".rsm[data-drawn]")
    settle(page)


def settle(page: Page) -> None:
    """Wait until the script and the drawing have come to rest."""
    page.wait_for_timeout(150)
    page.wait_for_selector(IDLE)
    before = ""
    while before != (now := page.get_attribute(".rsm", "data-drawn") or ""):
        before = now
        page.wait_for_timeout(250)


def state(page: Page) -> dict:
    return json.loads(page.locator("[data-testid=stCode]").inner_text())


def wait_for(page: Page, field: str, accept) -> dict:
    for _ in range(60):
        found = state(page)
        if accept(found[field]):
            settle(page)
            return state(page)
        page.wait_for_timeout(100)
    raise AssertionError(f"{field} stayed {found[field]!r}")


def pixel(page: Page, x: float, y: float) -> tuple[float, float]:
    """Where a place of the 2D map is on the page."""
    page.locator(".rsm-frame").scroll_into_view_if_needed()
    return tuple(
        page.evaluate(
            """([x, y]) => {
              const plot = document.querySelector(".rsm-plot"), l = plot._fullLayout;
              const box = plot.getBoundingClientRect();
              return [box.left + l.xaxis._offset + l.xaxis.d2p(x), box.top + l.yaxis._offset + l.yaxis.d2p(y)];
            }""",
            [x, y],
        )
    )


def ranges(page: Page) -> list[float]:
    return page.evaluate(RANGES)


def drawn_selected(page: Page) -> int:
    traces = page.evaluate("() => document.querySelector('.rsm-plot').data.map((t) => [t.meta, t.x.length])")
    return dict(traces).get("chosen", 0)


def alone(places: np.ndarray) -> int:
    """The row that is furthest from its nearest neighbour: a click there can mean no other."""
    distance = np.linalg.norm(places[:, None] - places[None], axis=2)
    np.fill_diagonal(distance, np.inf)
    return int(distance.min(axis=1).argmax())


def click_unit(page: Page, points, unit: int, modifiers=None) -> None:
    at = pixel(page, float(points["x2"][unit]), float(points["y2"][unit]))
    page.mouse.move(at[0] + 3, at[1] + 1)
    page.mouse.move(*at)
    page.wait_for_timeout(300)
    for key in modifiers or []:
        page.keyboard.down(key)
    page.mouse.down()
    page.mouse.up()
    for key in modifiers or []:
        page.keyboard.up(key)


def lasso(page: Page, points, units) -> None:
    """A lasso around the units' bounding box."""
    page.locator(".modebar-btn[data-val=lasso]").click()
    places = points.loc[units, ["x2", "y2"]].to_numpy(dtype=float)
    (x0, y0), (x1, y1) = places.min(axis=0) - 0.05, places.max(axis=0) + 0.05
    corners = [pixel(page, x, y) for x, y in ((x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0))]
    page.mouse.move(*corners[0])
    page.mouse.down()
    for corner in corners[1:]:
        page.mouse.move(*corner, steps=8)
    page.mouse.up()


def inside(points, units) -> set[int]:
    places = points[["x2", "y2"]].to_numpy(dtype=float)
    low, high = places[units].min(axis=0) - 0.05, places[units].max(axis=0) + 0.05
    return set(np.flatnonzero(((places >= low) & (places <= high)).all(axis=1)).tolist())


def choose(page: Page, group: str, option: str) -> None:
    page.get_by_role("radiogroup", name=group).get_by_text(option, exact=True).click()
    settle(page)


def test_click_selects_shift_adds_and_escape_clears(page: Page, app):
    url, bundle = app
    open_map(page, url)
    first = alone(bundle.points[["x2", "y2"]].to_numpy())
    click_unit(page, bundle.points, first)
    assert wait_for(page, "selection", bool)["selection"] == [first]
    assert drawn_selected(page) == 1
    twins = sorted(bundle.points.index[-3:].tolist())
    click_unit(page, bundle.points, twins[0], modifiers=["Shift"])
    assert set(wait_for(page, "selection", lambda s: s and len(s) > 1)["selection"]) >= {first, *twins}
    page.keyboard.press("Escape")
    assert wait_for(page, "selection", lambda s: s is None)["selection"] is None
    assert drawn_selected(page) == 0


def test_a_lasso_survives_recolour_filter_and_3d_and_does_not_loop(page: Page, app):
    url, bundle = app
    open_map(page, url)
    units = bundle.points.index[bundle.points["cluster"] == 4].tolist()
    lasso(page, bundle.points, units)
    expected = inside(bundle.points, units)
    found = wait_for(page, "selection", bool)
    assert set(found["selection"]) == expected
    page.mouse.wheel(0, -400)
    found = wait_for(page, "camera", bool)
    zoomed = ranges(page)
    assert found["camera"]["flat"] == pytest.approx(zoomed, rel=1e-4)
    for colour in ("sentiment", "rating", "row:<b>shop</b>", "row:price", "date"):
        choose(page, "Colour", colour)
        assert ranges(page) == pytest.approx(zoomed), colour
        assert drawn_selected(page) == len(expected), colour
    page.get_by_text("Only positive").click()
    settle(page)
    assert ranges(page) == pytest.approx(zoomed)
    assert drawn_selected(page) == len(expected)
    assert page.evaluate("() => document.querySelector('.rsm-plot').data.some((t) => t.meta === 'context')")
    choose(page, "Dims", "3")
    assert page.evaluate("() => document.querySelector('.rsm-plot').data[0].type") == "scatter3d"
    assert drawn_selected(page) == len(expected)
    choose(page, "Dims", "2")
    assert ranges(page) == pytest.approx(zoomed)
    found = state(page)
    assert set(found["selection"]) == expected
    page.wait_for_timeout(1500)
    assert state(page)["runs"] == found["runs"]


def test_box_select_leaves_out_what_the_filters_leave_out(page: Page, app):
    url, bundle = app
    open_map(page, url)
    page.get_by_text("Only positive").click()
    settle(page)
    units = bundle.points.index[bundle.points["cluster"] == 1].tolist()
    page.locator(".modebar-btn[data-val=select]").click()
    places = bundle.points.loc[units, ["x2", "y2"]].to_numpy(dtype=float)
    page.mouse.move(*pixel(page, *(places.min(axis=0) - 0.05)))
    page.mouse.down()
    page.mouse.move(*pixel(page, *(places.max(axis=0) + 0.05)), steps=10)
    page.mouse.up()
    positive = set(bundle.points.index[bundle.points["sentiment_label"] == "positive"])
    assert set(wait_for(page, "selection", bool)["selection"]) == inside(bundle.points, units) & positive


def test_a_click_in_3d_selects(page: Page, app):
    url, bundle = app
    open_map(page, url)
    choose(page, "Dims", "3")
    page.locator(".rsm-frame").scroll_into_view_if_needed()
    places = np.array(page.evaluate(ON_SCREEN, bundle.points[["x3", "y3", "z3"]].astype(float).to_numpy().tolist()))
    unit = alone(places)
    at = places[unit].tolist()
    page.mouse.move(at[0] + 4, at[1] + 2)
    page.mouse.move(*at)
    page.wait_for_timeout(600)
    page.mouse.down()
    page.mouse.up()
    assert wait_for(page, "selection", bool)["selection"] == [unit]
    # Turning the scene from the same spot is no click.
    runs = state(page)["runs"]
    page.mouse.down()
    page.mouse.move(at[0] + 120, at[1] + 40, steps=6)
    page.mouse.up()
    turned = wait_for(page, "camera", lambda camera: camera and "eye" in camera)
    assert turned["selection"] == [unit]
    assert turned["runs"] > runs
    choose(page, "Colour", "sentiment")
    eye = page.evaluate("() => document.querySelector('.rsm-plot')._fullLayout.scene.camera.eye")
    assert [eye["x"], eye["y"], eye["z"]] == pytest.approx(turned["camera"]["eye"], rel=1e-3)


def test_python_can_select_and_a_topic_name_can_be_clicked(page: Page, app):
    url, _ = app
    open_map(page, url)
    page.get_by_text("Select first ten").click()
    wait_for(page, "selection", lambda s: s and len(s) == 10)
    assert drawn_selected(page) == 10
    page.locator("button.rsm-item").first.click()
    assert isinstance(wait_for(page, "topic", lambda topic: topic is not None)["topic"], int)
    page.get_by_text("Only positive").click()
    settle(page)
    assert state(page)["topic"] is None
    page.locator(".rsm-frame").scroll_into_view_if_needed()
    box = page.locator(".annotation").last.bounding_box()
    page.mouse.move(box["x"] + 4, box["y"] + 4)
    page.wait_for_timeout(300)
    page.mouse.down()
    page.mouse.up()
    assert isinstance(wait_for(page, "topic", lambda topic: topic is not None)["topic"], int)


def test_hostile_texts_are_shown_as_they_are_written(page: Page, app):
    url, bundle = app
    dialogs: list[str] = []
    outside: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.on("request", lambda request: outside.append(request.url) if OUTSIDE.match(request.url) else None)
    open_map(page, url)
    names = page.evaluate("() => [...document.querySelectorAll('.annotation text')].map((t) => t.textContent)")
    assert any("<b>front</b> desk & staff" in name for name in names)
    assert any("$x^2$ %{y}" in name for name in names)
    unit = 0
    at = pixel(page, float(bundle.points["x2"][unit]), float(bundle.points["y2"][unit]))
    page.mouse.move(at[0] + 4, at[1])
    page.mouse.move(*at)
    page.wait_for_timeout(500)
    assert page.locator(".rsm-tip.rsm-shown").count() == 1
    assert page.evaluate("() => window.hacked") is None
    assert dialogs == []
    assert [url for url in outside if "attacker" in url] == []


def hover(page: Page, points, unit: int) -> None:
    at = pixel(page, float(points["x2"][unit]), float(points["y2"][unit]))
    page.mouse.move(at[0] + 6, at[1] + 2)
    page.mouse.move(*at)


def test_a_text_is_fetched_when_it_is_looked_at_and_the_page_does_not_run_again(page: Page, app):
    url, bundle = app
    received: list[bytes] = []
    asked: list[object] = []

    def listen(socket):
        socket.on("framereceived", lambda data: received.append(data))
        socket.on("framesent", lambda data: asked.append(data))

    page.on("websocket", listen)
    open_map(page, url)
    places = bundle.points[["x2", "y2"]].to_numpy()
    unit = alone(places)
    text = " ".join(bundle.points["text"][unit].split())
    at_first = b"".join(data if isinstance(data, bytes) else data.encode() for data in received)
    assert not any(" ".join(text.split()).encode() in at_first for text in bundle.points["text"])
    runs = state(page)["runs"]
    hover(page, bundle.points, unit)
    tip = page.locator(".rsm-tip.rsm-shown .rsm-tip-text")
    expect(tip).to_have_text(text)
    # Its neighbours' came along: the next one asks nothing.
    near = int(np.argsort(np.linalg.norm(places - places[unit], axis=1))[1])
    before = len(asked)
    hover(page, bundle.points, near)
    expect(tip).to_have_text(" ".join(bundle.points["text"][near].split()))
    assert len(asked) == before
    assert state(page)["runs"] == runs


def test_places_stay_however_many_other_parts_come(page: Page, app):
    # Streamlit sends them once; looks that others overtook bring parts that nobody asks for.
    url, _bundle = app
    open_map(page, url)
    page.evaluate(
        "() => { for (let i = 0; i < 60; i++) reviewscape.parts.put({ meta: { digest: `other ${i}` }, arrays: {} }); }"
    )
    assert page.evaluate("() => reviewscape.parts.has('other 59') && !reviewscape.parts.has('other 0')")
    choose(page, "Colour", "sentiment")
    expect(page.locator(".rsm-legend")).to_contain_text("−101")


def test_the_page_says_what_the_map_is_and_loads_plotly_once(page: Page, app):
    url, _ = app
    loaded: list[str] = []
    page.on("request", lambda request: loaded.append(request.url) if "/plotly-strict" in request.url else None)
    open_map(page, url)
    choose(page, "Colour", "rating")
    frame = page.get_by_role("group", name="Map of the reviews")
    assert "300 reviews as points" in page.locator(f"#{frame.get_attribute('aria-describedby')}").inner_text()
    assert len(loaded) == 1
    assert page.locator(".modebar").get_by_text("plotly").count() == 0
    assert page.locator(".modebar-btn[data-title*='cloud'], .plotlyjsicon").count() == 0


def test_without_webgl_a_flat_sample_is_drawn_and_said(playwright_session, app):
    url, _ = app
    browser = launch(playwright_session, "--disable-3d-apis")
    try:
        page = browser.new_page()
        open_map(page, url)
        assert page.evaluate("() => document.querySelector('.rsm-plot').data[0].type") == "scatter"
        assert "300 of 300 reviews are shown, flat" in page.locator(".rsm-note").inner_text()
        choose(page, "Dims", "3")
        assert page.evaluate("() => document.querySelector('.rsm-plot').data[0].type") == "scatter"
    finally:
        browser.close()


def coloured(page: Page, n: int) -> None:
    """Wait until n points of the map are not grey."""
    page.wait_for_function(
        """(n) => document.querySelector(".rsm-plot").data
          .filter((trace) => trace.meta && trace.meta !== "context")
          .reduce((sum, trace) => sum + trace.x.length, 0) === n""",
        arg=n,
    )


def test_the_brush_plays_period_by_period_in_the_browser_alone(app, page):
    url, bundle = app
    open_map(page, url)
    index, periods = brush_periods(bundle.points)
    counts = np.bincount(index, minlength=len(periods)).tolist()
    assert max(counts) < len(bundle.points)
    runs = state(page)["runs"]
    coloured(page, len(bundle.points))
    page.locator(".rsm-play").click()
    expect(page.locator(".rsm-time")).to_contain_text(periods[1][0])
    page.locator(".rsm-play").click()
    at = int(page.locator(".rsm-brush input").input_value())
    expect(page.locator(".rsm-time")).to_have_text(" – ".join(periods[at]))
    coloured(page, counts[at])
    page.locator(".rsm-brush input").fill("3")
    coloured(page, counts[3])
    assert state(page)["runs"] == runs
    page.get_by_role("button", name="Show only these").click()
    assert wait_for(page, "period", lambda found: found is not None)["period"] == 3
    coloured(page, len(bundle.points))

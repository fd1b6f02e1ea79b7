"""The map in a browser, beside st.plotly_chart: python -m benchmarks.map [--sizes 1000 20000 100000].

Made points on a page of its own (benchmarks/map_page.py), a real Streamlit server, headless Chromium. For each size and
side, in the same run: bytes of the connection down and up for the first load, a recolour, a filter and a lasso around
the middle of the map, the seconds of each until the new picture is drawn (of the first load also from the arrival of
its data), and the frames a second while the map is dragged. Files that are cached (plotly.js, our scripts, Streamlit's
own) are not counted. Chromium draws with SwiftShader, in software, unless --gpu is given.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.browsing import AT_REST, FLAGS, ROOT, WAIT_MS, browsing, serving
from pipelines.errors import ReviewscapeError

SIDES = ("ours", "plotly")
PAN_S = 2.0
# Whoever asks Plotly for a picture, it has reckoned its points anew by the next frame.
_WATCH = """
window.pictures = 0;
const look = () => {
  const plot = document.querySelector(".js-plotly-plot");
  if (plot?.calcdata && plot.calcdata !== window.seen) {
    window.seen = plot.calcdata; window.pictures++; window.drawnAt = Date.now();
  }
  requestAnimationFrame(look);
};
requestAnimationFrame(look);
"""
_FRAMES = """() => {
  window.frames = 0;
  const count = () => { window.frames++; window.counting = requestAnimationFrame(count); };
  window.counting = requestAnimationFrame(count);
}"""


@dataclass
class Wire:
    """Bytes of the page's connection since the last look, and when the last came."""

    down: int = 0
    up: int = 0
    last: float = field(default_factory=time.perf_counter)

    def watch(self, page: Any) -> None:
        """Count from now on."""

        def opened(socket: Any) -> None:
            socket.on("framereceived", lambda data: self._count(data, is_down=True))
            socket.on("framesent", lambda data: self._count(data, is_down=False))

        page.on("websocket", opened)

    def _count(self, data: str | bytes, *, is_down: bool) -> None:
        size = len(data)
        if is_down:
            self.down += size
            self.last = time.perf_counter()
        else:
            self.up += size

    def take(self) -> dict[str, int]:
        """What was counted; counting begins anew."""
        found = {"down": self.down, "up": self.up}
        self.down = self.up = 0
        return found


@contextlib.contextmanager
def page_server() -> Iterator[str]:
    """The address of a server of the measured page."""
    with tempfile.TemporaryDirectory(prefix="reviewscape-map-") as name:
        folder = Path(name)
        shutil.copy(ROOT / "benchmarks/map_page.py", folder / "map_page.py")
        shutil.copytree(ROOT / "static", folder / "static")
        with serving(folder, folder / "map_page.py") as url:
            yield url


def measure(browser: Any, url: str, n: int, side: str) -> dict[str, Any]:
    """One fresh page: first load, recolour, filter, lasso, drag."""
    page = browser.new_page(viewport={"width": 1280, "height": 900}, locale="en-US")
    page.set_default_timeout(WAIT_MS)
    wire = Wire()
    wire.watch(page)
    page.add_init_script(_WATCH)
    started = time.perf_counter()
    page.goto(f"{url}/?n={n}&side={side}")
    drawn = ".rsm[data-drawn]" if side == "ours" else ".js-plotly-plot .gl-canvas"
    page.wait_for_selector(drawn, state="attached")
    page.wait_for_function("() => window.pictures > 0")
    first = time.perf_counter()
    arrived = wire.last
    _rest(page)
    found: dict[str, Any] = {
        "n": n,
        "side": side,
        "load": {
            **wire.take(),
            "seconds": round(first - started, 2),
            "after_data": round(max(first - arrived, 0.0), 2),
        },
    }
    found["recolour"] = _timed(page, wire, lambda: page.get_by_text("sentiment", exact=True).click())
    found["filter"] = _timed(page, wire, lambda: page.get_by_text("Filter", exact=True).click())
    found["frames_per_s"] = _dragged(page)
    page.wait_for_timeout(1500)
    _rest(page)
    wire.take()
    page.locator(".modebar-btn[data-val=lasso]").click()
    _lasso(page)
    # From the release on: how long the drag itself takes is the hand's affair.
    found["lasso"] = _timed(page, wire, page.mouse.up)
    # What every later run of the page sends again.
    found["after_lasso"] = _timed(page, wire, lambda: page.get_by_text("rating", exact=True).click())
    page.close()
    return found


def _rest(page: Any) -> None:
    page.wait_for_function(AT_REST, polling=20)
    before = -1
    while before != (now := page.evaluate("() => window.pictures")):
        before = now
        page.wait_for_timeout(400)


def _timed(page: Any, wire: Wire, do: Callable[[], None]) -> dict[str, Any]:
    """Bytes both ways and the seconds until the last picture that follows."""
    wire.take()
    page.evaluate("() => { window.drawnAt = 0; }")
    started = time.time()
    do()
    page.wait_for_timeout(200)
    _rest(page)
    at = page.evaluate("() => window.drawnAt")
    seconds = round(max(at / 1000 - started, 0.0), 2) if at else None
    return {**wire.take(), "seconds": seconds}


def _middle(page: Any) -> tuple[float, float, float]:
    box = page.locator(".js-plotly-plot").first.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, box["height"] / 4


def _dragged(page: Any) -> float:
    x, y, reach = _middle(page)
    page.mouse.move(x, y)
    page.mouse.down()
    page.evaluate(_FRAMES)
    started, step = time.perf_counter(), 0
    while time.perf_counter() - started < PAN_S:
        step += 1
        page.mouse.move(x + reach * ((step % 40) / 40 - 0.5), y + reach * ((step % 27) / 27 - 0.5))
    frames = page.evaluate("() => { cancelAnimationFrame(window.counting); return window.frames; }")
    passed = time.perf_counter() - started
    page.mouse.up()
    return round(frames / passed, 1)


def _lasso(page: Any) -> None:
    """Draw one around the middle, up to its last corner."""
    x, y, reach = _middle(page)
    corners = [(x - reach, y - reach), (x + reach, y - reach), (x + reach, y + reach), (x - reach, y + reach)]
    page.mouse.move(*corners[0])
    page.mouse.down()
    for corner in (*corners[1:], corners[0]):
        page.mouse.move(*corner, steps=5)


def median_of(runs: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Figure by figure the median over runs of the same shape; what a run lacks is left out."""
    merged: dict[str, Any] = {}
    for name, value in runs[0].items():
        values = [run[name] for run in runs]
        if isinstance(value, dict):
            merged[name] = median_of(values)
        elif isinstance(value, int | float):
            known = [one for one in values if one is not None]
            merged[name] = round(statistics.median(known), 2)
        else:
            merged[name] = value
    return merged


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print a JSON line for each size and side; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.map", description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 20_000, 100_000])
    parser.add_argument("--sides", nargs="+", choices=SIDES, default=list(SIDES))
    parser.add_argument("--runs", type=int, default=3, help="fresh pages of each, sides in turn (default: 3)")
    parser.add_argument("--gpu", action="store_true", help="let Chromium draw with the graphics card")
    args = parser.parse_args(argv)
    if min(*args.sizes, args.runs) < 1:
        parser.error("--sizes and --runs must be at least 1")
    try:
        with page_server() as url, browsing([] if args.gpu else FLAGS) as browser:
            # The first page of a server and a browser starts both; it is no result.
            for side in args.sides:
                measure(browser, url, min(args.sizes), side)
            for n in args.sizes:
                runs: dict[str, list[dict[str, Any]]] = {side: [] for side in args.sides}
                for _ in range(args.runs):
                    for side in args.sides:
                        runs[side].append(measure(browser, url, n, side))
                for side in args.sides:
                    print(json.dumps(median_of(runs[side])), flush=True)
    except ReviewscapeError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())

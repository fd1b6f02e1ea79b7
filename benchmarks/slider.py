"""The slider "fewer ↔ more topics" in a browser: python -m benchmarks.slider FILE --text C [--vectors F.npy].

The first --rows rows of a file are analysed and opened on the Map page of a real Streamlit server in Chromium. Told are
the seconds from the key that moves the slider until the topics beside the map are others and the page is at rest:
the first time that a step is asked for (`first_s`, medians over moves), and when it was there before (`again_s`).
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.browsing import AT_REST, WAIT_MS, browsing, own_home, prepare, serving
from pipelines.errors import ReviewscapeError

_TOPICS = "document.querySelectorAll('[class*=\"st-key-map_topic_\"]').length"
_THUMB = ".st-key-granularity input[type=range]"


def measure(url: str, analysis: str, moves: int, rest_s: float) -> dict[str, Any]:
    """Move the slider by keys from end to end and back, at least `moves` times each way of looking.

    rest_s: a look at the map before the first move.
    """
    with browsing() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 900}, locale="en-US")
        page.set_default_timeout(WAIT_MS)
        started = time.perf_counter()
        page.goto(f"{url}/?a={analysis}")
        page.locator("[data-testid=stSidebarNavLink]", has_text="Map").click()
        page.wait_for_selector(_THUMB, state="attached")
        page.wait_for_selector(".rsm[data-drawn]")
        page.wait_for_function(AT_REST)
        opened_s = time.perf_counter() - started
        time.sleep(rest_s)
        first: list[float] = []
        again: list[float] = []
        seen = {page.locator(_THUMB).get_attribute("aria-valuetext")}
        key, topics = "ArrowLeft", []
        while len(first) + len(again) < 4 * moves and (len(first) < moves or len(again) < moves):
            before = page.evaluate(_TOPICS)
            at = page.locator(_THUMB).get_attribute("aria-valuetext")
            page.locator(_THUMB).focus()
            started = time.perf_counter()
            page.keyboard.press(key)
            if page.locator(_THUMB).get_attribute("aria-valuetext") == at:
                if key == "ArrowRight" and not first:
                    break
                key = "ArrowRight" if key == "ArrowLeft" else "ArrowLeft"
                continue
            page.wait_for_function(f"{_TOPICS} !== {before} && {AT_REST}", polling=10)
            took_s = time.perf_counter() - started
            step = page.locator(_THUMB).get_attribute("aria-valuetext")
            (again if step in seen else first).append(took_s)
            seen.add(step)
            topics.append(page.evaluate(_TOPICS))
    return {
        "opened_s": round(opened_s, 3),
        "first_s": _median(first),
        "first_worst_s": round(max(first, default=0.0), 3),
        "again_s": _median(again),
        "moves": len(first) + len(again),
        "topics": topics,
    }


def _median(values: Sequence[float]) -> float | None:
    return round(statistics.median(values), 3) if values else None


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print one JSON line; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.slider", description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--text", required=True, metavar="C", help="the column that holds the review text")
    parser.add_argument("--rows", type=int, default=20_000, help="how many of its rows (default: 20,000)")
    parser.add_argument("--vectors", type=Path, metavar="F.npy", help="vectors of the rows, to save their embedding")
    parser.add_argument("--embedder", default="auto", metavar="NAME")
    parser.add_argument("--moves", type=int, default=6, help="fewest moves of each kind (default: 6)")
    parser.add_argument("--rest", type=float, default=5.0, metavar="S", help="a look before the first move (5 seconds)")
    args = parser.parse_args(argv)
    if min(args.rows, args.moves) < 1:
        parser.error("--rows and --moves must be at least 1")
    try:
        with own_home("reviewscape-slider-") as home:
            analysis = prepare(args.file, {"text": args.text}, args.rows, args.vectors, args.embedder, home)
            with serving(home) as url:
                found = measure(url, analysis, args.moves, args.rest)
    except ReviewscapeError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    print(json.dumps({"file": args.file.name, "rows": args.rows, **found}))
    return 0


if __name__ == "__main__":
    sys.exit(main())

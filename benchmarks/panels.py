"""What each panel takes: python -m benchmarks.panels FILE --text C [--rating C --date C --item C --vectors F.npy].

The first --rows rows of a file are analysed. Every page and every view of it that has to be asked for is then drawn, in
one process without a browser (`server_…`) and by a real server in headless Chromium (`browser_…`): from the click until
the script is at rest and charts and maps are drawn. All are medians of --runs runs.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.browsing import AT_REST, ROOT, WAIT_MS, browsing, own_home, prepare, serving
from pipelines.errors import ReviewscapeError

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from streamlit.testing.v1 import AppTest

WIDTHS_PX = {1280: 900, 390: 844}
"""Width and height of the windows: a laptop and a phone."""
OVERVIEW = "Overview"
ROLES = ("text", "rating", "date", "item")
TIMEOUT_S = 300
_IN_SIGHT = "[...document.querySelectorAll('%s')].filter(one => one.checkVisibility())"
DRAWN = (
    f"{_IN_SIGHT % '[data-testid=stPlotlyChart]'}.every(one => one.querySelector('.main-svg'))"
    f" && {_IN_SIGHT % '.rsm'}.every(one => one.dataset.drawn !== undefined)"
    " && !document.querySelector('[data-testid=stSkeleton]')"
)
_WIDTH = (
    "Math.max(document.documentElement.scrollWidth, document.querySelector('[data-testid=stMain]')?.scrollWidth ?? 0)"
)


@dataclass(frozen=True)
class Panel:
    """Something that is drawn after one click; opened: a topic is chosen; there: what shows that it has come.

    page: its page in the navigation, clicked for it unless a click on `words` (without a browser: `state`, a key
    and its value) shows it on the page that is open. chart: it is left out where a file gives it nothing to draw.
    """

    name: str
    page: str
    there: str
    state: tuple[str, str] | None = None
    words: str = ""
    opened: bool = False
    chart: bool = False


def _tab(words: str) -> Panel:
    return Panel(f"Check: {words}", "Check", _tab_there(words), ("check_tab_en", words), words)


def _tab_there(words: str) -> str:
    return f"[data-testid=stTab][aria-selected=true]:has-text('{words}')"


PANELS = (
    Panel("Map", "Map", ".rsm[data-drawn]"),
    Panel("Compare: grid", "Compare", ".st-key-compare_grid .main-svg", chart=True),
    Panel(
        "Compare: pair",
        "Compare",
        ".st-key-compare_map_B-frame",
        ("compare_mode", "pair"),
        "Two groups side by side",
        chart=True,
    ),
    Panel("Check: Odd reviews", "Check", _tab_there("Odd reviews")),
    *map(_tab, ("Duplicates", "Stars against text", "Left out", "Spot check")),
    Panel(OVERVIEW, "Overview", ".st-key-figures"),
    Panel("Map: a topic", "Map", ".rsm[data-drawn]", opened=True),
    Panel("Overview: a topic", "Overview", ".st-key-opened_topic", opened=True),
)
"""In the order in which they are opened, the Overview having been open before."""


def server(analysis: str, runs: int) -> dict[str, dict[str, float]]:
    """Seconds of a first and of a repeated run of each panel, the figures of no panel known when a round begins."""
    import streamlit as st

    before = Path.cwd()
    # Without a server, every use of the session is worth a warning to Streamlit.
    logging.disable(logging.WARNING)
    os.chdir(ROOT)
    try:
        # One round to import and compile what panels need.
        _round(analysis)
        rounds = []
        for _run in range(runs):
            st.cache_resource.clear()
            st.cache_data.clear()
            rounds.append(_round(analysis))
    finally:
        logging.disable(logging.NOTSET)
        os.chdir(before)
    return {
        panel: {name: _median([one[panel][name] for one in rounds]) for name in figures}
        for panel, figures in rounds[0].items()
    }


def _round(analysis: str) -> dict[str, dict[str, float]]:
    app = _session(analysis)
    found = {OVERVIEW: {**_timed(app, "first"), **_timed(app, "again")}}
    for panel in PANELS:
        if panel.name == OVERVIEW:
            continue
        if panel.opened and "f" not in app.query_params:
            app = _session(analysis, f=_first_topic())
            app.run()
        if panel.state is not None:
            app.session_state[panel.state[0]] = panel.state[1]
        else:
            app.switch_page(f"pages/main/{panel.page.lower()}.py")
        figures = {**_timed(app, "first"), **_timed(app, "again")}
        if app.exception:
            raise ReviewscapeError("{panel} fails: {error}", panel=panel.name, error=app.exception[0].message)
        if not panel.chart or app.get("plotly_chart"):
            found[panel.name] = figures
    return found


def _session(analysis: str, **query: str) -> AppTest:
    from streamlit.testing.v1 import AppTest

    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=TIMEOUT_S)
    app.session_state["language"] = "en"
    for name, value in {"a": analysis, **query}.items():
        app.query_params[name] = value
    return app


def _first_topic() -> str:
    return json.dumps([["cluster", "is", 0]])


def _timed(app: AppTest, which: str) -> dict[str, float]:
    started, worked = time.perf_counter(), time.process_time()
    app.run()
    seconds, processor = time.perf_counter() - started, time.process_time() - worked
    return {f"server_{which}_s": seconds, f"server_{which}_processor_s": processor}


def browser(url: str, analysis: str, runs: int, names: Collection[str]) -> dict[str, dict[str, float]]:
    """Seconds from the click on each panel of `names` until it is drawn, and how wide the page is, in each window."""
    panels = [panel for panel in PANELS if panel.name in names]
    found: dict[str, dict[str, float]] = {panel.name: {} for panel in panels}
    with browsing() as chromium:
        for width, height in WIDTHS_PX.items():
            took: dict[str, list[float]] = defaultdict(list)
            for run in range(runs + 1):
                context = chromium.new_context(viewport={"width": width, "height": height}, locale="en-US")
                page = context.new_page()
                page.set_default_timeout(WAIT_MS)
                ended = ends_of_runs(page)
                opened = False
                open_page(page, url, {"a": analysis})
                for panel in panels:
                    if panel.opened and not opened:
                        opened = True
                        open_page(page, url, {"a": analysis, "f": _first_topic()})
                    seconds = _click(page, panel, ended)
                    # The first round fills the caches of server and browser.
                    if run:
                        took[panel.name].append(seconds)
                    found[panel.name][f"wide_{width}_px"] = page.evaluate(_WIDTH)
                context.close()
            for name, seconds_each in took.items():
                found[name][f"browser_{width}_s"] = _median(seconds_each)
    return found


def open_page(page: Page, url: str, query: dict[str, str]) -> None:
    """Open the Overview with a query and wait until it is drawn."""
    from urllib.parse import urlencode

    page.goto(f"{url}/?{urlencode(query)}")
    page.locator(".st-key-figures").first.wait_for()
    page.wait_for_function(f"{AT_REST} && {DRAWN}")


def ends_of_runs(page: Page, *, whole: bool = False) -> list[float]:
    """When the server said that a run of the page's script is over; grows while Playwright waits for anything.

    whole: not the runs of a fragment that draws itself anew, nor those cut short by the next one.
    """
    from streamlit.proto.ForwardMsg_pb2 import ForwardMsg, ForwardMsgList

    ended: list[float] = []

    def heard(frame: bytes | str) -> None:
        if isinstance(frame, bytes):
            for message in _messages(frame, ForwardMsg, ForwardMsgList):
                is_end = message.WhichOneof("type") == "script_finished"
                if is_end and (not whole or message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY):
                    ended.append(time.perf_counter())

    page.on("websocket", lambda socket: socket.on("framereceived", heard))
    return ended


def _messages(frame: bytes, one: type[Any], several: type[Any]) -> list[Any]:
    """The messages of a frame, which holds one or a list of them."""
    from google.protobuf.message import DecodeError

    for kind in (one, several):
        try:
            found = kind.FromString(frame)
        except DecodeError:
            continue
        messages = list(found.messages) if kind is several else [found]
        if messages and messages[0].WhichOneof("type"):
            return messages
    return []


def _click(page: Page, panel: Panel, ended: list[float]) -> float:
    if panel.state is None:
        target = page.locator("[data-testid=stSidebarNavLink]", has_text=panel.page)
    else:
        target = page.get_by_text(panel.words, exact=True).first
    started, before = time.perf_counter(), len(ended)
    # On a phone the navigation is shut: a click that needs no sight of it.
    target.dispatch_event("click")
    page.locator(panel.there).first.wait_for()
    # A tab is marked as chosen before the script has heard of it, and a short run never shows in the page's state.
    while len(ended) == before and time.perf_counter() - started < WAIT_MS / 1000:
        page.wait_for_timeout(5)
    page.wait_for_function(f"{AT_REST} && {DRAWN}", polling=10)
    return time.perf_counter() - started


def _median(values: Sequence[float]) -> float:
    return round(statistics.median(values), 3)


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print a line a panel and one JSON line; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.panels", description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path)
    for role in ROLES:
        parser.add_argument(f"--{role}", required=role == "text", metavar="C", help=f"the column that holds the {role}")
    parser.add_argument("--rows", type=int, default=20_000, help="how many of its rows (default: 20,000)")
    parser.add_argument("--vectors", type=Path, metavar="F.npy", help="vectors of the rows, to save their embedding")
    parser.add_argument("--embedder", default="auto", metavar="NAME")
    parser.add_argument("--runs", type=int, default=3, help="runs of each kind (default: 3)")
    args = parser.parse_args(argv)
    if min(args.rows, args.runs) < 1:
        parser.error("--rows and --runs must be at least 1")
    roles = {role: column for role in ROLES if (column := getattr(args, role))}
    try:
        with own_home("reviewscape-panels-") as home:
            analysis = prepare(args.file, roles, args.rows, args.vectors, args.embedder, home)
            found = server(analysis, args.runs)
            with serving(home) as url:
                drawn = browser(url, analysis, args.runs, list(found))
    except ReviewscapeError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    panels = {name: {**figures, **drawn[name]} for name, figures in found.items()}
    for name, figures in panels.items():
        print(f"{name:28}" + " ".join(f"{key} {value}" for key, value in figures.items()))
    print(json.dumps({"file": args.file.name, "rows": args.rows, "panels": panels}))
    return 0


if __name__ == "__main__":
    sys.exit(main())

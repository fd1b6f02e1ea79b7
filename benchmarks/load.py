"""Many people at once: python -m benchmarks.load [--rows 20000] [--sessions 1 5 20 50] [--clicks 12] [--think 2 8].

A real server over one analysis of reviews made for it; so many visitors, each a websocket of its own, open it, go from
page to page and click what is on them, pausing as people do (seeded). A click's time is from its message sent to the
end of its script received. At the end each visitor saves a view and stars a review: all must be in the journal. One
JSON line: for each number of sessions p50 and p95 of clicks and of opening, the server's processor seconds a click,
its memory, errors, and what was lost. The visitors are one process without threads, which takes its part of the
machine too.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import statistics
import subprocess
import sys
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from websockets.exceptions import WebSocketException

from benchmarks import recombined
from benchmarks.browsing import own_home, prepare, server
from benchmarks.command import percentile, printed
from benchmarks.measure import cpu_seconds, resident_bytes
from benchmarks.visitor import Broken, Run, Visitor, visiting
from pipelines import quotes
from pipelines.config import AnalyzeConfig
from pipelines.store import catalog, journal

Click = Callable[[Visitor, random.Random], Awaitable[Run]]
OPENED = "open"
_QUESTIONS = (
    "noisy grinder",
    "milk foam",
    "leaks water",
    "easy to clean",
    "delivery",
    "how many complain about noise?",
)
_TABS = ("Odd reviews", "Duplicates", "Stars against text", "Left out")
_PAGES = ("", "map", "ask", "compare", "check", "share", "open")


async def _topic(visitor: Visitor, chosen: random.Random) -> Run:
    selection = {"selection": {"rows": [chosen.randrange(4)], "columns": [], "cells": []}}
    return await visitor.use("topics_", selection)


async def _unfilter(visitor: Visitor, _chosen: random.Random) -> Run:
    return await visitor.use("chip_0")


async def _colour(visitor: Visitor, chosen: random.Random) -> Run:
    return await visitor.use("map_colour", chosen.choice(["Sentiment", "Stars", "Topic"]))


async def _dimensions(visitor: Visitor, chosen: random.Random) -> Run:
    return await visitor.use("map_dims", [chosen.choice(["2D", "3D"])])


async def _lasso(visitor: Visitor, chosen: random.Random) -> Run:
    first = chosen.randrange(100)
    sent = {"seq": visitor.acts + 1, "list": list(range(first, first + 40))}
    return await visitor.act("map", "selected", sent)


async def _ask(visitor: Visitor, chosen: random.Random) -> Run:
    return await visitor.use("ask_box", chosen.choice(_QUESTIONS))


async def _measure(visitor: Visitor, chosen: random.Random) -> Run:
    return await visitor.use("compare_measure", [chosen.choice(["How often", "Sentiment"])])


async def _tab(visitor: Visitor, chosen: random.Random) -> Run:
    return await visitor.use("check_tab_en", chosen.choice(_TABS))


async def _kind(visitor: Visitor, chosen: random.Random) -> Run:
    return await visitor.use("table_kind", [chosen.choice(["CSV", "Parquet"])])


CLICKS: dict[str, dict[str, Click]] = {
    "": {"topic": _topic, "unfilter": _unfilter},
    "map": {"colour": _colour, "2D/3D": _dimensions, "lasso": _lasso, "unfilter": _unfilter},
    "ask": {"question": _ask},
    "compare": {"measure": _measure, "unfilter": _unfilter},
    "check": {"tab": _tab},
    "share": {"format": _kind},
    "open": {},
}
"""What is clicked on each page, beside the menu."""
_NEEDS = {"topic": "topics_", "unfilter": "chip_0", "tab": "check_tab_en", "measure": "compare_measure"}


@dataclass
class Seen:
    """What all visitors of one round met: seconds and bytes of clicks, errors, who was told that a thing is kept."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    received: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    errors: list[str] = field(default_factory=list)
    acknowledged: dict[str, set[int]] = field(default_factory=lambda: {"view": set(), "star": set()})

    def note(self, name: str, run: Run) -> None:
        """One click."""
        self.seconds[name].append(run.seconds)
        self.received[name].append(run.received)
        self.errors += [f"{name}: {error}" for error in run.exceptions]

    def clicks(self) -> list[float]:
        """Seconds of all clicks but those that opened the first page."""
        return [one for name, found in self.seconds.items() if name != OPENED for one in found]


@dataclass(frozen=True)
class Walk:
    """How visitors go about: clicks each, the pause before each (low, high) in seconds, what decides all choices."""

    clicks: int
    think_s: tuple[float, float]
    seed: int


async def walk(visitor: Visitor, analysis: str, way: Walk, number: int, seen: Seen) -> None:
    """One visitor's clicks, from opening the Overview on."""
    chosen = random.Random(f"{way.seed}/{number}")  # noqa: S311
    await asyncio.sleep(chosen.uniform(0, way.think_s[1]))
    seen.note(OPENED, await visitor.open("", {"a": analysis}))
    page, on_page = "", 0
    for _click in range(way.clicks):
        await asyncio.sleep(chosen.uniform(*way.think_s))
        there = {name: do for name, do in CLICKS[page].items() if visitor.has(_NEEDS.get(name, ""))}
        if there and on_page < 2 and chosen.random() < 0.7:
            name = chosen.choice(sorted(there))
            seen.note(f"{page or 'overview'}: {name}", await there[name](visitor, chosen))
            on_page += 1
        else:
            page, on_page = chosen.choice([one for one in _PAGES if one != page]), 0
            seen.note(f"to {page or 'overview'}", await visitor.go(page))


def _view_name(n: int, number: int) -> str:
    # Without a sign that the page would write otherwise.
    return f"{n} sessions {number}"


async def leave_a_mark(visitor: Visitor, n: int, number: int, seen: Seen) -> None:
    """Star the review of this number and save a view named after it."""
    seen.note("to check", await visitor.go("check"))
    # Among what a walk left in sight there may be no odd review.
    for chip in ("chip_clear", "chip_0", "chip_selection"):
        if visitor.has(chip):
            await visitor.use(chip)
    if not visitor.has("odd_reviews"):
        await visitor.use("check_tab_en", "Odd reviews")
    starred = await visitor.act("odd_reviews", "starred", {"seq": 10_000, "set": [[number, True]]})
    seen.note("star", starred)
    seen.note("views", await visitor.use("views"))
    name = _view_name(n, number)
    saved = await visitor.submit("FormSubmitter:save_view", {"view_name": name})
    seen.note("save", saved)
    if not starred.exceptions:
        seen.acknowledged["star"].add(number)
    if any(f"“{name}”" in line for line in saved.said):
        seen.acknowledged["view"].add(number)
    else:
        # Refused in words is not lost, and no success either.
        seen.errors.append(f"visitor {number}: not saved: {saved.said}")


async def together(url: str, analysis: str, n: int, way: Walk, at_rest: Callable[[], Any]) -> tuple[Seen, Any]:
    """n visitors at once; what they met, and what `at_rest` gave while all were still there and had done all."""
    seen = Seen()
    done, leave = [], asyncio.Event()

    async def one(number: int) -> None:
        try:
            async with visiting(url) as visitor:
                await walk(visitor, analysis, way, number, seen)
                await leave_a_mark(visitor, n, number, seen)
                done.append(number)
                await leave.wait()
        except (Broken, OSError, RuntimeError, WebSocketException) as error:
            seen.errors.append(f"visitor {number}: {type(error).__name__}: {error}"[:400])
            done.append(number)

    visitors = [asyncio.create_task(one(number)) for number in range(n)]
    while len(done) < n:
        await asyncio.sleep(0.2)
        for task in visitors:
            if task.done() and task.exception() is not None:
                raise task.exception()  # type: ignore[misc]
    found = at_rest()
    leave.set()
    await asyncio.gather(*visitors)
    return seen, found


def lost(analysis: str, n: int, seen: Seen) -> list[str]:
    """What was acknowledged to n visitors and is not in the journal."""
    entries = tuple(journal.replay(catalog.home() / analysis))
    names = {str(entry.payload.get("name")) for entry in entries if entry.kind == "view_saved"}
    views = [f"view {i}" for i in sorted(seen.acknowledged["view"]) if _view_name(n, i) not in names]
    # Each visitor of a round stars another review, and none of them takes one out.
    return views + ["quotes"] * max(len(seen.acknowledged["star"]) - len(set(quotes.basket(entries))), 0)


def _figures(seen: Seen, n: int) -> dict[str, Any]:
    clicks = seen.clicks()
    return {
        "sessions": n,
        "clicks": len(clicks),
        "p50_s": round(statistics.median(clicks), 3),
        "p95_s": percentile(clicks, 95),
        "worst_s": round(max(clicks), 3),
        "open_p50_s": round(statistics.median(seen.seconds[OPENED]), 3),
        "open_p95_s": percentile(seen.seconds[OPENED], 95),
        "kb_a_click": round(statistics.mean(chain.from_iterable(seen.received.values())) / 1e3, 1),
        "errors": seen.errors[:20],
        "by_click": {
            name: {
                "n": len(found),
                "p50_s": round(statistics.median(found), 3),
                "p95_s": percentile(found, 95),
            }
            for name, found in sorted(seen.seconds.items())
        },
    }


def measure(given: argparse.Namespace) -> dict[str, Any]:
    """All of it."""
    with own_home("reviewscape-load-") as home:
        file, vectors = recombined.write(home, given.rows, given.seed)
        config = AnalyzeConfig(projection=given.projection, extra={"cluster.resamples": "0"})
        analysis = prepare(file, recombined.ROLES, given.rows, vectors, "", home, config)
        with server(home) as (url, process):
            return {
                "rows": given.rows,
                "think_s": list(given.think),
                "clicks_each": given.clicks,
                **rounds(url, process, analysis, given),
                "tracebacks_in_log": (home / "server.log").read_text(errors="replace").count("Traceback"),
            }


def rounds(url: str, process: subprocess.Popen[bytes], analysis: str, given: argparse.Namespace) -> dict[str, Any]:
    """A first visitor alone, who meets what nobody has opened yet, then as many at once as was asked for."""
    way = Walk(given.clicks, tuple(given.think), given.seed)
    first = asyncio.run(_first(url, analysis))
    bare, found = resident_bytes(process.pid), []
    for n in given.sessions:
        before, used = resident_bytes(process.pid), cpu_seconds(process.pid)
        seen, held = asyncio.run(together(url, analysis, n, way, lambda: resident_bytes(process.pid)))
        figures = _figures(seen, n)
        ran = sum(map(len, seen.seconds.values()))
        figures["cpu_s_a_click"] = round((cpu_seconds(process.pid) - used) / ran, 3)
        figures["mb_a_session"] = round((held - before) / n / 1e6, 2)
        figures["lost"] = lost(analysis, n, seen)
        found.append(figures)
        sys.stderr.write(f"{n}: p50 {figures['p50_s']} s, p95 {figures['p95_s']} s, lost {figures['lost']}\n")
    memory = {"before_mb": round(bare / 1e6), "after_mb": round(resident_bytes(process.pid) / 1e6)}
    return {"first_s": first, "server_memory": memory, "rounds": found}


async def _first(url: str, analysis: str) -> dict[str, float]:
    found = {}
    async with visiting(url) as visitor:
        found["overview"] = round((await visitor.open("", {"a": analysis})).seconds, 2)
        for page in _PAGES[1:]:
            found[page] = round((await visitor.go(page)).seconds, 2)
    return found


def main(argv: Sequence[str] | None = None) -> int:
    """Parse the command line, print the JSON line; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load", description=__doc__)
    parser.add_argument("--rows", type=int, default=20_000, help="reviews in the analysis")
    parser.add_argument("--sessions", type=int, nargs="+", default=[1, 5, 20, 50])
    parser.add_argument("--clicks", type=int, default=12, help="of each visitor, after the first page")
    parser.add_argument("--think", type=float, nargs=2, default=[2.0, 8.0], metavar=("LOW", "HIGH"), help="seconds")
    parser.add_argument("--projection", choices=("umap", "pca"), default="pca", help="pages do the same for either")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args(argv)
    return printed(lambda: measure(given))


if __name__ == "__main__":
    sys.exit(main())

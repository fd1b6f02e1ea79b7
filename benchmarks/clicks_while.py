"""What a click takes while another person's analysis runs: python -m benchmarks.clicks_while FILE --text C [--rows N].

A real server shows an analysis of --shown rows to a session in headless Chromium, which goes from page to page:
--clicks clicks with nothing else at work, as many as there is time for while an analysis of the first --rows rows runs
on the same machine (--busy at most), and once more with nothing else. `answered`: from the click until the server says
that the page's script is over. `drawn`: until charts and maps are there, the browser being on the same machine. `added`
is each busy click less the median of the same page's quiet ones; the same of the quiet clicks themselves
(`added_quiet`) says how much is noise.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.browsing import AT_REST, browsing, own_home, prepare, serving
from benchmarks.command import percentile, printed
from benchmarks.panels import DRAWN, PANELS, Panel, ends_of_runs, open_page
from pipelines import ingest, jobs, uploads
from pipelines.errors import ReviewscapeError, UnusableInput
from pipelines.ingest import IngestOptions

if TYPE_CHECKING:
    from playwright.sync_api import Page

ROUND = tuple(panel for panel in PANELS if panel.name in ("Map", "Compare: grid", "Check: Odd reviews", "Overview"))
"""The pages that are gone through, in the menu's order."""
WAIT_S = 120.0


@dataclass(frozen=True)
class Click:
    """One click: the page asked for, seconds until it was answered and drawn, the stage of the job meanwhile."""

    page: str
    answered_s: float
    drawn_s: float
    stage: str = ""


def clicks(page: Page, ended: list[float], count: int, stage: Callable[[], str | None]) -> list[Click]:
    """Go from page to page, `count` clicks at most; ends sooner when `stage` gives None."""
    made: list[Click] = []
    while len(made) < count:
        for panel in ROUND:
            now = stage()
            if now is None or len(made) == count:
                return made
            made.append(_click(page, panel, ended, now))
    return made


def _click(page: Page, panel: Panel, ended: list[float], stage: str) -> Click:
    from playwright import sync_api

    target = page.locator("[data-testid=stSidebarNavLink]", has_text=panel.page)
    began, before = time.perf_counter(), len(ended)
    target.dispatch_event("click")
    try:
        page.locator(panel.there).first.wait_for()
    except sync_api.TimeoutError as error:
        raise UnusableInput(
            "{page} did not come within {n} s. It needs stars, dates or a column to compare by in the file.",
            page=panel.name,
            n=int(WAIT_S),
        ) from error
    while len(ended) == before and time.perf_counter() - began < WAIT_S:
        page.wait_for_timeout(5)
    answered = ended[before] - began if len(ended) > before else WAIT_S
    page.wait_for_function(f"{AT_REST} && {DRAWN}", polling=10)
    return Click(panel.name, answered, time.perf_counter() - began, stage)


def figures(quiet: Sequence[Click], busy: Sequence[Click]) -> dict[str, object]:
    """Percentiles of both, and of what a running analysis adds to a click, altogether and by the job's stage."""
    told: dict[str, object] = {"clicks_quiet": len(quiet), "clicks_busy": len(busy)}
    for kind in ("answered_s", "drawn_s"):
        usual = {
            name: statistics.median(getattr(click, kind) for click in quiet if click.page == name)
            for name in {click.page for click in quiet}
        }
        by_stage: dict[str, list[float]] = defaultdict(list)
        for click in busy:
            by_stage[click.stage].append(getattr(click, kind) - usual[click.page])
        added = [one for ones in by_stage.values() for one in ones]
        told[kind] = {
            "quiet": _percentiles([getattr(click, kind) for click in quiet]),
            "busy": _percentiles([getattr(click, kind) for click in busy]),
            "added": _percentiles(added),
            "added_quiet": _percentiles([getattr(click, kind) - usual[click.page] for click in quiet]),
            "added_by_stage": {name: _percentiles(ones) for name, ones in by_stage.items()},
        }
    return told


def _percentiles(values: Sequence[float]) -> dict[str, float]:
    return {name: percentile(values, share) for name, share in (("p50", 50), ("p95", 95), ("most", 100)) if values}


def measure(
    source: Path, roles: Mapping[str, str], *, rows: int, shown: int, count: int, most: int, embedder: str
) -> dict[str, object]:
    """Both sides in one run of one server; raises UnusableInput for a file of too few rows."""
    with own_home("reviewscape-clicks-") as home:
        analysis = prepare(source, roles, shown, None, "lexical", home)
        spec = _spec(source, roles, rows, embedder, home)
        with serving(home) as url, browsing() as chromium:
            page = chromium.new_context(viewport={"width": 1280, "height": 900}, locale="en-US").new_page()
            page.set_default_timeout(WAIT_S * 1000)
            ended = ends_of_runs(page, whole=True)
            open_page(page, url, {"a": analysis})
            # The first rounds fill the caches of server and browser.
            clicks(page, ended, 2 * len(ROUND), lambda: "")
            quiet = clicks(page, ended, count, lambda: "")
            job_id = jobs.submit(spec)
            began = time.perf_counter()
            busy = clicks(page, ended, most, lambda: _stage(job_id))
            job = jobs.get(job_id)
            seconds = time.perf_counter() - began
            jobs.cancel(job_id)
            _wait(job_id)
            quiet += clicks(page, ended, count, lambda: "")
    told = figures(quiet, busy)
    reached = "" if job is None else job.stage if job.is_active else job.state
    return {**told, "rows": rows, "shown": shown, "busy_s": round(seconds, 1), "job_reached": reached}


def _stage(job_id: str) -> str | None:
    job = jobs.get(job_id)
    if job is None or job.state == jobs.FAILED:
        raise ReviewscapeError("The analysis that was to run beside the clicks failed: {why}", why=job and job.error)
    return (job.stage or "starting") if job.is_active else None


def _wait(job_id: str) -> None:
    while (job := jobs.get(job_id)) is not None and job.is_active:
        time.sleep(0.2)


def _spec(source: Path, roles: Mapping[str, str], rows: int, embedder: str, home: Path) -> dict[str, object]:
    frame = ingest.ingest(source, IngestOptions(roles=dict(roles))).table.frame
    if len(frame) < rows:
        raise UnusableInput("{file} has {n} rows; {m} are needed: give --rows.", file=source, n=len(frame), m=rows)
    part = home / "large.csv"
    frame.head(rows).to_csv(part, index=False)
    kept = uploads.keep(part.read_bytes())
    return {
        "uploads": [{"path": str(kept), "name": source.name}],
        "name": source.name,
        "options": {"roles": dict(roles)},
        "config": {"embedder": embedder},
        "draft_first": False,
    }


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print one JSON line; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.clicks_while", description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--text", required=True, metavar="C", help="the column that holds the text")
    parser.add_argument("--rows", type=int, default=20_000, help="rows of the analysis that runs (default: 20,000)")
    parser.add_argument("--shown", type=int, default=2_000, help="rows of the analysis looked at (default: 2,000)")
    parser.add_argument("--clicks", type=int, default=200, help="quiet clicks before and after (default: 200)")
    parser.add_argument("--busy", type=int, default=5_000, help="clicks beside the analysis at most (default: 5,000)")
    parser.add_argument("--embedder", default="auto", metavar="NAME")
    args = parser.parse_args(argv)
    if min(args.rows, args.shown, args.clicks, args.busy) < 1:
        parser.error("--rows, --shown, --clicks and --busy must be at least 1")
    return printed(
        lambda: measure(
            args.file,
            {"text": args.text},
            rows=args.rows,
            shown=args.shown,
            count=args.clicks,
            most=args.busy,
            embedder=args.embedder,
        )
    )


if __name__ == "__main__":
    sys.exit(main())

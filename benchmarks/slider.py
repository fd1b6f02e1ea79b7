"""The slider "fewer ↔ more topics" in a browser: python -m benchmarks.slider FILE --text C [--vectors F.npy].

The first --rows rows of a file are analysed and opened on the Map page of a real Streamlit server in Chromium. Told are
the seconds from the key that moves the slider until the topics beside the map are others and the page is at rest:
the first time that a step is asked for (`first_s`, medians over moves), and when it was there before (`again_s`).
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from pipelines import ingest, samples
from pipelines.analysis import Request, analyze
from pipelines.config import AnalyzeConfig
from pipelines.errors import ReviewscapeError, UnusableInput
from pipelines.ingest import IngestOptions
from pipelines.store import library

ROOT = Path(__file__).resolve().parents[1]
FLAGS = ["--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist"]
WAIT_MS = 120_000
START_S = 90
_TOPICS = "document.querySelectorAll('[class*=\"st-key-map_topic_\"]').length"
_AT_REST = (
    "document.querySelector('[data-testid=stApp]')?.getAttribute('data-test-script-state') === 'notRunning'"
    " && !document.querySelector('[data-stale=true]')"
)
_THUMB = ".st-key-granularity input[type=range]"


def prepare(source: Path, text: str, rows: int, vectors: Path | None, embedder: str, folder: Path) -> str:
    """Analyse the first rows into the library and return the analysis's id; samples are stood in for."""
    frame = ingest.ingest(source, IngestOptions(roles={"text": text})).table.frame
    if len(frame) < rows:
        raise UnusableInput(
            "{file} has {n} rows; {wanted} are needed: give a smaller --rows.", file=source, n=len(frame), wanted=rows
        )
    part, given = folder / "part.csv", None
    frame.head(rows).to_csv(part, index=False)
    if vectors is not None:
        given = folder / "part.npy"
        np.save(given, np.load(vectors, allow_pickle=False)[:rows], allow_pickle=False)
    request = Request(
        part, source.name, IngestOptions(roles={"text": text}), AnalyzeConfig(embedder=embedder), vectors=given
    )
    parts = analyze(request)
    for sample in samples.SAMPLES:
        library.publish(library.create(sample.key, sample=sample.key), parts)
    analysis = library.create(source.name)
    library.publish(analysis, parts)
    return analysis


@contextlib.contextmanager
def serving(home: Path, script: str | Path = "app.py") -> Iterator[str]:
    """The address of a real server over the library in `home`; raises ReviewscapeError when it does not start.

    script: the page it runs, the dashboard unless another is given.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(port)]
    command += ["--server.address", "127.0.0.1", "--server.headless", "true", "--browser.gatherUsageStats", "false"]
    command += ["--server.enableStaticServing", "true", "--server.fileWatcherType", "none"]
    environment = {**os.environ, "REVIEWSCAPE_HOME": str(home), "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "default"}
    with (home / "server.log").open("wb") as log:
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT)
    url = f"http://127.0.0.1:{port}"
    try:
        end = time.monotonic() + START_S
        while not _answers(url):
            if server.poll() is not None or time.monotonic() > end:
                raise ReviewscapeError("The server did not start: {log}", log=(home / "server.log").read_text()[-2000:])
            time.sleep(0.2)
        yield url
    finally:
        server.terminate()
        server.wait(timeout=30)


def measure(url: str, analysis: str, moves: int, rest_s: float) -> dict[str, Any]:
    """Move the slider by keys from end to end and back, at least `moves` times each way of looking.

    rest_s: a look at the map before the first move.
    """
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        own = next((path for name in ("chromium", "google-chrome") if (path := shutil.which(name))), None)
        as_root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=own, args=[*FLAGS, *as_root])
        page = browser.new_page(viewport={"width": 1280, "height": 900}, locale="en-US")
        page.set_default_timeout(WAIT_MS)
        started = time.perf_counter()
        page.goto(f"{url}/?a={analysis}")
        page.locator("[data-testid=stSidebarNavLink]", has_text="Map").click()
        page.wait_for_selector(_THUMB, state="attached")
        page.wait_for_selector(".rsm[data-drawn]")
        page.wait_for_function(_AT_REST)
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
            page.wait_for_function(f"{_TOPICS} !== {before} && {_AT_REST}", polling=10)
            took_s = time.perf_counter() - started
            step = page.locator(_THUMB).get_attribute("aria-valuetext")
            (again if step in seen else first).append(took_s)
            seen.add(step)
            topics.append(page.evaluate(_TOPICS))
        browser.close()
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


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/_stcore/health", timeout=2) as answer:  # noqa: S310
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


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
    before = os.environ.get("REVIEWSCAPE_HOME")
    try:
        with tempfile.TemporaryDirectory(prefix="reviewscape-slider-") as name:
            home = Path(name)
            os.environ["REVIEWSCAPE_HOME"] = str(home)
            analysis = prepare(args.file, args.text, args.rows, args.vectors, args.embedder, home)
            with serving(home) as url:
                found = measure(url, analysis, args.moves, args.rest)
    except ReviewscapeError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    finally:
        if before is None:
            os.environ.pop("REVIEWSCAPE_HOME", None)
        else:
            os.environ["REVIEWSCAPE_HOME"] = before
    print(json.dumps({"file": args.file.name, "rows": args.rows, **found}))
    return 0


if __name__ == "__main__":
    sys.exit(main())

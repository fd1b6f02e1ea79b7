"""A real server over a library of one analysis, and a real browser before it: what benchmarks of pages share."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from pipelines import ingest, samples
from pipelines.analysis import Request, analyze
from pipelines.config import AnalyzeConfig
from pipelines.errors import ReviewscapeError, UnusableInput
from pipelines.ingest import IngestOptions
from pipelines.store import library

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parents[1]
FLAGS = ["--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist"]
WAIT_MS = 120_000
START_S = 90
AT_REST = (
    "document.querySelector('[data-testid=stApp]')?.getAttribute('data-test-script-state') === 'notRunning'"
    " && !document.querySelector('[data-stale=true]')"
)


@contextlib.contextmanager
def own_home(prefix: str) -> Iterator[Path]:
    """A state folder of its own, for this process and those that it starts."""
    before = os.environ.get("REVIEWSCAPE_HOME")
    try:
        with tempfile.TemporaryDirectory(prefix=prefix) as name:
            os.environ["REVIEWSCAPE_HOME"] = name
            yield Path(name)
    finally:
        if before is None:
            os.environ.pop("REVIEWSCAPE_HOME", None)
        else:
            os.environ["REVIEWSCAPE_HOME"] = before


def prepare(
    source: Path,
    roles: Mapping[str, str],
    rows: int,
    vectors: Path | None,
    embedder: str,
    folder: Path,
    config: AnalyzeConfig | None = None,
) -> str:
    """Analyse the first rows into the library and return the analysis's id; samples are stood in for."""
    options = IngestOptions(roles=dict(roles))
    frame = ingest.ingest(source, options).table.frame
    if len(frame) < rows:
        raise UnusableInput(
            "{file} has {n} rows; {wanted} are needed: give a smaller --rows.", file=source, n=len(frame), wanted=rows
        )
    part, given = folder / "part.csv", None
    frame.head(rows).to_csv(part, index=False)
    if vectors is not None:
        given = folder / "part.npy"
        np.save(given, np.load(vectors, allow_pickle=False)[:rows], allow_pickle=False)
    request = Request(part, source.name, options, config or AnalyzeConfig(embedder=embedder), vectors=given)
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
    with server(home, script) as (url, _process):
        yield url


@contextlib.contextmanager
def server(home: Path, script: str | Path = "app.py") -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """As `serving`, with the process, whose memory and time can then be looked at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(port)]
    command += ["--server.address", "127.0.0.1", "--server.headless", "true", "--browser.gatherUsageStats", "false"]
    command += ["--server.enableStaticServing", "true", "--server.fileWatcherType", "none"]
    environment = {**os.environ, "REVIEWSCAPE_HOME": str(home), "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "default"}
    with (home / "server.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT)
    url = f"http://127.0.0.1:{port}"
    try:
        end = time.monotonic() + START_S
        while not _answers(url):
            if process.poll() is not None or time.monotonic() > end:
                raise ReviewscapeError("The server did not start: {log}", log=(home / "server.log").read_text()[-2000:])
            time.sleep(0.2)
        yield url, process
    finally:
        process.terminate()
        process.wait(timeout=30)


@contextlib.contextmanager
def browsing(flags: Sequence[str] = tuple(FLAGS)) -> Iterator[Browser]:
    """Headless Chromium, the machine's own where there is one; with other flags it draws otherwise than in software."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        own = next((path for name in ("chromium", "google-chrome") if (path := shutil.which(name))), None)
        as_root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=own, args=[*flags, *as_root])
        yield browser
        browser.close()


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/_stcore/health", timeout=2) as answer:  # noqa: S310
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False

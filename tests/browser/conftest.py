"""A real Chromium for browser tests, and the real Streamlit server."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
# Software WebGL: headless machines have no graphics card.
FLAGS = [
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist",
    "--disable-quic",
    "--disable-background-networking",
    "--no-first-run",
    "--disable-component-update",
    "--disable-sync",
]
START_S = 60
# A busy machine takes its time; what never comes is told a minute later.
expect.set_options(timeout=60_000)


def launch(playwright, *more: str):
    """A Chromium: the system's, else playwright's own. Fails in CI and skips elsewhere when there is none."""
    found = next(
        (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
    )
    own = Path(playwright.chromium.executable_path)
    if found is None and not own.exists():
        message = "No Chromium: browser tests cannot run. Install chromium, or run `playwright install chromium`."
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    as_root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    return playwright.chromium.launch(executable_path=found or str(own), args=[*FLAGS, *as_root, *more])


@pytest.fixture(scope="module")
def playwright_session() -> Iterator[object]:
    """Not for the whole session: tests of benchmarks, which start their own, may come between."""
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="module")
def chromium(playwright_session) -> Iterator[object]:
    browser = launch(playwright_session)
    yield browser
    browser.close()


@pytest.fixture
def page(chromium) -> Iterator[object]:
    """A page of its own context, 1280 × 900; an uncaught error on it fails the test."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, locale="en-US")
    context.set_default_timeout(30_000)
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert errors == []


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/_stcore/health", timeout=2) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False


@pytest.fixture(scope="module")
def start_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., str]]:
    """start_app(home, script="app.py", env={}) runs the real server on a free port and returns its address.

    home becomes REVIEWSCAPE_HOME. A server that dies before it answers fails the test with its log. Servers run
    until the module's last test: a start takes seconds, and each page has a session of its own.
    """
    logs = tmp_path_factory.mktemp("servers")
    running: list[subprocess.Popen[bytes]] = []

    def start(home: Path, script: str | Path = "app.py", env: dict[str, str] | None = None) -> str:
        port = _free_port()
        log_path = logs / f"server-{port}.log"
        command = [
            *(sys.executable, "-m", "streamlit", "run", str(script)),
            *("--server.port", str(port), "--server.address", "127.0.0.1", "--server.headless", "true"),
            *("--server.enableStaticServing", "true", "--browser.gatherUsageStats", "false"),
            *("--server.fileWatcherType", "none"),
        ]
        variables = {
            **os.environ,
            "REVIEWSCAPE_HOME": str(home),
            "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep),
            # The suite's own strictness about warnings is not for the server.
            "PYTHONWARNINGS": "default",
            **(env or {}),
        }
        with log_path.open("wb") as log:
            server = subprocess.Popen(command, cwd=ROOT, env=variables, stdout=log, stderr=subprocess.STDOUT)
        running.append(server)
        url = f"http://127.0.0.1:{port}"
        end = time.monotonic() + START_S
        while not _answers(url):
            if server.poll() is not None or time.monotonic() > end:
                state = (
                    f"ended with {server.returncode}" if server.poll() is not None else f"did not answer in {START_S} s"
                )
                pytest.fail(f"The server {state}. Its log:\n{log_path.read_text(errors='replace')}")
            time.sleep(0.2)
        return url

    yield start
    for server in running:
        server.terminate()
        try:
            server.wait(timeout=10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait(timeout=10)

"""The server itself: its log, its end, a cold link, and a page that fails."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from pipelines.store import library
from tests import sample_bundle
from tests.browser.conftest import ROOT, _answers, _free_port
from tests.browser.test_journey import WAIT_MS, at_rest, heading

pytestmark = pytest.mark.browser
SECRET = "Zaubernuss"

FAILING = """
import streamlit as st
from pages.ui import server
def run():
    st.title("Before")
    if st.button("Go"):
        raise ValueError("Zaubernuss")
if __name__ == "__main__":
    run()
else:
    app = st.App(__file__, lifespan=server.lifespan, routes=server.routes(), on_script_error=server.on_script_error)
"""


def start(home: Path, log: Path, script: Path = ROOT / "app.py", **more: str) -> tuple[subprocess.Popen[bytes], str]:
    port = _free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(port)]
    command += ["--server.address", "127.0.0.1", "--server.headless", "true", "--server.fileWatcherType", "none"]
    env = {**os.environ, "REVIEWSCAPE_HOME": str(home), "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "default", **more}
    with log.open("wb") as output:
        server = subprocess.Popen(command, cwd=ROOT, env=env, stdout=output, stderr=subprocess.STDOUT)
    while not _answers(f"http://127.0.0.1:{port}"):
        assert server.poll() is None, log.read_text()
        time.sleep(0.2)
    return server, f"http://127.0.0.1:{port}"


def events(log: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in log.read_text().splitlines() if line.startswith("{")]


def test_a_cold_link_to_the_first_page_and_an_end_that_is_told(home: Path, tmp_path: Path, page: Page):
    sample_bundle.stand_in(30)
    analysis = library.create(SECRET)
    library.publish(analysis, sample_bundle.parts(60))
    log = tmp_path / "log"
    server, url = start(home, log)
    try:
        page.goto(f"{url}/overview?a={analysis}")
        expect(heading(page, "What matters")).to_be_visible(timeout=WAIT_MS)
        at_rest(page)
        assert page.get_by_text("Page not found").count() == 0
        page.locator("[data-testid=stSidebarNavLink]", has_text="Storage and load").click()
        expect(page.get_by_text("Browsers connected")).to_be_visible(timeout=WAIT_MS)
        # A page is open all the while: it does not keep the server from ending.
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=60)
    finally:
        server.kill()
        server.wait()
    told = events(log)
    assert [one["event"] for one in told if str(one["event"]).startswith("server.")] == [
        *("server.started", "server.ready", "server.stopped"),
    ]
    assert SECRET not in log.read_text()


def test_a_page_that_fails_says_so_and_its_message_is_in_no_log(home: Path, tmp_path: Path, page: Page):
    sample_bundle.stand_in(30)
    script, log = tmp_path / "failing.py", tmp_path / "log"
    script.write_text(FAILING)
    server, url = start(home, log, script)
    try:
        page.goto(url)
        page.get_by_role("button", name="Go").click()
        expect(page.get_by_text("Something went wrong on this page (ValueError).")).to_be_visible(timeout=WAIT_MS)
        assert SECRET not in page.content()
    finally:
        server.terminate()
        server.wait(timeout=60)
    (failed,) = (one for one in events(log) if one["event"] == "page.failed")
    assert failed["error"]["class"] == "ValueError"
    assert failed["error"]["at"][-1].endswith("failing.py:7 run")
    assert SECRET not in log.read_text()

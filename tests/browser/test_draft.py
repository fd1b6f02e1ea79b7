"""A draft in a real browser: its mark moves while the full map is made, and the full map takes its place."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from pipelines import jobs, processes
from pipelines.store import library
from tests import sample_bundle
from tests.browser.test_journey import WAIT_MS, at_rest, go_to, heading, wait_for_map

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not processes.can_tell(), reason="the job is this very process's, which must be seen to run"),
]

N, LESS = 120, 90


@pytest.fixture
def drafted(home: Path) -> str:
    """An analysis with a draft whose job is at work, as far as anybody can tell: the job's id, and the analysis's."""
    sample_bundle.stand_in(80)
    job_id = jobs.submit({"uploads": [], "name": "wearers.csv", "config": {}}, start=False)
    change(job_id, state=jobs.RUNNING, stage="embedding", done=30, total=120, rate=10.0, percent=20.0, texts=120)
    pid = os.getpid()
    change(job_id, pid=pid, pid_start=processes.started(pid), place=processes.place(), started=time.time())
    parts = sample_bundle.parts(N)
    library.create("wearers.csv", analysis_id=job_id)
    draft = library.publish(job_id, replace(parts, config={**parts.config, "draft": True}))
    jobs.announce(job_id, job_id, draft.path)
    return job_id


def change(job_id: str, **columns: object) -> None:
    names = ", ".join(f"{name} = ?" for name in columns)
    jobs.use(lambda c: c.execute(f"UPDATE jobs SET {names} WHERE id = ?", (*columns.values(), job_id)))


def finish(job_id: str) -> None:
    library.publish(job_id, sample_bundle.parts(LESS, seed=9))
    change(job_id, state=jobs.DONE, percent=100.0, finished=time.time())


def test_from_the_card_to_the_draft_and_on_to_the_full_map(page: Page, start_app, home: Path, drafted: str):
    url = start_app(home)
    # A server's very first visitor had better not come by a deep address: Streamlit does not know its pages yet.
    page.goto(url)
    at_rest(page)
    page.goto(f"{url}/open?job={drafted}")
    mark = page.locator(".st-key-draft_mark")
    expect(mark).to_contain_text("20 %", timeout=WAIT_MS)
    expect(heading(page, "wearers.csv")).to_be_visible(timeout=WAIT_MS)
    change(drafted, percent=41.0)
    expect(mark).to_contain_text("41 %", timeout=WAIT_MS)
    go_to(page, "Open")
    card = page.locator(f".st-key-job_{drafted}")
    expect(card).to_contain_text("30 of 120 texts · 10 texts/s", timeout=WAIT_MS)
    card.get_by_role("button", name="Look at the draft map").click()
    expect(heading(page, "wearers.csv")).to_be_visible(timeout=WAIT_MS)
    expect(mark).to_be_visible(timeout=WAIT_MS)
    value = page.locator("[data-testid=stMetricValue]").first
    expect(value).to_have_text(f"{N}")
    finish(drafted)
    # Nobody touches the page. What is said stays for ten seconds, the rest for good.
    expect(page.locator("[data-testid=stToast]")).to_contain_text("full map", timeout=WAIT_MS)
    expect(value).to_have_text(f"{LESS}", timeout=WAIT_MS)
    expect(mark).to_have_count(0, timeout=WAIT_MS)


def test_the_map_is_changed_only_when_asked(page: Page, start_app, home: Path, drafted: str):
    url = start_app(home)
    # A server's very first visitor had better not come by a deep address: Streamlit does not know its pages yet.
    page.goto(url)
    at_rest(page)
    filters = '[["cluster","is",1],["language","is","en"]]'
    page.goto(f"{url}/map?a={drafted}&f={filters}")
    wait_for_map(page)
    finish(drafted)
    show = page.get_by_role("button", name="Show the full map")
    expect(show).to_be_visible(timeout=WAIT_MS)
    assert "b" in parse_qs(urlsplit(page.url).query)
    page.reload()
    expect(show).to_be_visible(timeout=WAIT_MS)
    expect(page.locator(".st-key-chip_1 button").first).to_be_visible(timeout=WAIT_MS)
    show.click()
    said = page.locator("[data-testid=stToast]")
    expect(said).to_contain_text("the filter by topic was taken away", timeout=WAIT_MS)
    expect(page.locator(".st-key-draft_mark")).to_have_count(0, timeout=WAIT_MS)
    at_rest(page)
    expect(page.locator(".st-key-chip_1")).to_have_count(0)
    expect(page.locator(".st-key-chip_0 button").first).to_contain_text("Language")
    assert "b" not in parse_qs(urlsplit(page.url).query)


SLOW_LINE = """
const send = WebSocket.prototype.send;
WebSocket.prototype.send = function (...said) { setTimeout(() => send.apply(this, said), 1400); };
"""


def test_over_a_slow_line_the_draft_stays(page: Page, start_app, home: Path, drafted: str):
    """A timed request on its way while the page changes once emptied the new page and took its address back."""
    url = start_app(home)
    page.goto(url)
    at_rest(page)
    page.add_init_script(SLOW_LINE)
    page.goto(url)
    go_to(page, "Open")
    card = page.locator(f".st-key-job_{drafted}")
    card.get_by_role("button", name="Look at the draft map").click()
    mark = page.locator(".st-key-draft_mark")
    # Several rounds of the timers.
    for percent in (31, 32, 33):
        change(drafted, percent=float(percent))
        expect(mark).to_contain_text(f"{percent} %", timeout=WAIT_MS)
    expect(heading(page, "wearers.csv")).to_be_visible()
    assert set(parse_qs(urlsplit(page.url).query)) == {"a", "b"}

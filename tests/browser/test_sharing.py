"""Views, quotes and links in a real browser; and what a visitor with nothing but a link can reach."""

from __future__ import annotations

import http.client
import json
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from playwright.sync_api import Page, expect

from pipelines import quotes, share
from pipelines.store import catalog, journal, library
from pipelines.store.reader import open_bundle
from pipelines.view import Filter, View
from tests import sample_bundle
from tests.browser.test_journey import NAV, WAIT_MS, at_rest, drawn_selected, heading, wait_for_map

pytestmark = pytest.mark.browser

PHONE = "13800138000"
SECRET = "Complaints nobody may see"
RANGES = (
    "() => ['xaxis', 'yaxis'].map((axis) => document.querySelector('.rsm-plot')._fullLayout[axis].range.map(Number))"
)


@pytest.fixture
def mine(home: Path) -> str:
    sample_bundle.stand_in(80)
    analysis = library.create("Wearers")
    library.publish(analysis, sample_bundle.parts(120))
    return analysis


DRAWN = "(n) => document.querySelector('.rsm-plot').data.some((one) => one.meta === 'chosen' && one.x.length === n)"


def popover(page: Page, name: str):
    page.get_by_role("button", name=name).first.click()
    body = page.locator("[data-testid=stPopoverBody]")
    expect(body).to_be_visible(timeout=WAIT_MS)
    return body


def test_stars_and_a_view_by_keys_and_the_same_places_again(page: Page, start_app, mine: str):
    url = start_app(library.catalog.home().parent)
    page.goto(f"{url}/?a={mine}")
    expect(heading(page, "What matters")).to_be_visible(timeout=WAIT_MS)
    page.locator(NAV, has_text="Map").click()
    wait_for_map(page)
    page.goto(f"{url}/map?a={mine}&s=20-50")
    wait_for_map(page)
    at_rest(page)
    star = page.locator(".rs-star").first
    unit = int(str(star.get_attribute("data-id")))
    star.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Quotes · 1")).to_be_visible(timeout=WAIT_MS)
    expect(star).to_have_attribute("aria-pressed", "true")
    at_rest(page)
    # Where a person goes on: the star that was pressed still has the focus.
    assert page.evaluate("() => document.activeElement.shadowRoot.activeElement.className") == "rs-star"
    assert [key // 4096 for key in quotes.basket(journal.replay(catalog.home() / mine))] == [unit]

    page.locator(".modebar-btn[data-attr=zoom][data-val=in]").click()
    at_rest(page)
    zoomed = page.evaluate(RANGES)
    body = popover(page, "Views")
    body.get_by_label("Name").fill("Zoomed in")
    body.get_by_label("Note").fill("Look here")
    body.get_by_role("button", name="Save this look").click()
    expect(page.locator(".st-key-last_done")).to_contain_text("Saved: “Zoomed in”", timeout=WAIT_MS)
    at_rest(page)
    (saved,) = library.list_views(mine)
    assert saved.view.quotes == (unit,)
    assert saved.view.selection == tuple(range(20, 51))

    page.locator(".st-key-chip_selection button").first.click()
    at_rest(page)
    page.locator(".modebar-btn[data-attr=zoom][data-val=out]").click()
    # The map tells where it came to rest.
    page.wait_for_timeout(1500)
    at_rest(page)
    assert page.evaluate(RANGES) != zoomed
    popover(page, "Views").get_by_role("button", name="Zoomed in").click()
    expect(page.locator(".st-key-last_done")).to_contain_text("Opened: “Zoomed in”", timeout=WAIT_MS)
    at_rest(page)
    # The picture follows the script.
    page.wait_for_function(DRAWN, arg=31, timeout=WAIT_MS)
    for now, then in zip(page.evaluate(RANGES), zoomed, strict=True):
        assert now == pytest.approx(then, abs=0.05)
    # Escape closes what is open; the selection stays.
    popover(page, "Quotes")
    page.keyboard.press("Escape")
    at_rest(page)
    assert drawn_selected(page) == 31


def test_quotes_are_put_in_order_by_keys(page: Page, start_app, mine: str):
    bundle = open_bundle(library.latest_bundle(mine))
    for unit in (30, 20, 40):
        quotes.star(mine, bundle, unit, on=True)

    def order() -> list[int]:
        return [key // 4096 for key in quotes.basket(journal.replay(catalog.home() / mine))]

    page.goto(f"{start_app(library.catalog.home().parent)}/?a={mine}")
    expect(heading(page, "What matters")).to_be_visible(timeout=WAIT_MS)
    at_rest(page)
    body = popover(page, "Quotes · 3")
    expect(body.locator(".rs-step")).to_have_count(6, timeout=WAIT_MS)
    down = body.locator(".rs-step[data-id='30'][data-by='1']")
    down.focus()
    # Twice, without waiting for the server; the button goes along with its review and keeps the focus.
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(page.locator(".st-key-last_done")).to_contain_text("The quotes have another order.", timeout=WAIT_MS)
    at_rest(page)
    assert order() == [20, 40, 30]
    assert body.locator(".rs-star").evaluate_all("(all) => all.map((one) => one.dataset.id)") == ["20", "40", "30"]
    assert down.get_attribute("aria-disabled") == "true"
    active = "() => document.activeElement.shadowRoot?.activeElement?.dataset"
    assert page.evaluate(active) == {"id": "30", "by": "1"}
    said = body.locator("code").inner_text()
    assert said.index("row 21") < said.index("row 41") < said.index("row 31")
    page.keyboard.press("Escape")
    page.locator(".st-key-last_done_undo button").click()
    expect(page.locator(".st-key-last_done")).to_contain_text("Taken back", timeout=WAIT_MS)
    at_rest(page)
    # The last thing that reached the server is taken back: one move, or both where they came as one.
    assert order() in ([30, 20, 40], [20, 30, 40])
    # What the list shows is what is kept, after an undo as well.
    body = popover(page, "Quotes · 3")
    expect(body.locator(".rs-star").first).to_have_attribute("data-id", str(order()[0]), timeout=WAIT_MS)


@pytest.fixture
def wide(start_app, mine: str) -> tuple[str, str]:
    """The address of a server that does not trust its visitors, and an analysis that no link opens."""
    secret = library.create(SECRET)
    library.publish(secret, sample_bundle.parts(60))
    env = {"REVIEWSCAPE_PUBLIC_URL": "https://reviews.example", "REVIEWSCAPE_KEY": "made-up-key"}
    return start_app(library.catalog.home().parent, env=env), secret


def test_a_link_opens_nothing_but_its_view(page: Page, wide, mine: str):
    url, secret = wide
    token = share.create_link(mine, View(analysis=mine, filters=(Filter("cluster", "is", 1),)), redact=True)
    asked = f"a={secret}&b={'0' * 12}&f={quote('[]')}&s=0-50&key=wrong&job={secret}&c=text&p=open"
    reached = []
    page.on("response", lambda answer: reached.append(answer.url))
    for path in ("", "overview", "map", "compare", "check", "share", "open", "add", "models", "view"):
        page.goto(f"{url}/{path}?view={token}&{asked}")
        expect(page.get_by_text("This page is read-only.")).to_be_visible(timeout=WAIT_MS)
        at_rest(page)
        assert page.locator("[data-testid=stSidebar], input[type=file], input[type=password]").count() == 0, path
        assert page.locator("[data-testid=stDownloadButton], .rs-star").count() == 0, path
        text = page.locator("body").inner_text()
        assert SECRET not in text, path
        assert "Wearers" in text, path
        assert PHONE not in page.content(), path
    # Without the token, or with another: the gate, or the one page for every failure.
    page.goto(f"{url}/map?{asked}")
    expect(page.locator("input[type=password]")).to_be_visible(timeout=WAIT_MS)
    assert SECRET not in page.content()
    page.goto(f"{url}/map?view={'A' * 43}&{asked}")
    expect(heading(page, "404")).to_be_visible(timeout=WAIT_MS)
    assert all(urlsplit(one).netloc == urlsplit(url).netloc or one.startswith(("data:", "blob:")) for one in reached)


def ask(
    url: str, method: str, path: str, token: str, body: bytes = b"", headers: dict[str, str] | None = None
) -> tuple[int, bytes]:
    """One request as it is written: no client that puts the path in order first."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
    cookie = {"Cookie": f"view={token}", "Content-Type": "application/json"}
    connection.request(method, path, body or None, {**cookie, **(headers or {})})
    answer = connection.getresponse()
    read = answer.read()
    connection.close()
    return answer.status, read


def test_no_endpoint_hands_out_a_file_or_takes_one(wide, mine: str):
    url, secret = wide
    token = share.create_link(mine, View(analysis=mine))
    bundle = library.latest_bundle(secret).name
    files = [
        "catalog.db", f"analyses/{secret}/journal.jsonl", f"analyses/{secret}/bundles/{bundle}/rows.parquet",
        f"analyses/{secret}/bundles/{bundle}/summary.json", "app.py", ".streamlit/config.toml", "pyproject.toml",
    ]  # fmt: skip
    start = ask(url, "GET", "/", token)
    before = ["", "app/static/", "static/", "media/", "component/", "component/x/", "_stcore/bidi-components/"]
    before += ["app/static/../", "app/static/..%2f", "app/static/%2e%2e/", "app/static//", "media/../", "static/..%5c"]
    for front in before:
        for name in files:
            status, read = ask(url, "GET", f"/{front}{name}?view={token}", token)
            # What is no file is the application's own first page, which decides by the token.
            assert status in (400, 403, 404) or read == start[1], (front, name, status)
    for method, path, body in (
        ("PUT", f"/_stcore/upload_file/{secret}/{'0' * 32}?view={token}", b"text\nx"),
        ("POST", f"/_stcore/upload_file/{secret}/{'0' * 32}?view={token}", b"text\nx"),
        ("PUT", f"/media/x.csv?view={token}", b"x"),
        ("POST", f"/_stcore/agent/interact?view={token}", json.dumps({"view": token}).encode()),
        ("POST", f"/_stcore/agent/mcp?view={token}", b"{}"),
        ("GET", f"/_stcore/script-health-check?view={token}", b""),
        ("GET", f"/auth/login?view={token}", b""),
        ("GET", f"/oauth2callback?view={token}", b""),
    ):
        status, read = ask(url, method, path, token, body)
        # 302: nobody can sign in here, and is sent to the first page.
        assert status >= 400 or read == start[1] or (status, read) == (302, b""), (method, path, status)
    # The server's figures are for who has the key: no token, whatever it calls itself, and no share link.
    for shown in ({}, {"Authorization": f"Bearer {token}"}, {"Authorization": "Bearer "}, {"Authorization": token}):
        for query in ("", f"?view={token}", "?key=made-up-key"):
            for method in ("GET", "HEAD", "POST"):
                status, read = ask(url, method, f"/metrics{query}", token, headers=shown)
                assert status in (401, 405), (shown, query, method, status)
                assert b"reviewscape_" not in read
    status, read = ask(url, "GET", "/metrics", token, headers={"Authorization": "Bearer made-up-key"})
    assert status == 200
    assert b'reviewscape_jobs{state="done"}' in read
    for private in (SECRET, secret, mine, token, "made-up-key", PHONE, "Wearers"):
        assert private.encode() not in read
    # The first page's name leads to the first page, and the token along.
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
    connection.request("GET", f"/overview?view={token}&a=1")
    assert connection.getresponse().headers["location"] == f"/?view={token}&a=1"
    connection.close()
    for path in ("/_stcore/metrics", "/_stcore/host-config", "/_stcore/health", "/_stcore/agent/openapi.json"):
        _, read = ask(url, "GET", f"{path}?view={token}", token)
        for private in (SECRET, secret, mine, token, "made-up-key", PHONE):
            assert private.encode() not in read, path


def test_what_a_link_lets_its_reader_take_away(page: Page, wide, mine: str, tmp_path: Path):
    url, _ = wide
    bundle = open_bundle(library.latest_bundle(mine))
    view = View(analysis=mine, filters=(Filter("cluster", "is", 1),), quotes=(16,))
    token = share.create_link(mine, view, redact=True, download=True)
    page.goto(f"{url}/?view={token}")
    expect(page.get_by_text("This page is read-only.")).to_be_visible(timeout=WAIT_MS)
    at_rest(page)
    taken = {}
    for key in ("shared_save_file", "shared_save_table"):
        with page.expect_download(timeout=WAIT_MS) as waiting:
            page.locator(f".st-key-{key} button").click()
        taken[key] = tmp_path / key
        waiting.value.save_as(taken[key])
    report, table = (path.read_text("utf-8-sig") for path in taken.values())
    assert PHONE not in report
    assert PHONE not in table
    assert table.count("\n") - 1 >= int((bundle.points["cluster"] == 1).sum())
    assert "user 1" in table or "user" not in table
    # Closed by its owner, the page that is still open gives nothing away any more.
    (link,) = share.list_links(mine)
    share.revoke(mine, link.id)
    downloads = []
    page.on("download", lambda one: downloads.append(one))
    page.locator(".st-key-shared_save_table button").click()
    page.wait_for_timeout(1500)
    assert downloads == []
    page.reload()
    expect(heading(page, "404")).to_be_visible(timeout=WAIT_MS)

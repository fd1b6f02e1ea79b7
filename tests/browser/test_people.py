"""People sign in at a real provider, in real browsers: each has a library, shows what they choose, edits their own."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from pipelines import share
from pipelines.store import acting, catalog, journal, library
from pipelines.view import View
from tests import sample_bundle
from tests.browser import openid
from tests.browser.test_journey import NAV, WAIT_MS, at_rest, go_to, wait_for_map

pytestmark = pytest.mark.browser

HOSTILE = "<b>Alice</b> **A** [x](/y) $z$"
GATE = "Sign in to see your analyses."
PAGES = (
    "",
    "overview",
    "map",
    "ask",
    "compare",
    "check",
    "share",
    "open",
    "add",
    "models",
    "recommend",
    "lab",
    "colleague",
)


@dataclass(frozen=True)
class Site:
    """A running dashboard where people sign in, and an analysis of each of two people."""

    url: str
    provider: openid.Provider
    alices: str
    bobs: str
    machines: str


@pytest.fixture(scope="module")
def site(tmp_path_factory, start_app) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("people")
    home, written = folder / "home", folder / "secrets.toml"
    home.mkdir()
    with openid.running() as provider, pytest.MonkeyPatch.context() as patch:
        provider.people = {
            "alice": {"name": HOSTILE},
            "bob": {},
            "forger": {},
            "replayer": {"nonce": "of another sign-in"},
            "sleeper": {"iat": int(time.time()) - 8 * openid.DAY_S},
        }
        provider.forged = {"forger"}
        patch.setenv("REVIEWSCAPE_HOME", str(home))
        made = {}
        for name in ("alice", "bob"):
            made[name] = library.create(f"of {name}.csv", owner=acting.person_id(provider.issuer, name))
            library.publish(made[name], sample_bundle.parts(80))
        machines = library.create("of the machine.csv")
        library.publish(machines, sample_bundle.parts(40))
        written.write_text(openid.secrets_toml(provider, cookie_secret=secrets.token_hex(32)), "utf-8")
        env = {"STREAMLIT_SECRETS_FILES": str(written), "REVIEWSCAPE_KEY": "key-of-the-machine"}
        yield Site(start_app(home, env=env), provider, made["alice"], made["bob"], machines)


@pytest.fixture
def visitor(chromium) -> Iterator[Callable[[], Page]]:
    """visitor() is somebody with a browser of their own."""
    contexts = []

    def come() -> Page:
        context = chromium.new_context(viewport={"width": 1280, "height": 900}, locale="en-US")
        context.set_default_timeout(WAIT_MS)
        contexts.append(context)
        return context.new_page()

    yield come
    for context in contexts:
        context.close()


def sign_in(page: Page, site: Site, name: str) -> None:
    page.goto(site.url)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name=name, exact=True).click()
    page.wait_for_url(f"{site.url}/**")


def signed_in(page: Page, site: Site, name: str) -> Page:
    sign_in(page, site, name)
    expect(page.locator(NAV).first).to_be_visible(timeout=WAIT_MS)
    at_rest(page)
    return page


def expect_gate(page: Page) -> None:
    expect(page.get_by_text(GATE)).to_be_visible(timeout=WAIT_MS)
    at_rest(page)
    assert page.locator(NAV).count() == 0
    for name in ("alice", "bob", "machine"):
        assert f"of {name}" not in page.content()


def test_signed_out_there_is_nothing_at_any_address(site: Site, visitor):
    page = visitor()
    for name in PAGES:
        page.goto(f"{site.url}/{name}?a={site.alices}&of={site.alices}&job={site.alices}&key=guess")
        expect_gate(page)


def test_each_sees_their_own_and_what_the_other_shows_read_only(site: Site, visitor):
    alice, bob = signed_in(visitor(), site, "alice"), signed_in(visitor(), site, "bob")
    side = alice.locator(".st-key-signed_in")
    expect(side).to_contain_text(HOSTILE)
    assert side.locator("b, a, strong").count() == 0
    for page, own, others in ((alice, "alice", "bob"), (bob, "bob", "alice")):
        expect(page.get_by_role("heading", level=1)).to_contain_text(f"of {own}", timeout=WAIT_MS)
        go_to(page, "Open")
        expect(page.locator(".st-key-analysis_" + (site.alices if own == "alice" else site.bobs))).to_be_visible()
        assert f"of {others}" not in page.content()
        assert "of the machine" not in page.content()
        assert "From colleagues" not in page.content()

    # Another's addresses open nothing: their own analysis stands there.
    for name in ("", "map", "check", "share", "add"):
        bob.goto(f"{site.url}/{name}?a={site.alices}")
        expect(bob.locator(NAV).first).to_be_visible(timeout=WAIT_MS)
        at_rest(bob)
        assert "of alice" not in bob.content()
        assert f"a={site.alices}" not in bob.url
    bob.goto(f"{site.url}/open?job={site.alices}")
    expect(bob.get_by_text("not known here any more")).to_be_visible(timeout=WAIT_MS)
    bob.goto(f"{site.url}/colleague?of={site.alices}")
    expect(bob.get_by_role("heading", name="404")).to_be_visible(timeout=WAIT_MS)

    # Alice shows hers; Bob finds it, looks, and can change nothing.
    go_to(alice, "Share")
    alice.locator("[class*=st-key-colleagues_on_] label").click()
    at_rest(alice)
    before = journal.replay(catalog.home() / site.alices)
    bob.goto(f"{site.url}/open")
    card = bob.locator(f".st-key-colleagues_{site.alices}")
    expect(card).to_contain_text("of alice", timeout=WAIT_MS)
    expect(card).to_contain_text(HOSTILE)
    card.get_by_role("button", name="Look at it").click()
    expect(bob.get_by_role("heading", level=1)).to_contain_text("of alice", timeout=WAIT_MS)
    wait_for_map(bob)
    expect(bob.get_by_text("This page is read-only.")).to_be_visible()
    assert "13800138000" not in bob.locator("[data-testid=stMain]").inner_text()
    for label in ("Rename", "Delete", "Make a link", "Save the table", "Prepare the file"):
        assert bob.get_by_role("button", name=label).count() == 0
    bob.reload()
    wait_for_map(bob)
    expect(bob.get_by_role("heading", level=1)).to_contain_text("of alice", timeout=WAIT_MS)
    # The pages that edit are for his own still.
    for name in ("Overview", "Share", "Check"):
        bob.locator(NAV, has_text=name).click()
        expect(bob.locator(f"{NAV}[aria-current=page]")).to_contain_text(name, timeout=WAIT_MS)
        at_rest(bob)
        assert "of alice" not in bob.content()
    assert journal.replay(catalog.home() / site.alices) == before

    # Kept to herself again, it is gone at once.
    alice.locator("[class*=st-key-colleagues_on_] label").click()
    at_rest(alice)
    bob.goto(f"{site.url}/colleague?of={site.alices}")
    expect(bob.get_by_role("heading", name="404")).to_be_visible(timeout=WAIT_MS)


def test_a_copy_of_what_a_colleague_shows_whole_is_ones_own(site: Site, visitor):
    alices = acting.person_id(site.provider.issuer, "alice")
    with acting.acting_as(alices):
        shown = library.create("shown by alice.csv")
        library.publish(shown, sample_bundle.parts(60))
        library.set_visible(shown, True, by="Alice", redact=True)
    bob = signed_in(visitor(), site, "bob")
    bob.goto(f"{site.url}/colleague?of={shown}")
    expect(bob.get_by_text("No copy can be taken")).to_be_visible(timeout=WAIT_MS)
    at_rest(bob)
    assert bob.get_by_role("button", name="Take a copy").count() == 0
    with acting.acting_as(alices):
        library.set_visible(shown, True, by="Alice", redact=False)
    bob.reload()
    bob.get_by_role("button", name="Take a copy").click()
    expect(bob.get_by_role("heading", level=1)).to_contain_text("shown by alice.csv (copy)", timeout=WAIT_MS)
    with acting.acting_as(alices):
        library.delete(shown)
    bob.reload()
    expect(bob.get_by_role("heading", level=1)).to_contain_text("shown by alice.csv (copy)", timeout=WAIT_MS)
    with acting.acting_as(acting.person_id(site.provider.issuer, "bob")):
        [copy] = [info.id for info in library.list_analyses() if info.name.endswith("(copy)")]
        library.delete(copy)


def test_after_signing_out_the_next_person_in_this_browser_finds_nothing_of_the_last(site: Site, visitor):
    page = signed_in(visitor(), site, "alice")
    go_to(page, "Map")
    wait_for_map(page)
    left = page.url
    before = site.provider.signed_out
    page.get_by_role("button", name="Sign out").click()
    expect_gate(page)
    assert site.provider.signed_out == before + 1
    page.goto(left)
    expect_gate(page)
    page.go_back()
    expect_gate(page)
    signed_in(page, site, "bob")
    page.goto(left)
    expect(page.locator(NAV).first).to_be_visible(timeout=WAIT_MS)
    wait_for_map(page)
    assert "of alice" not in page.content()
    page.goto(site.url)
    expect(page.get_by_role("heading", level=1)).to_contain_text("of bob", timeout=WAIT_MS)


@pytest.mark.parametrize("name", ["refuse", "forger", "replayer", "sleeper"])
def test_who_is_not_vouched_for_now_does_not_come_in(site: Site, visitor, name: str):
    page = visitor()
    sign_in(page, site, name)
    expect_gate(page)
    page.goto(f"{site.url}/open")
    expect_gate(page)


def test_the_start_up_key_opens_what_was_made_at_the_machine(site: Site, visitor):
    page = visitor()
    page.goto(f"{site.url}/?key=key-of-the-machine")
    expect(page.get_by_role("heading", level=1)).to_contain_text("of the machine", timeout=WAIT_MS)
    go_to(page, "Open")
    expect(page.locator(f".st-key-analysis_{site.machines}")).to_contain_text("of the machine", timeout=WAIT_MS)
    for name in ("alice", "bob"):
        assert f"of {name}" not in page.content()
    assert page.locator(".st-key-signed_in").count() == 0


def test_a_share_link_opens_without_signing_in_and_nothing_else(site: Site, visitor):
    with acting.acting_as(acting.person_id(site.provider.issuer, "alice")):
        token = share.create_link(site.alices, View(analysis=site.alices))
    page = visitor()
    page.goto(f"{site.url}/?view={token}")
    expect(page.get_by_role("heading", level=1)).to_contain_text("of alice", timeout=WAIT_MS)
    wait_for_map(page)
    assert page.locator(NAV).count() == 0
    page.goto(f"{site.url}/colleague?of={site.alices}")
    expect_gate(page)
    with acting.acting_as(acting.person_id(site.provider.issuer, "alice")):
        share.revoke(site.alices, share.list_links(site.alices)[0].id)
    page.goto(f"{site.url}/?view={token}")
    expect(page.get_by_role("heading", name="404")).to_be_visible(timeout=WAIT_MS)

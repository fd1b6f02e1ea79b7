"""Share links: a read-only door to one view, opened by a token that only its holder knows."""

from __future__ import annotations

import contextlib
import logging
import re
import secrets
import sqlite3
import threading
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from pipelines import logs, settings
from pipelines.errors import N_, DamagedBundle, UnusableInput
from pipelines.store import acting, catalog, durable, journal, library
from pipelines.store.history import LINK_EXPIRED, Link
from pipelines.store.reader import open_bundle
from pipelines.view import View

_log = logging.getLogger(__name__)
MAX_DAYS = 3650
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
_OPENS_KEPT_EVERY = timedelta(hours=1)
"""Openings are counted in the catalog one by one, and in the journal at most this often: anybody can cause them."""

_LOOK_EVERY_S = 5.0
_looking, _look_from = threading.Lock(), [0.0]


@dataclass(frozen=True)
class SharedView:
    """What a share link opens: one view of one bundle, and what its reader may do.

    seq: the journal's entry that made it; the bundle is shown as people had left it then. None: as they leave it.
    file: name of the file that the analysis was made from, "" where it is not known.
    """

    view: View
    analysis_id: str
    name: str
    bundle: Path
    allow_text: bool
    redact: bool
    download: bool
    expires: str
    link_id: str
    seq: int | None = 0
    file: str = ""


def create_link(
    analysis_id: str,
    view: View,
    *,
    days: float | None = None,
    allow_text: bool = True,
    redact: bool = False,
    download: bool = False,
    bundle: str = "",
    name: str = "",
    now: datetime | None = None,
) -> str:
    """Make a link to `view` and return its token, which is kept nowhere: only its SHA-256 is.

    days: how long it stays open (default settings.link_days). download: whether its reader may take a report and,
    with texts, a table away. bundle: id of the one shown (default: the latest). name: the saved view's, for the list.
    Raises UnusableInput for a draft, an analysis without a bundle, or days out of range.
    """
    days = settings.get_int("link_days") if days is None else days
    if not 0 < days <= MAX_DAYS:
        raise UnusableInput(
            N_("A link can stay open for more than 0 and at most {most} days, not {days}."), most=MAX_DAYS, days=days
        )
    published = {info.id: info for info in library.bundles(analysis_id)}
    shown = published.get(bundle) if bundle else next(reversed(published.values()), None)
    if shown is None:
        raise UnusableInput(N_("There is no finished map to share yet. Wait until the analysis is done."))
    if shown.is_draft:
        raise UnusableInput(N_("This is a draft. Links can be made once the full map is done."))
    token = secrets.token_urlsafe(32)
    made = now or durable.now_utc()
    payload = {
        "link": _link_id(token),
        "view": view.to_stored(),
        "bundle": shown.id,
        "expires": durable.to_iso(made + timedelta(days=days)),
        "allow_text": allow_text,
        "redact": redact,
        "download": download,
        "name": name,
    }
    journal.append(catalog.home() / analysis_id, "link_created", payload, made)
    catalog.refresh(analysis_id)
    logs.event(_log, "link.created", analysis=analysis_id, bundle=shown.id)
    return token


@acting.acting_as(acting.ALL)
def open_link(token: object, *, count: bool = True, now: datetime | None = None) -> SharedView | None:
    """What `token` opens; None for every failure alike (unknown, expired, revoked, deleted, damaged).

    count: whether this is an opening to be counted, rather than a rerun of a page that is open already.
    """
    if not isinstance(token, str) or not _TOKEN.fullmatch(token):
        return None
    moment = now or durable.now_utc()
    link = _current(_link_id(token))
    if link is None or link.revoked or link.ended:
        return None
    if not is_open(link, now=moment):
        # Entered once, so that a clock moved back opens it no more; without space it is refused all the same.
        with contextlib.suppress(UnusableInput, sqlite3.OperationalError):
            journal.append(catalog.home() / link.analysis_id, LINK_EXPIRED, {"link": link.id}, moment)
            catalog.refresh(link.analysis_id)
        return None
    try:
        analysis = library.info(link.analysis_id)
        path = library.bundle_path(link.analysis_id, link.bundle)
        open_bundle(path)
    except (UnusableInput, DamagedBundle):
        return None
    if analysis.deleted:
        return None
    if count:
        # A full or read-only disk keeps nobody from reading.
        with contextlib.suppress(UnusableInput, sqlite3.OperationalError):
            _count(link, moment)
        logs.event(_log, "link.opened", analysis=link.analysis_id, bundle=link.bundle)
    return SharedView(
        view=link.view,
        analysis_id=link.analysis_id,
        name=analysis.name,
        bundle=path,
        allow_text=link.allow_text,
        redact=link.redact,
        download=link.download,
        expires=link.expires,
        link_id=link.id,
        seq=link.seq,
        file=str(analysis.source.get("file") or ""),
    )


def open_colleagues(analysis_id: str) -> SharedView | None:
    """What a colleague shows to everyone who signs in, as it stands today; None for every failure alike."""
    found = library.from_colleague(analysis_id)
    return None if found is None else as_shown(found)


def as_shown(found: library.AnalysisInfo) -> SharedView | None:
    """What an analysis of `library.from_colleagues` shows."""
    if found.bundle is None or found.visible is None:
        return None
    return SharedView(
        view=View(analysis=found.id),
        analysis_id=found.id,
        name=found.name,
        bundle=found.bundle,
        allow_text=found.visible.allow_text,
        redact=found.visible.redact,
        download=False,
        expires="",
        link_id="",
        seq=None,
        file=str(found.source.get("file") or ""),
    )


def revoke(analysis_id: str, link_id: str, *, now: datetime | None = None) -> None:
    """Close a link for good; raises UnusableInput when the analysis has no such link."""
    if link_id not in {link.id for link in list_links(analysis_id)}:
        raise UnusableInput(N_("There is no such link; reload the page."))
    journal.append(catalog.home() / analysis_id, "link_revoked", {"link": link_id}, now)
    catalog.refresh(analysis_id)


def list_links(analysis_id: str) -> list[Link]:
    """Links of an analysis, expired and revoked ones too, oldest first, with how often and when last opened."""
    library.info(analysis_id)
    return catalog.links(analysis_id)


def is_open(link: Link, *, now: datetime | None = None) -> bool:
    """Whether a link of `list_links` still opens."""
    moment = durable.to_iso(now or durable.now_utc())
    # What the journal has seen since counts too, where the clock was moved back.
    return not (link.revoked or link.ended) and max(moment, link.seen) < link.expires


def _link_id(token: str) -> str:
    return durable.sha256_bytes(token.encode("ascii"))


def _may_look_again() -> bool:
    """At most once in a while: a stranger's guesses must not have the whole library looked through each time."""
    now = time.monotonic()
    with _looking:
        if now < _look_from[0]:
            return False
        _look_from[0] = now + _LOOK_EVERY_S
    return True


def _current(link_id: str) -> Link | None:
    """The link as its journal has it now: a revocation must count even where a crash kept it from the catalog."""
    found = catalog.link(link_id)
    if found is None and _may_look_again():
        # Another process may have made it that could not write the catalog, or this one's may be in memory.
        catalog.refresh()
        found = catalog.link(link_id)
    if found is None:
        return None
    catalog.refresh(found.analysis_id)
    return catalog.link(link_id)


def _count(link: Link, moment: datetime) -> None:
    last = datetime.fromisoformat(link.last_opened) if link.last_opened else None
    counted = catalog.count_open(link, durable.to_iso(moment))
    if last is None or moment - last >= _OPENS_KEPT_EVERY:
        payload = {"link": link.id, "opened": counted.opened}
        journal.append(catalog.home() / link.analysis_id, "link_opened", payload, moment)
        catalog.refresh(link.analysis_id)

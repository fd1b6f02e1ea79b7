"""What an analysis is now, folded from its journal and its bundles: the one meaning of each journal kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pipelines.store import acting, journal
from pipelines.store.bundle import MANIFEST, MANIFEST_SUM
from pipelines.store.reader import read_manifest
from pipelines.view import View

BUNDLES = "bundles"
WITHDRAWN, REINSTATED = "bundle_withdrawn", "bundle_reinstated"
"""Journal kinds: a published bundle is taken back, so that the analysis shows the one before; and shown again."""

LINK_EXPIRED = "link_expired"
"""Journal kind: a link was found expired; it stays closed, wherever the clock goes."""

VISIBILITY = "visibility"
"""Journal kind: an analysis is shown to everyone who signs in, or is its owner's alone again."""


@dataclass(frozen=True)
class SavedView:
    """A view kept under a name; bundle is the one that it shows. saved: when it was last overwritten, or made."""

    id: str
    analysis_id: str
    name: str
    view: View
    bundle: str
    created: str
    deleted: bool = False
    saved: str = ""


@dataclass(frozen=True)
class Link:
    """A share link without its token, which nobody keeps: id is the token's SHA-256. Times are ISO 8601 in UTC.

    seq: the journal's entry that made it: what people decided later does not change what the link shows. name: of the
    saved view that it was made of, "" for a look that nobody saved. seen: the latest time that the journal knows from
    then on: a clock that was moved back gives no longer life. ended: it was once found expired.
    """

    id: str
    analysis_id: str
    view: View
    bundle: str
    created: str
    expires: str
    allow_text: bool = True
    redact: bool = False
    download: bool = False
    revoked: bool = False
    opened: int = 0
    last_opened: str = ""
    seq: int = 0
    name: str = ""
    seen: str = ""
    ended: bool = False


@dataclass(frozen=True)
class BundleInfo:
    """What a list needs to know of a bundle without opening it."""

    id: str
    created: str
    rows: int
    units: int
    topics: int
    is_draft: bool
    is_damaged: bool = False
    """Its manifest cannot be read as it was written: its figures are not known."""


@dataclass(frozen=True)
class Visibility:
    """That an analysis can be looked at by everyone who signs in: `by` whom it was shown, and how much of it."""

    by: str
    redact: bool
    allow_text: bool

    @property
    def may_copy(self) -> bool:
        """Whether a copy holds no more than what is shown: a bundle has all texts, and every column as it was."""
        return self.allow_text and not self.redact


@dataclass
class History:
    """One analysis as its journal and its bundles tell it; bundles in the order they were published.

    owner: the id of the person whose it is. visible: None while it is theirs alone. damaged: numbers of the journal's
    lines that cannot be read. latest: the latest time that the journal knows; deleted: the time of the deletion, or
    the latest that was known by then: a clock that was moved back makes no deletion older than it is.
    """

    id: str
    name: str = ""
    created: str = ""
    source: Mapping[str, Any] = field(default_factory=dict)
    sample: str = ""
    deleted: str = ""
    bundles: list[BundleInfo] = field(default_factory=list)
    views: dict[str, SavedView] = field(default_factory=dict)
    links: dict[str, Link] = field(default_factory=dict)
    owner: str = acting.MACHINE
    visible: Visibility | None = None
    damaged: list[int] = field(default_factory=list)
    latest: str = ""


def signature(analysis_dir: Path) -> str:
    """A short text that changes whenever journal or bundles do, or what a bundle's manifest says."""
    told = (f"{name}@{_written(analysis_dir / BUNDLES / name)}" for name in _bundle_names(analysis_dir))
    return f"{journal.size(analysis_dir)}:{','.join(told)}"


def _written(bundle: Path) -> int:
    """When its manifest was written last: one that was damaged may have been brought back since."""
    try:
        return max((bundle / name).stat().st_mtime_ns for name in (MANIFEST, MANIFEST_SUM))
    except OSError:
        return 0


def read(analysis_dir: Path) -> History:
    """The analysis kept in `analysis_dir`."""
    entries, damaged = journal.read(analysis_dir)
    history = History(analysis_dir.name, owner=journal.owner(entries), damaged=damaged)
    published: list[str] = []
    withdrawn: set[str] = set()
    for entry in entries:
        history.latest = max(history.latest, entry.at)
        if entry.kind == journal.PUBLISHED:
            published.append(str(entry.payload.get("bundle")))
        elif entry.kind == WITHDRAWN:
            withdrawn.add(str(entry.payload.get("bundle")))
        elif entry.kind == REINSTATED:
            withdrawn.discard(str(entry.payload.get("bundle")))
        elif entry.kind in _MEANINGS:
            _MEANINGS[entry.kind](history, entry)
    found = _bundles(analysis_dir, published)
    # What was withdrawn is on the disk still, and a link that shows it finds it there; the analysis shows the rest.
    history.bundles = [info for info in found if info.id not in withdrawn] or found
    _close_doors(history, entries)
    history.created = history.created or (history.bundles[0].created if history.bundles else "")
    history.name = history.name or history.id
    return history


def _close_doors(history: History, entries: Sequence[journal.Entry]) -> None:
    """Nobody comes in by a door that a damaged line may have closed; and a link is as old as what came after it."""
    lost = [entry.seq for entry in entries if entry.kind == journal.LOST]
    last_damaged = max((*history.damaged, *lost), default=0)
    shown_at = max((entry.seq for entry in entries if entry.kind == VISIBILITY), default=0)
    if shown_at < last_damaged:
        history.visible = None
    seen, later = "", list(entries)
    for link in sorted(history.links.values(), key=lambda one: one.seq, reverse=True):
        while later and later[-1].seq >= link.seq:
            seen = max(seen, later.pop().at)
        closed = link.revoked or link.seq < last_damaged
        history.links[link.id] = replace(link, seen=seen, revoked=closed)


def unpublished(analysis_dir: Path) -> list[str]:
    """Complete bundles that the journal does not name: the crash came between the two."""
    named = {entry.payload.get("bundle") for entry in journal.replay(analysis_dir) if entry.kind == journal.PUBLISHED}
    return [name for name in _bundle_names(analysis_dir) if name not in named]


def _bundle_names(analysis_dir: Path) -> list[str]:
    folder = analysis_dir / BUNDLES
    if not folder.is_dir():
        return []
    return sorted(entry.name for entry in folder.iterdir() if entry.is_dir() and not entry.name.startswith("."))


def _bundles(analysis_dir: Path, published: Sequence[str]) -> list[BundleInfo]:
    found = {name: _bundle_info(analysis_dir / BUNDLES / name) for name in _bundle_names(analysis_dir)}
    # By the journal and not by their dates: a clock can be moved back.
    ordered = [found.pop(name) for name in dict.fromkeys(published) if name in found]
    return ordered + sorted(found.values(), key=lambda info: (info.created, info.id))


def _bundle_info(path: Path) -> BundleInfo:
    """From the manifest; of a damaged one nothing is known here, and it says what it is when it is opened."""
    manifest, problems = read_manifest(path)
    if problems:
        return BundleInfo(path.name, "", 0, 0, 0, is_draft=False, is_damaged=True)
    try:
        counts = manifest["counts"]
        return BundleInfo(
            id=path.name,
            created=str(manifest["created"]),
            rows=int(counts["rows"]),
            units=int(counts["units"]),
            topics=int(counts["topics"]),
            is_draft=bool(manifest["draft"]),
        )
    except (ValueError, KeyError, TypeError):
        return BundleInfo(path.name, "", 0, 0, 0, is_draft=False, is_damaged=True)


def _created(history: History, entry: journal.Entry) -> None:
    history.name = str(entry.payload.get("name", ""))
    history.created = entry.at
    history.source = dict(entry.payload.get("source") or {})
    history.sample = str(entry.payload.get("sample") or "")


def _visibility(history: History, entry: journal.Entry) -> None:
    said = entry.payload
    # What is not said is not allowed.
    shown = Visibility(
        by=str(said.get("by") or ""),
        redact=said.get("redact") is not False,
        allow_text=said.get("allow_text") is True,
    )
    history.visible = shown if said.get("on") is True else None


def _renamed(history: History, entry: journal.Entry) -> None:
    history.name = str(entry.payload.get("name", ""))


def _deleted(history: History, entry: journal.Entry) -> None:
    history.deleted = max(entry.at, history.latest, str(entry.payload.get("latest") or ""))


def _undeleted(history: History, entry: journal.Entry) -> None:
    history.deleted = ""


def _view_saved(history: History, entry: journal.Entry) -> None:
    view_id = str(entry.payload.get("view_id"))
    before = history.views.get(view_id)
    history.views[view_id] = SavedView(
        id=view_id,
        analysis_id=history.id,
        name=str(entry.payload.get("name", "")),
        view=View.from_dict(entry.payload.get("view")),
        bundle=str(entry.payload.get("bundle", "")),
        # An overwritten view keeps its place in the list.
        created=before.created if before else entry.at,
        saved=entry.at,
    )


def _view_deleted(history: History, entry: journal.Entry) -> None:
    _set_view_deleted(history, entry, deleted=True)


def _view_undeleted(history: History, entry: journal.Entry) -> None:
    _set_view_deleted(history, entry, deleted=False)


def _set_view_deleted(history: History, entry: journal.Entry, *, deleted: bool) -> None:
    view_id = str(entry.payload.get("view_id"))
    if view_id in history.views:
        name = str(entry.payload.get("name") or history.views[view_id].name)
        history.views[view_id] = replace(history.views[view_id], deleted=deleted, name=name)


def _link_created(history: History, entry: journal.Entry) -> None:
    link_id = str(entry.payload.get("link"))
    history.links[link_id] = Link(
        id=link_id,
        analysis_id=history.id,
        view=View.from_dict(entry.payload.get("view")),
        bundle=str(entry.payload.get("bundle", "")),
        created=entry.at,
        expires=str(entry.payload.get("expires", "")),
        # What is not said is not allowed.
        allow_text=entry.payload.get("allow_text") is True,
        redact=entry.payload.get("redact") is not False,
        download=entry.payload.get("download") is True,
        seq=entry.seq,
        name=str(entry.payload.get("name", "")),
    )


def _link_revoked(history: History, entry: journal.Entry) -> None:
    link_id = str(entry.payload.get("link"))
    if link_id in history.links:
        history.links[link_id] = replace(history.links[link_id], revoked=True)


def _link_expired(history: History, entry: journal.Entry) -> None:
    link_id = str(entry.payload.get("link"))
    if link_id in history.links:
        history.links[link_id] = replace(history.links[link_id], ended=True)


def _link_opened(history: History, entry: journal.Entry) -> None:
    link_id = str(entry.payload.get("link"))
    if link_id in history.links:
        opened = int(entry.payload.get("opened", 0))
        history.links[link_id] = replace(history.links[link_id], opened=opened, last_opened=entry.at)


_MEANINGS: Mapping[str, Callable[[History, journal.Entry], None]] = {
    journal.CREATED: _created,
    VISIBILITY: _visibility,
    "renamed": _renamed,
    "deleted": _deleted,
    "undeleted": _undeleted,
    "view_saved": _view_saved,
    "view_deleted": _view_deleted,
    "view_undeleted": _view_undeleted,
    "link_created": _link_created,
    "link_revoked": _link_revoked,
    "link_opened": _link_opened,
    LINK_EXPIRED: _link_expired,
}
"""Kinds of later versions are passed over: an older program still reads the rest."""

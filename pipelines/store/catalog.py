"""catalog.db: an index of the library, never its memory. Bundles and journals rebuild it at any time.

Every record carries a sum over its key and content, because SQLite does not notice an altered page. Where the file
cannot be written (a full disk, a read-only folder) the index is in memory (`standin`) until it can.
"""

from __future__ import annotations

import json
import logging
import sqlite3
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, TypeVar

from pipelines import settings
from pipelines.errors import N_
from pipelines.store import database, durable, history, space, standin
from pipelines.store.history import BundleInfo, History, Link, SavedView, Visibility
from pipelines.view import View

SCHEMA_VERSION = 3
_SCHEMA = """
CREATE TABLE records (
    kind TEXT NOT NULL, key TEXT NOT NULL, analysis TEXT NOT NULL, content TEXT NOT NULL, sum TEXT NOT NULL,
    PRIMARY KEY (kind, key)) WITHOUT ROWID;
CREATE INDEX records_of_analysis ON records (analysis, kind);
"""
T = TypeVar("T")
_log = logging.getLogger(__name__)
_indexing = threading.Lock()


class Altered(sqlite3.DatabaseError):
    """A record does not match its sum."""


def home() -> Path:
    """The folder of the analyses; made on first use."""
    path = settings.home() / "analyses"
    try:
        path.mkdir(exist_ok=True)
    except OSError as error:
        raise space.cannot_save(path, error) from error
    return path


def analysis_ids() -> list[str]:
    """Analyses on the disk, in the order of their ids."""
    return sorted(entry.name for entry in home().iterdir() if entry.is_dir() and not entry.name.startswith("."))


def refresh(analysis_id: str | None = None) -> None:
    """Index again what changed on the disk: one analysis, or all of them and what is gone."""

    if analysis_id is not None and not is_in_memory():
        use(lambda connection: _refresh(connection, [analysis_id]))
        return
    try:
        _on_disk(_refresh_all)
    except (database.NewerFormat, sqlite3.DatabaseError) as error:
        if not _must_stay_in_memory(error):
            raise
        standin.use(_path(), _SCHEMA, _refresh_all)
    else:
        # Only what is whole takes the place of what is in memory.
        standin.forget(_path())


def is_in_memory() -> bool:
    """Whether catalog.db cannot be written now: what other processes enter is then seen by `refresh` alone."""
    return standin.is_used(_path())


def check() -> None:
    """Read every record; a damaged one, or one that is missing, has the catalog made anew."""

    def work(connection: sqlite3.Connection) -> None:
        for kind in ("analysis", "view", "link", "opens"):
            _load(connection, kind)
        for analysis_id in analysis_ids():
            for kind in ("view", "link"):
                _load_all(connection, kind, analysis_id)

    refresh()
    use(work)


def rebuild() -> None:
    """Make the catalog anew from bundles and journals."""
    database.set_aside(_path())
    refresh()


def analyses() -> list[tuple[History, int]]:
    """Every indexed analysis without its views and links, and how many views it has."""
    return use(lambda connection: [_to_history(fields) for fields in _load(connection, "analysis")])


def analysis(analysis_id: str) -> tuple[History, int] | None:
    """One indexed analysis without its views and links, and how many views it has; None when there is no such."""
    found = use(lambda connection: _load(connection, "analysis", key=analysis_id))
    return _to_history(found[0]) if found else None


def views(analysis_id: str) -> list[SavedView]:
    """Views saved for an analysis, deleted ones too, oldest first."""
    found = use(lambda connection: _load_all(connection, "view", analysis_id))
    read = [SavedView(**{**fields, "view": View.from_dict(fields["view"])}) for fields in found]
    return sorted(read, key=lambda view: (view.created, view.id))


def links(analysis_id: str) -> list[Link]:
    """Share links of an analysis, expired and revoked ones too, oldest first."""

    def work(connection: sqlite3.Connection) -> list[Link]:
        found = _load_all(connection, "link", analysis_id)
        return [_with_opens(connection, fields) for fields in found]

    return sorted(use(work), key=lambda link: (link.created, link.id))


def link(link_id: str) -> Link | None:
    """The share link of a token's SHA-256; None when there is no such."""

    def work(connection: sqlite3.Connection) -> Link | None:
        found = _load(connection, "link", key=link_id)
        return _with_opens(connection, found[0]) if found else None

    return use(work)


def count_open(opened: Link, at: str) -> Link:
    """Count one opening of a link and return the link with it counted."""

    def work(connection: sqlite3.Connection) -> Link:
        with database.transaction(connection):
            found = _load(connection, "opens", key=opened.id)
            count = max(opened.opened, found[0]["opened"] if found else 0) + 1
            _save(connection, "opens", opened.id, opened.analysis_id, {"opened": count, "last_opened": at})
        return replace(opened, opened=count, last_opened=at)

    return use(work)


def use(work: Callable[[sqlite3.Connection], T]) -> T:
    """Run `work` on the catalog; a missing or damaged catalog is made anew first."""
    if is_in_memory():
        return _in_memory(work)
    try:
        return _on_disk(work)
    except (database.NewerFormat, sqlite3.DatabaseError) as error:
        if not _must_stay_in_memory(error):
            raise
        return _in_memory(work)


def _must_stay_in_memory(error: Exception) -> bool:
    is_newer = isinstance(error, database.NewerFormat)
    if not (is_newer or isinstance(error, database.CannotWrite) or database.is_unwritable(error)):
        return False
    if not is_in_memory():
        # Once, and not with every page.
        _log.warning("catalog is kept in memory: %s", error)
    return True


def _in_memory(work: Callable[[sqlite3.Connection], T]) -> T:
    def filled(connection: sqlite3.Connection) -> T:
        _fill(connection)
        return work(connection)

    return standin.use(_path(), _SCHEMA, filled)


def _on_disk(work: Callable[[sqlite3.Connection], T]) -> T:
    try:
        return _attempt(work)
    except database.DAMAGE_RAISES as error:
        if not database.is_damage(error):
            raise
        _log.warning("catalog is damaged or of an older format (%s): made anew", type(error).__name__)
        try:
            database.set_aside(_path())
            if isinstance(error, database.OlderFormat):
                # There is nothing in it that bundles and journals do not have.
                _path().with_name("catalog.db.damaged").unlink(missing_ok=True)
        except OSError as stuck:
            # A damaged file on a read-only disk is passed over like one that cannot be written.
            raise database.CannotWrite(N_("{path} is damaged and cannot be replaced."), path=str(_path())) from stuck
        return _attempt(work)


def _attempt(work: Callable[[sqlite3.Connection], T]) -> T:
    with database.opened(_path(), schema=_SCHEMA, schema_version=SCHEMA_VERSION) as connection:
        _fill(connection)
        return work(connection)


def _fill(connection: sqlite3.Connection) -> None:
    # Not by whether the file is there: it is from its first moment on, while another session still fills it.
    if not _load(connection, "filled"):
        _refresh_all(connection)
        with database.transaction(connection):
            _save(connection, "filled", "", "", {})


def _refresh_all(connection: sqlite3.Connection) -> None:
    # What is known first: an analysis that is made meanwhile is then not taken for one that is gone.
    known = {row["key"] for row in connection.execute("SELECT key FROM records WHERE kind = 'analysis'")}
    wanted = analysis_ids()
    _refresh(connection, wanted, known - set(wanted))


def _path() -> Path:
    return settings.home() / "catalog.db"


def _refresh(connection: sqlite3.Connection, wanted: list[str], gone: Iterable[str] = ()) -> None:
    """Index again those of `wanted` that changed, and forget what is `gone`, in one transaction."""
    stale, gone = _stale(connection, wanted), list(gone)
    if not stale and not gone:
        return
    # One thread of this process at a time: SQLite lets those that wait for its lock try in turn, and where many pages
    # see the same journal grow, some wait until their patience ends.
    with _indexing, database.transaction(connection):
        # What this one waited for has most often done its work.
        stale = _stale(connection, stale)
        for analysis_id in gone:
            connection.execute("DELETE FROM records WHERE analysis = ?", (analysis_id,))
        for analysis_id in stale:
            _index(connection, analysis_id)


def _stale(connection: sqlite3.Connection, wanted: Iterable[str]) -> list[str]:
    return [one for one in wanted if _known_signature(connection, one) != history.signature(home() / one)]


def _known_signature(connection: sqlite3.Connection, analysis_id: str) -> str | None:
    known = _load(connection, "analysis", key=analysis_id)
    return known[0]["signature"] if known else None


def _index(connection: sqlite3.Connection, analysis_id: str) -> None:
    """Inside a transaction, so that of two processes the one that reads last also writes last."""
    folder = home() / analysis_id
    if not folder.is_dir():
        connection.execute("DELETE FROM records WHERE analysis = ?", (analysis_id,))
        return
    # The signature first: what changes while the rest is read must look stale afterwards.
    current, read = history.signature(folder), history.read(folder)
    connection.execute("DELETE FROM records WHERE analysis = ? AND kind <> 'opens'", (analysis_id,))
    fields = asdict(replace(read, views={}, links={}))
    fields |= {"signature": current, "saved": sum(not view.deleted for view in read.views.values())}
    fields |= {"view_records": len(read.views), "link_records": len(read.links)}
    _save(connection, "analysis", analysis_id, analysis_id, fields)
    for view in read.views.values():
        _save(
            connection,
            "view",
            view.id,
            analysis_id,
            {**asdict(replace(view, view=View())), "view": view.view.to_stored()},
        )
    for one in read.links.values():
        _save(
            connection, "link", one.id, analysis_id, {**asdict(replace(one, view=View())), "view": one.view.to_stored()}
        )


def _save(connection: sqlite3.Connection, kind: str, key: str, analysis_id: str, fields: Mapping[str, object]) -> None:
    content = durable.json_bytes(fields).decode("utf-8")
    connection.execute(
        "INSERT OR REPLACE INTO records VALUES (?, ?, ?, ?, ?)",
        (kind, key, analysis_id, content, _sum(kind, key, analysis_id, content)),
    )


def _load(
    connection: sqlite3.Connection, kind: str, *, key: str | None = None, analysis: str | None = None
) -> list[dict[str, Any]]:
    """Records of one kind, all or by key or by analysis; raises Altered when one does not match its sum."""
    if key is not None:
        rows = connection.execute("SELECT * FROM records WHERE kind = ? AND key = ?", (kind, key))
    elif analysis is not None:
        rows = connection.execute("SELECT * FROM records WHERE kind = ? AND analysis = ?", (kind, analysis))
    else:
        rows = connection.execute("SELECT * FROM records WHERE kind = ?", (kind,))
    found = []
    for row in rows:
        if row["sum"] != _sum(row["kind"], row["key"], row["analysis"], row["content"]):
            raise Altered("a record does not match its sum")
        found.append(json.loads(row["content"]))
    return found


def _load_all(connection: sqlite3.Connection, kind: str, analysis_id: str) -> list[dict[str, Any]]:
    """An analysis's records of one kind; raises Altered when there are not as many as were indexed."""
    # Both as they were at one moment: between them another session may index what was just saved.
    with database.snapshot(connection):
        found = _load(connection, kind, analysis=analysis_id)
        known = _load(connection, "analysis", key=analysis_id)
    if len(found) != (known[0][f"{kind}_records"] if known else 0):
        raise Altered(f"{kind} records are missing")
    return found


def _sum(*parts: str) -> str:
    return durable.sha256_bytes("\0".join(map(str, parts)).encode("utf-8", "surrogatepass"))


def _with_opens(connection: sqlite3.Connection, fields: Mapping[str, Any]) -> Link:
    read = Link(**{**fields, "view": View.from_dict(fields["view"])})
    counted = _load(connection, "opens", key=read.id)
    if counted and counted[0]["opened"] > read.opened:
        return replace(read, opened=counted[0]["opened"], last_opened=counted[0]["last_opened"])
    return read


def _to_history(fields: Mapping[str, Any]) -> tuple[History, int]:
    known = {key: value for key, value in fields.items() if key in History.__dataclass_fields__}
    known["bundles"] = [BundleInfo(**info) for info in fields["bundles"]]
    known["visible"] = Visibility(**fields["visible"]) if fields["visible"] else None
    return History(**known), fields["saved"]

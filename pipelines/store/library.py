"""The analyses of this computer: made, published into, named, deleted for a while, and found again.

Everything a person does goes into the analysis's journal first; the catalog follows. Whoever acts (`acting`) finds
their own analyses here and no others; `from_colleagues` alone lists what others show.
"""

from __future__ import annotations

import contextlib
import re
import secrets
import unicodedata
import uuid
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pipelines.errors import N_, DamagedBundle, UnusableInput
from pipelines.store import acting, catalog, durable, history, journal, space
from pipelines.store.bundle import BundleParts, copy_bundle, write_bundle
from pipelines.store.history import BUNDLES, BundleInfo, History, SavedView, Visibility
from pipelines.store.reader import Bundle, open_bundle
from pipelines.store.sweeping import is_expired
from pipelines.store.verify import find_problems
from pipelines.view import View

MAX_NAME_CHARS = 200
_ANALYSIS_ID = re.compile(r"[0-9a-f]{16}")
_BUNDLE_ID = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class AnalysisInfo:
    """What a list shows of an analysis; figures are of its latest bundle. Times are ISO 8601 in UTC.

    bundle: the latest bundle's folder, None while there is none. sample: key of the sample it was made from, or "".
    deleted: when it was deleted, "" when it was not. owner: id of the person whose it is. visible: how much of it the
    others who sign in may see; None for nothing. is_damaged: the latest bundle's figures cannot be read, and stand as
    0 here. damaged_lines: lines of the journal that cannot be read.
    """

    id: str
    name: str
    created: str
    updated: str
    rows: int
    units: int
    topics: int
    is_draft: bool
    sample: str
    bundle: Path | None
    views: int
    source: Mapping[str, object]
    deleted: str
    owner: str = acting.MACHINE
    visible: Visibility | None = None
    is_damaged: bool = False
    damaged_lines: int = 0


def create(
    name: str,
    source: Mapping[str, object] | None = None,
    *,
    sample: str = "",
    analysis_id: str | None = None,
    owner: str | None = None,
    now: datetime | None = None,
) -> str:
    """Start an analysis and return its id; it is listed once a bundle is published.

    source: plain values that say where the rows came from (file name, sum, roles). analysis_id: the id to use (16 hex
    digits, as job ids are); where such an analysis exists it is left as it is, so that a job done twice makes one.
    owner: id of the person whose it is (default: who acts). Raises UnusableInput for an empty name, an id that is none,
    a visitor, or a folder that cannot be written.
    """
    analysis_id = analysis_id or secrets.token_hex(8)
    if not _ANALYSIS_ID.fullmatch(analysis_id):
        raise _unknown(analysis_id)
    folder = catalog.home() / analysis_id
    try:
        (folder / BUNDLES).mkdir(parents=True, exist_ok=True)
        durable.sync_dir(folder.parent)
    except OSError as error:
        raise space.cannot_save(folder, error) from error
    if not journal.size(folder):
        whose = acting.owner() if owner is None else owner
        said = {"name": _clean_name(name), "source": source or {}, "sample": sample}
        journal.append(folder, journal.CREATED, {**said, **({"owner": whose} if whose else {})}, now)
    catalog.refresh(analysis_id)
    return analysis_id


def publish(analysis_id: str, parts: BundleParts, *, now: datetime | None = None) -> Bundle:
    """Write `parts` as the analysis's newest bundle; raises UnusableInput when it cannot be written."""
    folder = catalog.home() / _found(analysis_id).id
    bundle_id = uuid.uuid4().hex
    path = write_bundle(folder / BUNDLES / bundle_id, parts, bundle_id=bundle_id, created=now)
    journal.published(folder, bundle_id, now)
    catalog.refresh(analysis_id)
    return open_bundle(path)


def publish_copy(
    analysis_id: str, source: Path, *, leave_out: Collection[str] = (), now: datetime | None = None
) -> Bundle:
    """Publish a finished bundle of another analysis as this one's newest, under the same id, but `leave_out`'s state.

    Raises as `publish`, and DamagedBundle where the source is not sound. Whether they may see it, nobody is asked here.
    """
    folder = catalog.home() / _found(analysis_id).id
    if find_problems(source):
        raise DamagedBundle(N_("The analysis is damaged, so no copy of it can be taken."))
    path = copy_bundle(source, folder / BUNDLES / source.name, leave_out=leave_out)
    journal.published(folder, source.name, now)
    catalog.refresh(analysis_id)
    return open_bundle(path)


def list_analyses(*, with_pending: bool = False) -> list[AnalysisInfo]:
    """Analyses that are not deleted, newest result first; those without a bundle only `with_pending`."""
    return [info for info in _infos() if not info.deleted and (with_pending or info.bundle is not None)]


def deleted(*, now: datetime | None = None) -> list[AnalysisInfo]:
    """Analyses that can still be brought back, last deleted first."""
    found = [info for info in _infos() if info.deleted and not is_expired(info.deleted, now)]
    return sorted(found, key=lambda info: info.deleted, reverse=True)


def from_colleagues() -> list[AnalysisInfo]:
    """Analyses of others that their owners show to everyone who signs in, newest result first; drafts are not shown."""
    who = acting.who()
    if who in (acting.ALL, acting.NOBODY):
        return []
    shown = [info for info in _all_infos() if info.visible is not None and info.owner != who]
    return [info for info in shown if not info.deleted and not info.is_draft and info.bundle is not None]


def from_colleague(analysis_id: str) -> AnalysisInfo | None:
    """One of `from_colleagues`; None where it is not shown to who acts, or not there."""
    return next((info for info in from_colleagues() if info.id == analysis_id), None)


def set_visible(
    analysis_id: str,
    on: bool,
    *,
    by: str = "",
    redact: bool = True,
    allow_text: bool = True,
    now: datetime | None = None,
) -> None:
    """Show an analysis to everyone who signs in, or keep it to its owner again.

    by: the owner's name, as the others read it. redact: personal data is masked. allow_text: reviews can be read.
    """
    shown = {"by": _cleaned(by), "redact": redact, "allow_text": allow_text}
    _record(analysis_id, history.VISIBILITY, {"on": on, **(shown if on else {})}, now)


def info(analysis_id: str) -> AnalysisInfo:
    """One analysis of who acts, deleted or not; raises UnusableInput when there is no such.

    It reads no saved view: pages ask for it on every run.
    """
    return _to_info(*_counted(analysis_id))


def bundles(analysis_id: str) -> list[BundleInfo]:
    """The analysis's bundles in the order they were published."""
    return _found(analysis_id).bundles


def latest_bundle(analysis_id: str) -> Path | None:
    """Folder of the bundle published last; None while there is none."""
    published = bundles(analysis_id)
    return bundle_path(analysis_id, published[-1].id) if published else None


def bundle_path(analysis_id: str, bundle_id: str) -> Path:
    """Folder of one bundle of an analysis; raises UnusableInput when there is no such.

    Whoever names a bundle has found it in `bundles` or by a link: its id cannot be guessed, and nobody is asked here.
    """
    path = _folder(analysis_id) / BUNDLES / bundle_id
    if not _BUNDLE_ID.fullmatch(bundle_id) or not path.is_dir():
        raise UnusableInput(N_("The analysis {id} has no bundle {bundle}."), id=analysis_id, bundle=bundle_id)
    return path


def find_bundle(analysis_id: str, fits: Callable[[Bundle], bool]) -> Path | None:
    """Folder of the first sound bundle that fits, taken-back ones included, the latest looked at first; None for none.

    For a worker that looks for what it has made before. Raises UnusableInput when there is no such analysis; whose it
    is, nobody is asked here.
    """
    folder = _folder(analysis_id) / BUNDLES
    ids = [entry.payload.get("bundle") for entry in journal.replay(folder.parent) if entry.kind == journal.PUBLISHED]
    for bundle_id in reversed(list(dict.fromkeys(map(str, ids)))):
        with contextlib.suppress(UnusableInput, DamagedBundle):
            path = bundle_path(analysis_id, bundle_id)
            if fits(open_bundle(path)):
                return path
    return None


def rename(analysis_id: str, name: str, *, now: datetime | None = None) -> None:
    """Give an analysis another name; raises UnusableInput for an empty one."""
    _record(analysis_id, "renamed", {"name": _clean_name(name)}, now)


def delete(analysis_id: str, *, now: datetime | None = None) -> None:
    """Take an analysis out of the list; it can be brought back for settings.undo_days. Its links stop at once."""
    known = [read.latest for read, _ in catalog.analyses()]
    _record(analysis_id, "deleted", {"latest": max(known, default="")}, now)


def undelete(analysis_id: str, *, now: datetime | None = None) -> None:
    """Bring a deleted analysis back."""
    _record(analysis_id, "undeleted", {}, now)


def save_view(analysis_id: str, name: str, view: View, *, bundle: str = "", now: datetime | None = None) -> str:
    """Keep a view under a name and return its id; `bundle` is the id of the one it shows (default: the latest).

    Raises UnusableInput for an empty name, one that another view has (`view_named` finds it), or a draft.
    """
    cleaned = _clean_name(name)
    if view_named(analysis_id, cleaned) is not None:
        raise UnusableInput(N_("There is a view called “{name}” already. Choose another name."), name=cleaned)
    shown = _bundle_of_view(analysis_id, bundle)
    view_id = secrets.token_hex(8)
    payload = {"view_id": view_id, "name": cleaned, "view": view.to_stored(), "bundle": shown}
    _record(analysis_id, "view_saved", payload, now)
    return view_id


def view_named(analysis_id: str, name: str) -> SavedView | None:
    """The saved view with this name, as it would be kept and whatever its case; None when there is none."""
    wanted = _cleaned(name).casefold()
    return next((one for one in list_views(analysis_id) if _cleaned(one.name).casefold() == wanted), None)


def overwrite_view(
    analysis_id: str, view_id: str, view: View, *, bundle: str = "", now: datetime | None = None
) -> None:
    """Put another look in a saved view's place, under its name; `revert_view` brings the one before back.

    Raises UnusableInput for a view that was deleted, whose name another may have by now, or a draft.
    """
    name = _kept_view(analysis_id, view_id).name
    shown = _bundle_of_view(analysis_id, bundle)
    payload = {"view_id": view_id, "name": name, "view": view.to_stored(), "bundle": shown}
    _record(analysis_id, "view_saved", payload, now)


def revert_view(analysis_id: str, view_id: str, *, now: datetime | None = None) -> None:
    """Undo the last overwriting of a view; done twice, it is overwritten again. Raises UnusableInput without one."""
    name = _kept_view(analysis_id, view_id).name
    kept = [
        entry.payload
        for entry in journal.replay(_folder(analysis_id))
        if entry.kind == "view_saved" and entry.payload.get("view_id") == view_id
    ]
    if len(kept) < 2:
        raise UnusableInput(N_("There is no such change to take back; reload the page."))
    _record(analysis_id, "view_saved", {**kept[-2], "name": name}, now)


def list_views(analysis_id: str, *, with_deleted: bool = False) -> list[SavedView]:
    """Saved views, oldest first."""
    _found(analysis_id)
    return [view for view in catalog.views(analysis_id) if with_deleted or not view.deleted]


def delete_view(analysis_id: str, view_id: str, *, now: datetime | None = None) -> None:
    """Take a saved view out of the list."""
    _view(analysis_id, view_id)
    _record(analysis_id, "view_deleted", {"view_id": view_id}, now)


def undelete_view(analysis_id: str, view_id: str, *, now: datetime | None = None) -> None:
    """Bring a deleted view back; with a number after its name where another has the name by now."""
    found = _view(analysis_id, view_id)
    if not found.deleted:
        return
    wanted, copies = "", 1
    while view_named(analysis_id, wanted or found.name) is not None:
        copies += 1
        number = f" ({copies})"
        wanted = found.name[: MAX_NAME_CHARS - len(number)] + number
    _record(analysis_id, "view_undeleted", {"view_id": view_id, **({"name": wanted} if wanted else {})}, now)


def _view(analysis_id: str, view_id: str) -> SavedView:
    """The view, deleted or not."""
    for one in list_views(analysis_id, with_deleted=True):
        if one.id == view_id:
            return one
    raise UnusableInput(N_("There is no such view any more; reload the page."))


def _kept_view(analysis_id: str, view_id: str) -> SavedView:
    found = _view(analysis_id, view_id)
    if found.deleted:
        raise UnusableInput(N_("There is no such view any more; reload the page."))
    return found


def _bundle_of_view(analysis_id: str, bundle: str) -> str:
    """The id of the bundle that a view shows; raises UnusableInput for a draft, whose topics and places will change."""
    published = bundles(analysis_id)
    shown = next((info for info in published if info.id == bundle), published[-1] if published else None)
    if shown is not None and shown.is_draft:
        raise UnusableInput(N_("This is a draft. Saved views wait for the full map."))
    return shown.id if shown is not None else bundle


def rebuild() -> None:
    """Make the catalog anew from bundles and journals."""
    catalog.rebuild()


def _infos() -> list[AnalysisInfo]:
    who = acting.who()
    return [info for info in _all_infos() if who in (acting.ALL, info.owner)]


def _all_infos() -> list[AnalysisInfo]:
    catalog.refresh()
    found = [_to_info(read, saved) for read, saved in catalog.analyses()]
    return sorted(found, key=lambda info: (info.updated, info.id), reverse=True)


def _to_info(read: History, saved: int) -> AnalysisInfo:
    latest = read.bundles[-1] if read.bundles else None
    return AnalysisInfo(
        id=read.id,
        name=read.name,
        created=read.created,
        updated=latest.created if latest and latest.created else read.created,
        rows=latest.rows if latest else 0,
        units=latest.units if latest else 0,
        topics=latest.topics if latest else 0,
        is_draft=latest.is_draft if latest else False,
        sample=read.sample,
        bundle=catalog.home() / read.id / BUNDLES / latest.id if latest else None,
        views=saved,
        source=read.source,
        deleted=read.deleted,
        owner=read.owner,
        visible=read.visible,
        is_damaged=latest.is_damaged if latest else False,
        damaged_lines=len(read.damaged),
    )


def _record(analysis_id: str, kind: str, payload: Mapping[str, object], now: datetime | None) -> None:
    journal.append(_folder(analysis_id), kind, payload, now)
    catalog.refresh(analysis_id)


def _found(analysis_id: str) -> History:
    """An analysis of who acts; another's is as unknown as one that is not there."""
    return _counted(analysis_id)[0]


def _counted(analysis_id: str) -> tuple[History, int]:
    """The same, and how many views it has."""
    _folder(analysis_id)
    catalog.refresh(analysis_id)
    found = catalog.analysis(analysis_id)
    if found is None or not acting.owns(found[0].owner):
        raise _unknown(analysis_id)
    return found


def _folder(analysis_id: str) -> Path:
    if not _ANALYSIS_ID.fullmatch(analysis_id) or not (catalog.home() / analysis_id).is_dir():
        raise _unknown(analysis_id)
    return catalog.home() / analysis_id


def _unknown(analysis_id: str) -> UnusableInput:
    return UnusableInput(N_("There is no analysis {id}; it may have been deleted."), id=analysis_id)


def _clean_name(name: str) -> str:
    cleaned = _cleaned(name)
    if not cleaned:
        raise UnusableInput(N_("The name is empty. Type a name."))
    return cleaned


def _cleaned(name: str) -> str:
    # NFC: the same letters are the same name, however a keyboard composed them.
    written = unicodedata.normalize("NFC", name)
    return " ".join("".join(char if char.isprintable() else " " for char in written).split())[:MAX_NAME_CHARS].strip()

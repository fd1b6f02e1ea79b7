"""Documents on the disk: a folder each in their analysis, published whole, named by content; the journal says which
count.

Journal kinds: document_added {"document", "name", "kind", "passages", "bytes"}, document_removed {"document"},
document_restored {"document"}. A document's folder is its file, passages.json and a manifest with the sum of both.
"""

from __future__ import annotations

import json
import logging
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from pipelines import ingest, settings
from pipelines.documents.passages import Passage, split
from pipelines.errors import N_, DamagedBundle, UnusableInput
from pipelines.ingest import Source
from pipelines.progress import Progress, silent
from pipelines.store import acting, catalog, durable, journal, library, space
from pipelines.store.bundle import MANIFEST, MANIFEST_SUM, sum_line

ADDED, REMOVED, RESTORED = "document_added", "document_removed", "document_restored"
FOLDER, PASSAGES = "documents", "passages.json"
MAX_FILE_MB, MAX_DOCUMENTS = 50, 200
_SCHEMA_VERSION = 1
_ID_CHARS = 16
_NAME_CHARS = 160
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class DocumentInfo:
    """One document of an analysis. id: of its content. passages: how many. removed: when, "" while it counts."""

    id: str
    name: str
    kind: str
    passages: int
    bytes: int
    added: str
    removed: str = ""


def add(analysis_id: str, content: bytes, name: str, progress: Progress = silent) -> DocumentInfo:
    """Read a file and keep it with an analysis; the same content twice is one document.

    Raises UnusableInput (another kind of file, too large, no text, damaged, no room), Cancelled as `progress` does.
    """
    folder = _folder(analysis_id)
    name = _clean(name)
    if len(content) > MAX_FILE_MB << 20:
        raise UnusableInput(
            N_("{file} is larger than {most} MB. Split it into smaller files."), file=name, most=MAX_FILE_MB
        )
    document_id = durable.sha256_bytes(content)[:_ID_CHARS]
    known = {one.id: one for one in listed(analysis_id, with_removed=True)}
    if document_id not in known and sum(not one.removed for one in known.values()) >= MAX_DOCUMENTS:
        raise UnusableInput(N_("An analysis holds {most} documents at most. Remove one first."), most=MAX_DOCUMENTS)
    if document_id not in known or _problems(folder / document_id):
        told = _publish(folder, document_id, content, name, progress)
        journal.append(folder.parent, ADDED, told)
    elif known[document_id].removed:
        journal.append(folder.parent, RESTORED, {"document": document_id})
    return next(one for one in listed(analysis_id) if one.id == document_id)


def listed(analysis_id: str, *, with_removed: bool = False) -> list[DocumentInfo]:
    """Documents of an analysis, oldest first; raises UnusableInput where there is no such analysis."""
    library.info(analysis_id)
    return [one for one in _folded(catalog.home() / analysis_id).values() if with_removed or not one.removed]


def remove(analysis_id: str, document_id: str) -> None:
    """Take a document away; `restore` brings it back for settings.undo_days."""
    _record(analysis_id, document_id, REMOVED)


def restore(analysis_id: str, document_id: str) -> None:
    """Bring a removed document back."""
    _record(analysis_id, document_id, RESTORED)


def passages(analysis_id: str, document_id: str) -> list[Passage]:
    """A kept document's passages; raises DamagedBundle where a file of it is missing or differs from its sum."""
    folder = _folder(analysis_id) / document_id
    problems = _problems(folder)
    if problems:
        raise DamagedBundle(
            N_("The document {name} is damaged: {problem}. Remove it and add the file again."),
            name=document_id,
            problem=problems[0],
        )
    return [Passage(**fields) for fields in json.loads((folder / PASSAGES).read_bytes())]


def find_problems(analysis_dir: Path) -> list[str]:
    """What is wrong with the documents that count of the analysis in a folder, one English line each."""
    found = []
    for one in _folded(analysis_dir).values():
        if not one.removed:
            found += [f"document {one.id}: {problem}" for problem in _problems(analysis_dir / FOLDER / one.id)]
    return found


@acting.acting_as(acting.ALL)
def sweep(*, now: datetime | None = None) -> list[str]:
    """Remove what a crash left, what no journal names, and documents removed longer than settings.undo_days ago."""
    oldest = (now or durable.now_utc()) - timedelta(days=settings.get_int("undo_days"))
    done = []
    for analysis_id in catalog.analysis_ids():
        folder = catalog.home() / analysis_id / FOLDER
        done += [path.name for path in durable.sweep_temps(folder)]
        known = _folded(folder.parent)
        for entry in sorted(folder.iterdir()) if folder.is_dir() else ():
            one = known.get(entry.name)
            is_gone = one is not None and one.removed and datetime.fromisoformat(one.removed) < oldest
            # What the journal does not name may be about to be named: it gets the same days.
            is_lost = one is None and entry.stat().st_mtime < oldest.timestamp()
            if (is_gone or is_lost) and not entry.name.startswith("."):
                temp = durable.temp_beside(entry)
                entry.rename(temp)
                shutil.rmtree(temp, ignore_errors=True)
                done.append(entry.name)
    return done


def _publish(folder: Path, document_id: str, content: bytes, name: str, progress: Progress) -> dict[str, object]:
    """Read, split, and put a document's folder in its place; what the journal says of it."""
    document = ingest.read_document(Source(content, name), progress)
    found = split(document.pages, name, document_id)
    target = folder / document_id
    files = {
        f"original{Path(name).suffix.lower()}": content,
        PASSAGES: durable.json_bytes([asdict(one) for one in found]),
    }
    told = {"document": document_id, "name": name, "kind": document.kind, "passages": len(found), "bytes": len(content)}
    sums = {file: {"sha256": durable.sha256_bytes(data), "bytes": len(data)} for file, data in files.items()}
    manifest = durable.json_bytes({"schema_version": _SCHEMA_VERSION, **told, "files": sums}, indent=1)
    try:
        folder.mkdir(exist_ok=True)
        durable.sync_dir(folder.parent)
        if target.exists():
            # Published, and the journal was not told before the crash; or damaged since.
            shutil.rmtree(target)
        with durable.temp_dir_beside(target) as temp:
            for file, data in (*files.items(), (MANIFEST, manifest), (MANIFEST_SUM, sum_line(manifest))):
                durable.write_file(temp / file, data)
            durable.sync_dir(temp)
            temp.rename(target)
            durable.sync_dir(folder)
    except OSError as error:
        raise space.cannot_save(folder, error, sum(map(len, files.values()))) from error
    return told


def _problems(folder: Path) -> list[str]:
    try:
        manifest = (folder / MANIFEST).read_bytes()
        if (folder / MANIFEST_SUM).read_bytes() != sum_line(manifest):
            return [f"{MANIFEST} is altered"]
        files: Mapping[str, Mapping[str, Any]] = json.loads(manifest)["files"]
    except (OSError, ValueError, KeyError):
        return [f"{MANIFEST} is missing"]
    found = []
    for name, entry in files.items():
        try:
            if durable.sha256_file(folder / name) != entry["sha256"]:
                found.append(f"{name} is altered")
        except OSError:
            found.append(f"{name} is missing")
    return found


def _folded(analysis_dir: Path) -> dict[str, DocumentInfo]:
    found: dict[str, DocumentInfo] = {}
    for entry in journal.replay(analysis_dir):
        said = entry.payload
        document_id = str(said.get("document", ""))
        if entry.kind == ADDED:
            found[document_id] = DocumentInfo(
                document_id, str(said.get("name", "")), str(said.get("kind", "")), int(said.get("passages") or 0),
                int(said.get("bytes") or 0), entry.at,
            )  # fmt: skip
        elif entry.kind in (REMOVED, RESTORED) and document_id in found:
            at = entry.at if entry.kind == REMOVED else ""
            found[document_id] = DocumentInfo(**{**asdict(found[document_id]), "removed": at})
    return found


def _record(analysis_id: str, document_id: str, kind: str) -> None:
    known = {one.id: one for one in listed(analysis_id, with_removed=True)}
    if document_id not in known or (kind == RESTORED and not (_folder(analysis_id) / document_id).is_dir()):
        raise UnusableInput(N_("There is no such document any more; reload the page."))
    journal.append(catalog.home() / analysis_id, kind, {"document": document_id})


def _folder(analysis_id: str) -> Path:
    library.info(analysis_id)
    return catalog.home() / analysis_id / FOLDER


def _clean(name: str) -> str:
    """A file's name without its folders and what cannot be printed, its ending kept."""
    bare = name.replace("\\", "/").rsplit("/", 1)[-1]
    bare = " ".join("".join(char if char.isprintable() else " " for char in bare).split()) or "document"
    suffix = Path(bare).suffix
    return bare if len(bare) <= _NAME_CHARS else bare[: _NAME_CHARS - len(suffix) - 1] + "…" + suffix

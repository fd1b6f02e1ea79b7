"""A backup of the state folder while it is in use: one ZIP file or one folder, complete or not there.

Bundles never change once published, so they are copied as they are. An analysis's journal is copied before its bundles
and up to its last whole line: what it names is there. The databases go through SQLite's own backup. What is only kept
to save time (embedding cache, stage results, converted models) is left out unless wanted, and so are logs.

    manifest.json    {"format", "version", "created", "caches", "files": {path: {"sha256", "size"}}}
    manifest.sha256  its sum
    analyses/ …      the files, at their paths in the state folder
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import shutil
import sqlite3
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Protocol

from pipelines.errors import N_, UnusableInput
from pipelines.store import database, durable
from pipelines.store.bundle import MANIFEST, MANIFEST_SUM, sum_line
from pipelines.store.history import BUNDLES
from pipelines.store.journal import JOURNAL

FORMAT, VERSION = "reviewscape-backup", 1
ANALYSES, DATABASES = "analyses", ("catalog.db", "jobs.db")
KEPT_FOLDERS = ("selections", "uploads", "models/adapted")
CACHE_FOLDERS, CACHE_DATABASES = ("stages", "models"), ("vectors.db",)
_COMPRESSED = {".parquet", ".npy", ".npz", ".zip", ".upload", ".stage", ".safetensors"}
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.=@-]*(/[A-Za-z0-9_][A-Za-z0-9_.=@-]*)*", re.ASCII)
_ROOTS = (ANALYSES, *KEPT_FOLDERS, *CACHE_FOLDERS)
_CHUNK = 1 << 20
_PAGES_AT_ONCE, _PAUSE_S = 20_000, 0.05
_SPARE = 16 << 20


@dataclass
class Made:
    """What a backup holds: file sums and sizes by path, and what was not as it should be, one English line each."""

    files: dict[str, dict[str, object]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    @property
    def bytes(self) -> int:
        """Size of all files together."""
        return sum(int(str(one["size"])) for one in self.files.values())

    @property
    def analyses(self) -> int:
        """Number of analyses."""
        return len({path.split("/")[1] for path in self.files if path.startswith(f"{ANALYSES}/")})


class _Target(Protocol):
    def open(self, name: str) -> contextlib.AbstractContextManager[BinaryIO]:
        """A file in it, to be written."""


def make(home: Path, target: Path, *, caches: bool = False, now: datetime | None = None) -> Made:
    """Back `home` up into `target`, a ZIP file where its name ends so, else a folder.

    Raises UnusableInput where there is something at `target` already, or not enough space for it.
    """
    if target.exists() and not (target.is_dir() and not any(target.iterdir())):
        raise UnusableInput(N_("{path} is there already. Name another place for the backup."), path=target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _check_space(home, target.parent, caches)
        temp = durable.temp_beside(target)
        try:
            made = _write(home, temp, target.suffix.lower() == ".zip", caches, now or durable.now_utc())
            if target.is_dir():
                target.rmdir()
            temp.rename(target)
            durable.sync_dir(target.parent)
        except BaseException:
            shutil.rmtree(temp, ignore_errors=True) if temp.is_dir() else temp.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise UnusableInput(
            N_("The backup {path} could not be written ({reason}). Nothing was left there."),
            path=target,
            reason=error.strerror or type(error).__name__,
        ) from error
    return made


def _write(home: Path, temp: Path, as_zip: bool, caches: bool, now: datetime) -> Made:
    made = Made()
    with contextlib.ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="reviewscape-")))
        target: _Target = stack.enter_context(_Zip(temp)) if as_zip else _Folder(temp)
        put = _putter(target, made)
        for analysis in sorted(_folders(home / ANALYSES)):
            _put_analysis(analysis, put, made)
        for name in KEPT_FOLDERS + (CACHE_FOLDERS if caches else ()):
            for path in _files(home / name):
                if path.relative_to(home).as_posix() not in made.files:
                    # What is swept or evicted meanwhile is no part of the backup.
                    with contextlib.suppress(FileNotFoundError):
                        _put_file(path, path.relative_to(home).as_posix(), put)
        for name in DATABASES + (CACHE_DATABASES if caches else ()):
            _put_database(home / name, scratch, put, made)
        fields = {"format": FORMAT, "version": VERSION, "created": durable.to_iso(now), "caches": caches}
        manifest = durable.json_bytes({**fields, "files": made.files}, indent=1)
        for name, data in ((MANIFEST, manifest), (MANIFEST_SUM, sum_line(manifest))):
            with target.open(name) as file:
                file.write(data)
    if as_zip:
        durable.sync_file(temp)
    return made


def is_ours(name: str) -> bool:
    """Whether a path is one that a backup has: below a folder of ours, or one of our databases; nothing else passes."""
    if not isinstance(name, str) or len(name) > 400 or not _NAME.fullmatch(name) or ".." in name.split("/"):
        return False
    return name in DATABASES + CACHE_DATABASES or any(name.startswith(f"{root}/") for root in _ROOTS)


class _Zip:
    """A ZIP file; what is compressed already is stored as it is."""

    def __init__(self, path: Path) -> None:
        self._zip = zipfile.ZipFile(path, "x", allowZip64=True)

    def __enter__(self) -> _Zip:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    @contextlib.contextmanager
    def open(self, name: str) -> Iterator[BinaryIO]:
        info = zipfile.ZipInfo(name, durable.now_utc().timetuple()[:6])
        stored = PurePosixPath(name).suffix in _COMPRESSED
        info.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
        info.external_attr = 0o600 << 16
        with self._zip.open(info, "w", force_zip64=True) as file:
            yield file  # type: ignore[misc]


class _Folder:
    """A folder of its own, readable by nobody else."""

    def __init__(self, path: Path) -> None:
        self._path = path
        path.mkdir(mode=0o700)

    @contextlib.contextmanager
    def open(self, name: str) -> Iterator[BinaryIO]:
        path = self._path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            yield file
        durable.sync_file(path)
        durable.sync_dir(path.parent)


_Put = Callable[[str, BinaryIO, int | None], None]


def _putter(target: _Target, made: Made) -> _Put:
    def put(name: str, source: BinaryIO, size: int | None) -> None:
        """Copy a file, or its first `size` bytes, and note its sum."""
        if not is_ours(name):
            made.problems.append(f"{name!r} is left out: it is no name of ours")
            return
        sums, left, copied = hashlib.sha256(), size, 0
        with target.open(name) as file:
            while piece := source.read(_CHUNK if left is None else min(_CHUNK, left)):
                sums.update(piece)
                file.write(piece)
                copied += len(piece)
                left = None if left is None else left - len(piece)
        made.files[name] = {"sha256": sums.hexdigest(), "size": copied}

    return put


def _put_analysis(folder: Path, put: _Put, made: Made) -> None:
    """The journal first: every bundle that it names was complete before the line was written."""
    prefix = f"{ANALYSES}/{folder.name}/"
    try:
        with contextlib.suppress(FileNotFoundError), (folder / JOURNAL).open("rb") as file:
            # Lines are only ever added behind this; a torn one was acknowledged to nobody.
            whole = file.read().rfind(b"\n") + 1
            file.seek(0)
            put(prefix + JOURNAL, file, whole)
        for path in _files(folder):
            name = path.relative_to(folder).as_posix()
            if name != JOURNAL:
                _put_file(path, prefix + name, put)
    except FileNotFoundError:
        if folder.exists():
            raise
        # Removed for good meanwhile: then it is no part of the backup.
        for name in [name for name in made.files if name.startswith(prefix)]:
            del made.files[name]
        return
    for bundle in _folders(folder / BUNDLES):
        made.problems += _differing(bundle, f"{prefix}{BUNDLES}/{bundle.name}/", made)


def _differing(bundle: Path, prefix: str, made: Made) -> list[str]:
    """Files of a bundle that are not what its own manifest says: they are backed up as they are, and named."""
    try:
        files = json.loads((bundle / MANIFEST).read_bytes())["files"]
        return [
            f"{prefix}{name} is damaged already"
            for name, told in files.items()
            if made.files.get(prefix + name, {}).get("sha256") != (told["sha256"] if isinstance(told, dict) else told)
        ]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return [f"{prefix}{MANIFEST} is damaged already"]


def _put_file(path: Path, name: str, put: _Put) -> None:
    with path.open("rb") as file:
        put(name, file, None)


def _put_database(path: Path, scratch: Path, put: _Put, made: Made) -> None:
    if not path.is_file():
        return
    copy = scratch / path.name
    try:
        with (
            contextlib.closing(sqlite3.connect(path, timeout=database.BUSY_TIMEOUT_S)) as source,
            contextlib.closing(sqlite3.connect(copy)) as target,
        ):
            source.backup(target, pages=_PAGES_AT_ONCE, sleep=_PAUSE_S)
    except sqlite3.DatabaseError as error:
        # The catalog is made anew from the rest, the queue and the cache begin anew.
        made.problems.append(f"{path.name} is left out ({type(error).__name__})")
        return
    _put_file(copy, path.name, put)
    copy.unlink()


def _folders(folder: Path) -> list[Path]:
    entries = folder.iterdir() if folder.is_dir() else ()
    return [entry for entry in entries if entry.is_dir() and not entry.is_symlink() and not entry.name.startswith(".")]


def _files(folder: Path) -> list[Path]:
    """Plain files below, in their order; what is being written, and what points elsewhere, is passed over."""
    if not folder.is_dir() or folder.is_symlink():
        return []
    return [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and not path.is_symlink()
        and not any(durable.TEMP_NAME.match(part) for part in path.relative_to(folder).parts)
    ]


def _check_space(home: Path, where: Path, caches: bool) -> None:
    names = (ANALYSES, *KEPT_FOLDERS, *(CACHE_FOLDERS if caches else ()))
    files = [path for name in names for path in _files(home / name)]
    files += [home / name for name in DATABASES + (CACHE_DATABASES if caches else ())]
    needed = _SPARE
    for path in files:
        with contextlib.suppress(FileNotFoundError):
            needed += path.stat().st_size
    check_space(needed, where)


def check_space(needed: int, where: Path) -> None:
    """Raise UnusableInput unless so many bytes fit into the folder `where`."""
    free = shutil.disk_usage(where).free
    if needed > free:
        raise UnusableInput(
            N_("{path} has {free} MB free, {needed} MB are needed. Free some space, or name another place."),
            path=where,
            free=f"{free / 1e6:,.0f}",
            needed=f"{needed / 1e6:,.0f}",
        )

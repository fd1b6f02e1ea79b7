"""Bringing a backup back: checked whole before anything appears, and never over what is there."""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import shutil
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from pipelines.errors import N_, UnusableInput
from pipelines.store import backup, durable, tenancy
from pipelines.store.bundle import MANIFEST, MANIFEST_SUM, sum_line

_SUM = re.compile(r"[0-9a-f]{64}")
_MOST_MANIFEST = 256 << 20
_CHUNK = 1 << 20
_ENCRYPTED = 0x1
_BROKEN = (
    *(KeyError, EOFError, ValueError, OverflowError, NotImplementedError, RuntimeError),
    *(zipfile.BadZipFile, zlib.error, struct.error),
)
"""What reading a damaged archive can raise."""


class _Source(Protocol):
    def open(self, name: str) -> contextlib.AbstractContextManager[BinaryIO]:
        """A file in it; raises KeyError where there is no plain one."""


def restore(source: Path, home: Path, *, set_aside: bool = False, now: datetime | None = None) -> Mapping[str, Any]:
    """Put the backup `source` (a ZIP file or a folder) at `home`; returns its manifest.

    set_aside: what is at `home` is renamed to home.before-TIME first; without it only an empty or a missing folder is
    taken. Raises UnusableInput, with nothing changed, where the backup is none, is damaged, or names a path that no
    backup has.
    """
    is_used = home.exists() and not (home.is_dir() and not any(home.iterdir()))
    if is_used and not set_aside:
        raise UnusableInput(
            N_("{path} is not empty. Name another folder, or add --set-aside to rename what is there first."), path=home
        )
    _refuse_in_use(home)
    temp = durable.temp_beside(home)
    try:
        home.parent.mkdir(parents=True, exist_ok=True)
        with _opened(source) as opened:
            manifest = _manifest(opened, source)
            _extract(opened, manifest["files"], temp, source)
        # That took its time.
        _refuse_in_use(home)
        if is_used:
            stamp = (now or durable.now_utc()).strftime("%Y%m%dT%H%M%S")
            home.rename(home.with_name(f"{home.name}.before-{stamp}"))
        elif home.exists():
            home.rmdir()
        temp.rename(home)
        durable.sync_dir(home.parent)
    except OSError as error:
        raise UnusableInput(
            N_("The backup could not be brought to {path} ({reason})."),
            path=home,
            reason=error.strerror or type(error).__name__,
        ) from error
    finally:
        shutil.rmtree(temp, ignore_errors=True)
    return manifest


def _refuse_in_use(home: Path) -> None:
    if tenancy.is_held(home):
        raise UnusableInput(N_("A server uses {path}. Stop it, then restore."), path=home)


def _manifest(opened: _Source, source: Path) -> Mapping[str, Any]:
    """The manifest, checked against its sum, and each name in it."""
    try:
        with opened.open(MANIFEST) as file:
            data = file.read(_MOST_MANIFEST)
        with opened.open(MANIFEST_SUM) as file:
            told = file.read(_CHUNK)
    except _BROKEN:
        raise _no_backup(source) from None
    if told != sum_line(data):
        raise _damaged(source, MANIFEST)
    try:
        manifest = json.loads(data)
        if manifest["format"] != backup.FORMAT:
            raise _no_backup(source)
        if manifest["version"] != backup.VERSION:
            raise UnusableInput(
                N_("{path} was made by another version ({version}). Use the version that made it."),
                path=source,
                version=str(manifest["version"])[:20],
            )
        for name, entry in manifest["files"].items():
            if not backup.is_ours(name) or not _SUM.fullmatch(entry["sha256"]) or not 0 <= int(entry["size"]) < 1 << 50:
                raise UnusableInput(N_("{path} names a file that no backup has. It is not restored."), path=source)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise _no_backup(source) from None
    return manifest


def _extract(opened: _Source, files: Mapping[str, Mapping[str, Any]], temp: Path, source: Path) -> None:
    backup.check_space(sum(int(entry["size"]) for entry in files.values()), temp.parent)
    temp.mkdir(mode=0o700)
    for name, entry in files.items():
        path = temp / name
        path.parent.mkdir(parents=True, exist_ok=True)
        sums, left = hashlib.sha256(), int(entry["size"])
        try:
            with opened.open(name) as file, path.open("xb") as target:
                path.chmod(0o600)
                # Never more than was told, whatever the archive unpacks to.
                while piece := file.read(min(_CHUNK, left + 1)):
                    left -= len(piece)
                    if left < 0:
                        raise _damaged(source, name)
                    sums.update(piece)
                    target.write(piece)
        except _BROKEN:
            raise _damaged(source, name) from None
        if left or sums.hexdigest() != entry["sha256"]:
            raise _damaged(source, name)
        durable.sync_file(path)
    for folder in [temp, *(path for path in temp.rglob("*") if path.is_dir())]:
        durable.sync_dir(folder)


@contextlib.contextmanager
def _opened(source: Path) -> Iterator[_Source]:
    if source.is_dir():
        yield _FolderSource(source)
        return
    try:
        with zipfile.ZipFile(source) as archive:
            yield _ZipSource(archive)
    except FileNotFoundError:
        raise UnusableInput(N_("There is no backup at {path}."), path=source) from None
    except _BROKEN:
        raise _no_backup(source) from None


class _ZipSource:
    """Plain members that are there once."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._infos: dict[str, zipfile.ZipInfo | None] = {}
        for info in archive.infolist():
            kind = stat.S_IFMT(info.external_attr >> 16)
            is_plain = kind in (0, stat.S_IFREG) and not info.flag_bits & _ENCRYPTED
            self._infos[info.filename] = None if info.filename in self._infos or not is_plain else info

    @contextlib.contextmanager
    def open(self, name: str) -> Iterator[BinaryIO]:
        info = self._infos[name]
        if info is None:
            raise KeyError(name)
        with self._archive.open(info) as file:
            yield file  # type: ignore[misc]


class _FolderSource:
    """Plain files, not by way of a link."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextlib.contextmanager
    def open(self, name: str) -> Iterator[BinaryIO]:
        path = self._folder / name
        try:
            ways = [path, *list(path.parents)[: len(Path(name).parts) - 1]]
            if any(one.is_symlink() for one in ways) or not path.is_file():
                raise KeyError(name)
        except OSError:
            raise KeyError(name) from None
        with path.open("rb") as file:
            yield file


def _damaged(source: Path, name: str) -> UnusableInput:
    return UnusableInput(
        N_("{path} is damaged: {name} is not as it was written. Nothing was restored; take another backup."),
        path=source,
        name=name,
    )


def _no_backup(source: Path) -> UnusableInput:
    return UnusableInput(N_("{path} is no backup of Reviewscape."), path=source)

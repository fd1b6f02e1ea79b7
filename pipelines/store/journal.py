"""What people did to an analysis: an append-only file with a checksum per line, on the disk before it is acknowledged.

One line is one JSON object {"seq", "at", "kind", "payload", "sum"}; seq counts lines from 1, sum is the SHA-256 of the
line without it. A crash while a line is written leaves a torn last line without its line end: nobody was told that it
was kept, so it is passed over and the next append removes it.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import logging
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from pipelines.store import acting, durable, space

JOURNAL = "journal.jsonl"
CREATED, PUBLISHED = "created", "published"
"""Kinds that say whose the analysis is ("owner"): of the first entry, and of each bundle's, should that one be damaged.

The machine's where the first says nothing."""
LOST = "lost"
"""Kind of an entry in the place of one that was damaged on the disk."""

_LINE_FRAME_BYTES = 200
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Entry:
    """One thing that somebody did: at is ISO 8601 in UTC."""

    seq: int
    at: str
    kind: str
    payload: Mapping[str, Any]


def append(analysis_dir: Path, kind: str, payload: Mapping[str, object], at: datetime | None = None) -> Entry:
    """Add one entry; it is on the disk when this returns. Safe among threads and processes.

    Raises UnusableInput when it cannot be written (no space, read-only), or who acts is not the analysis's owner: then
    nothing was kept.
    """
    try:
        return _append(analysis_dir, kind, payload, at or durable.now_utc())
    except OSError as error:
        needed = len(durable.json_bytes(payload, sort=False)) + _LINE_FRAME_BYTES
        raise space.cannot_save(analysis_dir, error, needed) from error


def replay(analysis_dir: Path) -> list[Entry]:
    """All sound entries, oldest first; damaged lines are passed over and logged (`find_problems` lists them)."""
    return read(analysis_dir)[0]


def read(analysis_dir: Path) -> tuple[list[Entry], list[int]]:
    """`replay`, and the numbers (from 1) of the lines that are damaged or not where they were written."""
    entries, damaged = _read(analysis_dir / JOURNAL)
    for number in damaged:
        _log.warning("journal of %s: line %d is damaged", analysis_dir.name, number)
    return entries, damaged


def find_problems(analysis_dir: Path) -> list[str]:
    """Acknowledged lines that are damaged or lost, one English line each; a torn last line is none."""
    return [f"line {number} is damaged" for number in _read(analysis_dir / JOURNAL)[1]]


def size(analysis_dir: Path) -> int:
    """Bytes of the journal; 0 when there is none."""
    try:
        return (analysis_dir / JOURNAL).stat().st_size
    except FileNotFoundError:
        return 0


def owner(entries: Iterable[Entry]) -> str:
    """Whose an analysis is, by the first entry that says it; the machine's where none does."""
    for entry in entries:
        if entry.kind == CREATED or (entry.kind == PUBLISHED and "owner" in entry.payload):
            return str(entry.payload.get("owner") or acting.MACHINE)
    return acting.MACHINE


def published(analysis_dir: Path, bundle_id: str, at: datetime | None = None) -> None:
    """Enter a bundle that is complete on the disk; raises as `append` does."""
    payload = {"bundle": bundle_id, "owner": owner(replay(analysis_dir))}
    append(analysis_dir, PUBLISHED, payload, at)


def keep_what_is_left(analysis_dir: Path, at: datetime | None = None) -> int:
    """Put an entry of the kind LOST in the place of each damaged one; returns how many there are then.

    The damaged file stays beside it, as journal.jsonl.damaged. What was done before the last that is lost may have been
    undone by it: links from then stay closed. Raises UnusableInput as `append` does.
    """
    path = analysis_dir / JOURNAL
    try:
        with _held(path) as descriptor:
            whole = _mend_tail(descriptor)
            acting.check(owner(entry for line in whole.split(b"\n") if (entry := _parse(line)) is not None))
            entries = _with_losses(whole, durable.to_iso(at or durable.now_utc()))
            durable.replace_file(path.with_name(f"{JOURNAL}.damaged"), whole)
            durable.replace_file(path, b"".join(map(_line, entries)))
    except OSError as error:
        raise space.cannot_save(analysis_dir, error, 2 * size(analysis_dir)) from error
    return sum(entry.kind == LOST for entry in entries)


def _with_losses(whole: bytes, at: str) -> list[Entry]:
    entries: list[Entry] = []
    unread = False
    for line in whole.split(b"\n")[:-1]:
        entry = _parse(line)
        if entry is not None and entry.seq > len(entries):
            entries += [Entry(seq, at, LOST, {}) for seq in range(len(entries) + 1, entry.seq)]
            entries.append(entry)
        unread = entry is None
    return [*entries, Entry(len(entries) + 1, at, LOST, {})] if unread else entries


@contextlib.contextmanager
def _held(path: Path) -> Iterator[int]:
    """The journal, open and held alone; made where there is none."""
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
        try:
            with durable.locked(descriptor):
                # Another may have put a file in its place while this one waited.
                if os.path.samestat(os.fstat(descriptor), path.stat()):
                    yield descriptor
                    return
        finally:
            os.close(descriptor)


def _append(analysis_dir: Path, kind: str, payload: Mapping[str, object], at: datetime) -> Entry:
    path = analysis_dir / JOURNAL
    is_new = not path.exists()
    with _held(path) as descriptor:
        whole = _mend_tail(descriptor)
        entry = Entry(whole.count(b"\n") + 1, durable.to_iso(at), kind, _as_json(payload))
        before = (kept for line in whole.splitlines() if (kept := _parse(line)) is not None)
        acting.check(owner(itertools.chain(before, [entry])))
        os.lseek(descriptor, len(whole), os.SEEK_SET)
        try:
            _write_all(descriptor, _line(entry))
            os.fsync(descriptor)
        except OSError:
            # Who is told that it could not be saved must not find it there later.
            with contextlib.suppress(OSError):
                os.ftruncate(descriptor, len(whole))
            raise
    if is_new:
        durable.sync_dir(analysis_dir)
    return entry


def _read(path: Path) -> tuple[list[Entry], list[int]]:
    try:
        lines = path.read_bytes().split(b"\n")
    except FileNotFoundError:
        return [], []
    entries, damaged = [], []
    tail = lines.pop()
    for number, line in enumerate(lines, start=1):
        entry = _parse(line)
        if entry is None or entry.seq != number:
            damaged.append(number)
        # A line of another number still says what was done; only its neighbours are in doubt.
        if entry is not None:
            entries.append(entry)
    if tail and (entry := _parse(tail)) is not None:
        entries.append(entry)
    return entries, damaged


def _mend_tail(descriptor: int) -> bytes:
    """The journal's whole lines, after a torn last line is cut off on the disk."""
    os.lseek(descriptor, 0, os.SEEK_SET)
    content = _read_all(descriptor)
    whole, end, tail = content.rpartition(b"\n")
    if not tail:
        return content
    whole += end
    # A sound line that lacks only its end, or whose end alone was altered, was acknowledged: keep it.
    for kept in (tail, tail[:-1]):
        if _parse(kept) is not None:
            os.lseek(descriptor, len(whole), os.SEEK_SET)
            _write_all(descriptor, kept + b"\n")
            whole += kept + b"\n"
            break
    os.ftruncate(descriptor, len(whole))
    return whole


def _line(entry: Entry) -> bytes:
    fields = {"seq": entry.seq, "at": entry.at, "kind": entry.kind, "payload": entry.payload}
    body = durable.json_bytes(fields, sort=False)
    return body[:-1] + f',"sum":"{durable.sha256_bytes(body)}"}}\n'.encode("ascii")


def _parse(line: bytes) -> Entry | None:
    """The entry of a line without its end; None unless every byte is as written."""
    try:
        fields = json.loads(line)
        entry = Entry(fields["seq"], fields["at"], fields["kind"], fields["payload"])
        return entry if _line(entry) == line + b"\n" else None
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def _as_json(payload: Mapping[str, object]) -> dict[str, Any]:
    return json.loads(durable.json_bytes(payload, sort=False))


def _read_all(descriptor: int) -> bytes:
    pieces = []
    while piece := os.read(descriptor, 1 << 20):
        pieces.append(piece)
    return b"".join(pieces)


def _write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]

"""What people did to an analysis: an append-only file with a checksum per line, on the disk before it is acknowledged.

One line is one JSON object {"seq", "at", "kind", "payload", "sum"}; seq counts lines from 1, sum is the SHA-256 of the
line without it. A crash while a line is written leaves a torn last line without its line end: nobody was told that it
was kept, so it is passed over and the next append removes it.
"""

from __future__ import annotations

import itertools
import json
import logging
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from pipelines.errors import N_, UnusableInput
from pipelines.store import acting, durable

JOURNAL = "journal.jsonl"
CREATED, PUBLISHED = "created", "published"
"""Kinds that say whose the analysis is ("owner"): of the first entry, and of each bundle's, should that one be damaged.

The machine's where the first says nothing."""
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
        raise UnusableInput(
            N_("This could not be saved in {path} ({reason}). Free some space or make it writable, then try again."),
            path=str(analysis_dir),
            reason=error.strerror or type(error).__name__,
        ) from error


def replay(analysis_dir: Path) -> list[Entry]:
    """All sound entries, oldest first; damaged lines are passed over and logged (`find_problems` lists them)."""
    entries, problems = _read(analysis_dir / JOURNAL)
    for problem in problems:
        _log.warning("journal of %s: %s", analysis_dir.name, problem)
    return entries


def find_problems(analysis_dir: Path) -> list[str]:
    """Acknowledged lines that are damaged or lost, one English line each; a torn last line is none."""
    return _read(analysis_dir / JOURNAL)[1]


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


def _append(analysis_dir: Path, kind: str, payload: Mapping[str, object], at: datetime) -> Entry:
    path = analysis_dir / JOURNAL
    is_new = not path.exists()
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
    try:
        with durable.locked(descriptor):
            whole = _mend_tail(descriptor)
            entry = Entry(whole.count(b"\n") + 1, durable.to_iso(at), kind, _as_json(payload))
            before = (kept for line in whole.splitlines() if (kept := _parse(line)) is not None)
            acting.check(owner(itertools.chain(before, [entry])))
            os.lseek(descriptor, len(whole), os.SEEK_SET)
            _write_all(descriptor, _line(entry))
            os.fsync(descriptor)
    finally:
        os.close(descriptor)
    if is_new:
        durable.sync_dir(analysis_dir)
    return entry


def _read(path: Path) -> tuple[list[Entry], list[str]]:
    try:
        lines = path.read_bytes().split(b"\n")
    except FileNotFoundError:
        return [], []
    entries, problems = [], []
    tail = lines.pop()
    for number, line in enumerate(lines, start=1):
        entry = _parse(line)
        if entry is None or entry.seq != number:
            problems.append(f"line {number} is damaged")
        # A line of another number still says what was done; only its neighbours are in doubt.
        if entry is not None:
            entries.append(entry)
    if tail and (entry := _parse(tail)) is not None:
        entries.append(entry)
    return entries, problems


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

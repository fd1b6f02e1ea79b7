"""Reading in a child process: a file that hangs, fills the memory or kills its reader takes nothing else with it."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import queue
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pipelines import settings
from pipelines.errors import N_, ReviewscapeError, UnusableInput
from pipelines.ingest import handover
from pipelines.ingest.document import Document
from pipelines.ingest.options import IngestOptions, Source, sources_of
from pipelines.ingest.understanding import Understanding
from pipelines.progress import Progress, silent
from pipelines.types import Reviews

_POLL_S = 0.25
_ANSWERS = {"total", "understanding", "saved", "document", "error"}
_ROOT = Path(__file__).parents[2]
_STALE_S = 86_400
_log = logging.getLogger(__name__)


def understand(
    source: Path | bytes | Source | Sequence[Source], options: IngestOptions | None = None, progress: Progress = silent
) -> Understanding:
    """What a file (or several, stacked) is understood to be; of its rows, a preview and examples come to this process.

    Raises UnusableInput when it cannot be read, or not within the settings parse_timeout_s and parse_memory_mb.
    """
    with _scratch() as folder:
        answer = _ask(source, options or IngestOptions(), folder, None, progress)
        return Understanding.from_json(answer["understanding"])


def read(
    source: Path | bytes | Source | Sequence[Source], options: IngestOptions | None = None, progress: Progress = silent
) -> Reviews:
    """Reviews as `ingest` gives them, read in a child process; raises UnusableInput as `understand` does."""
    with _scratch() as folder:
        _ask(source, options or IngestOptions(), folder, folder, progress)
        return handover.load(folder)


def read_document(source: Source, progress: Progress = silent) -> Document:
    """The text of a document (text, Markdown, PDF), read in a child process; raises UnusableInput as `read` does."""
    with _scratch() as folder:
        told = _ask(source, IngestOptions(), folder, None, progress, document=True)["document"]
        return Document(str(told["kind"]), tuple(map(str, told["pages"])))


@contextlib.contextmanager
def _scratch() -> Iterator[Path]:
    """A folder of the state folder for what parent and child hand over, gone afterwards.

    What a killed process left there is removed by the next one after a day: it holds reviews.
    """
    base = settings.home() / "reading"
    try:
        base.mkdir(mode=0o700, exist_ok=True)
        for left in base.iterdir():
            if left.stat().st_mtime < time.time() - _STALE_S:
                shutil.rmtree(left, ignore_errors=True)
        made = tempfile.mkdtemp(dir=base)
    except OSError:  # a state folder that cannot be written to must not keep a file from being looked at
        made = tempfile.mkdtemp(prefix="reviewscape-")
    try:
        yield Path(made)
    finally:
        shutil.rmtree(made, ignore_errors=True)
        with contextlib.suppress(OSError):
            base.rmdir()


def _ask(
    source: Path | bytes | Source | Sequence[Source],
    options: IngestOptions,
    folder: Path,
    out: Path | None,
    progress: Progress,
    *,
    document: bool = False,
) -> dict[str, Any]:
    found = [(entry.name, _path(entry, folder / str(index))) for index, entry in enumerate(sources_of(source))]
    spec = {
        "sources": [{"path": str(path), "name": _plain(name)} for name, path in found],
        "options": {**asdict(options), "roles": dict(options.roles) if options.roles else None},
        "out": None if out is None else str(out),
        "document": document,
        "memory_mb": settings.get_int("parse_memory_mb"),
        "parent": os.getpid(),
    }
    timeout_s = settings.get_float("parse_timeout_s")
    child = subprocess.Popen(
        [sys.executable, "-m", "pipelines.ingest.child"],
        cwd=_ROOT,
        # Pools that hold on to what is freed would count against the limit twice.
        env={**os.environ, "ARROW_DEFAULT_MEMORY_POOL": "system", "MALLOC_ARENA_MAX": "2"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="utf-8",
        errors="replace",
    )
    try:
        assert child.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            # In ASCII, which reads the same in every locale and holds file names that are no text as well.
            child.stdin.write(json.dumps(spec))
            child.stdin.close()
        return _answer(child, timeout_s, progress)
    finally:
        child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()


def _path(source: Source, spare: Path) -> Path:
    """Where the child finds the bytes: given ones, and those of a pipe that only this process has, go to `spare`."""
    if isinstance(source.content, bytes):
        spare.write_bytes(source.content)
        return spare
    path = Path(os.path.abspath(source.content))  # noqa: PTH100  (Path.resolve raises on a loop of links)
    if path.is_fifo() and not Path(os.path.realpath(path)).exists():
        with path.open("rb") as pipe, spare.open("wb") as copy:
            shutil.copyfileobj(pipe, copy)
        return spare
    return path


def _plain(name: str) -> str:
    """A name as text: bytes that are none show as such."""
    return name.encode("utf-8", "backslashreplace").decode("utf-8")


def _answer(child: subprocess.Popen[str], timeout_s: float, progress: Progress) -> dict[str, Any]:
    """The child's last word; what it says before moves the progress. Raises Cancelled as `progress` does."""
    lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(child, lines), daemon=True).start()
    deadline = time.monotonic() + timeout_s
    done, total = 0.0, 1.0
    while time.monotonic() < deadline:
        try:
            line = lines.get(timeout=_POLL_S)
        except queue.Empty:
            progress("reading", done, total)
            continue
        if line is None:
            progress("reading", done, total)  # the key that cancels may have ended the reader first
            raise UnusableInput(
                N_(
                    "Reading the file failed: its reader ended with code {code}. Save it as CSV in UTF-8 and try again."
                ),
                code=_ended(child),
            )
        answer = _parsed(line)
        if "total" in answer:
            done, total = answer["done"], answer["total"]
            progress("reading", done, total)
        elif "error" in answer:
            if answer.get("where"):
                _log.error("reading failed at %s (%s)", answer["where"], answer["values"].get("kind"))
                raise ReviewscapeError(answer["error"], **answer["values"])
            raise UnusableInput(answer["error"], **answer["values"])
        elif answer:
            return answer
    raise UnusableInput(
        N_("The file was not read within {limit} seconds. Split it, or raise REVIEWSCAPE_PARSE_TIMEOUT_S."),
        limit=f"{timeout_s:g}",
    )


def _parsed(line: str) -> dict[str, Any]:
    """One answer of the child; empty for anything else that something wrote to its output."""
    try:
        answer = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    known = isinstance(answer, dict) and answer.keys() & _ANSWERS
    return answer if known else {}


def _ended(child: subprocess.Popen[str]) -> int:
    """The exit code of a child that answers no more."""
    try:
        return child.wait(_POLL_S)
    except subprocess.TimeoutExpired:
        child.kill()
        return child.wait()


def _listen(child: subprocess.Popen[str], lines: queue.SimpleQueue[str | None]) -> None:
    assert child.stdout is not None
    with contextlib.suppress(ValueError, OSError):
        for line in child.stdout:
            lines.put(line)
    lines.put(None)

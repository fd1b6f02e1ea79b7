"""`python -m pipelines.ingest.child`: the process that opens an upload, under limits of memory and of its own life.

stdin: one JSON object (see isolated._ask). stdout: one JSON object a line: {"done", "total"} while it reads, then one
of {"understanding"}, {"saved"}, {"document"}, {"error"}.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import signal
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

from pipelines import processes
from pipelines.progress import within

TELL_EVERY_S = 0.2
_LITTLE_MB = 32
_CUTTING = 0.75
"""Share of the time that making a table of a large file takes; understanding its reviews is the rest."""


def main() -> int:
    """Read what stdin asks for; returns 0 whenever an answer was written."""
    spec = json.load(sys.stdin)
    # Whatever a library prints must not get between the answers.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a key that cancels reaches the parent too, which decides
    _die_with_parent(spec["parent"])
    processes.bound_memory(int(spec["memory_mb"]), for_good=True)
    answer(answers, spec)
    return 0


def answer(answers: IO[str], spec: Mapping[str, Any]) -> None:
    """Read the files that `spec` names and write one answer."""
    from pipelines.errors import N_, ReviewscapeError

    def say(**values: object) -> None:
        answers.write(json.dumps(values) + "\n")
        answers.flush()

    said = [0.0]

    def tell(stage: str, done: float, total: float, *, rate: float | None = None, note: str = "") -> None:
        now = time.monotonic()
        if now - said[0] >= TELL_EVERY_S:
            said[0] = now
            say(done=done, total=total)

    last: dict[str, object] = {}
    try:
        last = _read(spec, tell)
    except ReviewscapeError as error:
        last = {"error": error.template, "values": {name: _plain(value) for name, value in error.values.items()}}
    except BaseException as error:  # noqa: BLE001  (a fault in reading one file, a panic of a Rust library included)
        if not _is_want_of_memory(error, int(spec["memory_mb"])):
            template = N_(
                "The file could not be read ({kind}): a fault of ours. Save it as CSV in UTF-8 and try again."
            )
            last = {"error": template, "values": {"kind": type(error).__name__}, "where": _where(error)}
    # Only now are the frames of a reader that filled the memory gone, and with them what they held.
    if not last:
        template = N_(
            "The file needs more memory than the {limit} MB that reading may take. Split it, "
            "or raise REVIEWSCAPE_PARSE_MEMORY_MB."
        )
        last = {"error": template, "values": {"limit": spec["memory_mb"]}}
    say(**last)


def _is_want_of_memory(error: BaseException, limit_mb: int) -> bool:
    if isinstance(error, MemoryError) or (isinstance(error, OSError) and error.errno == errno.ENOMEM):
        return True
    # A module that could not be loaded, a codec in it, a thread without room for its stack.
    named = isinstance(error, ImportError | LookupError | RuntimeError | SystemError)
    return (named or type(error).__name__.startswith("Arrow")) and _is_full(limit_mb)


def _is_full(limit_mb: int) -> bool:
    """Whether hardly any of the memory is left (where the system tells)."""
    with contextlib.suppress(OSError, StopIteration, ValueError):
        lines = Path("/proc/self/status").read_text("ascii", "replace").splitlines()
        used_kb = int(next(line for line in lines if line.startswith("VmData:")).split()[1])
        return used_kb > (limit_mb - _LITTLE_MB) * 1024
    return False


def _read(spec: Mapping[str, Any], tell: Any) -> dict[str, object]:
    if spec["document"]:
        return _read_document(spec["sources"][0], tell)
    from pipelines.ingest import handover
    from pipelines.ingest.meaning.roles import guess_roles
    from pipelines.ingest.options import IngestOptions, Source
    from pipelines.ingest.reviews import to_reviews
    from pipelines.ingest.table import read_table
    from pipelines.ingest.understanding import understanding

    options = IngestOptions(**spec["options"])
    sources = [Source(Path(entry["path"]), entry["name"]) for entry in spec["sources"]]
    table = read_table(sources, options, within(tell, 0.0, _CUTTING))
    _give_back()
    roles = guess_roles(table, options.roles)
    rest = within(tell, _CUTTING, 1.0)
    if spec["out"] is None:
        told = understanding(table, roles, join_title=options.join_title, progress=rest)
        return {"understanding": told.as_json()}
    handover.save(to_reviews(table, roles, join_title=options.join_title, progress=rest), Path(spec["out"]))
    return {"saved": True}


def _read_document(source: Mapping[str, str], tell: Any) -> dict[str, object]:
    from pipelines.ingest.document import read_document

    found = read_document(Path(source["path"]), source["name"], tell)
    return {"document": {"kind": found.kind, "pages": [_plain(page) for page in found.pages]}}


def _give_back() -> None:
    """Memory that cutting used goes back to the system before the next step needs as much (glibc keeps it else)."""
    if sys.platform == "linux":
        import ctypes
        import gc

        gc.collect()
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).malloc_trim(0)


def _plain(value: object) -> object:
    if isinstance(value, bool | int | float):
        return value
    return str(value).encode("utf-8", "backslashreplace").decode("utf-8")  # a file's name need be no text


def _where(error: BaseException) -> str:
    """File and line of the fault, which hold no review text."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else ""


def _die_with_parent(parent: int) -> None:
    """A killed parent leaves no reader behind (Linux; elsewhere the closed pipe ends it at its next word)."""
    if sys.platform == "linux":
        import ctypes

        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
        if os.getppid() != parent:  # it went before that was said
            os._exit(1)


if __name__ == "__main__":
    sys.exit(main())

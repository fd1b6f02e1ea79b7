"""Reading mutated files: one after another in a process of its own, so that none can harm the tests' own process."""

from __future__ import annotations

import faulthandler
import json
import os
import subprocess
import sys
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.ingest.mutations import Case, case
from tests.ingest.soundness import outcome_of

ROOT = Path(__file__).resolve().parents[2]
MEMORY_MB = 1_024
UNPACKED_MB = 64  # far below the memory, as the default of the setting is far below that of the memory
SLOWEST_CASE_S = 20  # a case takes milliseconds; what takes this long would go on for ever
FAULT = "FAULT "


@dataclass(frozen=True)
class Read:
    """One case and what came of it; an outcome that begins with FAULT is one."""

    number: int
    outcome: str


def outcome(made: Case) -> str:
    """What came of reading a case, a fault with its place included."""
    try:
        return outcome_of(made.data, made.file_name)
    except MemoryError:
        return f"{FAULT}MemoryError, over {MEMORY_MB} MB"
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt | SystemExit):
            raise
        frames = traceback.extract_tb(error.__traceback__)
        places = " < ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in reversed(frames[-4:]))
        return f"{FAULT}{type(error).__name__}: {str(error)[:300]!r} at {places}"


def read_range(first: int, last: int) -> int:
    """Read the cases first…last under a limit of memory; one JSON line before each, and one with its outcome."""
    import resource

    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_MB << 20, MEMORY_MB << 20))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.environ["REVIEWSCAPE_MAX_UNPACKED_MB"] = str(UNPACKED_MB)
    for number in range(first, last + 1):
        made = case(number)
        sys.stdout.write(json.dumps({"started": number}) + "\n")
        sys.stdout.flush()
        faulthandler.dump_traceback_later(SLOWEST_CASE_S, exit=True)
        sys.stdout.write(json.dumps({"number": number, "outcome": outcome(made)}) + "\n")
    faulthandler.cancel_dump_traceback_later()
    return 0


def read_cases(first: int, last: int, at_once: int = 100) -> Iterator[Read]:
    """The outcomes of the cases first…last, `at_once` to a process; a case that ends its process is a fault."""
    while first <= last:
        end = min(last, first + at_once - 1)
        done = subprocess.run(
            [sys.executable, "-W", "error", "-m", "tests.ingest.mutations", f"{first}-{end}"],
            cwd=ROOT,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=SLOWEST_CASE_S * at_once,
            check=False,
        )
        started = first - 1
        for line in done.stdout.splitlines():
            told = json.loads(line)
            if "started" in told:
                started = told["started"]
            else:
                first = told["number"] + 1
                yield Read(told["number"], told["outcome"])
        if first <= end:
            if started != first:
                raise RuntimeError(f"the process that reads cases {first}-{end} did not start: {done.stderr[-2000:]}")
            yield Read(first, f"{FAULT}its process ended with code {done.returncode}: {done.stderr[-3000:]}")
            first += 1


def explained(reads: list[Read], folder: Path) -> str:
    """The faults among outcomes, each with how to see it again; their files are written to a folder."""
    lines = []
    for read in reads:
        if read.outcome.startswith(FAULT):
            made = case(read.number)
            path = folder / f"case-{read.number}-{Path(made.file_name).name}"
            path.write_bytes(made.data)
            lines.append(
                f"{read.number} ({made.shape} | {' | '.join(made.mutators)}): {read.outcome}\n"
                f"    again: python -m tests.ingest.mutations {read.number}; the file: {path}"
            )
    return "\n".join(lines)

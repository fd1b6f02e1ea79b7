"""How many files of a folder are cut into the right table, beside pandas and the libraries that sniff.

`python -m benchmarks.reading FOLDER [--answers F] [--limit 5] [--without NAME …] [--wrong] [--peer-venv DIR]`: every
file is read by every reader in a child process (killed past the limit, its processor seconds), two at a time.
answers: per file what is known of it (`benchmarks/answers/<folder>.json`): encoding, delimiter, quote, header, rows,
columns, and the SHA-256 of names and cells. Tables for people, then one JSON line.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import selectors
import signal
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from benchmarks.peers import environment
from pipelines.errors import ReviewscapeError, UnusableInput

ANSWERS = Path(__file__).resolve().parent / "answers"
PEERS = ("pandas", "clevercsv", "duckdb", "polars", "sniffer")
OUTCOMES = ("opened", "opened with a warning", "refused with a message", "crashed", "hung")
_START_S, _WAITS = 60.0, 6  # other work on the machine may stretch a processor second
_AT_ONCE = 2

_ENVIRONMENT = {**os.environ, "OMP_NUM_THREADS": "1", "POLARS_MAX_THREADS": "1"}

Found = dict[str, Any]


class Reader:
    """A child process that reads one file after another; past the limit it is killed and started anew."""

    def __init__(self, command: Sequence[str], limit_s: float) -> None:
        self._command, self._limit_s = list(command), limit_s
        self._child: subprocess.Popen[str] | None = None

    def read(self, path: Path) -> Found:
        """What the child says of a file, or that it hung or died."""
        started = self._child is None
        if self._child is None:
            self._child = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                env=_ENVIRONMENT,
                start_new_session=True,
            )
        child = self._child
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.write(f"{path}\n")
        child.stdin.flush()
        with selectors.DefaultSelector() as waiting:
            waiting.register(child.stdout, selectors.EVENT_READ)
            ready = waiting.select(_WAITS * self._limit_s + (_START_S if started else 0.0))
        answer = child.stdout.readline() if ready else ""
        if answer:
            found: Found = json.loads(answer)
            return {"hung": True} if found["seconds"] > self._limit_s else found
        self.close()
        return {"crashed": "died"} if ready else {"hung": True}

    def close(self) -> None:
        """End the child."""
        if self._child is not None:
            os.killpg(self._child.pid, signal.SIGKILL)  # with the fork that reads
            self._child.wait()
            for pipe in (self._child.stdin, self._child.stdout):
                with contextlib.suppress(OSError):
                    if pipe is not None:
                        pipe.close()
            self._child = None


def ours(path: str) -> Found:
    """What Reviewscape understands of a file, in a peer's terms."""
    from benchmarks.peers.run_reading import told
    from pipelines.ingest import read_table

    table = read_table(Path(path))
    rows = [list(row) for row in table.frame.itertuples(index=False)]
    names = [str(name) for name in table.frame.columns] if table.header else None
    if names is not None:  # a name that was made up stands for an empty one
        made_up = {str(warning.column) for warning in table.warnings if "name" in warning.values and warning.column}
        names = ["" if name in made_up and name.startswith("column ") else name for name in names]
    found = told(names, rows, delimiter=table.delimiter, encoding=table.encoding, warnings=len(table.warnings))
    return {**found, "format": table.format}


def outcome(found: Found) -> str:
    """Which of OUTCOMES it is."""
    if "hung" in found:
        return "hung"
    if "crashed" in found:
        return "crashed"
    if "refused" in found:
        return "refused with a message"
    return "opened with a warning" if found["warnings"] else "opened"


def marks(found: Found, known: Found) -> dict[str, bool]:
    """What is known of a file and whether it was found: delimiter, shape (header, rows, columns), cells."""
    opened = "rows" in found
    got: dict[str, bool] = {}
    if "delimiter" in known:
        got["delimiter"] = opened and found["delimiter"] == known["delimiter"]
    shape = [key for key in ("header", "rows", "columns") if key in known]
    if "rows" in known:
        got["shape"] = opened and all(found[key] == known[key] for key in shape)
    if "cells" in known:
        got["cells"] = opened and found["cells"] == known["cells"]
    return got


def read_all(files: list[Path], readers: dict[str, list[str]], limit_s: float) -> dict[str, dict[Path, Found]]:
    """Every file by every reader, two readers at a time."""

    def work(name: str) -> dict[Path, Found]:
        reader = Reader(readers[name], limit_s)
        try:
            return {file: reader.read(file) for file in files}
        finally:
            reader.close()

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return dict(zip(readers, pool.map(work, readers), strict=True))


def summarize(folder: Path, results: dict[str, dict[Path, Found]], answers: dict[str, Found]) -> dict[str, Any]:
    """Counts of outcomes and, per group and reader, right answers of known ones and silent misreadings."""
    outcomes = {name: Counter(map(outcome, found.values())) for name, found in results.items()}
    groups: dict[str, dict[str, dict[str, list[int]]]] = defaultdict(lambda: defaultdict(dict))
    wrong: dict[str, list[str]] = defaultdict(list)
    for name, found_by_file in results.items():
        for file, found in found_by_file.items():
            key = file.relative_to(folder).as_posix()
            got = marks(found, answers.get(key, {}))
            if not got:
                continue
            silent = not all(got.values()) and outcome(found) == "opened"
            for part, right in {**got, "all": all(got.values()), "silent": silent}.items():
                tally = groups[key.split("/")[0]][name].setdefault(part, [0, 0])
                tally[0] += right
                tally[1] += 1
            if not all(got.values()):
                missed = "+".join(part for part, right in got.items() if not right)
                wrong[name].append(f"{key}: {missed} ({outcome(found)})")
    slowest = {
        name: max((entry.get("seconds", 0.0) for entry in found.values()), default=0.0)
        for name, found in results.items()
    }
    return {
        "files": len(next(iter(results.values()))),
        "outcomes": {name: dict(counts) for name, counts in outcomes.items()},
        "groups": {group: dict(by_reader) for group, by_reader in sorted(groups.items())},
        "slowest_s": {name: round(seconds, 2) for name, seconds in slowest.items()},
        "wrong": dict(wrong),
    }


def show(told: dict[str, Any]) -> None:
    """The tables for people."""
    names = list(told["outcomes"])
    print(f"\n{told['files']} files" + " " * 21 + "".join(f"{name:>16}" for name in names))
    for kind in OUTCOMES:
        print(f"  {kind:<28}" + "".join(f"{told['outcomes'][name].get(kind, 0):>16}" for name in names))
    print(f"  {'slowest file, s':<28}" + "".join(f"{told['slowest_s'][name]:>16}" for name in names))
    total: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
    for group, by_reader in [*told["groups"].items(), ("all groups", total)]:
        print(f"\n{group}: right of known")
        for part in ("delimiter", "shape", "cells", "all", "silent"):
            if not any(part in by_reader[name] for name in names):
                continue
            label = {"all": "all that is known", "silent": "wrong, and not a word"}.get(part, part)
            cells = [by_reader[name].get(part, [0, 0]) for name in names]
            print(f"  {label:<28}" + "".join(f"{f'{right}/{known}':>16}" for right, known in cells))
            if by_reader is not total:
                for name, (right, known) in zip(names, cells, strict=True):
                    total[name][part][0] += right
                    total[name][part][1] += known


def main(arguments: Sequence[str] | None = None) -> int:
    """Run it; 0 done, else the error's exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--answers", type=Path)
    parser.add_argument("--limit", type=float, default=5.0)
    parser.add_argument("--without", nargs="*", default=[], choices=PEERS)
    parser.add_argument("--wrong", action="store_true", help="name the files that ours did not get right")
    parser.add_argument("--peer-venv", type=Path)
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.serve:
        from benchmarks.peers.run_reading import serve

        serve(ours, (ReviewscapeError,), ("pandas", "pyarrow", "pipelines.ingest"))
        return 0
    try:
        told = _compare(options)
    except UnusableInput as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    show(told)
    if options.wrong:
        print("\nnot right in ours:", *told["wrong"].get("ours", []), sep="\n  ")
    print(json.dumps({key: value for key, value in told.items() if key != "wrong"}, ensure_ascii=False))
    return 0


def _compare(options: argparse.Namespace) -> dict[str, Any]:
    if options.folder is None or not options.folder.is_dir():
        raise UnusableInput("{folder} is no folder: name one with files to read.", folder=options.folder)
    folder = options.folder.resolve()
    source = options.answers or ANSWERS / f"{folder.name}.json"
    answers = json.loads(source.read_text(encoding="utf-8")) if source.is_file() else {}
    files = sorted(file for file in folder.rglob("*") if file.is_file() and file.parent != folder)
    files = files or sorted(file for file in folder.iterdir() if file.is_file())
    readers = {"ours": [sys.executable, "-m", "benchmarks.reading", "--serve"]}
    peers = [name for name in PEERS if name not in options.without]
    if peers:
        python = str(environment.python_of("reading", options.peer_venv))
        readers |= {name: [python, str(environment.script("reading")), name] for name in peers}
    return summarize(folder, read_all(files, readers, options.limit), answers)


if __name__ == "__main__":
    sys.exit(main())

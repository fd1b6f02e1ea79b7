"""`python -m pipelines ingest FILE`: what a file is understood to be, without analysing it."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from pipelines.cli.progress import TerminalProgress
from pipelines.ingest import IngestOptions, Source, understand
from pipelines.types import ROLES
from pipelines.words import printable

_DELIMITER_NAMES = {"\t": "tab", ",": "comma", ";": "semicolon", "|": "pipe", " ": "space"}


def add_parser(subparsers: Any) -> argparse.ArgumentParser:
    """Add the `ingest` command to the command line's subparsers."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "ingest", help="say how a file is read and what its columns are for"
    )
    parser.add_argument("file", type=Path, metavar="FILE", nargs="+", help="a file of reviews; several are stacked")
    parser.add_argument("--json", action="store_true", help="one JSON object on stdout")
    add_reading_arguments(parser)
    parser.set_defaults(run=run)
    return parser


def add_reading_arguments(parser: argparse.ArgumentParser) -> None:
    """The options that say how files are read, the same for every command that reads them."""
    parser.add_argument("--encoding", metavar="E", help="codec of the file, such as gb18030 (default: guessed)")
    parser.add_argument("--delimiter", metavar="D", help="what stands between cells, or tab (default: guessed)")
    parser.add_argument("--sheet", metavar="S", help="the sheet of a workbook (default: the one most like reviews)")
    parser.add_argument("--join-title", action="store_true", help="put the title before the text")
    for role in ROLES:
        parser.add_argument(
            f"--{role}-column", metavar="C", help=f"the column that holds the {role} (default: guessed; '' for none)"
        )


def reading(args: argparse.Namespace) -> tuple[tuple[Source, ...], IngestOptions]:
    """The files and the options that the arguments name."""
    roles = {role: value or None for role in ROLES if (value := getattr(args, f"{role}_column")) is not None}
    options = IngestOptions(args.encoding, args.delimiter, roles or None, args.sheet, args.join_title)
    return tuple(Source(Path(path), Path(path).name) for path in args.file), options


def run(args: argparse.Namespace) -> int:
    """Print what is understood of args.file; raises UnusableInput as `understand` does."""
    sources, options = reading(args)
    progress = TerminalProgress(quiet_elsewhere=True)
    told = understand(sources, options, progress).told
    progress("reading", 1, 1)
    if args.json:
        print(json.dumps(told, ensure_ascii=False))
    else:
        print("\n".join(map(_printable, _lines(told))))
    return 0


def _printable(line: str) -> str:
    """A line with its indentation, without what a name or a cell could tell the terminal to do."""
    return line[: len(line) - len(line.lstrip(" "))] + printable(line)


def _lines(told: Mapping[str, object]) -> list[str]:
    roles = cast("dict[str, str | None]", told["roles"])
    left_out = cast("dict[str, int]", told.get("left_out", {}))
    others = cast("Sequence[Mapping[str, object]]", told["alternatives"])
    usable = f", {told['kept']} usable" if "kept" in told else ""
    lines = [
        f"{_form(told)}: {told['rows']} rows{usable}",
        *(f"  {role}: {column}" for role, column in roles.items() if column),
    ]
    if told["scores"]:
        lines.append("  further scores: " + ", ".join(cast("list[str]", told["scores"])))
    if left_out:
        lines.append("left out: " + ", ".join(f"{count} {why}" for why, count in left_out.items()))
    if others:
        lines.append("or in another encoding: " + ", ".join(f"{other['encoding']}" for other in others))
    return lines + [f"note: {warning}" for warning in cast("list[str]", told["warnings"])]


def _form(told: Mapping[str, object]) -> str:
    """How the file is written, in a few words."""
    header = "with a header" if told["header"] else "no header"
    if told["format"] != "delimited":
        sheet = f", sheet “{told['sheet']}”" if told["sheet"] else ""
        return f"{told['format']}{sheet}, {header}"
    delimiter = str(told["delimiter"])
    return f"{told['encoding']}, {_DELIMITER_NAMES.get(delimiter, repr(delimiter))}-separated, {header}"

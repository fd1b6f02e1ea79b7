"""`python -m pipelines ingest FILE`: what a file is understood to be, without analysing it."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from pipelines.ingest import IngestOptions, ingest, summary

_DELIMITER_NAMES = {"\t": "tab", ",": "comma", ";": "semicolon", "|": "pipe", " ": "space"}


def add_parser(subparsers: Any) -> argparse.ArgumentParser:
    """Add the `ingest` command to the command line's subparsers."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "ingest", help="say how a file is read and what its columns are for"
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="a delimited text file of reviews")
    parser.add_argument("--json", action="store_true", help="one JSON object on stdout")
    parser.add_argument("--encoding", metavar="E", help="codec of the file, such as gb18030 (default: guessed)")
    parser.add_argument("--delimiter", metavar="D", help="one character, or tab (default: guessed)")
    parser.add_argument("--text-column", metavar="C", help="the column that holds the review text (default: guessed)")
    parser.set_defaults(run=run)
    return parser


def run(args: argparse.Namespace) -> int:
    """Print the summary of args.file; raises UnusableInput as `ingest` does."""
    roles = {"text": args.text_column} if args.text_column else None
    told = summary(ingest(args.file, IngestOptions(args.encoding, args.delimiter, roles)))
    if args.json:
        print(json.dumps(told, ensure_ascii=False))
    else:
        print("\n".join(_lines(told)))
    return 0


def _lines(told: Mapping[str, object]) -> list[str]:
    delimiter = str(told["delimiter"])
    roles = cast("dict[str, str | None]", told["roles"])
    left_out = cast("dict[str, int]", told["left_out"])
    header = "with a header" if told["header"] else "no header"
    lines = [
        f"{told['encoding']}, {_DELIMITER_NAMES.get(delimiter, repr(delimiter))}-separated, {header}: "
        f"{told['rows']} reviews, {told['kept']} usable",
        *(f"  {role}: {column}" for role, column in roles.items() if column),
    ]
    if left_out:
        lines.append("left out: " + ", ".join(f"{count} {why}" for why, count in left_out.items()))
    return lines + [f"note: {warning}" for warning in cast("list[str]", told["warnings"])]

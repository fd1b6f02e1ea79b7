"""`documents ID list | add FILE … | remove DOCUMENT`: the documents beside an analysis of the library."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

from pipelines.cli.progress import STOP
from pipelines.errors import N_, Cancelled, UnusableInput
from pipelines.words import printable


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command's arguments."""
    parser = subparsers.add_parser("documents", help="text, Markdown and PDF files that answers may rest on too")
    parser.add_argument("analysis", metavar="ANALYSIS", help="id of an analysis of the library, or its folder")
    parser.add_argument("action", choices=("list", "add", "remove", "restore"))
    parser.add_argument("names", nargs="*", metavar="NAME", help="files to add, or ids of documents")
    parser.add_argument("--json", action="store_true", help="print one JSON list instead of a line a document")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Do it; stdout lists the documents as they are then."""
    from pipelines import documents

    analysis = Path(args.analysis).name
    if args.action != "list" and not args.names:
        raise UnusableInput(N_("Name what to {action}: files to add, or ids of documents."), action=args.action)
    for name in args.names:
        if args.action == "add":
            documents.add(analysis, _content(name), Path(name).name, _step)
        elif args.action == "remove":
            documents.remove(analysis, name)
        elif args.action == "restore":
            documents.restore(analysis, name)
    found = documents.listed(analysis)
    if args.json:
        print(json.dumps([asdict(one) for one in found], ensure_ascii=False))
        return 0
    for one in found:
        print(printable(f"{one.id}\t{one.passages}\t{one.name}"))
    return 0


def _content(name: str) -> bytes:
    try:
        return Path(name).read_bytes()
    except (OSError, ValueError) as error:
        raise UnusableInput(
            N_("{file} cannot be read: {reason}."), file=name, reason=getattr(error, "strerror", None) or error
        ) from error


def _step(stage: str, done: float, total: float, *, rate: float | None = None, note: str = "") -> None:
    if STOP.is_set():
        raise Cancelled
    sys.stderr.write(f"{stage} {done:.0f}/{total:.0f}\n")

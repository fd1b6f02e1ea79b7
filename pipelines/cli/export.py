"""`export DIR`: a report, or the upload's rows with what was found added, as CSV, Parquet or XLSX."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from pipelines.errors import N_, UnusableInput


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command's arguments."""
    parser = subparsers.add_parser("export", help="write a report or a table of a finished bundle")
    parser.add_argument("dir", metavar="DIR")
    for kind in ("html", "csv", "parquet", "xlsx"):
        parser.add_argument(f"--{kind}", metavar="F")
    parser.add_argument("--view", metavar="V", help="a saved view: its JSON, or a file that holds it")
    parser.add_argument(
        "--redact", action="store_true", help="mask e-mails, phone, ID, card, account and order numbers, @handles"
    )
    parser.add_argument("--bom", action="store_true", help="begin the CSV with a byte-order mark, which Excel needs")
    parser.add_argument("--language", choices=("en", "zh"), default="en", help="the report's language")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Write what was asked for; prints one JSON object with the files' sizes."""
    from pipelines.cli.view_argument import read_view
    from pipelines.export import tables
    from pipelines.export.html import write_report
    from pipelines.store import space
    from pipelines.store.reader import open_bundle
    from pipelines.words import printable

    if not (args.html or args.csv or args.parquet or args.xlsx):
        raise UnusableInput(N_("Say what to write: --html F, --csv F, --parquet F or --xlsx F."))
    bundle = open_bundle(Path(args.dir))
    view = None if args.view is None else read_view(args.view, bundle)
    written: dict[str, int] = {}
    try:
        if args.html:
            written[args.html] = write_report(
                bundle, Path(args.html), view=view, redact=args.redact, language=args.language
            )
        for kind in ("csv", "parquet", "xlsx"):
            if target := getattr(args, kind):
                table = tables.write_table(bundle, Path(target), kind, view=view, redact=args.redact, bom=args.bom)
                written[target] = table.size
                for warning in table.warnings:
                    sys.stderr.write(f"note: {printable(target)}: {warning}\n")
    except OSError as error:
        if space.is_full(error):
            needed = sum(int(entry["bytes"]) for entry in bundle.manifest["files"].values())
            raise space.cannot_save(Path(str(error.filename or args.dir)), error, needed) from error
        raise UnusableInput(
            N_("{path} cannot be written: {reason}."), path=error.filename, reason=error.strerror
        ) from error
    print(json.dumps(written, ensure_ascii=False))
    return 0

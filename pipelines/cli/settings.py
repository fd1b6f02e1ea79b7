"""`settings`: every setting with its value, its default and where the value comes from; never a key."""

from __future__ import annotations

import argparse
import json
import sys

from pipelines import settings


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command's arguments."""
    parser = subparsers.add_parser("settings", help="print every setting: value, default, where it comes from")
    parser.add_argument("--json", action="store_true", help="one JSON list instead of a table")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the table; 2 where a value cannot be used. A variable that looks misspelt is named on stderr."""
    found = settings.standing()
    if args.json:
        print(json.dumps([_fields(one) for one in found], ensure_ascii=False))
    else:
        rows = [("setting", "value", "default", "from"), *(_row(one) for one in found)]
        widths = [max(len(row[column]) for row in rows) for column in range(4)]
        for row in rows:
            print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    for one in found:
        if one.problem:
            sys.stderr.write(one.problem + "\n")
    for name, nearest in settings.unknown():
        sys.stderr.write(f"{name} is no setting{f'; do you mean {nearest}?' if nearest else ''}\n")
    return 2 if any(one.problem for one in found) else 0


def _fields(one: settings.Standing) -> dict[str, object]:
    default = "" if one.setting.is_secret else one.setting.default
    return {
        "name": one.setting.name,
        "value": one.value,
        "default": default,
        "from": one.source,
        "help": one.setting.help,
        "problem": one.problem,
    }


def _row(one: settings.Standing) -> tuple[str, str, str, str]:
    shown = [str(value) if value != "" else "—" for value in (one.value, one.setting.default)]
    return one.setting.name, shown[0], shown[1], one.source

"""`python -m pipelines verify [DIR]`: is a bundle, or everything in the state folder, as it was written?"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from pipelines import settings
from pipelines.store import catalog, history, journal
from pipelines.store.verify import verify

SOUND, DAMAGED = 0, 2


def add_parser(subparsers: Any) -> argparse.ArgumentParser:
    """Add the command to `subparsers`."""
    parser = subparsers.add_parser("verify", help="check every file of a bundle, or of all analyses, against its sum")
    parser.add_argument(
        "dir", type=Path, nargs="?", metavar="DIR", help="the bundle's folder (default: all bundles and journals here)"
    )
    parser.set_defaults(run=run)
    return parser


def run(args: argparse.Namespace) -> int:
    """Check; 0 when sound, 2 when damaged, with one line a problem on stderr."""
    place = args.dir or settings.home()
    problems = [f"{args.dir}: {problem}" for problem in verify(args.dir)] if args.dir else _of_all()
    for problem in problems:
        print(problem, file=sys.stderr)
    if not problems:
        print(f"{place}: sound")
    return DAMAGED if problems else SOUND


def _of_all() -> list[str]:
    """Problems of every bundle and every journal; the catalog is made anew where it does not fit them."""
    found = []
    for analysis_id in catalog.analysis_ids():
        folder = catalog.home() / analysis_id
        found += [f"{folder / journal.JOURNAL}: {problem}" for problem in journal.find_problems(folder)]
        for path in sorted((folder / history.BUNDLES).glob("[!.]*")):
            found += [f"{path}: {problem}" for problem in verify(path)]
    catalog.check()
    return found

"""`backup`: the whole state folder as one file or folder, while the server runs."""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

from pipelines import settings


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command's arguments."""
    parser = subparsers.add_parser("backup", help="copy analyses, views, links and jobs, also while the server runs")
    parser.add_argument("target", type=Path, metavar="FILE.zip|DIR", help="where the backup goes; must not be there")
    parser.add_argument("--with-caches", action="store_true", help="what only saves time too: vectors, stages, models")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Make it; prints one JSON object, and on stderr what was damaged before."""
    from pipelines.store import backup

    started = time.perf_counter()
    made = backup.make(settings.home(), args.target.expanduser().absolute(), caches=args.with_caches)
    for problem in made.problems:
        sys.stderr.write(problem + "\n")
    told = {"backup": str(args.target), "analyses": made.analyses, "files": len(made.files), "bytes": made.bytes}
    print(json.dumps({**told, "seconds": round(time.perf_counter() - started, 3)}))
    return 0

"""`restore`: a backup brought back into an empty state folder."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from pipelines import settings


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command's arguments."""
    parser = subparsers.add_parser("restore", help="bring a backup back; stop the server of that folder first")
    parser.add_argument("source", type=Path, metavar="FILE.zip|DIR", help="the backup")
    parser.add_argument("--into", type=Path, metavar="HOME", help="the state folder (default: REVIEWSCAPE_HOME)")
    parser.add_argument("--set-aside", action="store_true", help="rename what is there to HOME.before-TIME first")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Check it whole and put it there; prints one JSON object."""
    from pipelines.store import restore

    home = (args.into or settings.home()).expanduser().absolute()
    manifest = restore.restore(args.source.expanduser().absolute(), home, set_aside=args.set_aside)
    print(json.dumps({"home": str(home), "created": manifest["created"], "files": len(manifest["files"])}))
    return 0

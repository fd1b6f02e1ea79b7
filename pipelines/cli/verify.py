"""`python -m pipelines verify DIR`: is a bundle as it was written?"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from pipelines.store.verify import verify

SOUND, DAMAGED = 0, 2


def add_parser(subparsers: Any) -> argparse.ArgumentParser:
    """Add the command to `subparsers`."""
    parser = subparsers.add_parser("verify", help="check every file of a bundle against its sum")
    parser.add_argument("dir", type=Path, metavar="DIR", help="the bundle's folder")
    parser.set_defaults(run=run)
    return parser


def run(args: argparse.Namespace) -> int:
    """Check the bundle; 0 when sound, 2 when damaged, with one line a problem on stderr."""
    problems = verify(args.dir)
    for problem in problems:
        print(f"{args.dir}: {problem}", file=sys.stderr)
    if not problems:
        print(f"{args.dir}: sound")
    return DAMAGED if problems else SOUND

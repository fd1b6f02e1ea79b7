"""`doctor`: what this machine has and lacks, each lack with the command or setting that mends it."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable

from pipelines import health


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command's arguments."""
    parser = subparsers.add_parser("doctor", help="say what this machine has and lacks, with fixes")
    parser.add_argument("--json", action="store_true", help="one JSON list instead of lines")
    parser.add_argument("--port", type=int, default=8501, help="the port that the dashboard would have (8501)")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Check everything; 0 when an analysis can run, 2 otherwise. What is only worth knowing does not count."""
    found = []
    for check in health.CHECKS:
        for one in _told(check, args.port):
            found.append(one)
            if not args.json:
                print(f"{_MARKS[one.state]} {one.says}")
                if one.fix:
                    print(f"     → {one.fix}")
                sys.stdout.flush()
    if args.json:
        told = [{"check": one.name, "state": one.state, "says": one.says, "fix": one.fix} for one in found]
        print(json.dumps(told, ensure_ascii=False))
    return 2 if any(one.state == health.BAD for one in found) else 0


_MARKS = {health.GOOD: "ok  ", health.NOTE: "note", health.BAD: "FIX "}


def _told(check: Callable[[int], list[health.Finding]], port: int) -> list[health.Finding]:
    """What a check found; one that breaks is a finding itself, by the error's class alone."""
    try:
        return check(port)
    except Exception as error:  # noqa: BLE001  (a doctor that dies tells nothing)
        name = check.__name__
        return [health.Finding(name, health.BAD, f"the check of {name} broke ({type(error).__name__})", "report it")]

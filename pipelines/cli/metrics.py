"""`metrics`: jobs, caches, durations and memory in numbers."""

from __future__ import annotations

import argparse
import json


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command's arguments."""
    parser = subparsers.add_parser("metrics", help="print jobs, caches, durations and memory in numbers")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of Prometheus's text")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print them."""
    from pipelines import metrics

    found = metrics.gather()
    print(
        json.dumps(metrics.to_plain(found)) if args.json else metrics.to_prometheus(found),
        end="" if not args.json else "\n",
    )
    return 0

"""`warm`: what a first analysis would wait for, compiled and cached; the server has it done at its start."""

from __future__ import annotations

import argparse
import json


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command's arguments."""
    parser = subparsers.add_parser("warm", help="compile and cache what a first analysis would wait for")
    parser.set_defaults(run=run)


def run(_args: argparse.Namespace) -> int:
    """Do it; prints one JSON object."""
    from pipelines import warming

    warming.step_back()
    warming.warm()
    print(json.dumps({"warm": str(warming.marker())}))
    return 0

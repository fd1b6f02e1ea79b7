"""`samples`: the analyses of the sample files, made once, so that the dashboard's first sight is a finished one."""

from __future__ import annotations

import argparse
import json
import sys


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command's arguments."""
    parser = subparsers.add_parser("samples", help="analyse the sample files once, for the dashboard")
    parser.set_defaults(run=run)


def run(_args: argparse.Namespace) -> int:
    """Make what is missing; prints one JSON object a sample."""
    from pipelines import samples
    from pipelines.cli.progress import TerminalProgress

    for sample in samples.missing():
        sys.stderr.write(f"Preparing the sample {sample.file} …\n")
        print(json.dumps({"sample": sample.key, "analysis": samples.prepare(sample, TerminalProgress())}))
    return 0

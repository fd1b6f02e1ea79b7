"""The command line: `python -m pipelines COMMAND …`; DESIGN.md's contract. stdout carries results only."""

from __future__ import annotations

import argparse
import io
import logging
import os
import signal
import sys
import time
from types import FrameType

from pipelines import logs
from pipelines.cli import (
    add,
    analyze,
    ask,
    backup,
    doctor,
    documents,
    export,
    ingest,
    metrics,
    name,
    pictures,
    recommend,
    restore,
    samples,
    search,
    settings,
    verify,
    warm,
)
from pipelines.cli.progress import STOP
from pipelines.errors import Cancelled, ReviewscapeError
from pipelines.words import catalogue, language_of, printable

COMMANDS = (
    *(ingest, analyze, add, name, search, ask, documents, recommend, pictures),
    *(export, verify, samples, warm, doctor, settings, metrics, backup, restore),
)


def main(argv: list[str] | None = None) -> int:
    """Run one command; returns the exit code (0 done, 1 our fault, 2 input, 3 provider, 130 cancelled)."""
    parser = argparse.ArgumentParser(prog="python -m pipelines", description="Reviewscape from the command line.")
    parser.add_argument("--verbose", action="store_true", help="log what happens, and a traceback on a fault of ours")
    subparsers = parser.add_subparsers(dest="command", required=True)
    for command in COMMANDS:
        command.add_parser(subparsers)
    args = parser.parse_args(argv)
    if isinstance(sys.stdout, io.TextIOWrapper):
        # Chinese results must not fail on a console of another encoding, least of all after an hour's work.
        sys.stdout.reconfigure(encoding="utf-8", errors="surrogateescape")
    log, started = logging.getLogger(__name__), time.monotonic()
    STOP.clear()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _cancel)
    try:
        if not logging.getLogger().handlers:
            logs.set_up("info" if args.verbose else "error")
        code = int(args.run(args))
        logs.event(log, "command.ended", command=args.command, code=code, seconds=time.monotonic() - started)
        return code
    except (Cancelled, KeyboardInterrupt):
        return _tell(Cancelled())
    except ReviewscapeError as error:
        logs.event(
            log, "command.failed", level=logging.WARNING, error=error, command=args.command, code=error.exit_code
        )
        return _tell(error)
    except BrokenPipeError:
        # The reader of our stdout went away (`| head`): no fault, and nothing more to say to it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:  # noqa: BLE001  (whatever it is, its message is shown to nobody)
        logs.event(log, "command.failed", level=logging.WARNING, error=error, command=args.command, code=1)
        # Only the kind: the message of an unexpected error can quote review text.
        sys.stderr.write(
            f"Internal error ({type(error).__name__}). Run it as `python -m pipelines --verbose {args.command} …` "
            "and report what is said.\n"
        )
        return 1


def _cancel(_signal: int, _frame: FrameType | None) -> None:
    # Some libraries swallow what is raised inside them: the flag is seen at the next piece of work all the same.
    STOP.set()
    raise Cancelled


def _tell(error: ReviewscapeError) -> int:
    locale = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG")
    sys.stderr.write(printable(error.translated(catalogue(language_of(locale)).gettext)) + "\n")
    return error.exit_code


if __name__ == "__main__":
    sys.exit(main())

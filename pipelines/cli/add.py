"""`add DIR FILE --out DIR2`: a new bundle with further reviews on the same map, in the same topics."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipelines.cli.ingest import add_reading_arguments, reading
from pipelines.cli.progress import TerminalProgress
from pipelines.errors import N_, UnusableInput
from pipelines.types import Warning_
from pipelines.words import printable, sentence


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command's arguments."""
    parser = subparsers.add_parser("add", help="add a further file of reviews to a finished analysis")
    parser.add_argument("dir", type=Path, metavar="DIR", help="the analysis: a bundle, which stays as it is")
    parser.add_argument("file", metavar="FILE", nargs="+", help="the further reviews; several files are stacked")
    parser.add_argument("--out", required=True, metavar="DIR2", help="write the new bundle here")
    parser.add_argument("--skip-known", action="store_true", help="leave out rows that the analysis has already")
    parser.add_argument("--vectors", metavar="F.npy", help="your own vectors of FILE, where DIR was made from yours")
    parser.add_argument("--json", action="store_true", help="end with one JSON object on stdout")
    add_reading_arguments(parser)
    parser.add_argument("--cache-dir", metavar="D")
    parser.add_argument("--yes", action="store_true", help="agree to what a paid embedder costs")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Add; tells what became of the new reviews on stdout, with --json as one object."""
    from pipelines.add import add
    from pipelines.running import Request
    from pipelines.store.bundle import check_target, write_bundle
    from pipelines.store.reader import open_bundle

    bundle = open_bundle(args.dir)
    sources, options = reading(args)
    for source in sources:
        if not Path(str(source.content)).is_file():
            raise UnusableInput(N_("There is no file {path}."), path=source.content)
    out = Path(args.out)
    # Asked before the work and not only after it.
    check_target(out.absolute())
    request = Request(
        source=sources,
        name=sources[0].name if len(sources) == 1 else f"{sources[0].name} + {len(sources) - 1}",
        ingest=options,
        vectors=Path(args.vectors) if args.vectors else None,
        allow_paid=args.yes,
        tell=_tell,
    )
    started = time.perf_counter()
    parts = add(bundle, request, skip_known=args.skip_known, cache_dir=args.cache_dir, progress=TerminalProgress())
    path = write_bundle(out, parts)
    summary: Mapping[str, Any] = parts.summary
    for warning in summary["warnings"][len(bundle.summary["warnings"]) :]:
        sys.stderr.write(f"note: {printable(sentence(str, warning))}\n")
    entry = summary["added"][-1]
    lines = _lines(entry)
    if not args.json:
        print("\n".join(map(printable, lines)))
        return 0
    for line in lines:
        sys.stderr.write(f"note: {printable(line)}\n")
    total = round(time.perf_counter() - started, 3)
    counted = ("file", "reviews", "known", "skipped", "joined", "repeated", "fits_nowhere", "forming")
    result = {
        "bundle": str(path),
        "rows": summary["rows"],
        "topics": len(summary["topics"]),
        "coverage": summary["coverage"],
        "added": entry["rows"],
        **{name: entry[name] for name in counted},
        "seconds": {**summary["seconds"], "total": total},
    }
    print(json.dumps(result, ensure_ascii=False))
    return 0


def _lines(entry: Mapping[str, Any]) -> list[str]:
    """What became of the new reviews, a line each."""
    lines = [
        f"{entry['reviews']} reviews added: {entry['joined']} into existing topics ({entry['repeated']} of them repeat "
        f"an earlier one), {entry['fits_nowhere']} fit nowhere"
    ]
    if entry["skipped"]:
        lines.append(f"{entry['skipped']} rows were in the analysis already and were left out")
    elif entry["known"]:
        lines.append(
            f"{entry['known']} rows were in the analysis already and are now in it twice; --skip-known leaves them out"
        )
    for group in entry["forming"]:
        lines.append(f"a new topic may be forming: {', '.join(group['words'])} ({group['reviews']} reviews)")
    return lines


def _tell(note: Warning_) -> None:
    """What is about to be sent, before it is."""
    sys.stderr.write(f"note: {printable(str(note))}\n")

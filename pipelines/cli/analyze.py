"""`analyze FILE`: a finished analysis, in a folder of its own or in the library that the dashboard shows."""

from __future__ import annotations

import argparse
import json
import sys
import threading
import time
from pathlib import Path

from pipelines.config import PROJECTIONS, UNITS, AnalyzeConfig
from pipelines.errors import N_, Cancelled, UnusableInput
from pipelines.words import printable, sentence

STOP = threading.Event()
"""Set by a signal that asks to stop."""
ROLE_OPTIONS = ("text", "title", "rating", "date", "user", "item")


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command's arguments."""
    parser = subparsers.add_parser("analyze", help="analyse a file of reviews")
    parser.add_argument("file", metavar="FILE")
    parser.add_argument("--out", metavar="DIR", help="write the bundle here and nothing else (default: the library)")
    for role in ROLE_OPTIONS:
        parser.add_argument(
            f"--{role}-column", metavar="C", help=f"the column that holds the {role} (default: guessed)"
        )
    parser.add_argument("--encoding", help="the file's encoding (default: found out)")
    parser.add_argument("--delimiter", help="the file's delimiter (default: found out)")
    parser.add_argument("--embedder", default="auto", metavar="NAME")
    parser.add_argument("--dim", type=int, metavar="N")
    parser.add_argument("--vectors", metavar="F.npy", help="your own vectors, one row a data row")
    parser.add_argument("--draft", action="store_true", help="a quick first picture from words alone")
    parser.add_argument("--unit", default="review", choices=UNITS)
    parser.add_argument("--projection", default="umap", choices=PROJECTIONS)
    parser.add_argument("--min-cluster-size", type=int, metavar="N")
    parser.add_argument("--seed", type=int, default=42, metavar="N")
    parser.add_argument("--cache-dir", metavar="D")
    parser.add_argument("--yes", action="store_true", help="agree to what a paid embedder costs")
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="a stage's setting")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Analyse; the last line of stdout is one JSON object."""
    from pipelines.analysis import Request, analyze
    from pipelines.ingest import IngestOptions

    path = Path(args.file)
    if not path.is_file():
        raise UnusableInput(N_("There is no file {path}."), path=path)
    out = Path(args.out) if args.out else None
    if out is not None and out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise UnusableInput(N_("{path} exists and is not empty: name another folder with --out."), path=out)
    config = AnalyzeConfig(
        embedder=args.embedder,
        dim=args.dim,
        unit=args.unit,
        projection=args.projection,
        min_cluster_size=args.min_cluster_size,
        seed=args.seed,
        draft=args.draft,
        extra=_pairs(args.set),
    )
    roles = {role: value for role in ROLE_OPTIONS if (value := getattr(args, f"{role}_column")) is not None}
    request = Request(
        source=path,
        name=path.name,
        ingest=IngestOptions(encoding=args.encoding, delimiter=args.delimiter, roles=roles),
        config=config,
        vectors=Path(args.vectors) if args.vectors else None,
        allow_paid=args.yes,
    )
    started = time.perf_counter()
    parts = analyze(request, cache_dir=args.cache_dir, progress=TerminalProgress())
    if out is not None:
        from pipelines.store.bundle import write_bundle

        bundle = write_bundle(out, parts)
    else:
        from pipelines.store import library

        bundle = library.publish(
            library.create(path.name, {"file": path.name, "roles": parts.summary["roles"]}), parts
        ).path
    for warning in parts.summary["warnings"]:  # type: ignore[attr-defined]
        sys.stderr.write(f"note: {printable(sentence(str, warning))}\n")
    seconds = {**parts.summary["seconds"], "total": round(time.perf_counter() - started, 3)}  # type: ignore[dict-item]
    result = {
        "bundle": str(bundle),
        "rows": parts.summary["rows"],
        "topics": len(parts.summary["topics"]),  # type: ignore[arg-type]
        "coverage": parts.summary["coverage"],
        "seconds": seconds,
    }
    print(json.dumps(result, ensure_ascii=False))
    return 0


def _pairs(entries: list[str]) -> dict[str, str]:
    pairs = {}
    for entry in entries:
        key, equals, value = entry.partition("=")
        if not equals or "." not in key:
            raise UnusableInput(N_("--set wants STAGE.FIELD=VALUE, not “{entry}”."), entry=entry)
        pairs[key] = value
    return pairs


class TerminalProgress:
    """A Progress on stderr: one line that moves on a terminal, a line a stage elsewhere."""

    def __init__(self) -> None:
        self._stage = ""
        self._moving = sys.stderr.isatty()

    def __call__(self, stage: str, done: float, total: float, *, rate: float | None = None, note: str = "") -> None:
        """Show it; raises Cancelled once STOP is set."""
        if STOP.is_set():
            raise Cancelled
        share = min(max(done / total, 0.0), 1.0) if total else 1.0
        if self._moving:
            speed = f" {rate:,.0f} texts/s" if rate else ""
            sys.stderr.write(f"\r\x1b[K{stage} {share:.0%}{speed} {note}" + ("\n" if share >= 1 else ""))
            sys.stderr.flush()
        elif stage != self._stage:
            sys.stderr.write(f"{stage} …\n")
        self._stage = stage

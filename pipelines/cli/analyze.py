"""`analyze FILE`: a finished analysis, in a folder of its own or in the library that the dashboard shows."""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.cli.ingest import add_reading_arguments, reading
from pipelines.cli.progress import TerminalProgress
from pipelines.config import ENGINES, PROJECTIONS, PURPOSES, UNITS, AnalyzeConfig
from pipelines.errors import N_, UnusableInput
from pipelines.ingest import Source
from pipelines.types import Warning_
from pipelines.words import printable, sentence

if TYPE_CHECKING:
    from pipelines.pictures import Wanted


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command's arguments."""
    parser = subparsers.add_parser("analyze", help="analyse a file of reviews")
    parser.add_argument("file", metavar="FILE", nargs="+", help="several are stacked")
    parser.add_argument("--out", metavar="DIR", help="write the bundle here and nothing else (default: the library)")
    add_reading_arguments(parser)
    parser.add_argument("--embedder", default="auto", metavar="NAME")
    parser.add_argument("--dim", type=int, metavar="N")
    parser.add_argument("--vectors", metavar="F.npy", help="your own vectors, one row a data row")
    parser.add_argument("--pictures", metavar="F.zip", help="the pictures that --picture-column names")
    parser.add_argument("--picture-column", metavar="C", help="file names or addresses of pictures")
    parser.add_argument("--picture-model", metavar="NAME", help="clip:<hub id or folder>, reads pictures and texts")
    parser.add_argument("--fetch-pictures", action="store_true", help="ask the web for those that are addresses")
    parser.add_argument("--draft", action="store_true", help="a quick sketch instead of the full map")
    parser.add_argument("--purpose", default="retrieval", choices=PURPOSES, help="an instruction before each review")
    parser.add_argument("--query-prompt", metavar="TEXT", help="stands before a question, instead of the model's own")
    parser.add_argument("--document-prompt", metavar="TEXT", help="stands before a review, instead of the model's own")
    parser.add_argument("--x-column", metavar="C", help="your own places on the 2D map; with --y-column")
    parser.add_argument("--y-column", metavar="C")
    parser.add_argument("--label-column", metavar="C", help="your own topics, in place of clusters")
    parser.add_argument("--unit", default="review", choices=UNITS)
    parser.add_argument("--projection", default="umap", choices=PROJECTIONS)
    parser.add_argument("--min-cluster-size", type=int, metavar="N")
    parser.add_argument("--seed", type=int, default=42, metavar="N")
    parser.add_argument(
        "--engine", default="local", choices=ENGINES, help="ray: on a Ray cluster, or on all real cores here"
    )
    parser.add_argument("--cache-dir", metavar="D")
    parser.add_argument("--yes", action="store_true", help="agree to what a paid embedder costs")
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="a stage's setting")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Analyse; the last line of stdout is one JSON object."""
    from pipelines import large
    from pipelines.analysis import Request, analyze
    from pipelines.embed.keys import check_name

    check_name(args.embedder)
    sources, options = reading(args)
    for source in sources:
        if not Path(str(source.content)).is_file():
            raise UnusableInput(N_("There is no file {path}."), path=source.content)
    name = sources[0].name if len(sources) == 1 else f"{sources[0].name} + {len(sources) - 1}"
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
        purpose=args.purpose,
        query_prompt=args.query_prompt,
        document_prompt=args.document_prompt,
        x_column=args.x_column,
        y_column=args.y_column,
        label_column=args.label_column,
        extra=_pairs(args.set),
    )
    request = Request(
        source=sources,
        name=name,
        ingest=options,
        config=config,
        vectors=Path(args.vectors) if args.vectors else None,
        pictures=_pictures(args),
        allow_paid=args.yes,
        tell=_tell,
        engine=args.engine,
    )
    started = time.perf_counter()
    parts = analyze(request, cache_dir=args.cache_dir, progress=TerminalProgress())
    if out is not None:
        from pipelines.store.bundle import write_bundle

        bundle = write_bundle(out, parts)
    else:
        from pipelines.store import library

        bundle = library.publish(library.create(name, {"file": name, "roles": parts.summary["roles"]}), parts).path
    large.clear(parts.vectors)
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


def _pictures(args: argparse.Namespace) -> Wanted | None:
    from pipelines.pictures import Wanted

    if not (args.pictures or args.picture_column or args.picture_model or args.fetch_pictures):
        return None
    if not args.picture_column or not args.picture_model:
        raise UnusableInput(
            N_("Pictures need --picture-column, --picture-model and a zip with --pictures (or --fetch-pictures).")
        )
    if args.pictures and not Path(args.pictures).is_file():
        raise UnusableInput(N_("There is no file {path}."), path=args.pictures)
    zipped = Source(Path(args.pictures), Path(args.pictures).name) if args.pictures else None
    return Wanted(args.picture_column, args.picture_model, zipped, args.fetch_pictures)


def _tell(note: Warning_) -> None:
    """What is about to be sent, before it is."""
    sys.stderr.write(f"note: {printable(str(note))}\n")


def _pairs(entries: list[str]) -> dict[str, str]:
    pairs = {}
    for entry in entries:
        key, equals, value = entry.partition("=")
        if not equals or "." not in key:
            raise UnusableInput(N_("--set wants STAGE.FIELD=VALUE, not “{entry}”."), entry=entry)
        pairs[key] = value
    return pairs

"""`search DIR QUERY`: the reviews of a finished analysis that hold or mean what is asked, best first."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.errors import N_, UnusableInput
from pipelines.words import printable

if TYPE_CHECKING:
    from pipelines.search import Found
    from pipelines.store.reader import Bundle

_STDIN = "-"
MODES = ("fused", "words", "vectors", "ranks")


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command's arguments."""
    parser = subparsers.add_parser("search", help="find reviews by their words and their meaning")
    parser.add_argument("dir", type=Path, metavar="DIR", help="the analysis: a bundle")
    parser.add_argument("query", metavar="QUERY", help="what is asked; - reads one query a line from stdin")
    parser.add_argument("-k", type=int, default=10, metavar="N", help="hits at most (default: 10)")
    parser.add_argument(
        "--mode",
        choices=MODES,
        default="fused",
        help="default: fused, by words and meaning together; ranks: the same, joined by reciprocal ranks",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON list a query")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Find; stdout has one JSON list a query, or without --json a line a hit."""
    from pipelines.search import search
    from pipelines.store.reader import open_bundle

    if args.k < 1:
        raise UnusableInput(N_("-k {k} is less than 1. It is the number of hits at most."), k=args.k)
    if args.query != _STDIN and not args.query.strip():
        raise UnusableInput(N_("The query is empty. Type what the reviews should hold or mean."))
    bundle = open_bundle(args.dir)
    told = False
    for query in [args.query] if args.query != _STDIN else _lines():
        found = search(bundle, query, mode=args.mode, limit=args.k)
        if found.how == "unread" and not told:
            told = True
            name = printable(str(bundle.identity.get("name", "")))
            sys.stderr.write(f"note: by words alone: the embedder of these reviews ({name}) cannot be asked here\n")
        hits = _hits(bundle, found)
        if args.json:
            print(json.dumps(hits, ensure_ascii=False), flush=True)
        else:
            for hit in hits:
                print(f"{hit['score']:.4f}\t{hit['row_id']}\t{printable(str(hit['text']))}")
    return 0


def _lines() -> Iterator[str]:
    """Queries from stdin; a blank line is a query that finds nothing, so that answers keep the lines' order."""
    for raw in sys.stdin.buffer:
        try:
            yield raw.decode("utf-8").rstrip("\r\n")
        except UnicodeDecodeError as error:
            raise UnusableInput(N_("A query on stdin is not UTF-8. Give one query a line in UTF-8.")) from error


def _hits(bundle: Bundle, found: Found) -> list[dict[str, object]]:
    part = bundle.points.iloc[found.positions]
    return [
        {
            "row_id": row,
            "unit_id": unit,
            "score": round(score, 6),
            "text": text,
            "why": {"words": list(words), "similarity": None if similarity != similarity else round(similarity, 4)},
        }
        for row, unit, score, text, words, similarity in zip(
            part["row_id"].tolist(),
            part["unit_id"].tolist(),
            found.score.tolist(),
            part["text"].tolist(),
            found.words,
            found.similarity.tolist(),
            strict=True,
        )
    ]

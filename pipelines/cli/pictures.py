"""`pictures DIR TEXT`: the pictures of an analysis that show what a text says."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from pipelines.errors import N_, UnusableInput
from pipelines.words import printable


def add_parser(subparsers: Any) -> None:
    """Declare the command's arguments."""
    parser = subparsers.add_parser("pictures", help="find pictures by what they show")
    parser.add_argument("dir", metavar="DIR", help="the bundle's folder")
    parser.add_argument("text", metavar="TEXT", help="what a picture should show; - reads one text a line from stdin")
    parser.add_argument("-k", type=int, default=10, metavar="N")
    parser.add_argument("--json", action="store_true", help="one JSON list a text")
    parser.add_argument("--save", metavar="FOLDER", help="write the thumbnails found there, as <row id>-<number>.jpg")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Search; best first: row_id, picture (its number in the bundle), score (cosine) and the review's text."""
    from pipelines import pictures
    from pipelines.store.reader import open_bundle

    if args.k < 1:
        raise UnusableInput(N_("{name} must be {least} to {most}, not {value}."), name="-k", least=1, most="…",
                            value=args.k)  # fmt: skip
    bundle = open_bundle(args.dir)
    texts = [line.rstrip("\n") for line in sys.stdin] if args.text == "-" else [args.text]
    said = bundle.points.groupby("row_id")["text"].first()
    for text in texts:
        found = pictures.search(bundle, text, args.k)
        listed = [
            {"row_id": row, "picture": picture, "score": round(alike, 4), "text": str(said.get(row, ""))}
            for row, picture, alike in zip(
                found.row_id.tolist(), found.pictures.tolist(), found.alike.tolist(), strict=True
            )
        ]
        if args.save:
            _save(bundle, Path(args.save), listed)
        if args.json:
            print(json.dumps(listed, ensure_ascii=False))
        else:
            for one in listed:
                print(f"{one['score']:+.3f}  row {one['row_id'] + 1}  {printable(one['text'][:80])}")
    return 0


def _save(bundle: Any, folder: Path, listed: list[dict[str, Any]]) -> None:
    from pipelines import pictures

    kept = pictures.of_bundle(bundle)
    assert kept is not None
    folder.mkdir(parents=True, exist_ok=True)
    for one in listed:
        (folder / f"{one['row_id']}-{one['picture']}.jpg").write_bytes(kept.thumbnail(one["picture"]))

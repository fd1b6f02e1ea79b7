"""`ask DIR QUESTION`: an answer from the reviews of a finished analysis, each sentence with the rows it rests on."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.words import printable

if TYPE_CHECKING:
    from pipelines.documents import Shelf
    from pipelines.store.reader import Bundle

_ROWS_SHOWN = 12


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command's arguments."""
    parser = subparsers.add_parser("ask", help="answer a question from the reviews; a model is optional")
    parser.add_argument("dir", type=Path, metavar="DIR", help="the analysis: a bundle")
    parser.add_argument("question", metavar="QUESTION", help="what you want to know, in English or Chinese")
    parser.add_argument("--model", metavar="NAME", help="ollama:…, dashscope:… or openai:…@<base url> (default: none)")
    parser.add_argument(
        "--document", type=Path, action="append", default=[], metavar="FILE",
        help="a text, Markdown or PDF file to answer from too, kept nowhere (again for more)",
    )  # fmt: skip
    parser.add_argument("--yes", action="store_true", help="agree to what is sent to another computer, and its cost")
    parser.add_argument("--preview", action="store_true", help="print what would be sent, and send nothing")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of lines")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Answer; stdout has one line a sentence, or with --json the object of DESIGN.md's contract."""
    from pipelines.answer import as_json, prepare, reply
    from pipelines.ask import resolve
    from pipelines.store.reader import open_bundle

    bundle = open_bundle(args.dir)
    model = resolve(args.model) if args.model else None
    prepared = prepare(bundle, args.question, shelf=_shelf(args.document, bundle))
    if model is not None and prepared.needs_model:
        told = prepared.preview(model)
        if args.preview:
            print("\n\n".join([told.rules, told.request]))
            return 0
        where = told.endpoint if told.leaves else f"{told.endpoint} (this computer)"
        sys.stderr.write(
            f"note: the question and {told.reviews} masked reviews, about {told.tokens} tokens, for {where}\n"
        )
    elif args.preview:
        sys.stderr.write("note: nothing would be sent\n")
        return 0
    answer = as_json(bundle, reply(bundle, prepared, model=model, agreed=args.yes))
    if args.json:
        print(json.dumps(answer, ensure_ascii=False))
        return 0
    for one in answer["sentences"]:
        named = [str(row) for row in one["row_ids"][:_ROWS_SHOWN]]
        beyond = len(one["row_ids"]) - len(named)
        print(
            printable(one["text"])
            + (f"  [row_id {', '.join(named)}{f' +{beyond}' if beyond else ''}]" if named else "")
        )
    for note in answer["notes"]:
        sys.stderr.write(f"note: {printable(note)}\n")
    return 0


def _shelf(files: list[Path], bundle: Bundle) -> Shelf | None:
    """The files given; else the documents kept with the analysis that the bundle is one of."""
    from pipelines.documents import kept_beside, shelf_of_files

    return shelf_of_files(files, bundle) if files else kept_beside(bundle)

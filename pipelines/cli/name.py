"""`name DIR --model NAME`: topic names for a finished analysis by a language model, printed and kept nowhere."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from pipelines.cli.progress import STOP
from pipelines.errors import Cancelled
from pipelines.words import printable


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command's arguments."""
    parser = subparsers.add_parser("name", help="let a language model suggest topic names; the bundle stays as it is")
    parser.add_argument("dir", type=Path, metavar="DIR", help="the analysis: a bundle")
    parser.add_argument("--model", required=True, metavar="NAME", help="ollama:…, dashscope:… or openai:…@<base url>")
    parser.add_argument("--yes", action="store_true", help="agree to what is sent to another computer, and its cost")
    parser.add_argument("--preview", action="store_true", help="print what would be sent, and send nothing")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of a line a topic")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Ask for names; stdout has one line, or with --json one object: {"model", "names": [{"id", "plain", …}]}."""
    from pipelines.ask import resolve
    from pipelines.store.reader import open_bundle
    from pipelines.suggested import gather, preview, suggest
    from pipelines.suggested.preview import check_agreed

    bundle = open_bundle(args.dir)
    model = resolve(args.model)
    evidence = gather(bundle)
    told = preview(model, evidence)
    if args.preview:
        print("\n\n".join([told.rules, *told.requests]))
        return 0
    check_agreed(told, agreed=args.yes)
    where = told.endpoint if told.leaves else f"{told.endpoint} (this computer)"
    sys.stderr.write(f"note: {len(told.requests)} requests, about {told.tokens} tokens, go to {where}\n")
    given = {one.topic for one in evidence}
    others = [str(topic["name"]) for topic in bundle.summary["topics"] if topic["id"] not in given]
    found = suggest(model, evidence, taken=others, told=_step)
    if args.json:
        names = [
            {"id": one.topic, "plain": one.plain, "name": one.name or None, "why": one.why.format(reason=one.reason)}
            for one in found
        ]
        print(json.dumps({"model": model.name, "tokens": model.tokens, "names": names}, ensure_ascii=False))
        return 0
    for one in found:
        why = f"\t({one.why.format(reason=one.reason)})" if one.why else ""
        print(printable(f"{one.topic}\t{one.name or one.plain}") + printable(why))
    return 0


def _step(done: int, total: int) -> None:
    if STOP.is_set():
        raise Cancelled
    sys.stderr.write(f"naming {done}/{total}\n")

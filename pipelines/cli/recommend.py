"""`recommend DIR --user U`: items for a person of an analysis, with the rows of the reviews that say why."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.errors import N_, UnusableInput

if TYPE_CHECKING:
    from pipelines.recommend import History, Suggestion
    from pipelines.store.reader import Bundle

WAYS = ("blend", "together", "text", "popularity")


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command's arguments."""
    parser = subparsers.add_parser("recommend", help="recommend items to a user of a finished bundle")
    parser.add_argument("dir", type=Path, metavar="DIR")
    who = parser.add_mutually_exclusive_group(required=True)
    who.add_argument("--user", metavar="U", help="a name of the file's user column")
    who.add_argument("--text", metavar="SENTENCE", help="what somebody new wants, in a sentence")
    parser.add_argument("-k", type=int, default=10, metavar="N", help="how many items (10)")
    parser.add_argument(
        "--by", choices=WAYS, help="how to rank for --user; by default what finds most on half of the file's users"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON list instead of a line an item")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print [{"item", "score", "row_ids"}], best first; fewer than -k where the user has reviewed the others."""
    from pipelines import recommend
    from pipelines.store.reader import open_bundle
    from pipelines.words import printable

    bundle = open_bundle(args.dir)
    tastes, history = recommend.of(bundle)
    if args.user is not None:
        user = tastes.user(args.user)
        ranker = args.by or recommend.measure(tastes, history.vectors).chosen
        found = recommend.for_person(history, user, ranker, args.k)
        sys.stderr.write(f"note: ranked by {ranker}\n")
    else:
        found = _for_text(bundle, history, args.text, args.k)
    rows = bundle.points["row_id"].to_numpy()
    told: list[dict[str, Any]] = [
        {
            "item": tastes.items[one.item],
            "score": round(one.score, 6),
            # Sentences of one review are one row.
            "row_ids": list(dict.fromkeys(int(rows[unit]) for unit in one.units)),
        }
        for one in found
    ]
    if not told:
        sys.stderr.write("note: this user has reviewed every item\n")
    if args.json:
        print(json.dumps(told, ensure_ascii=False))
        return 0
    for line in told:
        print(f"{line['score']}\t{printable(line['item'])}\t{' '.join(map(str, line['row_ids']))}")
    return 0


def _for_text(bundle: Bundle, history: History, sentence: str, k: int) -> list[Suggestion]:
    from pipelines import recommend

    if not sentence.strip():
        raise UnusableInput(N_("--text is empty: say in a sentence what is wanted."))
    vector = recommend.of_sentence(bundle, sentence)
    if vector is None:
        raise UnusableInput(
            N_(
                "The model that read these reviews ({model}) cannot read a sentence on this computer. Use --user, or "
                "analyse the file with a local model."
            ),
            model=str(bundle.identity.get("name", "?")),
        )
    return recommend.for_vector(history, vector, k)

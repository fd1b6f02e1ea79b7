"""Do similar sentences get similar vectors? Spearman's correlation of every local embedder on scored pairs.

`python -m benchmarks.sts FILE… [--rows N]`: a tab- or comma-separated file of pairs: sentence, sentence, score without
a header, or with one that names sentence1, sentence2, score; of a file with a column "split", dev and test are taken.
Embedders that learn from a file learn from these sentences. A table, then one JSON line.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from pipelines.embed import embed_texts, resolve
from pipelines.errors import Cancelled, ReviewscapeError, UnusableInput

EMBEDDERS = (("bundled", False), ("bundled", True), ("offline-zh", False), ("offline-zh", True), ("lexical", False))
"""Name, and whether its draft."""
_NAMES = ("sentence1", "sentence2", "score")


@dataclass(frozen=True)
class Pairs:
    """Sentences side by side with the score that people gave, n of each."""

    first: list[str]
    second: list[str]
    score: list[float]


def read_pairs(file: Path) -> Pairs:
    """The scored pairs of a file; raises UnusableInput where there are none."""
    try:
        content = file.read_text(encoding="utf-8-sig")
    except UnicodeError:
        raise UnusableInput("{file} is not UTF-8.", file=file) from None
    head = content.partition("\n")[0]
    # Tab-separated sets quote nothing: a quotation mark belongs to the sentence.
    tabs = {"delimiter": "\t", "quoting": csv.QUOTE_NONE}
    rows = list(csv.reader(io.StringIO(content, newline=""), **(tabs if "\t" in head else {})))  # type: ignore[arg-type]
    places, split = [0, 1, 2], None
    if rows and set(_NAMES) <= set(rows[0]):
        names = rows.pop(0)
        places = [names.index(name) for name in _NAMES]
        split = names.index("split") if "split" in names else None
    pairs = Pairs([], [], [])
    for row in rows:
        if len(row) <= max(places) or (split is not None and row[split] not in ("dev", "test")):
            continue
        try:
            pairs.score.append(float(row[places[2]]))
        except ValueError:
            raise UnusableInput("{file} has no score in column {n}.", file=file, n=places[2] + 1) from None
        pairs.first.append(row[places[0]])
        pairs.second.append(row[places[1]])
    if not pairs.score:
        raise UnusableInput("{file} holds no scored pairs of sentences.", file=file)
    return pairs


def spearman(name: str, pairs: Pairs, *, draft: bool) -> dict[str, Any]:
    """Correlation of the ranks of cosine and score; seconds include loading."""
    from scipy.stats import spearmanr

    started = time.perf_counter()
    embedder = resolve(name, draft=draft).embedder
    matrix = embed_texts(embedder, pairs.first + pairs.second).matrix
    seconds = time.perf_counter() - started
    cosine = np.einsum("ij,ij->i", matrix[: len(pairs.first)], matrix[len(pairs.first) :])
    found = float(spearmanr(cosine, pairs.score).statistic)
    return {"spearman": round(found, 4), "seconds": round(seconds, 1), "dim": matrix.shape[1]}


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sts", description=__doc__.splitlines()[0])
    parser.add_argument("files", type=Path, metavar="FILE", nargs="+")
    parser.add_argument("--rows", type=int, metavar="N", help="the first N pairs only")
    args = parser.parse_args(argv)
    if args.rows is not None and args.rows < 2:
        parser.error(f"--rows must be at least 2, not {args.rows}")
    try:
        for file in args.files:
            if not file.is_file():
                parser.error(f"there is no file {file}")
            pairs = read_pairs(file)
            pairs = Pairs(pairs.first[: args.rows], pairs.second[: args.rows], pairs.score[: args.rows])
            told = {}
            print(f"\n{file.name}: {len(pairs.score):,} pairs")
            for name, draft in EMBEDDERS:
                label = f"{name}, draft" if draft else name
                told[label] = spearman(name, pairs, draft=draft)
                figures = told[label]
                print(f"  {label:<18} {figures['spearman']:7.4f}  {figures['seconds']:6.1f} s", flush=True)
            print(json.dumps({"file": file.name, "pairs": len(pairs.score), **told}, ensure_ascii=False))
        return 0
    except KeyboardInterrupt:
        return Cancelled.exit_code
    except ReviewscapeError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code


if __name__ == "__main__":
    sys.exit(main())

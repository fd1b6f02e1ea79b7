"""A review file of any length: the sentences of a few real ones put together anew, the same for the same seed."""

from __future__ import annotations

import csv
import random
import re
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

SAMPLES = [Path(__file__).parents[1] / "sample_data" / name for name in ("coffee_machines.csv", "travel_app_mixed.csv")]
_SENTENCE = re.compile(r"[^.!?。！？]+[.!?。！？]*")
_MOST_SENTENCES = 4
_REPEATED = 0.03
"""The share of rows that say to the letter what an earlier one said, as exports have them."""
_FROM = pd.Timestamp("2023-01-01")
_DAYS = 730


Kind = tuple[int, str]
"""A file's number and the stars ("" without any) of the reviews that a sentence comes from."""


def sentences_of(files: Sequence[Path], text: str | None = None) -> list[tuple[Kind, str]]:
    """Every sentence of the files' reviews with its kind; text: the column, guessed where None."""
    from pipelines import ingest

    found: list[tuple[Kind, str]] = []
    for number, file in enumerate(files):
        reviews = ingest.read(file, ingest.IngestOptions(roles={"text": text} if text else None))
        for row, review in enumerate(reviews.text):
            stars = "" if reviews.rating is None or not reviews.kept[row] else f"{reviews.rating[row]:.0f}"
            for sentence in _SENTENCE.findall(review):
                if len(sentence.strip()) > 1:
                    found.append(((number, "" if stars == "nan" else stars), sentence.strip()))
    return found


def write(path: Path, sentences: Sequence[tuple[Kind, str]], rows: int, seed: int = 0) -> Path:
    """A CSV of `rows` reviews (id, date, product, rating, review): one to four sentences each, a few repeated.

    A review's sentences are drawn among those of one file and of equal stars, so that subject, words and stars go
    together as they do there.
    """
    draw = random.Random(seed)  # noqa: S311  (a benchmark's file, not a secret)
    pools: dict[Kind, list[str]] = {}
    for kind, sentence in sentences:
        pools.setdefault(kind, []).append(sentence)
    kinds = sorted(pools)
    weights = [len(pools[kind]) for kind in kinds]
    earlier: list[tuple[str, str]] = []
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["id", "date", "product", "rating", "review"])
        for row in range(rows):
            if earlier and draw.random() < _REPEATED:
                stars, review = draw.choice(earlier)
            else:
                kind = draw.choices(kinds, weights)[0]
                stars = kind[1]
                review = " ".join(draw.choice(pools[kind]) for _ in range(draw.randint(1, _MOST_SENTENCES)))
                if len(earlier) < 10_000:
                    earlier.append((stars, review))
            day = (_FROM + pd.Timedelta(days=draw.randrange(_DAYS))).date().isoformat()
            out.writerow([f"R{row:07d}", day, f"Product {draw.randint(1, 12)}", stars, review])
    return path

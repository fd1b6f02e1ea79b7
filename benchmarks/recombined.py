"""Reviews in any number, made of the coffee sample's own sentences, with vectors that no model need make."""

from __future__ import annotations

import random
import re
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer

from benchmarks.browsing import ROOT
from pipelines.types import FloatArray

SAMPLE = ROOT / "sample_data" / "coffee_machines.csv"
ROLES = {"text": "review", "rating": "rating", "date": "date", "user": "user", "item": "product"}
_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_DIM, _FITTED, _MOST_SENTENCES = 64, 10_000, 3


def reviews(rows: int, seed: int = 0) -> pd.DataFrame:
    """`rows` reviews with the sample's columns: each a row of it, its text continued by others of as many stars.

    Users write a few reviews each, so that people can be recommended something.
    """
    chosen = random.Random(seed)  # noqa: S311
    sample = pd.read_csv(SAMPLE, dtype=str, keep_default_na=False)
    sentences = {
        stars: [part for text in group["review"] for part in _SENTENCE.split(text) if len(part) > 15]
        for stars, group in sample.groupby("rating")
    }
    taken = sample.iloc[[chosen.randrange(len(sample)) for _row in range(rows)]].reset_index(drop=True)
    begun = [_SENTENCE.split(text)[0] for text in taken["review"]]
    alike = (sentences.get(stars) or [""] for stars in taken["rating"])
    taken["review"] = [
        " ".join([first, *chosen.choices(pool, k=chosen.randint(1, _MOST_SENTENCES))])
        for first, pool in zip(begun, alike, strict=True)
    ]
    days = pd.Timestamp("2024-01-01") + pd.to_timedelta([chosen.randrange(720) for _row in range(rows)], unit="D")
    taken["date"] = days.strftime("%Y-%m-%d")
    taken["user"] = [f"maker{chosen.randrange(max(rows // 6, 1))}" for _row in range(rows)]
    taken["review_id"] = [f"R{i}" for i in range(rows)]
    return taken


def vectors(texts: pd.Series, seed: int = 0) -> FloatArray:
    """(texts, 64) float32 of length 1: words weighed by how rare they are, and the directions that vary most."""
    words = TfidfVectorizer(sublinear_tf=True, min_df=2, max_df=0.3, stop_words="english").fit(texts[:_FITTED])
    found = words.transform(texts)
    matrix = TruncatedSVD(_DIM, random_state=seed).fit(found[:_FITTED]).transform(found).astype(np.float32)
    # A text of unknown words alone has no direction: a little noise gives it one.
    matrix += np.random.default_rng(seed).normal(0, 1e-4, matrix.shape).astype(np.float32)
    return matrix / np.linalg.norm(matrix, axis=1, keepdims=True)


def write(folder: Path, rows: int, seed: int = 0) -> tuple[Path, Path]:
    """The reviews as `folder`/reviews.csv and their vectors beside them."""
    table = reviews(rows, seed)
    file, given = folder / f"reviews_{rows}.csv", folder / f"reviews_{rows}.npy"
    table.to_csv(file, index=False)
    np.save(given, vectors(table["review"], seed), allow_pickle=False)
    return file, given

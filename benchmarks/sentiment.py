"""Does the sentiment meet labels, from texts only? Ours, VADER and SnowNLP in one run, on any labelled file.

python -m benchmarks.sentiment FILE --text C --label C [--positive V …] [--negative V …] [--where COLUMN=VALUE]
    Rows with other labels are read with the rest, but only praise and complaints are judged. Without --positive and
    --negative the labels are stars: 4 and more, 2 and less.
    --rows N: so many rows at random, the same each time; --fill N: reviews/s over a file filled to N rows with pairs of
    its reviews; --model ID: a person's own model beside; --embedder NAME, --vectors F.npy: as in other benchmarks.
AUC, accuracy, the share called positive on the file as it is, on half and half, 9:1 and 1:9, a table of calibration,
reviews a second. Then one JSON line.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from pipelines import embed, embedding, text
from pipelines.errors import ReviewscapeError, UnusableInput
from pipelines.sentiment import Encode, SentimentConfig, score
from pipelines.types import FloatArray, IntArray, Sentiment

BINS = 10
MIXES = {"half and half": 0.5, "9:1": 0.9, "1:9": 0.1}
"""Sets drawn from a file, by their share of praise."""


@dataclass(frozen=True)
class Labelled:
    """Texts as they are embedded (n,), their languages, and what they are: 1 praise, 0 a complaint, NaN neither."""

    texts: list[str]
    languages: list[str]
    truth: FloatArray

    def take(self, rows: IntArray) -> Labelled:
        """Some of them."""
        return Labelled([self.texts[i] for i in rows], [self.languages[i] for i in rows], self.truth[rows])


Scorer = Callable[[Labelled, IntArray], Sentiment]
"""What our side says of some rows (their numbers in the file), as of a file of nothing else."""


def read(given: argparse.Namespace) -> tuple[Labelled, IntArray]:
    """The rows with a text of a file, and their row numbers; labels as the options say."""
    frame = pd.read_csv(given.file, dtype=str, keep_default_na=False)
    keep = frame[given.text].str.strip() != ""
    if given.where:
        column, _, value = given.where.partition("=")
        keep &= frame[column] == value
    rows = np.flatnonzero(keep.to_numpy()).astype(np.int64)
    if given.rows and given.rows < len(rows):
        rows = np.sort(np.random.default_rng(0).permutation(rows)[: given.rows])
    texts = frame[given.text].iloc[rows].tolist()
    truth = truth_of(frame[given.label].iloc[rows], given.positive, given.negative)
    if not (truth == 1).any() or not (truth == 0).any():
        raise UnusableInput("{file} holds no praise or no complaints by these labels.", file=given.file)
    return Labelled([text.clean(one) for one in texts], [text.detect_language(one) for one in texts], truth), rows


def truth_of(labels: pd.Series, positive: Sequence[str], negative: Sequence[str]) -> FloatArray:
    """Labels as 1, 0 or NaN; as stars where no values are named."""
    if positive or negative:
        return np.select([labels.isin(positive), labels.isin(negative)], [1.0, 0.0], np.nan).astype(np.float32)
    stars = pd.to_numeric(labels, errors="coerce").to_numpy(dtype=np.float32)
    return np.select([stars >= 4, stars <= 2], [1.0, 0.0], np.nan).astype(np.float32)


def figures(values: FloatArray, truth: FloatArray) -> dict[str, float]:
    """AUC, accuracy at 0, share above 0 and reviews, over praise and complaints; values (n,) with 0 in the middle."""
    from sklearn.metrics import roc_auc_score

    known = ~np.isnan(truth)
    values, praise = values[known], truth[known] == 1
    return {
        "auc": round(float(roc_auc_score(praise, values)), 4),
        "accuracy": round(float(((values > 0) == praise).mean()), 4),
        "share_positive": round(float((values > 0).mean()), 4),
        "n": int(known.sum()),
    }


def shares(felt: Sentiment, truth: FloatArray) -> dict[str, float]:
    """Share of praise in truth, by sign and by label (neutral left out), and of neutral: of praise and complaints."""
    known = ~np.isnan(truth)
    label = felt.label[known]
    told = label != "neutral"
    return {
        "truth": round(float(truth[known].mean()), 4),
        "called": round(float((felt.score[known] > 0).mean()), 4),
        "labelled": round(float((label[told] == "positive").mean()) if told.any() else 0.0, 4),
        "neutral": round(float((~told).mean()), 4),
        "n": int(known.sum()),
    }


def calibration(values: FloatArray, truth: FloatArray, bins: int = BINS) -> tuple[list[dict[str, float]], float]:
    """Bins of the score with their share of praise, and the expected calibration error (Naeini et al. 2015).

    A score s states the probability (s + 1) / 2 of praise; the error is the mean distance of stated and true share,
    weighted by the reviews of a bin.
    """
    known = ~np.isnan(truth)
    stated, praise = (values[known].astype(np.float64) + 1) / 2, truth[known]
    place = np.minimum((stated * bins).astype(int), bins - 1)
    table = []
    for number in range(bins):
        inside = place == number
        if inside.any():
            means = {"score": values[known][inside].mean(), "stated": stated[inside].mean()}
            means |= {"praise": praise[inside].mean()}
            row = {"from": round(2 * number / bins - 1, 2), "n": int(inside.sum())}
            table.append(row | {name: round(float(mean), 4) for name, mean in means.items()})
    error = sum(row["n"] * abs(row["stated"] - row["praise"]) for row in table) / max(1, int(known.sum()))
    return table, round(error, 4)


def mixed(truth: FloatArray, share: float, seed: int = 0) -> IntArray:
    """Rows of praise and complaints at this share of praise, as many as there are, in the file's order."""
    random = np.random.default_rng(seed)
    good, bad = (random.permutation(np.flatnonzero(truth == kind)) for kind in (1, 0))
    size = min(len(good) / share, len(bad) / (1 - share))
    return np.sort(np.concatenate([good[: round(size * share)], bad[: round(size * (1 - share))]])).astype(np.int64)


def vader(texts: Sequence[str]) -> FloatArray:
    """VADER's compound score."""
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    analyzer = SentimentIntensityAnalyzer()
    return np.array([analyzer.polarity_scores(one)["compound"] for one in texts], dtype=np.float32)


def snownlp(texts: Sequence[str]) -> FloatArray:
    """SnowNLP's probability of praise, moved to −1…1."""
    from snownlp import SnowNLP

    return np.array([2 * SnowNLP(one).sentiments - 1 for one in texts], dtype=np.float32)


PEERS = {"VADER": vader, "SnowNLP": snownlp}


def measure(data: Labelled, scorer: Scorer, peer_rows: int = 3000) -> dict[str, object]:
    """All figures of one file; the peers read at most `peer_rows` of its praise and complaints."""
    every = np.arange(len(data.texts), dtype=np.int64)
    felt, pace = timed(scorer, data, every)
    known = np.flatnonzero(~np.isnan(data.truth)).astype(np.int64)
    some = np.sort(np.random.default_rng(0).permutation(known)[:peer_rows])
    told: dict[str, object] = {
        "ours": figures(felt.score, data.truth),
        "ours, the peers' rows": figures(felt.score[some], data.truth[some]),
        **{name: figures(peer([data.texts[i] for i in some]), data.truth[some]) for name, peer in PEERS.items()},
    }
    drawn = {name: mixed(data.truth, share) for name, share in MIXES.items()}
    mixes = {name: (scorer(data.take(rows), rows), data.truth[rows]) for name, rows in drawn.items()}
    told["shares"] = {
        "as it is": shares(felt, data.truth),
        **{name: shares(one, truth) for name, (one, truth) in mixes.items()},
    }
    tables = {"as it is": (felt, data.truth), "half and half": mixes["half and half"]}
    for name, (one, truth) in tables.items():
        table, error = calibration(one.score, truth)
        told[f"calibration, {name}"] = {"error": error, "bins": table}
    told |= pace
    told["method"] = [str(note) for note in felt.method]
    return told


def timed(scorer: Scorer, data: Labelled, rows: IntArray, name: str = "") -> tuple[Sentiment, dict[str, int]]:
    """What a scorer says, and how many reviews a second of the clock and of the processor that was."""
    wall, processor = time.perf_counter(), time.process_time()
    felt = scorer(data, rows)
    seconds = {"s": time.perf_counter() - wall, "processor_s": time.process_time() - processor}
    return felt, {f"{name}reviews_per_{unit}": round(len(rows) / max(took, 1e-9)) for unit, took in seconds.items()}


def filled(data: Labelled, matrix: FloatArray | None, rows: int) -> tuple[Labelled, FloatArray | None]:
    """The file filled to so many rows with pairs of its reviews, each pair's vector between those of the two."""
    random = np.random.default_rng(0)
    first, second = random.integers(0, len(data.texts), (2, max(0, rows - len(data.texts))))
    pairs = [f"{data.texts[a]} {data.texts[b]}" for a, b in zip(first, second, strict=True)]
    languages = [*data.languages, *(data.languages[a] for a in first)]
    truth = np.concatenate([data.truth, np.full(len(pairs), np.nan, dtype=np.float32)])
    if matrix is not None:
        between = matrix[first] + matrix[second]
        between /= np.maximum(np.linalg.norm(between, axis=1, keepdims=True), 1e-9)
        matrix = np.concatenate([matrix, between])
    return Labelled([*data.texts, *pairs], languages, truth), matrix


def scorer_of(encode: Encode | None, matrix: FloatArray | None, config: SentimentConfig) -> Scorer:
    """The product's own way, without stars."""

    def scored(data: Labelled, rows: IntArray) -> Sentiment:
        return score(data.texts, data.languages, None, encode, None if matrix is None else matrix[rows], config)

    return scored


def show(told: dict[str, object]) -> None:
    """The figures as tables."""
    for name, found in told.items():
        if not isinstance(found, dict):
            print(f"{name}: {found}")
        elif "bins" in found:
            print(f"{name}: error {found['error']}")
            print(pd.DataFrame(found["bins"]).to_string(index=False))
        elif name == "shares":
            print(pd.DataFrame(found).T.to_string())
        else:
            print(f"{name:<24}" + json.dumps(found))


def _measured(given: argparse.Namespace) -> dict[str, object]:
    data, rows = read(given)
    config = SentimentConfig()
    with tempfile.TemporaryDirectory(prefix="reviewscape-sentiment-") as folder:
        kept = Path(folder) / "vectors.db" if given.cache is None else given.cache
        with embed.VectorCache(kept) as cache:
            embedder = embed.resolve(given.embedder, data.languages).embedder
            if given.vectors is not None:
                matrix = np.load(given.vectors).astype(np.float32)[rows]
            else:
                matrix = embedding.vectors(embedder, data.texts, cache).matrix
            encode = embedding.encoder(embedder, cache)
            matrix = None if encode is None else matrix
            told = measure(data, scorer_of(encode, matrix, config), given.peer_rows)
            if given.fill:
                larger, matrix = filled(data, matrix, given.fill)
                every = np.arange(len(larger.texts), dtype=np.int64)
                told |= timed(scorer_of(encode, matrix, config), larger, every, "filled_")[1]
                told["filled_rows"] = len(every)
    if given.model:
        from pipelines.embed.classifier import SentimentClassifier

        told[given.model] = figures(SentimentClassifier(given.model).score(data.texts), data.truth)
    return told


def main(arguments: Sequence[str] | None = None) -> int:
    """Read, embed, measure, print; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--text", required=True)
    parser.add_argument("--label", required=True)
    parser.add_argument("--positive", nargs="+", default=[])
    parser.add_argument("--negative", nargs="+", default=[])
    parser.add_argument("--where", metavar="COLUMN=VALUE")
    parser.add_argument("--rows", type=int)
    parser.add_argument("--fill", type=int)
    parser.add_argument("--peer-rows", type=int, default=3000)
    parser.add_argument("--embedder", default="auto")
    parser.add_argument("--vectors", type=Path, help="one row for each row of the file, by --embedder")
    parser.add_argument("--cache", type=Path, help="a vectors.db to keep vectors in")
    parser.add_argument("--model", help="hub id or folder of a sentiment model")
    given = parser.parse_args(arguments)
    try:
        told = _measured(given)
    except ReviewscapeError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    show(told)
    print(json.dumps({"file": given.file.name, "where": given.where, **told}, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())

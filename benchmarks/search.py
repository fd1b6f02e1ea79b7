"""How well search finds, and how fast: python -m benchmarks.search [--labels FILE] [--pairs FILE] [--latency N…].

Quality, one run over words only, vectors only, fused, and fused by reciprocal ranks (`ranks`): nDCG@10 and recall@10,
with the half width of a 95 % interval over questions.
--labels: a CSV of texts with a label (--text, --label); two texts of each label, drawn with --seed, are the questions,
all others the reviews, relevant where the label is the same; the label in --without is never asked for.
--pairs: a tab-separated file of sentence, sentence, 1 or 0; sentences that have a 1 are the questions, the second ones
the reviews, relevant what is paired with a 1. --questions of them are drawn.
--latency: milliseconds a question, after it is embedded, as ratios in the same run: ours, and the plain way (a matrix
product, a loop over dicts as rank_bm25 has it, a full sort), on sentences joined from those of the files given, with
random vectors; --index adds pynndescent's search graph. Last, one JSON line.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.search_latency import latency
from benchmarks.sts import read_pairs
from pipelines.embed import embed_texts, resolve
from pipelines.embed.base import normalise
from pipelines.search.bm25 import build
from pipelines.search.found import MODES, Mode
from pipelines.search.ranking import best, scores
from pipelines.search.terms import query_terms
from pipelines.text import detect_language
from pipelines.types import FloatArray

TOP = 10


@dataclass(frozen=True)
class Task:
    """Questions over reviews; relevant: the positions of each question's reviews."""

    name: str
    reviews: list[str]
    questions: list[str]
    relevant: list[set[int]]


def from_labels(file: Path, text: str, label: str, without: str, seed: int) -> Task:
    """Two texts of each label ask for the others of the same."""
    frame = pd.read_csv(file, dtype="str").dropna(subset=[text, label]).drop_duplicates(text)
    asked = frame[frame[label] != without].groupby(label).sample(2, random_state=seed)
    rest = frame.drop(asked.index)
    labels = rest[label].to_numpy()
    return Task(
        file.name,
        rest[text].tolist(),
        asked[text].tolist(),
        [{*np.flatnonzero(labels == one).tolist()} for one in asked[label]],
    )


def from_pairs(file: Path, questions: int, seed: int) -> Task:
    """First sentences ask for the second ones that mean the same."""
    pairs = read_pairs(file)
    reviews = list(dict.fromkeys(pairs.second))
    place = {text: i for i, text in enumerate(reviews)}
    relevant: dict[str, set[int]] = {}
    for first, second, score in zip(pairs.first, pairs.second, pairs.score, strict=True):
        if score >= 1:
            relevant.setdefault(first, set()).add(place[second])
    asked = sorted(relevant)
    drawn = np.random.default_rng(seed).permutation(len(asked))[:questions]
    chosen = [asked[i] for i in sorted(drawn.tolist())]
    return Task(file.name, reviews, chosen, [relevant[one] for one in chosen])


def similarities(task: Task, embedder_name: str) -> tuple[str, FloatArray]:
    """The embedder's name and (questions, reviews) cosine, in the part of a vector that questions are compared with."""
    chosen = resolve(embedder_name, [detect_language(text) for text in task.reviews])
    matrix = embed_texts(chosen.embedder, task.reviews).matrix
    queries = np.stack([np.asarray(chosen.embedder.embed_query(one), dtype=np.float32) for one in task.questions])
    width = getattr(chosen.embedder, "query_dim", 0) or matrix.shape[1]
    return chosen.name, normalise(queries[:, :width]) @ normalise(matrix[:, :width]).T


def gains(order: np.ndarray, relevant: set[int]) -> tuple[float, float]:
    """nDCG@10 and recall@10 of one order (Järvelin & Kekäläinen 2002), gains 0 or 1."""
    hit = np.array([place in relevant for place in order[:TOP].tolist()], dtype=float)
    discount = 1 / np.log2(np.arange(2, TOP + 2))
    ideal = discount[: min(len(relevant), TOP)].sum()
    return float(hit @ discount[: len(hit)] / ideal), float(hit.sum() / len(relevant))


def _order(said: FloatArray, alike: FloatArray, mode: Mode) -> np.ndarray:
    if mode == "words":
        return best(scores(said, None, "words"), TOP)
    return best(scores(said, alike, mode), TOP, alike)


def quality(task: Task, embedder: str) -> dict[str, object]:
    """nDCG@10 and recall@10 of each mode, with half widths of 95 % intervals."""
    index = build(task.reviews)
    name, alike = similarities(task, embedder)
    found: dict[str, object] = {
        "file": task.name,
        "embedder": name,
        "reviews": len(task.reviews),
        "questions": len(task.questions),
        "most recall": round(float(np.mean([min(TOP / len(one), 1) for one in task.relevant])), 3),
    }
    said = [index.score(query_terms(question)) for question in task.questions]
    for mode in MODES:
        each = [gains(_order(said[i], alike[i], mode), relevant) for i, relevant in enumerate(task.relevant)]
        values = np.array(each)
        half = 1.96 * values.std(axis=0, ddof=1) / np.sqrt(len(values))
        found[mode] = {
            measure: [round(float(mean), 3), round(float(width), 3)]
            for measure, mean, width in zip(("ndcg10", "recall10"), values.mean(axis=0), half, strict=True)
        }
    return found


def main(arguments: Sequence[str] | None = None) -> None:
    """Read, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--labels", type=Path, action="append", default=[])
    parser.add_argument("--text", default="text")
    parser.add_argument("--label", default="intent")
    parser.add_argument("--without", default="oos")
    parser.add_argument("--pairs", type=Path, action="append", default=[])
    parser.add_argument("--questions", type=int, default=1000)
    parser.add_argument("--embedder", default="auto")
    parser.add_argument("--latency", type=int, nargs="*", default=[])
    parser.add_argument("--index", action="store_true")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args(arguments)
    tasks = [from_labels(file, given.text, given.label, given.without, given.seed) for file in given.labels]
    tasks += [from_pairs(file, given.questions, given.seed) for file in given.pairs]
    told: dict[str, object] = {"quality": [quality(task, given.embedder) for task in tasks]}
    for one in told["quality"]:  # type: ignore[attr-defined]
        print(f"{one['file']}: {one['questions']} questions, {one['reviews']} reviews, {one['embedder']}")
        for mode in MODES:
            ndcg, recall = one[mode]["ndcg10"], one[mode]["recall10"]
            print(f"  {mode:17} nDCG@10 {ndcg[0]:.3f} ± {ndcg[1]:.3f}   recall@10 {recall[0]:.3f} ± {recall[1]:.3f}")
    if given.latency:
        texts = [text for task in tasks for text in task.reviews]
        told["latency"] = [latency(texts, n, given.seed, index=given.index) for n in given.latency]
        for line in told["latency"]:  # type: ignore[attr-defined]
            print(line)
    print(json.dumps(told, ensure_ascii=False))


if __name__ == "__main__":
    main()

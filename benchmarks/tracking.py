"""How well a tracked phrase finds a label's reviews: python -m benchmarks.tracking FILE --text C --label C.

Each label's own name is the phrase. F1, precision and recall of the phrase alone, and after 10, 20 and 40 answers that
the labels give to the doubtful reviews; answered reviews are left out of those counts. Medians over the labels.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from pipelines import embed, embedding, settings, tracked
from pipelines.errors import ReviewscapeError
from pipelines.store.bundle import BundleParts, write_bundle
from pipelines.store.reader import Bundle, open_bundle
from pipelines.text import clean, detect_language
from pipelines.tracked.definition import Answer
from pipelines.tracked.record import marks_of
from pipelines.types import BoolArray

STEPS = (0, 10, 20, 40)


def measure(bundle: Bundle, truth: BoolArray, name: str) -> dict[int, dict[str, float]]:
    """Precision, recall and F1 after each of STEPS answers; truth (n,) which units have the label."""
    line = tracked.phrase(name.replace("_", " "))
    if line is None:
        return {}
    topic = tracked.drafted(bundle, line)
    found: dict[int, dict[str, float]] = {}
    for step in range(0, max(STEPS) + 1, tracked.AT_ONCE):
        judged = tracked.judge(bundle, topic)
        if step in STEPS:
            unseen = np.ones(len(truth), dtype=bool)
            unseen[[answer.mark.unit for answer in topic.answers]] = False
            found[step] = scores(judged.belongs[unseen], truth[unseen])
        asked = tracked.borderline(bundle, topic, judged)
        given = [
            Answer(mark, bundle.id, bool(truth[mark.unit]), bool(judged.belongs[mark.unit]))
            for mark in marks_of(bundle, asked)
        ]
        topic = replace(topic, answers=(*topic.answers, *given))
    return found


def scores(belongs: BoolArray, truth: BoolArray) -> dict[str, float]:
    """Precision (1 where nothing is counted), recall and F1."""
    right = float((belongs & truth).sum())
    return {
        "precision": right / belongs.sum() if belongs.any() else 1.0,
        "recall": right / max(truth.sum(), 1),
        "f1": 2 * right / max(belongs.sum() + truth.sum(), 1),
    }


def bundle_of(texts: Sequence[str], embedder_name: str, folder: Path) -> Bundle:
    """A bundle of the texts with their vectors and no map: places, topics and sentiment are all nothing."""
    cleaned = [clean(text) for text in texts]
    languages = [detect_language(text) for text in cleaned]
    embedder = embed.resolve(embedder_name, languages).embedder
    caches = settings.cache_dir(None)
    with embed.VectorCache(caches / "vectors.db") as cache:
        made = embedding.vectors(embedder, cleaned, cache)
    n = len(texts)
    numbers = np.arange(n)
    nothing = np.zeros(n, dtype=np.float32)
    points = pd.DataFrame(
        {
            "row_id": numbers,
            "unit_id": numbers,
            "text": pd.array(list(texts), dtype="str"),
            **dict.fromkeys(("x2", "y2", "x3", "y3", "z3"), nothing),
            "cluster": np.full(n, -1, dtype=np.int32),
            "joined": np.zeros(n, dtype=bool),
            "cluster_strength": nothing,
            "topic": pd.array([""] * n, dtype="str"),
            "sentiment": nothing,
            "sentiment_label": pd.array(["neutral"] * n, dtype="str"),
            "outlier_score": nothing,
            "is_outlier": np.zeros(n, dtype=bool),
            "duplicate_of": pd.array([None] * n, dtype="Int64"),
            "language": pd.array(languages, dtype="str"),
        }
    )
    rows = pd.DataFrame({"row_id": numbers, "kept": True, "reason": pd.array([""] * n, dtype="str")})
    state = {"embedder": made.state} if made.state else {}
    return open_bundle(
        write_bundle(folder / "bundle", BundleParts(rows, points, made.matrix, state, {}, {}, made.identity))
    )


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print one JSON line; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.tracking", description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--text", required=True, metavar="C", help="the column that holds the review text")
    parser.add_argument("--label", required=True, metavar="C", help="the column whose values are phrases")
    parser.add_argument("--labels", type=int, default=20, help="labels measured, evenly among all (default: 20)")
    parser.add_argument("--rows", type=int, default=0, help="rows drawn at random (default: all)")
    parser.add_argument("--embedder", default="auto", metavar="NAME")
    args = parser.parse_args(argv)
    try:
        frame = pd.read_csv(args.file, dtype=str)
        if missing := {args.text, args.label} - {*frame.columns}:
            parser.error(f"the file has no column {', '.join(sorted(missing))}")
        frame = frame[frame[args.text].notna()].reset_index(drop=True)
        if 0 < args.rows < len(frame):
            frame = frame.sample(args.rows, random_state=1).reset_index(drop=True)
        values = frame[args.label].fillna("")
        names = sorted(set(values) - {""})
        if not names:
            parser.error(f"the column {args.label} is empty")
        names = [names[i] for i in np.unique(np.linspace(0, len(names) - 1, min(args.labels, len(names))).astype(int))]
        with tempfile.TemporaryDirectory(prefix="reviewscape-tracking-") as name:
            bundle = bundle_of(frame[args.text].tolist(), args.embedder, Path(name))
            began = time.perf_counter()
            found = {one: measure(bundle, (values == one).to_numpy(), one) for one in names}
            seconds = time.perf_counter() - began
    except ReviewscapeError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    measured = [each for each in found.values() if each]
    for one, each in found.items():
        sys.stderr.write(f"{one}: {[round(each[step]['f1'], 2) for step in STEPS if each]}\n")
    medians = {
        str(step): {kind: round(float(np.median([one[step][kind] for one in measured])), 3) for kind in measured[0][0]}
        for step in STEPS
    }
    told = {"file": args.file.name, "rows": len(frame), "labels": len(measured), "answers": medians}
    print(json.dumps({**told, "embedder": bundle.identity["name"], "seconds": round(seconds, 1)}, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())

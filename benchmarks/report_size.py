"""How large the one-file report is: python -m benchmarks.report_size [--sizes 400 20000 100000].

Made reviews in two languages, 40 topics, stars, dates, users, two columns to slice by. For each size: bytes of the
report with and without texts, what of it is fixed (scripts, style, figures), bytes a point, the texts as UTF-8 and as
they are in the file, seconds, and whether it keeps what is promised: at most 6 MB, 60 bytes a point, and the compressed
texts. Exit code 1 where it does not.
"""

from __future__ import annotations

import argparse
import base64
import json
import sys
import tempfile
import time
import zlib
from pathlib import Path

import numpy as np
import pandas as pd

from pipelines.export.html import report
from pipelines.store.bundle import BundleParts, write_bundle
from pipelines.store.reader import open_bundle
from pipelines.store.schema import SENTIMENT_LABELS

FIXED_BYTES, POINT_BYTES = 6_000_000, 60
TOPICS, DIM = 40, 8
ENGLISH = "the coffee machine grinder is louder than expected but milk froths well and cleaning takes long every day"
CHINESE = "早餐很丰富 前台热情 房间干净 隔音差了点 交通方便 价格偏高 下次还来 停车困难 空调太响 服务员耐心"


def main(arguments: list[str] | None = None) -> int:
    """Print one line of JSON a size; 1 where a report is larger than promised."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[400, 20_000, 100_000])
    args = parser.parse_args(arguments)
    if min(args.sizes) < 1:
        parser.error("a report needs a review")
    found = [measured(n) for n in args.sizes]
    for line in found:
        print(json.dumps(line))
    return int(not all(line["kept"] for line in found))


def measured(n: int) -> dict[str, object]:
    """The figures of a report of n reviews."""
    with tempfile.TemporaryDirectory() as folder:
        bundle = open_bundle(write_bundle(Path(folder) / "bundle", made(n)))
        texts = bundle.points["text"].tolist()
        began = time.perf_counter()
        whole = len(report(bundle, view=None, redact=False, allow_text=True, language="en").page.encode())
        seconds = time.perf_counter() - began
        bare = len(report(bundle, view=None, redact=False, allow_text=False, language="en").page.encode())
    # As the file holds them: deflated, in base64.
    packed = zlib.compress(json.dumps(texts, ensure_ascii=False, separators=(",", ":")).encode(), 9)
    return {
        "reviews": n,
        "bytes": whole,
        "without_texts": bare,
        "promised_without_texts": FIXED_BYTES + POINT_BYTES * n,
        "texts_utf8": sum(len(text.encode()) for text in texts),
        "texts_in_file": whole - bare,
        "seconds": round(seconds, 2),
        "kept": bare <= FIXED_BYTES + POINT_BYTES * n and whole - bare <= len(base64.b64encode(packed)) + 20_000,
    }


def made(n: int) -> BundleParts:
    """A finished analysis of n made reviews, one unit a row."""
    random = np.random.default_rng(n)
    cluster = random.integers(-1, TOPICS, n).astype(np.int32)
    centres = np.concatenate([random.normal(0, 8, (TOPICS, 3)), [[0, 0, 0]]])
    xyz = (centres[cluster] + random.normal(0, 1.2, (n, 3))).astype(np.float32)
    text = pd.array([_review(random, i) for i in range(n)], dtype="str")
    sentiment = np.clip(random.normal(0.1, 0.5, n), -1, 1).astype(np.float32)
    names = np.array([f"topic number {i}" for i in range(TOPICS)] + [""], dtype=object)
    score = random.random(n).astype(np.float32)
    shop = pd.array([f"shop {i}" for i in random.integers(0, 6, n)], dtype="str")
    plan = pd.array([f"plan {i}" for i in random.integers(0, 3, n)], dtype="str")
    points = pd.DataFrame(
        {
            "row_id": np.arange(n), "unit_id": np.arange(n), "text": text,
            "x2": xyz[:, 0], "y2": xyz[:, 1], "x3": xyz[:, 0], "y3": xyz[:, 1], "z3": xyz[:, 2],
            "cluster": cluster, "joined": random.random(n) < 0.1,
            "cluster_strength": random.random(n).astype(np.float32),
            "topic": pd.array(names[cluster], dtype="str"), "sentiment": sentiment,
            "sentiment_label": np.array(SENTIMENT_LABELS)[1 + np.sign(np.round(sentiment * 1.5)).astype(int)],
            "outlier_score": score, "is_outlier": score > 0.98,
            "duplicate_of": pd.array([None] * n, dtype="Int64"),
            "rating": random.integers(1, 6, n).astype(np.float32),
            "date": pd.Timestamp("2026-01-01") + pd.to_timedelta(random.integers(0, 300, n), unit="D"),
            "user": pd.array([f"user {i}" for i in random.integers(0, max(n // 3, 1), n)], dtype="str"),
            "language": pd.array(np.where(np.arange(n) % 2, "en", "zh"), dtype="str"),
        }
    )  # fmt: skip
    kept = {"row_id": np.arange(n), "kept": True, "reason": pd.array([""] * n, dtype="str")}
    return BundleParts(
        rows=pd.DataFrame({**kept, "review": text, "shop": shop, "plan": plan}),
        points=points,
        vectors=np.full((n, DIM), DIM**-0.5, dtype=np.float32),
        state={},
        summary={
            "rows": n, "kept": n, "units": n, "left_out": {}, "warnings": [], "stability": 0.8,
            "coverage": float((cluster >= 0).mean()), "roles": {"text": "review"},
            "columns": ["review", "shop", "plan"],
            "topics": [{"id": i, "name": names[i], "keywords": [["word", 0.5, 9]], "exemplars": [], "stability": 0.8}
                       for i in range(TOPICS)],
            "source": {"name": "made.csv", "encoding": "utf-8"},
        },
        config={"seed": 42},
        identity={"name": "made", "dim": DIM},
    )  # fmt: skip


def _review(random: np.random.Generator, i: int) -> str:
    words, joint = (ENGLISH.split(), " ") if i % 2 else (CHINESE.split(), "，")
    return joint.join(words[k] for k in random.integers(0, len(words), random.integers(6, 30))) + f" ({i})"


if __name__ == "__main__":
    sys.exit(main())

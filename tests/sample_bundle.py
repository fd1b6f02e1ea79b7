"""A small finished analysis, made without any model: places, topics and hostile texts in two languages."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from pipelines import samples
from pipelines.store import library
from pipelines.store.bundle import BundleParts, write_bundle
from pipelines.store.reader import Bundle, open_bundle
from tests.hostile import PLAIN

N = 300
HOSTILE = PLAIN
TOPICS = [
    "grinder noise",
    "早餐 丰富",
    "<img src=x onerror=window.hacked=1> delivery",
    "<b>front</b> desk & staff",
    "$x^2$ %{y}",
]


def parts(n: int = N, seed: int = 5) -> BundleParts:
    """What write_bundle wants, n units (one a row)."""
    random = np.random.default_rng(seed)
    cluster = np.where(random.random(n) < 0.1, -1, random.integers(0, len(TOPICS), n)).astype(np.int32)
    centre = np.array([[0, 0, 0], [8, 1, 3], [4, 8, 6], [-5, 7, 2], [-3, -6, 5], [1, 3, 8]], dtype=float)[cluster]
    xyz = centre + random.normal(0, 1.0, (n, 3))
    text = []
    for i in range(n):
        if i < len(HOSTILE):
            text.append(HOSTILE[i])
        elif i % 2:
            text.append(f"The grinder of machine {i} is louder than I thought, but the espresso is good.")
        else:
            text.append(f"第{i}次入住,早餐丰富,前台也很热情,就是隔音差了点。电话13800138000")
    # Three equal reviews on one spot, as duplicates are placed.
    duplicate_of = pd.array([None] * n, dtype="Int64")
    for i in (n - 1, n - 2) if n > 20 else ():
        text[i] = text[n - 3]
        xyz[i], cluster[i] = xyz[n - 3], cluster[n - 3]
        duplicate_of[i] = n - 3
    score = random.random(n).astype(np.float32)
    sentiment = np.clip(random.normal(0.1, 0.5, n), -1, 1).astype(np.float32)
    names = np.array([*TOPICS, ""], dtype=object)
    points = pd.DataFrame(
        {
            "row_id": np.arange(n),
            "unit_id": np.arange(n),
            "text": pd.array(text, dtype="str"),
            "x2": xyz[:, 0].astype(np.float32),
            "y2": xyz[:, 1].astype(np.float32),
            "x3": xyz[:, 0].astype(np.float32),
            "y3": xyz[:, 1].astype(np.float32),
            "z3": xyz[:, 2].astype(np.float32),
            "cluster": cluster,
            "joined": random.random(n) < 0.1,
            "cluster_strength": random.random(n).astype(np.float32),
            "topic": pd.array(names[cluster], dtype="str"),
            "sentiment": sentiment,
            "sentiment_label": np.select([sentiment < -0.2, sentiment > 0.2], ["negative", "positive"], "neutral"),
            "outlier_score": score,
            "is_outlier": score > 0.96,
            "duplicate_of": duplicate_of,
            "rating": random.integers(1, 6, n).astype(np.float32),
            "date": pd.Timestamp("2026-01-01") + pd.to_timedelta(random.integers(0, 200, n), unit="D"),
            "user": pd.array([f"user{i % 40}@example.com" for i in range(n)], dtype="str"),
            "language": pd.array(["en" if i % 2 else "zh" for i in range(n)], dtype="str"),
        }
    )
    rows = pd.DataFrame(
        {
            "row_id": np.arange(n),
            "kept": True,
            "reason": pd.array([""] * n, dtype="str"),
            "评论": pd.array(text, dtype="str"),
            "<b>shop</b>": pd.array([("north", "south", "<i>east</i>")[i % 3] for i in range(n)], dtype="str"),
            "price": pd.array([str(10 + (i * 7) % 90) for i in range(n)], dtype="str"),
        }
    )
    vectors = random.normal(size=(n, 16)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    similarity = vectors @ vectors.T
    np.fill_diagonal(similarity, -1)
    k = min(15, max(n - 1, 1))
    nearest = np.argsort(-similarity, axis=1, kind="stable")[:, :k].astype(np.int32)
    summary = {
        "rows": n,
        "kept": n,
        "left_out": {},
        "units": n,
        "topics": [
            {
                "id": i,
                "name": name,
                "keywords": [[f"word{i}", 0.5, 12], ["<script>", 0.2, 3]],
                "exemplars": np.flatnonzero(cluster == i)[:3].tolist(),
                "stability": None if i == 4 else 0.8 - i / 10,
            }
            for i, name in enumerate(TOPICS)
        ],
        "coverage": float((cluster >= 0).sum() / max(n, 1)),
        "core_coverage": float((cluster >= 0).sum() / max(n, 1)) - 0.08,
        "min_cluster_size": 12,
        "embedding": {"dim": 16, "texts": n, "why": {"template": "Texts are {x}.", "values": {"x": "<b>en</b>"}}},
        "stability": 0.74,
        "sentiment": {
            "method": [{"template": "{language}: {teachers}.", "values": {"language": "en", "teachers": "<b>"}}],
            "check": {"agree": 0.81, "n": 200},
        },
        "outliers": {"count": int((score > 0.96).sum()), "threshold": 0.96},
        "roles": {"text": "评论"},
        "columns": ["评论", "<b>shop</b>", "price"],
        "source": {
            "name": "<script>window.hacked=1</script>.csv",
            "encoding": "gb18030",
            "delimiter": ",",
            "header": True,
        },
        "seconds": {"embedding": 1.5, "projection": 2.25},
        "warnings": [],
    }
    return BundleParts(
        rows=rows,
        points=points,
        vectors=vectors,
        state={"graph": {
            "indices": nearest,
            "similarity": np.take_along_axis(similarity, nearest, axis=1).astype(np.float32),
            "representatives": np.arange(n),
        }},
        summary=summary,
        config={"seed": 7, "embedder": "auto", "extra": {"note": "<script>window.hacked=1</script>"}},
        identity={"name": "bundled", "dim": 16, "arithmetic": "fp32"},
    )  # fmt: skip


def sample_bundle(folder: Path, n: int = N) -> Bundle:
    """The analysis, written to and opened from `folder`/bundle."""
    return open_bundle(write_bundle(folder / "bundle", parts(n)))


def stand_in(n: int) -> None:
    """Publish bundles of n reviews as the product's samples, so that a server makes none itself."""
    for sample in samples.SAMPLES:
        library.publish(library.create(f"Sample {sample.key}", sample=sample.key), parts(n))

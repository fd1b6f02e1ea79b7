"""A small bundle with a real tree: twelve planted topics in three themes, in vectors that need no embedder."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from pipelines import topics as naming
from pipelines.add.nearest import nearest
from pipelines.cluster import ClusterConfig, cluster
from pipelines.store.bundle import BundleParts
from pipelines.types import FloatArray
from tests import sample_bundle

THEMES = {
    "room": ("bed", "shower", "window", "carpet"),
    "food": ("breakfast", "coffee", "dinner", "fruit"),
    "staff": ("reception", "porter", "cleaner", "manager"),
}
SAID = ("was lovely", "was poor", "could be better", "pleased everyone", "was a surprise")
N = 360


def space(n: int = N, seed: int = 3) -> tuple[FloatArray, list[str]]:
    """(n, 12) vectors of length 1 and their texts: themes far apart, their topics nearer, reviews around them."""
    rng = np.random.default_rng(seed)
    axes = np.eye(12)
    found, texts = [], []
    pairs = [(t, word) for t, words in enumerate(THEMES.values()) for word in words]
    for i in range(n):
        # Sizes differ, so that sizes between theirs give different numbers of topics.
        topic = min(int(rng.gamma(2.0, 2.2)), len(pairs) - 1)
        theme, word = pairs[topic]
        found.append(
            axes[theme] * 1.2
            + axes[3 + topic % 9] * (0.9 if topic < 9 else -0.9)
            + rng.normal(0, 0.3 if i % 6 == 5 else 0.09, 12)
        )
        texts.append(f"The {word} of the {list(THEMES)[theme]} {SAID[i % len(SAID)]} on day {i}")
    matrix = np.array(found)
    return (matrix / np.linalg.norm(matrix, axis=1, keepdims=True)).astype(np.float32), texts


def parts(n: int = N, *, size: int | None = 12, terms: bool = True, themes: bool = True) -> BundleParts:
    """What write_bundle wants. Twins: the last two units repeat the first one."""
    matrix, texts = space(n)
    base = sample_bundle.parts(n + 2)
    matrix = np.concatenate([matrix, matrix[[0, 0]]])
    texts = [*texts, texts[0], texts[0]]
    graph = nearest(matrix[:n], matrix[:n], 15, same=True)
    found = cluster(matrix[:n], graph, ClusterConfig(min_cluster_size=size))
    spoken = naming.read(texts[:n], ["en"] * n)
    named = naming.describe(texts[:n], ["en"] * n, found.labels, found.strength, matrix[:n], spoken=spoken)
    spread = np.append(np.arange(n), [0, 0])
    labels = found.labels[spread]
    names = np.array([*(topic.name for topic in named), ""], dtype=object)
    points = base.points.assign(
        text=pd.array(texts, dtype="str"),
        x2=matrix[:, 0], y2=matrix[:, 1], x3=matrix[:, 0], y3=matrix[:, 1], z3=matrix[:, 2],
        cluster=labels,
        joined=found.joined[spread],
        cluster_strength=found.strength[spread],
        topic=pd.array(names[labels], dtype="str"),
        duplicate_of=pd.array([*([None] * n), 0, 0], dtype="Int64"),
        language=pd.array(["en"] * (n + 2), dtype="str"),
    )  # fmt: skip
    summary = dict(base.summary)
    summary["topics"] = [
        {"id": topic.id, "name": topic.name, "keywords": [list(word) for word in topic.keywords],
         "exemplars": list(topic.exemplars), "units": int((labels == topic.id).sum()), "stability": 0.9}
        for topic in named
    ]  # fmt: skip
    centres = naming.themes.centroids(matrix, labels, range(len(named)))
    if themes:
        summary["topics"], summary["themes"] = naming.themes.grouped(summary["topics"], centres)
    summary["min_cluster_size"] = found.min_cluster_size
    summary["coverage"] = float((labels >= 0).mean())
    state = {
        "graph": {
            "indices": graph.indices,
            "similarity": graph.similarity,
            "representatives": np.arange(n, dtype=np.int64),
        },
        "trees": dict(found.tree),
    }
    if terms:
        state["terms"] = spoken.arrays()
    return replace(base, points=points, vectors=matrix, state=state, summary=summary)

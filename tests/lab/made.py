"""A small finished analysis whose texts a real model read: what a person types is read as they were."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd

from pipelines import embed
from pipelines.embed import embed_texts
from pipelines.store.bundle import BundleParts
from pipelines.types import Vectors
from tests import sample_bundle

THINGS = {
    "grinder": (
        "The grinder is loud",
        "Grinding the beans makes a terrible noise",
        "So much noise when it grinds beans",
    ),
    "delivery": ("Delivery took three weeks", "The parcel came late", "The courier left the box in the rain"),
    "milk": ("The milk foam is dense", "Foam for a cappuccino is creamy", "It froths cold milk well"),
    "price": ("Too expensive for what it is", "The price is fair", "Costs more than others do"),
    "service": ("The hotline never answers", "Support sent a new part at once", "Customer service was rude"),
}
TAILS = ("in my kitchen", "since May", "as I see it", "again", "for my wife", "at work", "on Monday", "I must say")


def texts(n: int) -> tuple[list[str], np.ndarray]:
    """n different reviews and the topic of each, 0 … 4."""
    said = list(THINGS.values())
    topic = np.arange(n) % len(said)
    return [
        f"{said[k][i // 5 % 3]} {TAILS[i // 15 % len(TAILS)]}" + (f", take {i // 120}" if i >= 120 else "")
        for i, k in enumerate(topic)
    ], topic


@lru_cache(maxsize=2)
def _read(n: int) -> Vectors:
    return embed_texts(embed.resolve("bundled").embedder, texts(n)[0])


def parts(n: int = 120) -> BundleParts:
    """sample_bundle's parts with these texts, their topics and their real vectors."""
    made = sample_bundle.parts(n)
    said, topic = texts(n)
    vectors = _read(n)
    made.points["text"] = pd.array(said, dtype="str")
    made.points["cluster"] = topic.astype(np.int32)
    made.points["topic"] = pd.array(np.array(list(THINGS))[topic], dtype="str")
    made.points["duplicate_of"] = pd.array([None] * n, dtype="Int64")
    made.points["rating"] = (1.0 + topic).astype(np.float32)
    made.summary["topics"] = [
        {**one, "name": name, "keywords": [[name, 0.5, 12]], "exemplars": [k, k + 5]}
        for k, (one, name) in enumerate(zip(made.summary["topics"], THINGS, strict=True))
    ]
    nearest = np.argsort(-(vectors.matrix @ vectors.matrix.T), axis=1, kind="stable")[:, 1:11]
    graph = {"indices": nearest.astype(np.int32), "representatives": np.arange(n)}
    similarity = np.take_along_axis(vectors.matrix @ vectors.matrix.T, nearest, axis=1).astype(np.float32)
    return BundleParts(
        rows=made.rows,
        points=made.points,
        vectors=vectors.matrix,
        state={"graph": {**graph, "similarity": similarity}},
        summary=made.summary,
        config=made.config,
        identity=dict(vectors.identity),
    )

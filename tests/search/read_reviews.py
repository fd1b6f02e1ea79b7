"""Reviews of three kinds, read by the bundled model: a finished analysis whose meaning can be asked for."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from pipelines import embed
from pipelines.store.bundle import BundleParts
from tests.sample_bundle import parts

KINDS = {
    "delivery": ["The parcel came two weeks late", "It arrived after a long wait", "Shipping took for ever"],
    "coffee": ["The espresso tastes bitter", "A cup of it is rich and smooth", "The roast is too dark for me"],
    "battery": ["The battery dies by noon", "It needs charging twice a day", "Power lasts for two days"],
}


def read_parts() -> BundleParts:
    """72 reviews, nine sentences in turn."""
    lines = [f"{text}, number {i}" for i in range(8) for group in KINDS.values() for text in group]
    embedder = embed.resolve("bundled").embedder
    made = parts(len(lines))
    points = made.points.assign(text=pd.array(lines, dtype="str"), duplicate_of=pd.array([None] * 72, dtype="Int64"))
    vectors = np.asarray(embedder.embed_documents(lines), dtype=np.float32)
    return replace(made, points=points, vectors=vectors, identity=embedder.identity())

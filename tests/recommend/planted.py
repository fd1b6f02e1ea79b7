"""People of four tastes, who review the items of their own taste: what a recommendation can be checked against."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pipelines.store.bundle import BundleParts
from tests import sample_bundle

HOSTILE = (
    "<script>window.hacked=1</script>",
    "**bold** [x](javascript:alert(1)) $x$",
    "=HYPERLINK(1)",
    "山竹",
    "{n} %s {{7*7}}",
    "\u202egnp",
)
TASTES, DIM = 4, 16


def planted(
    people: int = 120, items: int = 12, each: int = 6, *, seed: int = 0, stray: float = 0.1
) -> tuple[BundleParts, np.ndarray]:
    """A bundle's parts, and the taste (people,) of each person.

    Person p reviews `each` of the `items` of taste p % 4 (one in ten, `stray`, of another's). Reviews speak of the
    item's taste; its stars are 5 or 4, 2 for a stray one. The first names are hostile, and one review is anonymous.
    """
    random = np.random.default_rng(seed)
    taste = np.arange(people) % TASTES
    middles = np.linalg.qr(random.normal(size=(DIM, DIM)))[0][:TASTES]
    lines = []
    for person in range(people):
        for place in random.permutation(items)[:each]:
            strays = random.random() < stray
            of = (taste[person] + 1 + random.integers(0, TASTES - 1)) % TASTES if strays else taste[person]
            lines.append((person, int(of), int(place), 2.0 if strays else float(random.integers(4, 6))))
    order = random.permutation(len(lines))
    lines = [lines[i] for i in order] + [(people, 0, 0, 5.0)]
    n = len(lines)
    parts = sample_bundle.parts(n)
    of = np.array([line[1] for line in lines])
    vectors = middles[of] + random.normal(0, 0.12, (n, DIM))
    parts.vectors[:] = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    names = [HOSTILE[p] if p < len(HOSTILE) else f"person {p}" for p in range(people)] + ["匿名用户"]
    points = parts.points
    points["user"] = pd.array([names[line[0]] for line in lines], dtype="str")
    points["item"] = pd.array([f"<b>item</b> {line[1]}-{line[2]}" for line in lines], dtype="str")
    points["rating"] = np.array([line[3] for line in lines], dtype=np.float32)
    points["cluster"] = of.astype(np.int32)
    points["topic"] = pd.array([f"<i>topic</i> {k}" for k in of], dtype="str")
    points["duplicate_of"] = pd.array([None] * n, dtype="Int64")
    points["text"] = pd.array([f"case {i} about taste {k}" for i, k in enumerate(of)], dtype="str")
    parts.summary.update(
        roles={"text": "评论", "user": "who", "item": "what"},
        topics=[
            {"id": k, "name": f"<i>topic</i> {k}", "keywords": [], "exemplars": [], "stability": 0.8}
            for k in range(TASTES)
        ],
    )
    parts.identity["name"] = "own"
    return parts, taste

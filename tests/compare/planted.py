"""Reviews of made-up shops whose true shares and means are known, drawn anew by a seed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import norm

from pipelines.compare import Counted, count

STARS = np.arange(1, 6)
SPREAD = 0.3
_NORMAL = norm.ppf((np.arange(20_000) + 0.5) / 20_000)
FELT = np.clip((STARS[:, None] - 3) / 2 + SPREAD * _NORMAL, -1, 1).mean(axis=1)
"""How reviews with one to five stars sound on average."""


@dataclass(frozen=True)
class World:
    """share (S, T): which part of each shop's reviews is about each topic; the rest has none. stars (S, T, 5): how
    likely each number of stars is. sizes (S,): how large each shop is against the others."""

    share: np.ndarray
    stars: np.ndarray
    sizes: np.ndarray

    @property
    def rating(self) -> np.ndarray:
        """(S, T) true mean stars."""
        return self.stars @ STARS

    @property
    def sentiment(self) -> np.ndarray:
        """(S, T) true mean sentiment."""
        return self.stars @ FELT


def world(shops: int = 6, topics: int = 8, *, planted: bool = False) -> World:
    """Shops alike in everything; planted: the second one speaks three times as often of topic 0 and hates topic 1."""
    share = np.tile(0.9 * np.geomspace(0.3, 0.04, topics) / np.geomspace(0.3, 0.04, topics).sum(), (shops, 1))
    # As real stars are: most give five, and those who do not give one.
    stars = np.tile(np.array([0.1, 0.03, 0.05, 0.12, 0.7]), (shops, topics, 1))
    if planted:
        share[1] *= 0.75
        share[1, 0] = share[0, 0] * 1.8
        stars[1, 1] = [0.4, 0.2, 0.1, 0.1, 0.2]
    return World(share, stars, np.geomspace(1, 0.15, shops))


def draw(made: World, n: int, seed: int) -> tuple[pd.DataFrame, np.ndarray]:
    """n reviews as points, and the shop of each."""
    rng = np.random.default_rng(seed)
    shops, topics = made.share.shape
    shop = rng.choice(shops, n, p=made.sizes / made.sizes.sum())
    edges = np.cumsum(made.share, axis=1)
    cluster = (rng.random(n)[:, None] > edges[shop]).sum(axis=1)
    rating = 1 + (rng.random(n)[:, None] > np.cumsum(made.stars[shop, np.minimum(cluster, topics - 1)], axis=1)).sum(
        axis=1
    )
    rating = np.minimum(rating, 5)
    points = pd.DataFrame(
        {
            "row_id": np.arange(n),
            "unit_id": np.arange(n),
            "cluster": np.where(cluster == topics, -1, cluster).astype(np.int32),
            "sentiment": np.clip((rating - 3) / 2 + rng.normal(0, SPREAD, n), -1, 1).astype(np.float32),
            "rating": rating.astype(np.float32),
        }
    )
    return points, shop


def topics_of(made: World) -> list[dict[str, object]]:
    return [{"id": i, "name": f"topic {i}"} for i in range(made.share.shape[1])]


def counted(made: World, n: int, seed: int) -> tuple[Counted, np.ndarray]:
    """n drawn reviews, counted, and the shop of each."""
    points, shop = draw(made, n, seed)
    return count(points, topics_of(made)), shop

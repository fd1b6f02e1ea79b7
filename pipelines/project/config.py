"""The settings of the projection stage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Method = Literal["umap", "tsne", "pca"]
METHODS: tuple[str, ...] = get_args(Method)
SMALLEST = 8
"""Fewer units than this have no neighbourhoods worth the name; they are placed by PCA."""


@dataclass(frozen=True)
class ProjectConfig:
    """method: of METHODS, for the picture; the cluster space is UMAP's whatever it is.

    n_neighbors: how local the layout is, the unit itself counted, as in umap-learn. min_dist: how tightly the
    picture packs. cluster_dim, cluster_epochs: the cluster space. epochs: of the picture (None: by the number of
    units). hubness_correction: re-rank neighbours by CSLS before the layout. seed: of every random draw.
    """

    method: Method = "umap"
    n_neighbors: int = 15
    min_dist: float = 0.1
    cluster_dim: int = 5
    cluster_epochs: int = 100
    epochs: int | None = None
    hubness_correction: bool = True
    seed: int = 42

    def __post_init__(self) -> None:
        if self.method not in METHODS:
            raise ValueError(f"method={self.method!r} is not one of {', '.join(METHODS)}")
        if self.n_neighbors < 2 or self.cluster_dim < 1 or self.cluster_epochs < 1:
            raise ValueError(
                f"n_neighbors={self.n_neighbors} must be at least 2, cluster_dim={self.cluster_dim} and "
                f"cluster_epochs={self.cluster_epochs} at least 1"
            )
        if not 0.0 <= self.min_dist < 1.0:
            raise ValueError(f"min_dist={self.min_dist} must be in 0…1")

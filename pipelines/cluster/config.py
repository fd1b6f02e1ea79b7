"""The settings of the clusters stage."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ClusterConfig:
    """min_cluster_size: units, or None to choose it for the data. max_share: a cluster larger than this share of all
    units is split where its tree allows. join_threshold: least share of the neighbours' vote that lets noise join
    (0 all, above 1 none). resamples: random 90 % samples that sizes and stability are judged by. seed: of the samples.
    """

    min_cluster_size: int | None = None
    max_share: float = 0.4
    join_threshold: float = 0.0
    resamples: int = 3
    seed: int = 42

    def __post_init__(self) -> None:
        if self.min_cluster_size is not None and self.min_cluster_size < 2:
            raise ValueError(f"min_cluster_size={self.min_cluster_size} must be at least 2, or None")
        if not 0.0 < self.max_share <= 1.0:
            raise ValueError(f"max_share={self.max_share} must be in 0…1 and above 0")
        if self.resamples < 0:
            raise ValueError(f"resamples={self.resamples} must not be negative")

"""How sure a review must be to join a topic that it is not in the middle of, and how many then have one."""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.granularity.tree import Tree

LEVELS = (0.0, 0.25, 0.5, 0.75, 1.01)
"""Least shares of the neighbours' vote; above 1 none joins."""


@dataclass(frozen=True)
class Level:
    """threshold: least share of the vote. coverage: share of the units that then have a topic. usual: the run's."""

    threshold: float
    coverage: float
    usual: bool


def levels(tree: Tree, size: int) -> list[Level]:
    """From the easiest to the strictest, for topics of at least `size` units; the run's own level among them."""
    own = tree.config.join_threshold
    thresholds = sorted({own, *LEVELS})
    return [Level(one, tree.at(size, one).coverage, one == own) for one in thresholds]

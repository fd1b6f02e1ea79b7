"""The steps of the slider: a handful of sizes, from few topics to many, that really differ; the run's own is one."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from pipelines.granularity.tree import Tree

EACH_SIDE = 4
"""Steps at most to either side of the run's own."""
APART = 1.25
"""Neighbouring steps differ in their topics by a quarter at least."""
FEWEST, MOST = 2, 200
"""More topics than this nobody looks through."""
_TRIED_FINER, _TRIED_COARSER = 6, 8
_SMALLEST = 3


@dataclass(frozen=True)
class Step:
    """size: units that a topic has at least. topics: how many there are. suggested: whether the run chose it."""

    size: int
    topics: int
    suggested: bool


def steps(tree: Tree) -> list[Step]:
    """From few topics to many; only the run's own where nothing else is really different.

    Sizes on a geometric grid to both sides of the run's own are cut from the kept tree; those stay whose topics are
    strictly fewer (or more) than their neighbour's, and where there are too many, evenly spread ones.
    """
    m = len(tree.linkage) + 1
    coarsest, finest = max(m // 4, tree.size + 1), max(_SMALLEST, round(0.1 * m**0.5))
    coarser = _grid(tree.size, coarsest, _TRIED_COARSER) if coarsest > tree.size else []
    finer = _grid(tree.size, finest, _TRIED_FINER) if finest < tree.size else []
    few = _thinned(tree, coarser, lambda topics, last: topics >= FEWEST and topics * APART <= last)
    many = _thinned(tree, finer, lambda topics, last: topics <= MOST and topics >= max(last, 1) * APART)
    return [*reversed(few), Step(tree.size, tree.topics, True), *many]


def suggested(found: Sequence[Step]) -> Step:
    """The run's own step."""
    return next(step for step in found if step.suggested)


def nearest(found: Sequence[Step], topics: int) -> Step:
    """The step whose number of topics is nearest by ratio."""
    return min(found, key=lambda step: (abs(math.log(max(step.topics, 1) / max(topics, 1))), not step.suggested))


def _grid(start: int, end: int, tried: int) -> list[int]:
    """Sizes from the one next to `start` to `end`."""
    sizes = [round(float(size)) for size in np.geomspace(start, end, tried + 1)[1:]]
    return [size for size in dict.fromkeys(sizes) if size != start and size >= 2]


def _thinned(tree: Tree, sizes: Sequence[int], differs: Callable[[int, int], bool]) -> list[Step]:
    found: list[Step] = []
    last = tree.topics
    for size in sizes:
        topics = tree.at(size, tree.config.join_threshold).topics
        if differs(topics, last):
            found.append(Step(size, topics, False))
            last = topics
    if len(found) <= EACH_SIDE:
        return found
    return [found[round(place)] for place in np.linspace(0, len(found) - 1, EACH_SIDE)]

"""Names and words of the topics that people make, quick enough for a click: against a part of the other reviews."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from pipelines.relabel import described
from pipelines.store.overlay import Overlay
from pipelines.store.reader import Bundle
from pipelines.types import FloatArray, IntArray, Topic

BACKGROUND = 3_000
"""Other reviews that say which words are common, at most: spread evenly over the file."""


class _Some(Overlay):
    """Some of a bundle's units."""

    def __init__(self, below: Bundle, places: IntArray) -> None:
        super().__init__(below, "some", points=below.points.iloc[places])
        self._places = places

    @property
    def vectors(self) -> FloatArray:
        """Of these units."""
        return np.asarray(self.below.vectors[self._places])


def worded(bundle: Bundle, cluster: NDArray[np.int32], strength: FloatArray) -> tuple[Topic, ...]:
    """As `relabel.described`: topics 0…T−1 of cluster (n,), −1 for all others, of whom a part is looked at."""
    others = np.flatnonzero(cluster < 0)
    step = max(1, -(-len(others) // BACKGROUND))
    places = np.union1d(np.flatnonzero(cluster >= 0), others[::step])
    found = described(_Some(bundle, places), cluster[places], strength[places])
    return tuple(replace(topic, exemplars=tuple(int(places[i]) for i in topic.exemplars)) for topic in found)

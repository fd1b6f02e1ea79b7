"""A bundle as people left it: the finished run with its points and its summary replaced, everything else as it was.

A bundle on the disk never changes. What people decide afterwards (fewer or more topics, a better name, a moved review,
a theme of their own) is laid over it, one layer on another, and read everywhere as a bundle is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from pipelines.store.reader import Bundle
from pipelines.types import FloatArray


class Overlay(Bundle):
    """`below` with other points or another summary (the same units in the same order); `decided` says what was laid
    over, plain values: the same decisions over the same bundle have the same `key`."""

    def __init__(
        self,
        below: Bundle,
        decided: object,
        *,
        points: pd.DataFrame | None = None,
        summary: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(below.path, below.manifest)
        self.below = below
        self._decided = hashlib.sha256(repr(decided).encode()).hexdigest()[:16]
        # The cached properties of a bundle are plain attributes once they have a value.
        self.points = below.points if points is None else points
        self.summary = below.summary if summary is None else dict(summary)

    @property
    def key(self) -> str:
        """What tells this overlay from every other look at the same bundle."""
        return f"{self.below.key}#{self._decided}"

    @property
    def rows(self) -> pd.DataFrame:
        """As the bundle's."""
        return self.below.rows

    @property
    def vectors(self) -> FloatArray:
        """As the bundle's."""
        return self.below.vectors

    def state(self, name: str) -> dict[str, np.ndarray]:
        """As the bundle's."""
        return self.below.state(name)

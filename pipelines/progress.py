"""How a stage tells how far it is, and hears that it should stop."""

from __future__ import annotations

from typing import Protocol

STAGES = ("reading", "embedding", "neighbors", "projection", "clusters", "topics", "sentiment", "outliers", "saving")


class Progress(Protocol):
    """Called by a stage between pieces of work; raises errors.Cancelled when the person asked to stop."""

    def __call__(self, stage: str, done: float, total: float, *, rate: float | None = None, note: str = "") -> None:
        """`stage` of STAGES; `done` of `total` in the stage's own units; `rate` in texts per second where known."""
        ...


def silent(stage: str, done: float, total: float, *, rate: float | None = None, note: str = "") -> None:
    """A Progress that tells nobody."""

"""How a stage tells how far it is, and hears that it should stop."""

from __future__ import annotations

from typing import Protocol

STAGES = ("reading", "embedding", "neighbors", "projection", "clusters", "topics", "sentiment", "outliers", "saving")


class Progress(Protocol):
    """Called by a stage between pieces of work; raises errors.Cancelled when the person asked to stop."""

    def __call__(self, stage: str, done: float, total: float, *, rate: float | None = None, note: str = "") -> None:
        """`stage` of STAGES; `done` of `total` in the stage's own units; `rate` in texts per second where known.

        note: counts that belong to it, as `packed` writes them (embedding: tokens, cached).
        """
        ...


def silent(stage: str, done: float, total: float, *, rate: float | None = None, note: str = "") -> None:
    """A Progress that tells nobody."""


def within(progress: Progress, low: float, high: float) -> Progress:
    """A Progress that tells the shares `low` to `high` (0…1) of a stage: with several steps its bar never falls."""

    def tell(stage: str, done: float, total: float, *, rate: float | None = None, note: str = "") -> None:
        progress(stage, low + (high - low) * (done / total if total else 1.0), 1.0, rate=rate, note=note)

    return tell


def packed(**counts: int) -> str:
    """Counts as a note: "tokens=120 cached=3"."""
    return " ".join(f"{name}={value}" for name, value in counts.items())


def unpacked(note: str) -> dict[str, int]:
    """The counts in a note; those that are none are passed over."""
    pairs = (entry.partition("=") for entry in note.split())
    return {name: int(value) for name, _, value in pairs if value.isdecimal()}

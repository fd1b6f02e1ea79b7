"""What is done part by part, by any process that sees the folder: embedding texts, finding nearest landmarks.

A work is plain values. `opened` loads what all its parts need, once in a process, and gives what does one part.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from pipelines import embed, embedding, neighbors
from pipelines.embed.base import is_combined, normalise
from pipelines.embed.preview import cut_off
from pipelines.errors import N_, UnusableInput
from pipelines.large.parts import Parts

PART_TEXTS = 4096
"""Texts of a part: what a killed process loses at most, and batches of texts alike in length are planned within."""
PART_ROWS = 8192


@dataclass(frozen=True)
class Done:
    """A part that is there: how many of its texts the embedder read now, their tokens, and how many were cut off."""

    part: int
    embedded: int = 0
    tokens: int = 0
    truncated: int = 0


class Work(Protocol):
    """What an engine does."""

    @property
    def stage(self) -> str:
        """The stage that its progress is told as."""
        ...

    @property
    def made(self) -> Parts:
        """The parts that come out."""
        ...

    def opened(self) -> Callable[[int], Done]:
        """What makes one part, and is called for many."""
        ...


@dataclass(frozen=True)
class Embedding:
    """Texts (parts "texts") to vectors, by the embedder of an identity and what it learned (an .npz) of a sample."""

    texts: Parts
    made: Parts
    identity: Mapping[str, object]
    state: Path
    cache_dir: Path
    stage: str = "embedding"

    def opened(self) -> Callable[[int], Done]:
        """Raises UnusableInput where this machine would compute other vectors than the one that asks."""
        with np.load(self.state, allow_pickle=False) as learned:
            embedder = embed.restore(self.identity, {name: learned[name] for name in learned.files})
        cache = embed.VectorCache(self.cache_dir / "vectors.db")
        encode = embedding.encoder(embedder, cache)
        assert encode is not None

        def do(part: int) -> Done:
            self.made.begin(part)
            texts = self.texts.texts(part)
            if embedder.per_text and not is_combined(embedder):
                found = embed.embed_texts(embedder, texts, cache)
                matrix, counts = found.matrix, found.counts
                done = Done(part, *(counts[name] for name in ("embedded", "tokens", "truncated")))
            else:
                matrix = normalise(encode(texts))
                done = Done(part, embedded=len(texts), truncated=len(cut_off(embedder, texts)))
            _check_alike(embedder, self.identity)
            self.made.write(part, {"vector": matrix})
            return done

        return do


@dataclass(frozen=True)
class Placing:
    """Units (rows of a .npy of vectors, named by a .npy of row numbers) to their nearest landmarks (a .npy)."""

    vectors: Path
    rows: Path
    landmarks: Path
    made: Parts
    k: int
    rows_a_part: int = PART_ROWS
    stage: str = "neighbors"

    def opened(self) -> Callable[[int], Done]:
        """As Work."""
        matrix, rows = np.load(self.vectors, mmap_mode="r"), np.load(self.rows)
        landmarks = np.load(self.landmarks)

        def do(part: int) -> Done:
            self.made.begin(part)
            at = rows[part * self.rows_a_part : (part + 1) * self.rows_a_part]
            near = neighbors.among(np.asarray(matrix[at]), landmarks, self.k)
            self.made.write(part, {"index": near.indices, "similarity": near.similarity})
            return Done(part)

        return do


def parts_for(items: int, size: int) -> int:
    """How many parts hold so many items."""
    return -(-items // size)


def _check_alike(embedder: embed.Embedder, wanted: Mapping[str, object]) -> None:
    """Which arithmetic a model runs in is known for certain only now that it has run."""
    if embedder.identity() != dict(wanted):
        raise UnusableInput(
            N_(
                "A machine of the cluster would read with “{name}” otherwise than the one that asks: give all the same "
                "version and {variable}."
            ),
            name=embedder.name,
            variable="REVIEWSCAPE_ARITHMETIC",
        )

"""Vectors of short English phrases by the bundled model, each encoded once and kept on disk: the draft's dictionary.

One file a model and arithmetic, `models/<digest>/glosses.bin` in the state folder: the sha256 of what follows, then
an .npz of digests and float16 vectors. It holds no words, only their digests: a review's words do not outlive the
review. A file that is cut, altered or unreadable counts as absent and is made anew.
"""

from __future__ import annotations

import hashlib
import io
import logging
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from pipelines import settings
from pipelines.embed.base import document_identity, identity_digest
from pipelines.embed.bundled import BundledEmbedder
from pipelines.errors import UnusableInput
from pipelines.progress import Progress, silent
from pipelines.store import durable
from pipelines.types import FloatArray

log = logging.getLogger(__name__)

MAX_KEPT = 150_000
"""Phrases on disk (115 MB); beyond them the oldest go."""
_SUM_BYTES = 32


class GlossTable:
    """Phrase → vector (384,); loads its file on first use, the model only for a phrase that is not in it."""

    def __init__(self, model: BundledEmbedder | None = None) -> None:
        self.model = model or BundledEmbedder()
        self._place: dict[int, int] | None = None
        self._vectors = np.zeros((0, self.model.dim), np.float16)

    @property
    def path(self) -> Path:
        """Where the file lies."""
        digest = identity_digest(document_identity(self.model.identity())).hex()[:16]
        return settings.home() / "models" / digest / "glosses.bin"

    def lacking(self, phrases: Iterable[str]) -> list[str]:
        """Those that have no vector yet, sorted, each once."""
        place = self._places()
        return sorted({phrase for phrase in phrases if phrase_digest(phrase) not in place})

    def add(self, phrases: Iterable[str], progress: Progress = silent, *, keep: bool = True) -> None:
        """Encode what is lacking; the stage told is "embedding", in phrases.

        keep: on disk, too; what was encoded when `progress` raises (Cancelled) or the model fails is kept as well.
        Phrases of a question stay in memory.
        """
        wanted = self.lacking(phrases)
        if not wanted:
            return
        # A vector has to be the same whatever was lacking beside it.
        alone = self.model.batch_dependent
        batches = [[i] for i in range(len(wanted))] if alone else self.model.plan(wanted)
        found: dict[int, np.ndarray] = {}
        try:
            for batch in batches:
                if keep:
                    progress("embedding", len(found), len(wanted))
                encoded = self.model.embed_documents([wanted[i] for i in batch]).astype(np.float16)
                found |= dict(zip(batch, encoded, strict=True))
        finally:
            self._join([phrase_digest(wanted[i]) for i in found], list(found.values()))
            if keep and found:
                self._save()
        if keep:
            progress("embedding", len(wanted), len(wanted))

    def vectors(self, phrases: Sequence[str]) -> FloatArray:
        """(n, 384) float32, rows of length 1 to three digits; raises KeyError for a phrase never added."""
        place = self._places()
        rows: FloatArray = self._vectors[[place[phrase_digest(phrase)] for phrase in phrases]].astype(np.float32)
        return rows

    def _places(self) -> dict[int, int]:
        if self._place is None:
            self._place = {}
            self._join(*self._read())
        return self._place

    def _join(self, digests: Sequence[int], vectors: Sequence[np.ndarray]) -> None:
        """Take in vectors, in order; of two for one phrase the first stays."""
        place = self._places()
        new = [row for row, digest in enumerate(digests) if digest not in place]
        for row in new:
            place[digests[row]] = len(place)
        self._vectors = np.concatenate(
            [self._vectors, np.reshape([vectors[row] for row in new], (-1, self.model.dim)).astype(np.float16)]
        )

    def _read(self) -> tuple[list[int], Sequence[np.ndarray]]:
        try:
            content = self.path.read_bytes()
        except FileNotFoundError:
            return [], []
        except (OSError, UnusableInput) as error:
            log.warning("the gloss table cannot be read and is made anew: %s", error)
            return [], []
        if hashlib.sha256(content[_SUM_BYTES:]).digest() != content[:_SUM_BYTES]:
            log.warning("%s is damaged: the gloss table is made anew", self.path)
            return [], []
        with np.load(io.BytesIO(content[_SUM_BYTES:]), allow_pickle=False) as arrays:
            return arrays["digests"].tolist(), list(arrays["vectors"])

    def _save(self) -> None:
        """Replace the file in one step, with what another process put there meanwhile; a full disk costs only time."""
        self._join(*self._read())
        digests = np.array(list(self._places()), np.uint64)
        buffer = io.BytesIO()
        np.savez(buffer, digests=digests[-MAX_KEPT:], vectors=self._vectors[-MAX_KEPT:])
        content = buffer.getvalue()
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            durable.sweep_temps(self.path.parent)
            durable.replace_file(self.path, hashlib.sha256(content).digest() + content)
        except (OSError, UnusableInput) as error:
            log.warning("the gloss table is not kept: %s", error)


def phrase_digest(phrase: str) -> int:
    """64 bits of blake2b: among 150,000 phrases two alike by chance once in 10⁹ tables."""
    return int.from_bytes(hashlib.blake2b(phrase.encode("utf-8", "replace"), digest_size=8).digest(), "little")

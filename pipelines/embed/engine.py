"""From texts to vectors: each distinct text once, what is cached not at all, durable after every batch.

The plan is made over all distinct texts before batches are left out, so a run that goes on after a crash computes the
same batches. Where a text's bits vary with its batch (no local model on the processors tried), a batch that lacks any
text is computed whole and cached under the batch's own digest, so that the vectors of a file stay the same.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pipelines.embed.base import Embedder, direct, is_combined, learns
from pipelines.embed.cache import VectorCache
from pipelines.embed.combined import part_vectors
from pipelines.errors import N_, ProviderFailed
from pipelines.progress import Progress, silent
from pipelines.types import FloatArray, Vectors


def embed_texts(
    embedder: Embedder, texts: Sequence[str], cache: VectorCache | None = None, progress: Progress = silent
) -> Vectors:
    """Vectors (n, dim) float32 of length 1 in the order of `texts`; n = 0 gives (0, dim).

    counts: texts, distinct, embedded (computed now), cached, tokens. Raises ProviderFailed, UnusableInput, MissingKey,
    Cancelled; what was embedded until then is in the cache.
    """
    distinct = list(dict.fromkeys(texts))
    place = {text: i for i, text in enumerate(distinct)}
    tokens_before = embedder.tokens
    state: dict[str, np.ndarray] = embedder.fit(distinct) if distinct and learns(embedder) else {}
    counter = _Counter(len(distinct), progress)
    rows = _rows(embedder, distinct, cache, counter, state)
    matrix = direct(rows)[[place[text] for text in texts]] if distinct else np.zeros((0, embedder.dim), np.float32)
    return Vectors(
        matrix=np.ascontiguousarray(matrix),
        identity=embedder.identity(),
        query_dim=embedder.query_dim if is_combined(embedder) else matrix.shape[1],
        state=state,
        counts={
            "texts": len(texts),
            "distinct": len(distinct),
            "embedded": counter.embedded,
            "cached": counter.cached,
            "tokens": embedder.tokens - tokens_before,
        },
    )


@dataclass
class _Counter:
    """How far the costly part is; a combination's parts that are not cached go uncounted."""

    total: int
    progress: Progress
    embedded: int = 0
    cached: int = 0
    started: float = 0.0

    def found(self, count: int) -> None:
        """Some texts came from the cache."""
        self.cached += count
        self.tell()

    def computed(self, count: int) -> None:
        """Some texts were embedded."""
        self.embedded += count
        self.tell()

    def tell(self) -> None:
        """Report texts done and the rate since the first batch began."""
        seconds = time.perf_counter() - self.started
        rate = self.embedded / seconds if self.embedded and seconds > 0 else None
        self.progress("embedding", min(self.cached + self.embedded, self.total), self.total, rate=rate)


def _rows(
    embedder: Embedder,
    distinct: list[str],
    cache: VectorCache | None,
    counter: _Counter,
    state: dict[str, np.ndarray],
) -> FloatArray:
    """(distinct, dim) of any embedder, its parts one after another; what a combination learns is added to `state`."""
    if not distinct:
        return np.zeros((0, embedder.dim), np.float32)
    if is_combined(embedder):
        matrices = [_rows(part, distinct, cache, counter, {}) for part in embedder.parts]
        state |= embedder.settle(matrices)
        return embedder.combine(matrices)
    if not embedder.per_text:
        return _fitted_rows(embedder, distinct, counter)
    return _cached_rows(embedder, distinct, cache, counter)


def _fitted_rows(embedder: Embedder, distinct: list[str], counter: _Counter) -> FloatArray:
    parts = []
    for batch in embedder.plan(distinct):
        parts.append(part_vectors(embedder, [distinct[i] for i in batch]))
        # Asks whether to stop; what takes seconds for a whole file is no progress worth showing.
        counter.tell()
    return np.concatenate(parts)


def _cached_rows(embedder: Embedder, distinct: list[str], cache: VectorCache | None, counter: _Counter) -> FloatArray:
    identity = embedder.identity()
    known = cache.get(identity, distinct) if cache else {}
    counter.found(len(known))
    if len(known) < len(distinct):
        # Only now is a model loaded: a file whose texts are all cached never pays for it.
        for batch in embedder.plan(distinct):
            salt = _batch_digest(distinct, batch) if embedder.batch_dependent else b""
            lacking = [i for i in batch if i not in known]
            if lacking and salt:
                kept = cache.get(identity, [distinct[i] for i in batch], salt) if cache else {}
                known |= {batch[i]: vector for i, vector in kept.items()}
                counter.found(len(kept))
                lacking = batch if len(kept) < len(batch) else []
            if lacking:
                _compute(embedder, distinct, lacking, known, cache, counter, salt)
    width = {len(vector) for vector in known.values()}
    if len(width) > 1:
        raise ProviderFailed(
            N_("“{name}” gave vectors of different dimensions ({dims}). Clear the embedding cache and run it again."),
            name=embedder.name,
            dims=", ".join(map(str, sorted(width))),
        )
    return np.stack([known[i] for i in range(len(distinct))])


def _compute(
    embedder: Embedder,
    distinct: list[str],
    indices: list[int],
    known: dict[int, FloatArray],
    cache: VectorCache | None,
    counter: _Counter,
    salt: bytes,
) -> None:
    counter.started = counter.started or time.perf_counter()
    texts = [distinct[i] for i in indices]
    vectors = embedder.embed_documents(texts)
    if cache:
        cache.put(embedder.identity(), texts, vectors, salt)
    known |= dict(zip(indices, vectors, strict=True))
    counter.computed(len(indices))


def _batch_digest(distinct: list[str], batch: Sequence[int]) -> bytes:
    hasher = hashlib.sha256()
    for i in batch:
        hasher.update(hashlib.sha256(distinct[i].encode("utf-8", "surrogatepass")).digest())
    return hasher.digest()

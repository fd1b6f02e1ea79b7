"""From texts to vectors: each distinct text once, what is cached not at all, durable after every batch.

The plan is made over all distinct texts before batches are left out, so a run that goes on after a crash computes the
same batches. Where a text's bits vary with its batch (no local model on the processors tried), a batch that lacks any
text is computed whole and cached under the batch's own digest, so that the vectors of a file stay the same.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from pipelines.embed.base import Embedder, direct, document_identity, is_combined, learns, may_refuse
from pipelines.embed.cache import VectorCache
from pipelines.embed.combined import part_vectors
from pipelines.embed.preview import check_budget, cut_off
from pipelines.embed.remote import refused_all
from pipelines.errors import N_, ProviderFailed
from pipelines.progress import Progress, silent
from pipelines.types import BoolArray, FloatArray, Vectors, Warning_


def embed_texts(
    embedder: Embedder, texts: Sequence[str], cache: VectorCache | None = None, progress: Progress = silent
) -> Vectors:
    """Vectors (n, dim) float32 of length 1 in the order of `texts`; n = 0 gives (0, dim).

    counts: texts, distinct, embedded (computed now), cached, tokens, truncated, refused. A text that its provider will
    not take costs the others nothing: its rows are zeros and stand in `refused`. Raises ProviderFailed (every text
    refused, too), UnusableInput (over the budget, too), MissingKey, Cancelled; what was embedded until then is in the
    cache.
    """
    distinct = list(dict.fromkeys(texts))
    place = {text: i for i, text in enumerate(distinct)}
    tokens_before = embedder.tokens
    state: dict[str, np.ndarray] = embedder.fit(distinct) if distinct and learns(embedder) else {}
    counter = _Counter(len(distinct), progress)
    rows = _rows(embedder, distinct, cache, counter, state)
    rows = direct(rows) if distinct else np.zeros((0, embedder.dim), np.float32)
    rows[list(counter.refused)] = 0
    matrix = rows[[place[text] for text in texts]] if distinct else rows
    truncated = len(cut_off(embedder, distinct))
    refused = {i: counter.refused[place[text]] for i, text in enumerate(texts) if place[text] in counter.refused}
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
            "truncated": truncated,
            "refused": len(counter.refused),
        },
        refused=refused,
        notes=_notes(embedder, truncated, counter.refused),
    )


def without_refused(vectors: Vectors) -> tuple[BoolArray, Vectors]:
    """Which of the n rows have a vector, and the vectors of those alone, as a map needs them; counts stay."""
    kept = np.ones(len(vectors.matrix), dtype=bool)
    kept[list(vectors.refused)] = False
    if kept.all():
        return kept, vectors
    return kept, replace(vectors, matrix=vectors.matrix[kept], refused={})


def _notes(embedder: Embedder, truncated: int, refused: Mapping[int, str]) -> tuple[Warning_, ...]:
    """What a person should know of how the vectors came about."""
    notes: list[Warning_] = []
    filtered = sum(kind == "content" for kind in refused.values())
    values = {"name": embedder.name, "count": filtered}
    if filtered:
        told = N_("{count} texts have no vector: the content filter of “{name}” refused them. They are left out.")
        notes.append(Warning_(told, values))
    if len(refused) > filtered:
        told = N_("{count} texts have no vector: “{name}” refused them without saying why. They are left out.")
        notes.append(Warning_(told, {**values, "count": len(refused) - filtered}))
    if truncated:
        told = N_("Of {count} texts longer than “{name}” takes, the beginning alone was read.")
        notes.append(Warning_(told, {**values, "count": truncated}))
    tell = getattr(embedder, "notes", None)
    return (*notes, *(tell() if callable(tell) else ()))


@dataclass
class _Counter:
    """How far the costly part is; a combination's parts that are not cached go uncounted."""

    total: int
    progress: Progress
    embedded: int = 0
    cached: int = 0
    started: float = 0.0
    refused: dict[int, str] = field(default_factory=dict)

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
        done = self.cached + self.embedded + len(self.refused)
        self.progress("embedding", min(done, self.total), self.total, rate=rate)


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
    identity = document_identity(embedder.identity())
    known = cache.get(identity, distinct) if cache else {}
    counter.found(len(known))
    if len(known) < len(distinct):
        check_budget(embedder, [text for i, text in enumerate(distinct) if i not in known])
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
    if not known:
        raise refused_all(embedder.name, len(distinct), len(distinct), next(iter(counter.refused.values())))
    matrix = np.zeros((len(distinct), width.pop()), np.float32)
    for i, vector in known.items():
        matrix[i] = vector
    return matrix


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
    if may_refuse(embedder):
        allowed = embedder.embed_allowed(texts)
        vectors = allowed.matrix[[i for i in range(len(texts)) if i not in allowed.refused]]
        counter.refused |= {indices[i]: kind for i, kind in allowed.refused.items()}
        texts = [text for i, text in enumerate(texts) if i not in allowed.refused]
        indices = [i for i in indices if i not in counter.refused]
    else:
        vectors = embedder.embed_documents(texts)
    if cache and texts:
        cache.put(document_identity(embedder.identity()), texts, vectors, salt)
    known |= dict(zip(indices, vectors, strict=True))
    counter.computed(len(indices))


def _batch_digest(distinct: list[str], batch: Sequence[int]) -> bytes:
    hasher = hashlib.sha256()
    for i in batch:
        hasher.update(hashlib.sha256(distinct[i].encode("utf-8", "surrogatepass")).digest())
    return hasher.digest()

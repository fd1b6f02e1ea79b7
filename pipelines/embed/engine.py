"""From texts to vectors: each distinct text once, what is cached not at all, durable after every batch.

The plan is made over all distinct texts before batches are left out, so a run that goes on after a crash computes the
same batches. Where a text's bits vary with its batch (no local model on the processors tried), a batch that lacks any
text is computed whole and cached under the batch's own digest, so that the vectors of a file stay the same.

A kill costs one batch at most: what is under way. At a paid service far away, where the way takes most of the time,
that is up to `remote.AT_ONCE` small requests (40 texts at DashScope, 256 at others), each kept once answered. An error
costs no more than the request that it befell.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from pipelines.embed.base import Allowed, Embedder, direct, document_identity, is_combined, learns, may_refuse
from pipelines.embed.cache import VectorCache
from pipelines.embed.combined import part_key, part_vectors
from pipelines.embed.counter import Counter
from pipelines.embed.preview import check_budget, cut_off
from pipelines.embed.remote import refused_all
from pipelines.embed.underway import answered
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
    counter = Counter(embedder, len(distinct), progress)
    state: dict[str, np.ndarray] = {}
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
            "tokens": counter.tokens,
            "truncated": truncated,
            "refused": len(counter.refused),
        },
        refused=refused,
        notes=notes_of(embedder, truncated, counter.refused),
    )


def without_refused(vectors: Vectors) -> tuple[BoolArray, Vectors]:
    """Which of the n rows have a vector, and the vectors of those alone, as a map needs them; counts stay."""
    kept = np.ones(len(vectors.matrix), dtype=bool)
    kept[list(vectors.refused)] = False
    if kept.all():
        return kept, vectors
    return kept, replace(vectors, matrix=vectors.matrix[kept], refused={})


def notes_of(embedder: Embedder, truncated: int, refused: Mapping[int, str]) -> tuple[Warning_, ...]:
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


def _rows(
    embedder: Embedder,
    distinct: list[str],
    cache: VectorCache | None,
    counter: Counter,
    state: dict[str, np.ndarray],
) -> FloatArray:
    """(distinct, dim) of any embedder, its parts one after another; what is learned is added to `state`.

    A part learns only when its turn comes: the first, which costs most, starts at once.
    """
    if not distinct:
        return np.zeros((0, embedder.dim), np.float32)
    if is_combined(embedder):
        matrices = []
        for i, part in enumerate(embedder.parts):
            learned: dict[str, np.ndarray] = {}
            matrices.append(_rows(part, distinct, cache, counter, learned))
            state |= {part_key(i, key): array for key, array in learned.items()}
        state |= embedder.settle(matrices)
        return embedder.combine(matrices)
    if learns(embedder):
        state |= embedder.fit(distinct)
    if not embedder.per_text:
        return _fitted_rows(embedder, distinct, counter)
    return _cached_rows(embedder, distinct, cache, counter)


def _fitted_rows(embedder: Embedder, distinct: list[str], counter: Counter) -> FloatArray:
    parts = []
    for batch in embedder.plan(distinct):
        parts.append(part_vectors(embedder, [distinct[i] for i in batch]))
        # Asks whether to stop; what takes seconds for a whole file is no progress worth showing.
        counter.tell()
    return np.concatenate(parts)


def _cached_rows(embedder: Embedder, distinct: list[str], cache: VectorCache | None, counter: Counter) -> FloatArray:
    identity = document_identity(embedder.identity())
    known = cache.get(identity, distinct) if cache else {}
    counter.found(len(known))
    if len(known) < len(distinct):
        lacking = [text for i, text in enumerate(distinct) if i not in known]
        check_budget(embedder, lacking)
        counter.expect(lacking, identity.get("max_tokens"))
        _compute(embedder, distinct, known, cache, counter)
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


@dataclass(frozen=True)
class _Batch:
    """indices: of the distinct texts to compute together. salt: what their bits depend on beside each text."""

    indices: list[int]
    salt: bytes


def _compute(
    embedder: Embedder,
    distinct: list[str],
    known: dict[int, FloatArray],
    cache: VectorCache | None,
    counter: Counter,
) -> None:
    """Embed what is not known, batch by batch, each durable in the cache before it is counted."""

    def ask(batch: _Batch) -> Allowed:
        texts = [distinct[i] for i in batch.indices]
        return embedder.embed_allowed(texts) if may_refuse(embedder) else Allowed(embedder.embed_documents(texts))

    batches = _lacking(embedder, distinct, known, cache, counter)
    if embedder.remote:
        answers = answered(batches, ask, getattr(embedder, "at_once", 1), counter.tell)
    else:
        answers = ((batch, ask(batch)) for batch in batches)
    for batch, allowed in answers:
        taken = [place for place in range(len(batch.indices)) if place not in allowed.refused]
        indices, vectors = [batch.indices[place] for place in taken], allowed.matrix[taken]
        if cache and indices:
            # The identity anew: a provider may have told its dimension with the first answer.
            cache.put(document_identity(embedder.identity()), [distinct[i] for i in indices], vectors, batch.salt)
        known |= dict(zip(indices, vectors, strict=True))
        refused = {batch.indices[place]: kind for place, kind in allowed.refused.items()}
        counter.computed([distinct[i] for i in batch.indices], refused)


def _lacking(
    embedder: Embedder,
    distinct: list[str],
    known: dict[int, FloatArray],
    cache: VectorCache | None,
    counter: Counter,
) -> Iterator[_Batch]:
    """The batches to compute, in the order of the plan over all texts; adds to `known` what the cache has by batch."""
    # Only now is a model loaded: a file whose texts are all cached never pays for it.
    for batch in embedder.plan(distinct):
        salt = b""
        indices = [i for i in batch if i not in known]
        if indices and embedder.batch_dependent:
            salt = _batch_digest(distinct, batch)
            texts = [distinct[i] for i in batch]
            kept = cache.get(document_identity(embedder.identity()), texts, salt) if cache else {}
            indices = batch if len(kept) < len(batch) else []
            if not indices:
                known |= {batch[place]: vector for place, vector in kept.items()}
                counter.found_late(texts)
        if indices:
            counter.begin()
            yield _Batch(indices, salt)


def _batch_digest(distinct: list[str], batch: Sequence[int]) -> bytes:
    hasher = hashlib.sha256()
    for i in batch:
        hasher.update(hashlib.sha256(distinct[i].encode("utf-8", "surrogatepass")).digest())
    return hasher.digest()

"""The stage of embedding in an analysis: which embedder, what a paid one needs, what was refused."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from pipelines import embed
from pipelines.config import AnalyzeConfig
from pipelines.embed.base import is_combined
from pipelines.embed.combined import part_vectors
from pipelines.embed.offline_zh_draft import OfflineChineseDraft
from pipelines.embed.static import StaticEmbedder
from pipelines.progress import Progress, silent
from pipelines.types import FloatArray, Reviews, Units, Vectors


def chosen(config: AnalyzeConfig, units: Units) -> embed.Choice:
    """The embedder of a config for these units; errors as `embed.resolve`."""
    return embed.resolve(
        config.embedder, units.language, dim=config.dim, prompts=prompts_of(config), draft=config.draft
    )


def vectors(
    embedder: embed.Embedder, texts: Sequence[str], cache: embed.VectorCache, progress: Progress = silent
) -> Vectors:
    """As `embed.embed_texts`, what an embedder has to make first told and stopped alike."""
    _prepare(embedder, texts, cache, progress)
    return embed.embed_texts(embedder, texts, cache, progress)


def encoder(embedder: embed.Embedder | None, cache: embed.VectorCache) -> Callable[[list[str]], FloatArray] | None:
    """A function from a few texts to vectors (n, dim) comparable with those of the file, each text once for all runs.

    embedder: as it is after the file was embedded; nothing is learned anew. None where there is none, or where it is
    remote: asking again would be a call that nobody agreed to.
    """
    if embedder is None or embedder.remote:
        return None
    return partial(_encoded, embedder, cache)


def _encoded(embedder: embed.Embedder, cache: embed.VectorCache, texts: list[str]) -> FloatArray:
    if is_combined(embedder):
        quick = [not part.per_text and not is_combined(part) for part in embedder.parts]
        return embedder.combine(
            [
                part_vectors(part, texts) if computed else _encoded(part, cache, texts)
                for part, computed in zip(embedder.parts, quick, strict=True)
            ]
        )
    return embed.embed_texts(embedder, texts, cache).matrix if embedder.per_text else embedder.embed_documents(texts)


def _prepare(embedder: embed.Embedder, texts: Sequence[str], cache: embed.VectorCache, progress: Progress) -> None:
    if isinstance(embedder, StaticEmbedder):
        embedder.prepare(texts, progress, cache)
    elif isinstance(embedder, OfflineChineseDraft):
        embedder.prepare(texts, progress)
    elif is_combined(embedder):
        for part in embedder.parts:
            _prepare(part, texts, cache, progress)


def prompts_of(config: AnalyzeConfig) -> embed.Prompts | None:
    """The prompts that a config asks for; None leaves a model its own. Raises UnusableInput where it takes none."""
    if config.purpose == "retrieval" and config.query_prompt is None and config.document_prompt is None:
        return None
    given = {"query": config.query_prompt, "document": config.document_prompt}
    if config.purpose != "retrieval":
        instructed = embed.default_prompts(embed.model_of(config.embedder), config.purpose)
        given["document"] = instructed.document if config.document_prompt is None else config.document_prompt
    left = tuple(kind for kind, prompt in given.items() if prompt is None)
    return embed.Prompts(given["query"] or "", given["document"] or "", left)


def without_refused(reviews: Reviews, units: Units, vectors: Vectors) -> tuple[Reviews, Units, Vectors]:
    """All that has a vector; a review of which a provider refused every unit is left out as "refused"."""
    if not vectors.refused:
        return reviews, units, vectors
    taken, vectors = embed.without_refused(vectors)
    units = units.take(np.flatnonzero(taken))
    kept = np.zeros_like(reviews.kept)
    kept[units.row_id] = True
    lost = reviews.kept & ~kept
    reason = ["refused" if gone else why for why, gone in zip(reviews.reason, lost, strict=True)]
    return replace(reviews, kept=kept, reason=reason), units, vectors

"""The stage of embedding in an analysis: which embedder, what a paid one needs, own vectors, what was refused."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from itertools import compress
from pathlib import Path

import numpy as np

from pipelines import embed
from pipelines.config import AnalyzeConfig
from pipelines.errors import N_, UnusableInput
from pipelines.types import Reviews, Units, Vectors


def chosen(config: AnalyzeConfig, units: Units) -> embed.Choice:
    """The embedder of a config for these units; errors as `embed.resolve`."""
    name = "lexical" if config.draft else config.embedder
    return embed.resolve(name, units.language, dim=config.dim, prompts=prompts_of(config))


def prompts_of(config: AnalyzeConfig) -> embed.Prompts | None:
    """The prompts that a config asks for; None leaves a model its own. Raises UnusableInput where it takes none."""
    if config.purpose == "retrieval" and config.query_prompt is None and config.document_prompt is None:
        return None
    usual = embed.default_prompts(embed.model_of(config.embedder), config.purpose)
    query = usual.query if config.query_prompt is None else config.query_prompt
    document = usual.document if config.document_prompt is None else config.document_prompt
    return embed.Prompts(query, document)


def check_agreed(choice: embed.Choice, units: Units, *, agreed: bool) -> None:
    """Raise UnusableInput where a paid embedder would be asked though nobody agreed to what it costs."""
    if choice.embedder.paid and not agreed:
        raise UnusableInput(
            N_("“{name}” costs money and sends {n} texts to its provider: repeat with --yes to agree."),
            name=choice.name,
            n=len(set(units.clean)),
        )


def without_refused(reviews: Reviews, units: Units, vectors: Vectors) -> tuple[Reviews, Units, Vectors]:
    """All that has a vector; a review of which a provider refused every unit is left out as "refused"."""
    if not vectors.refused:
        return reviews, units, vectors
    taken, vectors = embed.without_refused(vectors)
    units = Units(
        row_id=units.row_id[taken],
        text=list(compress(units.text, taken)),
        clean=list(compress(units.clean, taken)),
        language=list(compress(units.language, taken)),
    )
    kept = np.zeros_like(reviews.kept)
    kept[units.row_id] = True
    lost = reviews.kept & ~kept
    reason = ["refused" if gone else why for why, gone in zip(reviews.reason, lost, strict=True)]
    return replace(reviews, kept=kept, reason=reason), units, vectors


def own_vectors(path: Path, reviews: Reviews, units: Units) -> Vectors:
    """A person's vectors, one row a data row of the upload; raises UnusableInput when they do not fit."""
    try:
        loaded = np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise UnusableInput(N_("{path} is no .npy file of numbers: {error}"), path=path, error=error) from error
    if not isinstance(loaded, np.ndarray) or loaded.dtype.kind not in "fiu":
        raise UnusableInput(N_("{path} is no .npy file of numbers: {error}"), path=path, error=type(loaded).__name__)
    rows = len(reviews.text)
    if loaded.ndim != 2 or len(loaded) != rows:
        raise UnusableInput(
            N_("{path} has shape {shape}, but the file has {rows} data rows: one vector a row is needed."),
            path=path,
            shape=loaded.shape,
            rows=rows,
        )
    matrix = np.ascontiguousarray(loaded[units.row_id], dtype=np.float32)
    length = np.linalg.norm(matrix, axis=1, keepdims=True)
    if not np.isfinite(length).all() or (length == 0).any():
        bad = int(units.row_id[np.flatnonzero(~np.isfinite(length[:, 0]) | (length[:, 0] == 0))[0]])
        raise UnusableInput(N_("{path}: the vector of data row {row} is zero or not finite."), path=path, row=bad + 1)
    sha = hashlib.sha256(np.ascontiguousarray(loaded).tobytes()).hexdigest()
    counts = {"texts": len(matrix), "embedded": 0, "cached": 0}
    return Vectors(matrix / length, {"name": "own", "sha256": sha}, matrix.shape[1], counts=counts)

"""Vectors of added texts, made as those of the finished map were: by the same embedder in the same arithmetic."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np

from pipelines import embed, embedding, own
from pipelines.embed.base import keeps, normalise
from pipelines.embed.preview import check_agreed
from pipelines.errors import N_, UnusableInput
from pipelines.ingest import Source
from pipelines.progress import Progress
from pipelines.store.reader import Bundle
from pipelines.types import Reviews, Units, Vectors, Warning_

OWN = "own"
_AT_ONCE = 2048
"""Texts that an embedder with a fitted state reads between two signs of life."""


def embedder_of(bundle: Bundle) -> embed.Embedder | None:
    """The embedder of a bundle, ready for added texts; None where the person gave vectors of their own.

    Raises UnusableInput where this computer would compute other vectors, DamagedBundle where its state does not fit.
    """
    if bundle.identity.get("name") == OWN:
        return None
    embedder = embed.restore(bundle.identity, _state(bundle))
    _check_alike(bundle.identity, embedder.identity())
    return embedder


def vectors(
    bundle: Bundle,
    embedder: embed.Embedder | None,
    reviews: Reviews,
    units: Units,
    given: Path | Source | None,
    cache: embed.VectorCache,
    progress: Progress,
    *,
    agreed: bool,
    tell: Callable[[Warning_], None] | None,
) -> Vectors:
    """Vectors of the units, comparable to the bundle's. given: the person's own, one row a data row of the new file.

    Raises UnusableInput (own vectors are missing, not wanted or of another dimension; a paid embedder nobody agreed
    to), ProviderFailed, MissingKey, Cancelled.
    """
    dim = int(bundle.vectors.shape[1])
    if embedder is None:
        return _own(reviews, units, given, dim)
    if given is not None:
        raise UnusableInput(
            N_("The vectors of this analysis come from “{name}”, not from a file: leave --vectors away."),
            name=embedder.name,
        )
    told = check_agreed(embedder, units.clean, cache, agreed=agreed)
    if told is not None and tell is not None:
        tell(told.told())
    made = _fitted(embedder, units.clean, cache, progress) if keeps(embedder) else None
    if made is None:
        made = embedding.vectors(embedder, units.clean, cache, progress)
    # Which arithmetic a model runs in is known for certain only now that it has run.
    _check_alike(bundle.identity, embedder.identity())
    if made.matrix.shape[1] != dim:
        raise _other_dimension(embedder.name, made.matrix.shape[1], dim)
    return made


def _fitted(embedder: embed.Embedder, texts: Sequence[str], cache: embed.VectorCache, progress: Progress) -> Vectors:
    """Vectors of an embedder that learned from the old file; it keeps nothing anew."""
    distinct = list(dict.fromkeys(texts))
    encode = embedding.encoder(embedder, cache)
    parts = []
    if encode is None:
        raise UnusableInput(
            N_("“{name}” cannot embed added reviews. Run the analysis again with all of them."), name=embedder.name
        )
    for start in range(0, len(distinct), _AT_ONCE):
        progress("embedding", start, len(distinct))
        parts.append(encode(distinct[start : start + _AT_ONCE]))
    progress("embedding", len(distinct), len(distinct))
    place = {text: i for i, text in enumerate(distinct)}
    dim = embedder.dim
    rows = np.concatenate(parts) if parts else np.zeros((0, dim), np.float32)
    matrix = np.ascontiguousarray(normalise(rows)[[place[text] for text in texts]])
    counts = {"texts": len(texts), "distinct": len(distinct)}
    return Vectors(matrix, embedder.identity(), matrix.shape[1], counts=counts)


def _own(reviews: Reviews, units: Units, given: Path | Source | None, dim: int) -> Vectors:
    if given is None:
        raise UnusableInput(
            N_("This analysis was made from vectors of your own: give those of the added rows as well, with --vectors.")
        )
    made = own.vectors(given, reviews, units)
    if made.matrix.shape[1] != dim:
        raise _other_dimension(given.name, made.matrix.shape[1], dim)
    return made


def _other_dimension(name: str, found: int, wanted: int) -> UnusableInput:
    return UnusableInput(
        N_(
            "“{name}” gives vectors of {found} numbers, this analysis has {wanted}. "
            "Run the analysis again with all rows."
        ),
        name=name,
        found=found,
        wanted=wanted,
    )


def _state(bundle: Bundle) -> Mapping[str, np.ndarray]:
    if "embedder" not in bundle.state_names:
        return {}
    return {name: array for name, array in bundle.state("embedder").items() if name != "query_dim"}


def _check_alike(before: Mapping[str, object], now: Mapping[str, object]) -> None:
    """Raise UnusableInput where a model would compute in another arithmetic than it did: places would be off a little
    for all added reviews, and nobody would see it."""
    for was, is_now in zip(_arithmetics(before), _arithmetics(now), strict=False):
        if was != is_now:
            raise UnusableInput(
                N_(
                    "The reviews of this analysis were read in the arithmetic {before}, this computer reads in {now}: "
                    "added ones would not compare. Set {variable} as it was, or run the analysis again with all rows."
                ),
                before=was,
                now=is_now,
                variable="REVIEWSCAPE_ARITHMETIC",
            )


def _arithmetics(identity: Mapping[str, object]) -> list[str]:
    parts = identity.get("parts")
    below = [one for part in parts for one in _arithmetics(part)] if isinstance(parts, list) else []
    return [str(identity.get("arithmetic", "")), *below]

"""Phrases as vectors, by the embedder that read the bundle's reviews; only where that happens on this computer."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from pipelines import embed
from pipelines.embed.base import normalise
from pipelines.errors import ReviewscapeError
from pipelines.store.reader import Bundle, Held
from pipelines.tracked import scoring
from pipelines.tracked.definition import Meaning
from pipelines.types import FloatArray

_log = logging.getLogger(__name__)
_REMOTE = ("dashscope", "openai", "ollama")
_STATE = "embedder"
_FIRST_EASTERN = 0x2E80


def reader_of(bundle: Bundle) -> str:
    """What tells by which embedder, as it learned from the file, vectors were made: those of one reader compare."""
    kept = {name: entry for name, entry in bundle.manifest["files"].items() if name.startswith(f"state/{_STATE}.")}
    known = json.dumps([bundle.identity, sorted((name, entry.get("sha256")) for name, entry in kept.items())],
                       sort_keys=True, default=str)  # fmt: skip
    return hashlib.sha256(known.encode()).hexdigest()[:24]


def is_read_here(bundle: Bundle) -> bool:
    """Whether a phrase can be read as the reviews were, and nobody be asked: no own vectors, none of a service."""
    name = str(bundle.identity.get("name", ""))
    return bool(name) and name != "own" and name.partition(":")[0] not in _REMOTE


def embedder_of(bundle: Bundle) -> embed.Embedder | None:
    """The embedder that read the bundle's reviews, as it was then; None where it cannot be asked here."""
    return _embedder(bundle.path.as_posix(), Held(bundle)) if is_read_here(bundle) and len(bundle.vectors) else None


def vectors_of(bundle: Bundle, phrases: Sequence[str]) -> FloatArray | None:
    """(p, d) each phrase as a question's vector, of length 1; None where the bundle's embedder cannot be asked here."""
    embedder = embedder_of(bundle)
    return None if embedder is None else normalise(np.stack([_query(embedder, phrase) for phrase in phrases]))


def chance(bundle: Bundle, phrase: str) -> float:
    """The likeness that phrases foreign to the file, in the script of this one, do not reach."""
    return _floor(bundle.path.as_posix(), _is_western(phrase), Held(bundle))


def _is_western(phrase: str) -> bool:
    # An accent (café) does not make a phrase Chinese.
    return all(ord(char) < _FIRST_EASTERN for char in phrase)


def read(bundle: Bundle, phrases: Sequence[str]) -> tuple[Meaning | None, ...]:
    """Each phrase's meaning for this bundle; None for all where its embedder cannot be asked here (words remain)."""
    return tuple(_read(bundle.path.as_posix(), phrase, Held(bundle)) for phrase in phrases)


@lru_cache(maxsize=512)
def _read(path: str, phrase: str, held: Held) -> Meaning | None:
    bundle = held.bundle
    embedder = embedder_of(bundle)
    if embedder is None:
        return None
    vector = _query(embedder, phrase)
    cut, scale = scoring.cut(likeness(bundle, vector[None, :])[0], _floor(path, _is_western(phrase), held))
    return Meaning(reader_of(bundle), vector.astype("<f4").tobytes(), round(cut, 6), round(scale, 6))


def likeness(bundle: Bundle, queries: FloatArray) -> FloatArray:
    """(q, n) cosine of each query (q, d) with each review, in the part of a vector that queries are compared with."""
    matrix, norms = _compared(bundle.path.as_posix(), queries.shape[1], Held(bundle))
    return (normalise(queries) @ matrix.T) / norms


@lru_cache(maxsize=2)
def _embedder(path: str, held: Held) -> embed.Embedder | None:
    bundle = held.bundle
    try:
        if not embed.is_here(bundle.identity):
            # Typing a word fetches nothing.
            return None
        state = bundle.state(_STATE) if _STATE in bundle.state_names else {}
        found = embed.restore(bundle.identity, {name: array for name, array in state.items() if name != "query_dim"})
        return None if found.remote or found.paid else found
    except ReviewscapeError as error:
        _log.info("phrases are matched by words alone: %s", type(error).__name__)
        return None


@lru_cache(maxsize=8)
def _floor(path: str, western_only: bool, held: Held) -> float:
    # An English model sees noise in Chinese: what it does with that says nothing about English phrases.
    embedder = _embedder(path, held)
    if embedder is None:
        return 1.0
    controls = np.stack(
        [_query(embedder, phrase) for phrase in scoring.CONTROLS if phrase.isascii() or not western_only]
    )
    return scoring.floor(likeness(held.bundle, controls).max(axis=1).tolist())


@lru_cache(maxsize=4)
def _compared(path: str, dim: int, held: Held) -> tuple[FloatArray, FloatArray]:
    matrix = np.ascontiguousarray(held.bundle.vectors[:, :dim])
    norms = np.sqrt(np.einsum("ij,ij->i", matrix, matrix))
    return matrix, np.where(norms > 0, norms, 1.0).astype(np.float32)


def _query(embedder: embed.Embedder, phrase: str) -> FloatArray:
    vector = np.asarray(embedder.embed_query(phrase), dtype=np.float32)
    width = getattr(embedder, "query_dim", 0)
    return vector[:width] if width else vector

"""What every embedder offers, and what two special kinds add: one fitted on the file, one made of parts."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeGuard

import numpy as np

from pipelines.types import FloatArray

State = Mapping[str, np.ndarray]
"""Plain arrays (numbers, or fixed-width unicode) that travel in a bundle; never pickled."""


class Embedder(Protocol):
    """Turns texts into vectors. Loading is put off until the first text, so that `identity` is cheap.

    name: as the registry knows it. dim: length of a vector, 0 while a provider has not told yet. max_batch: most
    texts of one batch. paid: every text costs money. remote: texts leave this process. per_text: a vector depends on
    its text and the identity alone, so it may be cached. batch_dependent: a text's last bits vary with the batch it
    is computed in, so batches must be repeated whole (may load the model to find out). tokens: tokens embedded so far.
    """

    name: str
    max_batch: int
    paid: bool
    remote: bool
    per_text: bool

    @property
    def dim(self) -> int: ...  # noqa: D102

    @property
    def batch_dependent(self) -> bool: ...  # noqa: D102

    @property
    def tokens(self) -> int: ...  # noqa: D102

    def identity(self) -> dict[str, object]:
        """Everything that decides a vector's bits: model, weights' sha256, arithmetic, dimension, prompts."""
        ...

    def plan(self, texts: Sequence[str]) -> Iterable[list[int]]:
        """Batches of indices that together hold every text once; they may be made as they are asked for."""
        ...

    def embed_documents(self, texts: Sequence[str]) -> FloatArray:
        """(n, dim) float32 in the order of `texts`. Raises ProviderFailed, UnusableInput, MissingKey."""
        ...

    def embed_query(self, text: str) -> FloatArray:
        """(dim,) float32 of length 1: the vector of a question, to be compared with those of documents."""
        ...


@dataclass(frozen=True)
class Allowed:
    """matrix: (n, dim) float32, each row of length 1, or zeros where the text was refused. refused: index → why.

    Why: content (a content filter), unknown (the provider does not say).
    """

    matrix: FloatArray
    refused: Mapping[int, str] = field(default_factory=dict)


class ChoosyEmbedder(Embedder, Protocol):
    """An embedder whose provider may refuse one text and take the others."""

    def embed_allowed(self, texts: Sequence[str]) -> Allowed:
        """Vectors of the texts that are taken. Raises as embed_documents, but not for a refused text."""
        ...


class KeptEmbedder(Embedder, Protocol):
    """An embedder, or a combination of some, that is more than its name says: a bundle keeps its state."""

    def restore(self, state: State) -> None:
        """Be as when it gave `state`."""
        ...


class FittedEmbedder(KeptEmbedder, Protocol):
    """An embedder that learns from the file's texts before it embeds them; a combination leaves that to its parts."""

    def fit(self, texts: Sequence[str]) -> dict[str, np.ndarray]:
        """Learn from distinct texts; the state that `restore` takes."""
        ...


class CombinedEmbedder(Embedder, Protocol):
    """An embedder whose vector is made from those of its parts; only the parts' vectors are cached."""

    parts: Sequence[Embedder]

    @property
    def query_dim(self) -> int:
        """A query is compared with this many leading columns."""
        ...

    def settle(self, matrices: Sequence[FloatArray]) -> dict[str, np.ndarray]:
        """Learn from the parts' matrices of the whole file, once, before `combine`; goes into the state as well."""
        ...

    def combine(self, matrices: Sequence[FloatArray]) -> FloatArray:
        """The vectors (n, dim), each of length 1, from the parts' matrices."""
        ...


def learns(embedder: Embedder) -> TypeGuard[FittedEmbedder]:
    """Whether an embedder has to be fitted; looks at no property, since those may load a model."""
    return callable(getattr(type(embedder), "fit", None))


def keeps(embedder: Embedder) -> TypeGuard[KeptEmbedder]:
    """Whether an embedder has a state to restore; looks at no property, either."""
    return callable(getattr(type(embedder), "restore", None))


def may_refuse(embedder: Embedder) -> TypeGuard[ChoosyEmbedder]:
    """Whether an embedder's provider may refuse single texts."""
    return callable(getattr(type(embedder), "embed_allowed", None))


def is_combined(embedder: Embedder) -> TypeGuard[CombinedEmbedder]:
    """Whether an embedder is made of parts."""
    return callable(getattr(type(embedder), "combine", None))


_UNIT = 5e-7
"""How far from 1 the rounding of its numbers to float32 may leave a row's length, at any width."""


def normalise(matrix: np.ndarray) -> FloatArray:
    """Rows of length 1, float32; a row of zeros stays as it is.

    So does a row that has this length already, as far as float32 tells: what was normalised once keeps its bits.
    """
    matrix = np.asarray(matrix, dtype=np.float32)
    length = np.sqrt(np.einsum("...i,...i->...", matrix, matrix, dtype=np.float64))[..., np.newaxis]
    length[np.abs(length - 1) < _UNIT] = 1
    return np.divide(matrix, length, out=np.zeros_like(matrix), where=length > 0, casting="same_kind")


def direct(matrix: FloatArray) -> FloatArray:
    """Rows of length 1 without exception: a row of zeros (no known sign in it) gets the first axis."""
    result = normalise(matrix)
    if result.shape[-1]:
        result[..., 0] = np.where(np.any(result, axis=-1), result[..., 0], np.float32(1))
    return result


def document_identity(identity: Mapping[str, object]) -> dict[str, object]:
    """What decides a document's bits: an identity without the query's prompt, so that a new one costs nothing."""
    prompts = identity.get("prompts")
    if not isinstance(prompts, Mapping):
        return dict(identity)
    return {**identity, "prompts": {kind: prompt for kind, prompt in prompts.items() if kind != "query"}}


def identity_digest(identity: Mapping[str, object]) -> bytes:
    """sha256 over an identity, whatever the order of its keys."""
    return hashlib.sha256(json.dumps(identity, sort_keys=True, ensure_ascii=True, default=str).encode()).digest()


def chunks(texts: Sequence[str], max_texts: int, max_chars: int) -> list[list[int]]:
    """Batches in the order of the texts, within both limits; a longer text makes a batch of its own."""
    batches: list[list[int]] = []
    chars = 0
    for i, text in enumerate(texts):
        if not batches or len(batches[-1]) >= max_texts or chars + len(text) > max_chars:
            batches.append([])
            chars = 0
        batches[-1].append(i)
        chars += len(text)
    return batches

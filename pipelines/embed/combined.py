"""Embedders made of others: several joined side by side, or one cut to fewer dimensions (Matryoshka)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from pipelines.embed.base import Embedder, State, direct, learns, normalise
from pipelines.embed.lexical import LexicalEmbedder
from pipelines.errors import N_, UnusableInput
from pipelines.types import FloatArray


class _Combined:
    """What both kinds share; a subclass gives `combine`, `dim`, `identity`."""

    max_batch = 4096
    per_text = False

    def __init__(self, name: str, parts: Sequence[Embedder]) -> None:
        self.name = name
        self.parts = tuple(parts)
        self.paid = any(part.paid for part in parts)
        self.remote = any(part.remote for part in parts)

    @property
    def dim(self) -> int:
        """See Embedder."""
        raise NotImplementedError

    @property
    def query_dim(self) -> int:
        """A query is compared with all of a vector."""
        return self.dim

    @property
    def tokens(self) -> int:
        """Tokens embedded by all parts."""
        return sum(part.tokens for part in self.parts)

    @property
    def batch_dependent(self) -> bool:
        """See Embedder."""
        return any(part.batch_dependent for part in self.parts)

    def combine(self, matrices: Sequence[FloatArray]) -> FloatArray:
        """See CombinedEmbedder."""
        raise NotImplementedError

    def plan(self, texts: Sequence[str]) -> Iterable[list[int]]:
        """The first part's plan: it is the costly one."""
        return self.parts[0].plan(texts)

    def settle(self, matrices: Sequence[FloatArray]) -> dict[str, np.ndarray]:
        """See CombinedEmbedder; nothing is learned here."""
        return {}

    def restore(self, state: State) -> None:
        """See KeptEmbedder."""
        for i, part in enumerate(self.parts):
            if learns(part):
                prefix = part_key(i, "")
                part.restore({key.removeprefix(prefix): state[key] for key in state if key.startswith(prefix)})

    def embed_documents(self, texts: Sequence[str]) -> FloatArray:
        """(n, dim) float32, each of length 1."""
        if not len(texts):
            return np.zeros((0, self.dim), np.float32)
        return self.combine([part_vectors(part, texts) for part in self.parts])

    def embed_query(self, text: str) -> FloatArray:
        """(dim,) float32 of length 1."""
        matrices = []
        for part in self.parts:
            lexical = isinstance(part, LexicalEmbedder)
            matrices.append(part.embed_parts([text]) if lexical else part.embed_query(text)[np.newaxis])  # type: ignore[attr-defined]
        return self.combine(matrices)[0]


class JoinedEmbedder(_Combined):
    """Parts side by side, each of length 1 times the square root of its share of the cosine; the whole of length 1."""

    def __init__(self, name: str, parts: Sequence[Embedder], shares: Sequence[float]) -> None:
        super().__init__(name, parts)
        total = sum(shares)
        self.shares = tuple(share / total for share in shares)

    @property
    def dim(self) -> int:
        """See Embedder."""
        return sum(part.dim for part in self.parts)

    def identity(self) -> dict[str, object]:
        """See Embedder."""
        return {
            "name": self.name,
            "dim": self.dim,
            "shares": list(self.shares),
            "parts": [part.identity() for part in self.parts],
        }

    def combine(self, matrices: Sequence[FloatArray]) -> FloatArray:
        """cos(joined a, joined b) = Σ share · cos(part a, part b) where no part is silent."""
        weighted = [
            normalise(matrix) * np.float32(np.sqrt(share)) for matrix, share in zip(matrices, self.shares, strict=True)
        ]
        return direct(np.concatenate(weighted, axis=1))


class CutEmbedder(_Combined):
    """The first `dim` dimensions of a local model, of length 1 again; the cache keeps the whole vectors.

    Matryoshka representation (Kusupati et al. 2022): meant for models trained so; others lose neighbours.
    """

    def __init__(self, inner: Embedder, dim: int) -> None:
        if not 2 <= dim <= inner.dim:
            raise UnusableInput(
                N_("“{name}” has {native} dimensions; --dim {dim} is not possible."),
                name=inner.name,
                native=inner.dim,
                dim=dim,
            )
        super().__init__(inner.name, [inner])
        self._dim = dim

    @property
    def dim(self) -> int:
        """See Embedder."""
        return self._dim

    def identity(self) -> dict[str, object]:
        """See Embedder."""
        return {**self.parts[0].identity(), "dim": self._dim}

    def combine(self, matrices: Sequence[FloatArray]) -> FloatArray:
        """See CombinedEmbedder."""
        return direct(matrices[0][:, : self._dim])


def part_key(place: int, key: str) -> str:
    """The name in a combination's state of what its part at `place` has learned."""
    return f"part{place}_{key}"


def part_vectors(part: Any, texts: Sequence[str]) -> FloatArray:
    """A part's rows for a combination, where a text without any known n-gram may stay silent (zeros)."""
    rows: FloatArray = part.embed_parts(texts) if isinstance(part, LexicalEmbedder) else part.embed_documents(texts)
    return rows

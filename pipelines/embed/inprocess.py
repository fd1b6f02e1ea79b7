"""What embedders that run in this process share: loading late, planning by tokens, vectors of length 1."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from pipelines import settings
from pipelines.embed import arithmetic
from pipelines.embed.base import direct
from pipelines.embed.encoder import Encoder, joined_batches
from pipelines.types import FloatArray


class LocalEmbedder:
    """What embedders that run in this process share; a subclass gives `name`, `dim`, `identity` and `_load`."""

    max_batch = 4096
    paid = False
    remote = False
    per_text = True
    name: str

    def __init__(self) -> None:
        self.tokens = 0

    @property
    def dim(self) -> int:
        """See Embedder."""
        raise NotImplementedError

    def identity(self) -> dict[str, object]:
        """See Embedder."""
        raise NotImplementedError

    def _load(self) -> Encoder:
        raise NotImplementedError

    @cached_property
    def encoder(self) -> Encoder:
        """The loaded model."""
        arithmetic.use_threads()
        return self._load()

    @cached_property
    def batch_dependent(self) -> bool:
        """See Embedder."""
        return self.encoder.depends_on_batch()

    def plan(self, texts: Sequence[str]) -> list[list[int]]:
        """Batches of texts alike in length, up to the setting batch_tokens."""
        return joined_batches(self.encoder.lengths(texts), settings.get_int("batch_tokens"))

    def embed_documents(self, texts: Sequence[str]) -> FloatArray:
        """(n, dim) float32, each of length 1, in the order of `texts`."""
        return self._embed(texts)

    def embed_query(self, text: str) -> FloatArray:
        """(dim,) float32 of length 1."""
        return self._embed([text])[0]

    def _embed(self, texts: Sequence[str]) -> FloatArray:
        if not len(texts):
            return np.zeros((0, self.dim), np.float32)
        vectors, tokens = self.encoder.encode(texts)
        self.tokens += tokens
        return direct(vectors)

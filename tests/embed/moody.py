"""An embedder whose vectors depend on their batch, as on a processor unknown to us; it notes what it was asked."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pipelines.embed.base import direct


class MoodyEmbedder:
    """Vectors whose bits depend on the batch they are computed in, as on a processor unknown to us."""

    name = "moody"
    dim = 8
    max_batch = 4
    paid = False
    remote = False
    per_text = True

    def __init__(self, *, batch_dependent: bool = True) -> None:
        self.batch_dependent = batch_dependent
        self.tokens = 0
        self.calls: list[list[str]] = []

    def identity(self) -> dict[str, object]:
        return {"name": self.name}

    def plan(self, texts: Sequence[str]) -> list[list[int]]:
        return [list(range(i, min(i + 4, len(texts)))) for i in range(0, len(texts), 4)]

    def embed_documents(self, texts: Sequence[str]) -> np.ndarray:
        self.calls.append(list(texts))
        self.tokens += len(texts)
        mood = len(texts) / 1000 if self.batch_dependent else 0
        rows = [np.sin(np.arange(1, 9) * (sum(text.encode()) % 97 + mood)) for text in texts]
        return direct(np.array(rows, np.float32))

    def embed_query(self, text: str) -> np.ndarray:
        return self.embed_documents([text])[0]

"""The engine of local models: batches of one exact token length, so that a text's bits do not depend on its batch.

No batch holds padding and none needs an attention mask. Every row then goes through the same operations whatever stands
beside it: over 11 lengths of 2–251 tokens and 1 row up to 4,096 tokens a batch, bf16 vectors were bit for bit the same,
with 1 and with 2 threads. In fp32 the matrix product takes another path below some ten tokens in all, so a small batch
is filled up by repeating its rows (`LEAST_TOKENS`). `depends_on_batch` tries it on the machine at hand; where it does
not hold, the engine repeats whole batches instead. Exact lengths are no slower than padded, masked batches (400 against
345 tweets per processor second): what many small batches cost, padding would cost too.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from pipelines import settings
from pipelines.embed.tokenizing import Tokenize
from pipelines.types import FloatArray

log = logging.getLogger(__name__)

LEAST_TOKENS = 64
"""Tokens that a batch is filled up to by repeating its rows."""

Forward = Callable[[dict[str, np.ndarray]], FloatArray]
"""Fields of (n, length) int64 → (n, dim) float32."""


@dataclass(frozen=True)
class Encoder:
    """A loaded model: `tokenize` cuts and truncates texts, `forward` gives (n, dim) for rows of one length.

    batch_factor: how many times the setting batch_tokens its batches hold. varies: a text's bits are known to depend on
    its batch, as on a GPU, whose kernels change with the size.
    """

    tokenize: Tokenize
    forward: Forward
    batch_factor: int = 1
    varies: bool = False

    @property
    def batch_tokens(self) -> int:
        """Tokens in one batch."""
        return settings.get_int("batch_tokens") * self.batch_factor

    def lengths(self, texts: Sequence[str]) -> np.ndarray:
        """Tokens of each text, (n,) int64."""
        if not texts:
            return np.zeros(0, np.int64)
        return np.array([len(ids) for ids in self.tokenize(list(texts))["input_ids"]], np.int64)

    def encode(self, texts: Sequence[str]) -> tuple[FloatArray, int]:
        """Vectors (n, dim) float32, not normalised, in the order of `texts`; and how many tokens they had."""
        tokens = self.tokenize(list(texts))
        lengths = np.array([len(ids) for ids in tokens["input_ids"]], np.int64)
        result: FloatArray | None = None
        for batch in batches_of_one_length(lengths, self.batch_tokens):
            vectors = self._run({field: [rows[i] for i in batch] for field, rows in tokens.items()})
            if result is None:
                result = np.empty((len(texts), vectors.shape[1]), np.float32)
            result[batch] = vectors
        assert result is not None
        return result, int(lengths.sum())

    def depends_on_batch(self) -> bool:
        """Whether a text's bits vary with the batch on this machine; tried, not assumed (some 50 ms)."""
        if self.varies:
            return True
        for words, others in ((1, 1), (1, 60), (9, 2), (9, 17), (40, 1), (40, 7)):
            text = "water " * words
            together = self.encode([text.replace("water", "light")] * others + [text])[0][-1]
            if not np.array_equal(self.encode([text])[0][0], together):
                log.warning("a text's vector varies with its batch on this machine: batches are repeated whole")
                return True
        return False

    def _run(self, rows: dict[str, list[Sequence[int]]]) -> FloatArray:
        count = len(rows["input_ids"])
        length = max(1, len(rows["input_ids"][0]))
        wanted = max(count, -(-LEAST_TOKENS // length))
        features = {}
        for field, values in rows.items():
            array = np.array(values, np.int64)
            features[field] = np.tile(array, (-(-wanted // count), 1))[:wanted] if wanted > count else array
        return self.forward(features)[:count]


def batches_of_one_length(lengths: np.ndarray, batch_tokens: int) -> list[list[int]]:
    """Indices of texts of one length, shortest first, at most `batch_tokens` tokens a batch (one text at least)."""
    batches: list[list[int]] = []
    for length in np.unique(lengths):
        members = np.flatnonzero(lengths == length)
        rows = max(1, batch_tokens // max(1, int(length)))
        batches += [members[i : i + rows].tolist() for i in range(0, len(members), rows)]
    return batches


def joined_batches(lengths: np.ndarray, batch_tokens: int) -> list[list[int]]:
    """What is embedded and committed at a time: whole length groups joined up to `batch_tokens` tokens.

    A file of few reviews has a text or two of each length; a commit for each would cost more than the model does.
    """
    joined: list[list[int]] = []
    room = 0
    for batch in batches_of_one_length(lengths, batch_tokens):
        tokens = int(lengths[batch].sum())
        if joined and tokens <= room:
            joined[-1] += batch
            room -= tokens
        else:
            joined.append(list(batch))
            room = batch_tokens - tokens
    return joined

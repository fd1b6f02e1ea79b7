"""What a provider's answer must be before a vector of it is believed: count, order, one dimension, finite numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from pipelines.embed.retry import MalformedError
from pipelines.types import FloatArray


def in_order(items: object, index_field: str, count: int) -> list[object]:
    """The `embedding` of each item, put in the order of the texts by its index; each index exactly once.

    Raises MalformedError: a short, long, repeated or unindexed answer would attach vectors to the wrong texts.
    """
    if (
        not isinstance(items, Sequence)
        or isinstance(items, str)
        or not all(isinstance(item, Mapping) for item in items)
    ):
        raise MalformedError("the answer holds no list of embeddings")
    if len(items) != count:
        raise MalformedError(f"{len(items)} embeddings came for {count} texts")
    found: dict[int, object] = {}
    for item in items:
        index = item.get(index_field)
        if not isinstance(index, int) or isinstance(index, bool) or not 0 <= index < count or index in found:
            raise MalformedError(f"the answer's {index_field} values are not 0…{count - 1}, each once")
        found[index] = item.get("embedding")
    return [found[i] for i in range(count)]


def as_matrix(rows: object, count: int) -> FloatArray:
    """(count, d) float32 of finite numbers, no row zero, any one d ≥ 1. Raises MalformedError."""
    if not isinstance(rows, Sequence) or isinstance(rows, str) or len(rows) != count:
        got = len(rows) if isinstance(rows, Sequence) and not isinstance(rows, str) else 0
        raise MalformedError(f"{got} embeddings came for {count} texts")
    try:
        numbers = np.array(rows)
    except (TypeError, ValueError):
        raise MalformedError("the embeddings are not numbers of one dimension") from None
    # Numbers written as text, booleans and nulls have other kinds.
    if numbers.dtype.kind not in "fiu" or numbers.ndim != 2 or numbers.shape[1] == 0:
        raise MalformedError("the embeddings are not numbers of one dimension")
    with np.errstate(over="ignore"):
        matrix = numbers.astype(np.float32)
    if not np.isfinite(matrix).all():
        raise MalformedError("an embedding holds numbers that are not finite")
    if not np.any(matrix, axis=1).all():
        raise MalformedError("an embedding is all zeros")
    return matrix


def has_dimension(matrix: FloatArray, dim: int) -> None:
    """Raise MalformedError unless the vectors have `dim` dimensions."""
    if matrix.shape[1] != dim:
        raise MalformedError(f"an embedding has {matrix.shape[1]} dimensions instead of {dim}")


def token_count(usage: object, field: str) -> int:
    """Tokens that an answer says it cost; 0 when it says none."""
    count = usage.get(field) if isinstance(usage, Mapping) else None
    return count if isinstance(count, int) and not isinstance(count, bool) and 0 <= count < 10**9 else 0

"""Trying a model before it is trusted with a file: does it answer, how fast, and does it know what is alike?"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from pipelines.embed.base import Embedder
from pipelines.embed.engine import embed_texts
from pipelines.errors import N_
from pipelines.types import Warning_

_PAIRS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "en": (
        ("The battery is empty after half a day.", "I have to charge it twice before evening."),
        ("The battery is empty after half a day.", "The glass was empty, so the waiter filled it."),
        ("The courier was friendly.", "The soup tasted of nothing."),
    ),
    "zh": (
        ("电池半天就没电了。", "到晚上之前我得充两次电。"),
        ("电池半天就没电了。", "半天没人来，杯子都空了。"),
        ("快递员很友好。", "汤一点味道也没有。"),
    ),
}
"""Of one meaning in other words; of like words but another meaning; of nothing alike."""

_TIMED = {"en": "The hinge creaks since the second week.", "zh": "用到第二周，铰链就开始响了。"}


@dataclass(frozen=True)
class ModelTest:
    """dim; first: the first five numbers of a vector; seconds: for one text, once the model is loaded.

    loading_seconds: until the first answer. pairs: text, text and their cosine, three times. nearest: which of them is
    nearest (0: the pair of one meaning, as it should be). told: that in words.
    """

    name: str
    dim: int
    first: tuple[float, ...]
    seconds: float
    loading_seconds: float
    tokens: int
    pairs: tuple[tuple[str, str, float], ...]
    nearest: int
    told: Warning_

    @property
    def sound(self) -> bool:
        """Whether the pair of one meaning is the nearest."""
        return self.nearest == 0


def test_model(embedder: Embedder, language: str = "en") -> ModelTest:
    """Embed seven short texts (language: en or zh) and look at them; nothing is cached.

    An embedder that learns is fitted on the examples: give one of its own. Raises as embed_texts.
    """
    chosen = language if language in _PAIRS else "en"
    tokens_before = embedder.tokens
    started = time.perf_counter()
    texts = [text for pair in _PAIRS[chosen] for text in pair]
    matrix = embed_texts(embedder, texts).matrix
    loaded = time.perf_counter()
    embedder.embed_documents([_TIMED[chosen]])
    seconds = time.perf_counter() - loaded
    cosines = [float(matrix[i] @ matrix[i + 1]) for i in range(0, len(texts), 2)]
    pairs = tuple((a, b, cosine) for (a, b), cosine in zip(_PAIRS[chosen], cosines, strict=True))
    nearest = int(np.argmax(cosines))
    return ModelTest(
        name=embedder.name,
        dim=matrix.shape[1],
        first=tuple(float(number) for number in matrix[0, :5]),
        seconds=seconds,
        loading_seconds=loaded - started,
        tokens=embedder.tokens - tokens_before,
        pairs=pairs,
        nearest=nearest,
        told=_verdict(pairs, nearest),
    )


def _verdict(pairs: Sequence[tuple[str, str, float]], nearest: int) -> Warning_:
    a, b, cosine = pairs[nearest]
    values = {"a": a, "b": b, "cosine": cosine}
    told = (
        N_("Nearest of three pairs: “{a}” and “{b}” ({cosine:.2f}). They mean the same: as it should be."),
        N_("Nearest of three pairs: “{a}” and “{b}” ({cosine:.2f}). They share words only: topics will be rough."),
        N_("Nearest of three pairs: “{a}” and “{b}” ({cosine:.2f}). They have nothing in common: do not use it."),
    )[nearest]
    return Warning_(told, values)

"""Everything goes wrong at once, by seed: the vectors that come out are those of a quiet day, text by text."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pipelines.embed import VectorCache, embed_texts
from pipelines.embed.retry import Patience
from pipelines.errors import ProviderFailed
from tests.embed.provider_server import Answer, Misdeed, ProviderServer, hang_up, reset, texts_of, wrap
from tests.embed.providers import DIM, expected, make

TEXTS = [f"{word} {i}" for i in range(60) for word in ("light", "heavy")]
BAD = {5, 6, 50, 77, 118}
LIMIT = 40


class Weather:
    """A server's rule: faults by chance, and always a filter on "bad" texts and a limit on long ones."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)

    def __call__(self, payload: dict[str, Any], server: ProviderServer) -> Answer | Misdeed | None:
        texts = texts_of(payload)
        rows = server.vectors(texts, DIM)
        faults: list[Answer | Misdeed] = [
            (429, {"Retry-After": str(self._chance.randint(0, 3))}, {"code": "Throttling"}),
            (503, {}, "<html>"),
            (200, {}, wrap(payload, rows[1:])),
            (200, {}, wrap(payload, [[*rows[0][:-1], float("nan")], *rows[1:]])),
            (200, {}, '{"data'),
            reset,
            hang_up,
        ]
        reordered = wrap(payload, rows)
        for items in (reordered.get("data"), reordered.get("output", {}).get("embeddings")):
            if items:
                self._chance.shuffle(items)
                faults.append((200, {}, reordered))
        fault = self._chance.choice(faults) if self._chance.random() < 0.25 else None
        if fault is not None and not (isinstance(fault, tuple) and fault[2] is reordered):
            return fault
        if any("bad" in text for text in texts):
            return 400, {}, {"code": "DataInspectionFailed", "error": {"code": "content_filter"}}
        if any(len(text) > LIMIT for text in texts):
            return 400, {}, {"message": "input length too long", "error": "the input length exceeds the context length"}
        return fault


@pytest.mark.parametrize("seed", range(4))
def test_a_run_through_any_weather_gives_the_vectors_of_a_quiet_day(
    seed: int, kind: str, server: ProviderServer, patience: Patience, keys: None, tmp_path: Path
) -> None:
    texts = [f"bad {text}" if i in BAD else text for i, text in enumerate(TEXTS)]
    texts[30] = "long " * 20
    server.rules = [Weather(seed)]
    with VectorCache(tmp_path / "vectors.db") as cache:
        for _ in range(60):
            kept = cache.stats().texts
            try:
                vectors = embed_texts(make(kind, server.url, patience), texts, cache)
                break
            except ProviderFailed:
                assert cache.stats().texts >= kept
        else:
            pytest.fail("60 runs did not reach the end")
    assert set(vectors.refused) == BAD
    usual = [i for i in range(len(texts)) if i not in BAD and i != 30]
    np.testing.assert_allclose(vectors.matrix[usual], expected([texts[i] for i in usual]), atol=1e-6)
    cut = max((text for text in server.sent if text.startswith("long ") and len(text) <= LIMIT), key=len)
    np.testing.assert_allclose(vectors.matrix[30:31], expected([cut]), atol=1e-6)

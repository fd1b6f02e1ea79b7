"""Embeds made-up texts into a cache and tells each step, waiting for leave to go on: `python -m tests.embed.kill_child
CACHE KIND COUNT OUT`. KIND: bundled, or moody (bits that depend on their batch). OUT: where the vectors go.

A line is one step; the answer is an empty line, or a kill. Steps: identity, compute and computed (with the batch's
digest and size), BEGIN, INSERT and COMMIT (before SQLite does it), kept (a batch is durable), end (with the counts).
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from pipelines.embed import VectorCache, embed_texts, resolve
from pipelines.embed.base import document_identity
from tests.embed.moody import MoodyEmbedder

WORDS = ["the", "coffee", "machine", "leaks", "when", "heated", "makes", "loud", "noise", "咖啡", "香", "☕️", "café"]


def made_up(count: int, seed: int = 0) -> list[str]:
    """Texts of 1–40 words, all different but for every tenth."""
    rng = np.random.default_rng(seed)
    texts = [f"{i} " + " ".join(rng.choice(WORDS, rng.integers(1, 41))) for i in range(count)]
    return [texts[i // 2] if i % 10 == 9 else text for i, text in enumerate(texts)]


def say(step: str, **more: Any) -> None:
    """Tell a step and wait for leave; without a parent there is nobody to go on for."""
    sys.stdout.write(json.dumps({"step": step, **more}) + "\n")
    sys.stdout.flush()
    if not sys.stdin.readline():
        os._exit(3)


def main(path: Path, kind: str, count: int, out: Path) -> None:
    embedder: Any = MoodyEmbedder() if kind == "moody" else resolve(kind).embedder
    say("identity", identity=document_identity(embedder.identity()))
    compute = embedder.embed_documents

    def announced(texts: Sequence[str]) -> np.ndarray:
        batch = {"batch": hashlib.sha256("\x00".join(texts).encode()).hexdigest(), "texts": len(texts)}
        say("compute", **batch)
        vectors: np.ndarray = compute(texts)
        say("computed", **batch)
        return vectors

    def statement(sql: str) -> None:
        word = sql.split()[0]
        if word in ("BEGIN", "INSERT", "COMMIT"):
            say(word)

    def kept(stage: str, done: float, total: float, *, rate: float | None = None, note: str = "") -> None:
        say("kept", done=done, total=total)

    embedder.embed_documents = announced
    with VectorCache(path) as cache:
        cache._db.set_trace_callback(statement)
        vectors = embed_texts(embedder, made_up(count), cache, kept)
        cache._db.set_trace_callback(None)
    np.save(out, vectors.matrix)
    say("end", counts=dict(vectors.counts))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), Path(sys.argv[4]))

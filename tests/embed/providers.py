"""The three providers as the tests make them: against a server on loopback."""

from __future__ import annotations

import numpy as np

from pipelines.embed.dashscope import DashScopeEmbedder
from pipelines.embed.ollama import OllamaEmbedder
from pipelines.embed.openai import OpenAIEmbedder
from pipelines.embed.remote import RemoteEmbedder
from pipelines.embed.retry import Patience
from tests.embed.provider_server import meaning

DIM = 64
KINDS = ("dashscope", "ollama", "openai")
TEXTS = [f"review number {i}" for i in range(23)]


def make(kind: str, url: str, patience: Patience, dim: int | None = DIM) -> RemoteEmbedder:
    """A provider of the kind."""
    if kind == "dashscope":
        return DashScopeEmbedder("text-embedding-v4", dim=dim, base_url=url, patience=patience)
    if kind == "ollama":
        return OllamaEmbedder("qwen3-embedding:0.6b", dim=dim, base_url=url, patience=patience)
    return OpenAIEmbedder("any", url, dim=dim, patience=patience)


def expected(texts: list[str], dim: int = DIM) -> np.ndarray:
    """What a well-behaved server's vectors become."""
    rows = np.array([meaning(text, dim) for text in texts])
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)

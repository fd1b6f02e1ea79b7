"""Texts become vectors: one small protocol, one registry, one engine with a cache.

Importing this costs nothing; models and providers are imported when the first text is embedded.
"""

from pipelines.embed.base import CombinedEmbedder, Embedder, FittedEmbedder, State
from pipelines.embed.cache import CacheStats, VectorCache
from pipelines.embed.engine import embed_texts, without_refused
from pipelines.embed.prompts import Prompts, default_prompts
from pipelines.embed.registry import NAMES, Choice, is_here, model_of, resolve, restore, usual_prompts

__all__ = [
    "NAMES",
    "CacheStats",
    "Choice",
    "CombinedEmbedder",
    "Embedder",
    "FittedEmbedder",
    "Prompts",
    "State",
    "VectorCache",
    "default_prompts",
    "embed_texts",
    "is_here",
    "model_of",
    "resolve",
    "restore",
    "usual_prompts",
    "without_refused",
]

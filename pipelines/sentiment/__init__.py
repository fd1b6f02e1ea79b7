"""How a text feels, −1…1: learned from the file's own stars where it has them, else from teachers that differ."""

from pipelines.sentiment.contradictions import contradictions
from pipelines.sentiment.prototypes import Encode
from pipelines.sentiment.score import Judge, SentimentConfig, score

__all__ = ["Encode", "Judge", "SentimentConfig", "contradictions", "score"]

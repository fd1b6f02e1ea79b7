"""Topics from clusters: distinctive keywords, a readable unique name and exemplars for each."""

from pipelines.topics.describe import TopicConfig, describe

__all__ = ["TopicConfig", "describe"]

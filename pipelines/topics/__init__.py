"""Topics from clusters: distinctive keywords, a readable unique name and exemplars for each."""

from pipelines.topics.describe import TopicConfig, describe
from pipelines.topics.reading import Terms, read_terms

__all__ = ["Terms", "TopicConfig", "describe", "read_terms"]

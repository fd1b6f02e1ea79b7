"""Topics from clusters: distinctive keywords, a readable unique name and exemplars for each."""

from pipelines.topics import themes
from pipelines.topics.describe import TopicConfig, describe, impersonal
from pipelines.topics.spoken import Spoken, read

__all__ = ["Spoken", "TopicConfig", "describe", "impersonal", "read", "themes"]

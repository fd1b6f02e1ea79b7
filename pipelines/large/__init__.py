"""Analyses of more reviews than a map can be computed of at once, on this machine or on a cluster.

Vectors lie on the disk and are made part by part; map and topics are made of landmarks, the rest find their places,
topics and scores among them. What is done of it is kept part by part, and a run that was stopped goes on from there.
"""

from pipelines.large.choice import SUMMARY, can_refit, clear, is_wanted
from pipelines.large.mapping import mapped
from pipelines.large.vectors import embedded, laid_down

__all__ = ["SUMMARY", "can_refit", "clear", "embedded", "is_wanted", "laid_down", "mapped"]

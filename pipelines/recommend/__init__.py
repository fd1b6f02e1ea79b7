"""Where users and items are known: tastes, people alike, items for a person, and how well that works."""

from pipelines.recommend.ahead import grouped, measured, of
from pipelines.recommend.evaluation import LEAST_ITEMS, LEAST_PEOPLE, RANDOM, K, Measured, measure
from pipelines.recommend.groups import Groups, told
from pipelines.recommend.history import History
from pipelines.recommend.items import (
    Alike,
    Suggestion,
    for_person,
    for_vector,
    like_item,
    subjects,
    units_of_item,
)
from pipelines.recommend.people import similar, topics_of, units_of
from pipelines.recommend.rankers import BLEND, POPULARITY, RANKERS, TEXT, TOGETHER
from pipelines.recommend.tastes import Tastes, has_columns, read
from pipelines.recommend.wishes import can_read, of_sentence, of_topics

__all__ = [
    "BLEND", "LEAST_ITEMS", "LEAST_PEOPLE", "POPULARITY", "RANDOM", "RANKERS", "TEXT", "TOGETHER",
    "Alike", "Groups", "History", "K", "Measured", "Suggestion", "Tastes",
    "can_read", "for_person", "for_vector", "grouped", "has_columns", "like_item", "measure", "measured", "of",
    "of_sentence", "of_topics", "read", "similar", "subjects", "told", "topics_of", "units_of", "units_of_item",
]  # fmt: skip

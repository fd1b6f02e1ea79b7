"""Fewer or more topics over a finished map: the steps to choose from, the choice in the journal, and what it shows."""

from pipelines.granularity.ahead import look_ahead
from pipelines.granularity.decision import KINDS, Choice, choose, chosen, undo
from pipelines.granularity.layer import layer
from pipelines.granularity.levels import LEVELS, Level, levels
from pipelines.granularity.steps import Step, steps, suggested
from pipelines.granularity.themes import themes_of
from pipelines.granularity.tree import Tree, bottom

__all__ = [
    "KINDS",
    "LEVELS",
    "Choice",
    "Level",
    "Step",
    "Tree",
    "bottom",
    "choose",
    "chosen",
    "layer",
    "levels",
    "look_ahead",
    "steps",
    "suggested",
    "themes_of",
    "undo",
]

"""Who differs: segments against the rest topic by topic, and any two groups of reviews against each other.

`segments` says what reviews can be split by, `counted` brings units down to reviews, `grid` and `pair` compare,
`intervals` and `tested` hold the statistics, `words` finds the words that two groups differ in. A review of several
sentences counts once everywhere.
"""

from pipelines.compare.counted import SMALL, Counted, count
from pipelines.compare.grid import MEASURES, Grid, Measure, grid
from pipelines.compare.intervals import mean_of
from pipelines.compare.pair import Pair, pair
from pipelines.compare.segments import OTHER, SELECTION, UNKNOWN, Grouping, Segment, offered, selected, split
from pipelines.compare.words import telling_words

__all__ = [
    "MEASURES",
    "OTHER",
    "SELECTION",
    "SMALL",
    "UNKNOWN",
    "Counted",
    "Grid",
    "Grouping",
    "Measure",
    "Pair",
    "Segment",
    "count",
    "grid",
    "mean_of",
    "offered",
    "pair",
    "selected",
    "split",
    "telling_words",
]

"""Who differs: segments against the rest topic by topic, and any two groups of reviews against each other.

`segments` says what reviews can be split by, `counted` brings units down to reviews, `grid` and `pair` compare,
`portrait` says what one group is like beside all others, `intervals` and `tested` hold the statistics, `words` finds
the words that two groups differ in. A review of several sentences counts once everywhere.
"""

from pipelines.compare.counted import SMALL, Counted, count
from pipelines.compare.grid import MEASURES, Grid, Measure, grid
from pipelines.compare.intervals import mean_of
from pipelines.compare.pair import Pair, pair
from pipelines.compare.portrait import Mean, Portrait, portrait, typical
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
    "Mean",
    "Measure",
    "Pair",
    "Portrait",
    "Segment",
    "count",
    "grid",
    "mean_of",
    "offered",
    "pair",
    "portrait",
    "selected",
    "split",
    "telling_words",
    "typical",
]

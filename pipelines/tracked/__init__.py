"""Topics that a person tracks: by a word or phrase, or by reviews shown as examples, learning from yes and no."""

from pipelines.tracked.asking import AT_ONCE, Checked, borderline, checked
from pipelines.tracked.codebook import Line, parse, parse_file, phrase
from pipelines.tracked.definition import COLUMN, KINDS, THRESHOLD, Tracked
from pipelines.tracked.judge import BY_ANSWERS, BY_EXAMPLES, BY_MEANING, BY_WORDS, Judged, judge
from pipelines.tracked.layer import lay
from pipelines.tracked.record import (
    answer,
    change,
    create,
    create_from_reviews,
    drafted,
    remove,
    restore,
    tracked,
)

__all__ = [
    "AT_ONCE", "BY_ANSWERS", "BY_EXAMPLES", "BY_MEANING", "BY_WORDS", "COLUMN", "KINDS", "THRESHOLD",
    "Checked", "Judged", "Line", "Tracked",
    "answer", "borderline", "change", "checked", "create", "create_from_reviews", "drafted", "judge", "lay", "parse",
    "parse_file", "phrase", "remove", "restore", "tracked",
]  # fmt: skip

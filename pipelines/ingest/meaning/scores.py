"""Further score columns beside the rating: service, location, 卫生, 口味, …, each on 1…5."""

from __future__ import annotations

import numpy as np

from pipelines.defusing import added_at_end
from pipelines.ingest.meaning import names
from pipelines.ingest.meaning.values import ParsedRatings, parse_ratings
from pipelines.types import FloatArray, Roles, Table

LEAST_SHARE = 0.8
"""Of a column's filled cells that read as a score, for the column to be one."""

_POINTS = frozenset(("1-5", "0-5", "1-10", "0-10", "2.5-10", "10-50", "stars", "words", "grades"))
_FIVE = frozenset(("1-5", "0-5"))
_SPELLED = frozenset(("stars", "words"))
_MOST_DISTINCT = 11
_MOST_COLUMNS = 30
_SAMPLE_ROWS = 2000


def further_scores(table: Table, roles: Roles) -> dict[str, FloatArray]:
    """Every other column that holds one person's scores, in file order: column → (rows,) float32 on 1…5 with NaN.

    A column counts by its name (an aspect, or a word for score) with values on a plausible scale, or by values that
    spell a score out (★★★☆☆, 好/差); counts, ids, averages and what a program computed do not.
    """
    # Of an export that is read again, what was added are our figures, not people's scores.
    taken = {*filter(None, roles.columns.values()), *added_at_end([str(name) for name in table.frame.columns])}
    found: dict[str, FloatArray] = {}
    for column in map(str, table.frame.columns):
        if column in taken or len(found) >= _MOST_COLUMNS:
            continue
        series = table.frame[column]
        sample = series.iloc[:: max(1, len(series) // _SAMPLE_ROWS)].tolist()
        if not is_score(column, sample, parse_ratings(sample, names.scale(column))):
            continue
        values = series.tolist()
        parsed = parse_ratings(values, names.scale(column))
        if is_score(column, values, parsed):
            found[column] = parsed.ratings
    return found


def is_score(name: str, values: list[str], parsed: ParsedRatings) -> bool:
    """Whether a column holds scores that people gave, by its name and by what its values were read as."""
    if parsed.share < LEAST_SHARE or names.is_no_score(name):
        return False
    if parsed.scale in _FIVE and _are_averages(parsed.ratings):
        return False
    pointed = names.strengths(name)
    if pointed.get("rating", 0.0) >= 0.8:
        return parsed.scale in _POINTS or parsed.scale == "0-100"
    if names.is_aspect(name):
        return parsed.scale in _POINTS
    if any(role != "rating" and strength >= 0.5 for role, strength in pointed.items()):
        return False
    return parsed.scale in _SPELLED and 2 <= len(set(values)) <= _MOST_DISTINCT


def _are_averages(ratings: FloatArray) -> bool:
    """Whether most values lie between the whole and half stars that one person can give."""
    given = ratings[np.isfinite(ratings)]
    return bool((given * 2 % 1 != 0).mean() > 0.5) if len(given) else False

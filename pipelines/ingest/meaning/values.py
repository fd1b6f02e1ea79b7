"""What a rating cell says, on one scale of 1…5: stars, points, grades and words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipelines.ingest.meaning.rating_words import regraded, spelled
from pipelines.types import FloatArray

_NUMBER = re.compile(
    r"(?:评分|打分|得分|rating|score|rated)?\s*[:：★⭐]?\s*([-+]?\d+(?:[.,]\d+)?)\s*(%|％)?"
    r"\s*(?:stars?|points?|pts?|分|星|颗星|点|점|つ星|★|⭐)?",
    re.I,
)
_MISSING = {"nan", "null", "none", "n/a", "na", "#n/a", "<na>", "\\n", "nil"}
_UNRATED = {
    "-",
    "--",
    "—",
    "/",
    "暂无",
    "暂无评分",
    "未评分",
    "无",
    "no rating",
    "not rated",
    "unrated",
    "offered",
    "unoffered",
    "无评分",
    "未评价",
    "未打分",
    "no score",
    "not applicable",
}
_LONGEST_MISSING = 10
_LONGEST_UNRATED = 16
_TYPING_ERRORS = 0.02
_ONE_ERROR_FROM, _ANY_ERROR_FROM = 10, 20
_FEWEST_OF_A_FILE = 20


def is_missing(cell: str) -> bool:
    """Whether a cell says in a program's words that it holds nothing (NaN, NULL, N/A, …); an empty one is not asked."""
    return len(cell) <= _LONGEST_MISSING and cell.strip().casefold() in _MISSING


def is_unrated(cell: str) -> bool:
    """Whether a filled cell says that no rating was given: a word for nothing, a dash, 暂无评分, "not rated"."""
    return is_missing(cell) or (len(cell) <= _LONGEST_UNRATED and cell.strip().casefold() in _UNRATED)


@dataclass(frozen=True)
class ParsedRatings:
    """ratings: float32 on 1…5, NaN where unread. share: read of the filled cells. scale: what was recognised.

    unread: the filled cells that are neither a rating nor say, by a word or by 0 among stars, that there is none.
    scale is one of "", "1-5", "0-5", "1-10", "0-10", "2.5-10", "0-100", "10-50", "stars", "words", "grades", "binary",
    "polarity".
    """

    ratings: FloatArray
    share: float
    scale: str
    unread: NDArray[np.bool_]


def parse_ratings(values: Sequence[str], told: tuple[float, float] | None = None) -> ParsedRatings:
    """Read one column's ratings; the scale of bare numbers is decided over the whole column.

    0–10, 1–10 and 0–100 are mapped linearly, so that their ends become 1 and 5. Even steps (2, 4 … 10 or 20 … 100) and
    10 … 50 are stars written larger; 2.5 … 10 is Booking's scale before 2019. Binary and polarity columns map to 1, 3,
    5: whether they are ratings, a name or a person says. `told`: lowest and highest score that the column's name tells
    of.
    """
    counts = Counter(value for value in values if value and not value.isspace() and not is_unrated(value))
    read: dict[str, float] = {}
    bare: dict[str, float] = {}
    kinds: Counter[str] = Counter()
    regrade, regraded_kind = regraded({value.strip() for value in counts}) if len(counts) <= 20 else ({}, "")
    percent = False
    for value, count in counts.items():
        text = value.strip()
        known = (regrade[text], regraded_kind) if text in regrade else spelled(text)
        if known is not None:
            read[value], kind = known
            kinds[kind] += count
            continue
        match = _NUMBER.fullmatch(text)
        if match:
            bare[value] = float(match[1].replace(",", "."))
            percent |= bool(match[2])
    scale = kinds.most_common(1)[0][0] if kinds else ""
    if bare:
        mapped, numeric_scale = _map_numbers(bare, counts, (0.0, 100.0) if percent else told)
        read |= mapped
        if sum(counts[value] for value in bare) > sum(kinds.values()):
            scale = numeric_scale
    elif kinds["words"] == 0 and kinds["polarity"]:
        scale = "polarity"
    ratings = np.array([read.get(value, np.nan) for value in values], dtype=np.float32)
    filled = sum(counts.values())
    # No stars given is read as well: as no rating.
    none_given = {value for value, number in bare.items() if number == 0 and value not in read}
    zeros = sum(counts[value] for value in none_given)
    unread = {value for value in counts if value not in read and value not in none_given}
    found = int(np.isfinite(ratings).sum())
    share = (found + zeros) / filled if found else 0.0
    flags = np.array([value in unread for value in values], dtype=np.bool_)
    return ParsedRatings(ratings, share, scale, flags)


def parse_by_file(
    values: Sequence[str], files: Sequence[str], told: tuple[float, float] | None = None
) -> tuple[ParsedRatings, dict[str, str]]:
    """Read one column of several stacked files; where their scales differ each is read on its own.

    Returns the ratings and file → scale, {} where one scale holds for all. A file with few ratings does not show its
    scale; it is read as the whole column is.
    """
    whole = parse_ratings(values, told)
    if len(set(files)) < 2:
        return whole, {}
    rows: dict[str, list[int]] = {}
    for row, file in enumerate(files):
        rows.setdefault(file, []).append(row)
    rows = {file: own for file, own in rows.items() if len(own) >= _FEWEST_OF_A_FILE}
    parsed = {file: parse_ratings([values[row] for row in own], told) for file, own in rows.items()}
    parsed = {
        file: one
        for file, one in parsed.items()
        if one.scale and int(np.isfinite(one.ratings).sum()) >= _FEWEST_OF_A_FILE
    }
    scales = {file: one.scale for file, one in parsed.items()}
    if len(set(scales.values())) < 2:
        return whole, {}
    ratings, unread = whole.ratings.copy(), whole.unread.copy()
    for file, one in parsed.items():
        ratings[rows[file]], unread[rows[file]] = one.ratings, one.unread
    return ParsedRatings(ratings, whole.share, whole.scale, unread), scales


def _map_numbers(
    numbers: dict[str, float], counts: Counter[str], told: tuple[float, float] | None
) -> tuple[dict[str, float], str]:
    distinct = set(numbers.values())

    if told is None and distinct <= {0.0, 1.0} and 0.0 in distinct:
        return {value: 1 + 4 * number for value, number in numbers.items()}, "binary"
    if told is None and distinct <= {-1.0, 0.0, 1.0} and -1.0 in distinct:
        return {value: 3 + 2 * number for value, number in numbers.items()}, "binary"
    tops = [top for top in (5.0, 10.0, 100.0) if (told is None or top >= told[1]) and _fits(numbers, counts, top)]
    if not tops:
        return {}, ""
    kept = {value: number for value, number in numbers.items() if 0 <= number <= tops[0]}
    if tops[0] == 5:
        return _five(kept, counts)
    return _larger(kept, tops[0], told)


def _fits(numbers: dict[str, float], counts: Counter[str], top: float) -> bool:
    """Whether 0…top is the scale but for typing errors: 55 for 5 must not turn five stars into a hundred points.

    2 % may lie outside, and one value among few: far outside 5 or 10, or, of 20 values, anywhere where all others are
    whole and half points (tens of a hundred). 8 among a dozen low ratings may well be one of ten points.
    """
    total = sum(counts[value] for value in numbers)
    outside = {value: number for value, number in numbers.items() if not 0 <= number <= top}
    errors = sum(counts[value] for value in outside)
    if errors <= _TYPING_ERRORS * total:
        return True
    if errors > 1:
        return False
    rest = [number for value, number in numbers.items() if value not in outside]
    if total >= _ONE_ERROR_FROM and top <= 10 and all(not 0 <= number <= 2 * top for number in outside.values()):
        return True
    step = 0.5 if top <= 10 else 10
    return total >= _ANY_ERROR_FROM and all(number % step == 0 for number in rest)


def _five(kept: dict[str, float], counts: Counter[str]) -> tuple[dict[str, float], str]:
    # Zero beside whole and half stars means that none were given; a fine scale that reaches 0 is a scale.
    fine = sum(counts[value] for value, number in kept.items() if number % 0.5)
    if 0.0 in kept.values() and fine > 0.5 * sum(counts[value] for value in kept):
        return {value: 1 + 0.8 * number for value, number in kept.items()}, "0-5"
    return {value: max(number, 1.0) for value, number in kept.items() if number > 0}, "1-5"


def _larger(kept: dict[str, float], top: float, told: tuple[float, float] | None) -> tuple[dict[str, float], str]:
    inside = set(kept.values())
    if told is None:
        step = top / 5
        if len(inside) >= 2 and all(number > 0 and number % step == 0 for number in inside):
            return {value: number / step for value, number in kept.items()}, "1-5"
        if top == 100 and len(inside) >= 2 and max(inside) == 50 and all(n >= 5 and n % 5 == 0 for n in inside):
            return {value: max(number / 10, 1.0) for value, number in kept.items()}, "10-50"
    if top == 10 and min(inside) == 2.5 and any(number % 0.5 for number in inside):
        return {value: 1 + 4 * (number - 2.5) / 7.5 for value, number in kept.items()}, "2.5-10"
    if top == 10 and min(inside) >= (told[0] if told else 1) >= 1:
        return {value: 1 + (number - 1) * 4 / 9 for value, number in kept.items()}, "1-10"
    return {value: 1 + 4 * number / top for value, number in kept.items()}, f"0-{top:.0f}"

"""Dates as people and programs write them, read column by column so that 3/4/2025 means one thing throughout."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipelines.ingest.meaning.date_forms import NUMBERS, nanoseconds, zone_in
from pipelines.ingest.meaning.date_words import AMBIGUOUS_ZONES
from pipelines.ingest.meaning.values import is_missing

_ORDER_SAMPLE = 2000
_MUCH_CALMER = 0.5
_LEAST_WRITTEN = 0.1
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_RELATIVE = re.compile(
    r"(?:刚刚|昨天|前天|今天|\d+\s*(?:秒|分钟|小时|天|周|个月|月|年)前)(?:\s*\d{1,2}:\d{2})?|just now|yesterday|today|"
    r"(?:edited |about |over )?(?:\d+|an?|one|two|three) (?:second|minute|hour|day|week|month|year)s? ago|"
    r"\d{1,2}\s*月\s*\d{1,2}\s*[日号]?(?:\s*\d{1,2}:\d{2})?|\d{1,2}-\d{1,2}(?:\s*\d{1,2}:\d{2})?|\d+\s*(?:日|か月|年|時間)前",
    re.I,
)


@dataclass(frozen=True)
class ParsedDates:
    """dates: datetime64[ns], UTC where a zone was written, NaT where unread. share: read of the filled cells, 0…1.

    order: "mdy", "dmy" or "ymd" where the column writes dates in numbers; sure: whether a cell proves it. zone: a name
    of several zones that the column uses ("CST"), "" for none. relative: cells without a day of their own (昨天, 3
    days ago, 3月5日 without a year), which are not read.
    """

    dates: NDArray[np.datetime64]
    share: float
    order: str = ""
    sure: bool = True
    zone: str = ""
    relative: int = 0


def parse_dates(values: Sequence[str], *, chinese: bool = False) -> ParsedDates:
    """Read one column's dates; day or month first is decided over the whole column.

    chinese: the file's texts are Chinese, so that CST is China Standard Time (UTC+8) and not Central (UTC−6).
    """
    distinct = {
        value: value.strip() for value in set(values) if value and not value.isspace() and not is_missing(value)
    }
    order, sure = _order(distinct, values)
    read = {value: nanoseconds(text, order, chinese=chinese) for value, text in distinct.items()}
    written = sum(instant is not None for instant in read.values())
    serial = {value: text for value, text in distinct.items() if read[value] is None and _is_excel_serial(text)}
    # A spreadsheet makes day numbers of the dates that it understands and leaves the others as they were written.
    if serial and (len(serial) == len(distinct) or written >= _LEAST_WRITTEN * (len(serial) + written)):
        read |= {value: _from_serial(text) for value, text in serial.items()}
    missing = np.iinfo(np.int64).min  # NaT's own bits
    instants = {value: missing if instant is None else instant for value, instant in read.items()}
    dates = np.fromiter((instants.get(value, missing) for value in values), dtype=np.int64, count=len(values))
    filled = sum(value in read for value in values)
    found = int((dates != missing).sum())
    unread = {value for value, instant in read.items() if instant is None and _RELATIVE.fullmatch(distinct[value])}
    return ParsedDates(
        dates=dates.view("datetime64[ns]"),
        share=found / filled if filled else 0.0,
        order=order,
        sure=sure,
        zone=next((zone for zone in sorted(AMBIGUOUS_ZONES) if _mentions(zone, read, distinct)), ""),
        relative=sum(value in unread for value in values) if unread else 0,
    )


def _mentions(zone: str, read: dict[str, int | None], distinct: dict[str, str]) -> bool:
    return any(zone in value and read[value] is not None and zone_in(text) == zone for value, text in distinct.items())


def _order(distinct: dict[str, str], values: Sequence[str]) -> tuple[str, bool]:
    """mdy, dmy or ymd and whether a cell proves it.

    Numbers above 12 and 31 decide; then the order in which the file, read from the top, jumps about far less in time;
    else month first for slashes and day first for other marks.
    """
    parts: dict[str, tuple[int, int, str]] = {}
    day_first = month_first = slashes = 0
    for value, text in distinct.items():
        match = NUMBERS.fullmatch(text)
        if match:
            first, second, year = int(match["first"]), int(match["second_number"]), match["year"]
            parts[value] = first, second, year
            day_first += 12 < first <= 31
            month_first += second > 12
            slashes += match["mark"] in "/ "
    if not parts:
        return "", True
    if _is_year_first(list(parts.values())):
        return "ymd", any(first > 31 for first, _, _ in parts.values())
    if day_first != month_first:
        return ("dmy" if day_first > month_first else "mdy"), True
    usual = "mdy" if slashes * 2 >= len(parts) else "dmy"
    rows = [value for value in values[:_ORDER_SAMPLE] if value in parts]
    jumps = {order: _jumps([distinct[value] for value in rows], order) for order in ("mdy", "dmy")}
    other = "dmy" if usual == "mdy" else "mdy"
    return (other if jumps[other] < _MUCH_CALMER * jumps[usual] else usual), False


def _is_year_first(parts: list[tuple[int, int, str]]) -> bool:
    """Whether 24-03-05 is 2024: a first number is no day, or the first hardly varies and the last does, below 32."""
    if any(len(year) == 4 or not 1 <= int(year) <= 31 for _, _, year in parts):
        return False
    firsts, lasts = {first for first, _, _ in parts}, {year for _, _, year in parts}
    if any(first > 31 for first in firsts):
        return True
    return all(first > 12 for first in firsts) and len(firsts) <= 3 and len(lasts) > 2 * len(firsts)


def _jumps(texts: list[str], order: str) -> float:
    """Days between neighbours in the file, added up."""
    instants = [instant for text in texts if (instant := nanoseconds(text, order)) is not None]
    return float(np.abs(np.diff(np.array(instants, dtype=np.float64))).sum()) / 8.64e13


def _is_excel_serial(text: str) -> bool:
    """Whether a number may be a spreadsheet's of a day (1954…2119)."""
    return bool(_SERIAL.fullmatch(text)) and 20_000 <= float(text) <= 80_000


def _from_serial(text: str) -> int:
    return round((float(text) - 25_569) * 86_400) * 1_000_000_000

"""Dates as people and programs write them, read column by column so that 3/4/2025 means one thing throughout."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CLOCK = (
    r"(?:[\sT,]*(?P<half>上午|下午|晚上)?\s*(?P<hour>\d{1,2})[:：时点](?P<minute>\d{1,2})(?:[:：分](?P<second>\d{1,2})"
    r"(?:[.,](?P<fraction>\d{1,9}))?)?秒?分?\s*(?P<ampm>[AaPp]\.?[Mm]\.?)?)?"
)
_ZONE = r"\s*(?P<zone>Z|[A-Z]{3,4}|[+-]\d{2}:?\d{2}|[+-]\d{2})?(?:\s*\([^)]*\))?"
_YEAR_FIRST = re.compile(
    r"(?P<year>\d{4})\s*[-/.年]\s*(?P<month>\d{1,2})(?:\s*[-/.月]\s*(?P<day>\d{1,2})\s*日?|月)?(?:\s*(?:星期|周).)?"
    + _CLOCK
    + _ZONE
)
_NUMBERS = re.compile(
    r"(?P<first>\d{1,2})(?P<mark>[-/. ])(?P<second_number>\d{1,2})(?:[-/.]|,? )(?P<year>\d{4}|\d{2})" + _CLOCK + _ZONE
)
_COMPACT = re.compile(
    r"(?P<year>(?:19|20)\d{2})(?P<month>\d{2})(?P<day>\d{2})(?:T?(?P<hour>\d{2})(?P<minute>\d{2})(?P<second>\d{2}))?Z?"
)
_MONTH = r"(?P<name>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_ON = r"(?:.*\bon\s+|[a-z]{3,9}\.?,?\s+)?"  # "Reviewed in … on March 12, 2024", "Monday, 12 March 2024"
_NAMED = (
    re.compile(
        _ON + _MONTH + r"\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<year>\d{4}),?(?:\s+at)?" + _CLOCK + _ZONE,
        re.IGNORECASE,
    ),
    re.compile(
        _ON
        + r"(?P<day>\d{1,2})(?:st|nd|rd|th)?[\s-]+(?:of\s+)?"
        + _MONTH
        + r"[\s,-]+(?P<year>\d{4}|\d{2})"
        + _CLOCK
        + _ZONE,
        re.IGNORECASE,
    ),
    re.compile(
        r"[a-z]{3},?\s+" + _MONTH + r"\s+(?P<day>\d{1,2})\s+(?P<hour>\d{2}):(?P<minute>\d{2}):(?P<second>\d{2})"
        r"\s+(?P<zone>[+-]\d{4}|[A-Z]{3,4})?\s*(?P<year>\d{4})",
        re.IGNORECASE,
    ),
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ZONE_HOURS = {
    "Z": 0,
    "UTC": 0,
    "GMT": 0,
    "EST": -5,
    "EDT": -4,
    "CST": -6,
    "CDT": -5,
    "MST": -7,
    "MDT": -6,
    "PST": -8,
    "PDT": -7,
    "CET": 1,
    "CEST": 2,
    "BST": 1,
    "JST": 9,
    "KST": 9,
}
_EPOCH_UNITS = {9: 1, 10: 1, 13: 1000, 16: 1_000_000}


@dataclass(frozen=True)
class ParsedDates:
    """dates: datetime64[ns], UTC where a zone was written, NaT where unread. share: read of the filled cells, 0…1.

    order: "mdy" or "dmy" where the column writes dates in numbers, day or month first; sure: whether a cell proves it.
    """

    dates: NDArray[np.datetime64]
    share: float
    order: str = ""
    sure: bool = True


def parse_dates(values: Sequence[str]) -> ParsedDates:
    """Read one column's dates; day or month first is decided over the whole column."""
    distinct = {value: value.strip() for value in values if value.strip()}
    order, sure = _order(distinct.values())
    serial = _is_excel_serial(distinct.values())
    read = {value: _nanoseconds(text, order, serial) for value, text in distinct.items()}
    dates = np.full(len(values), np.datetime64("NaT"), dtype="datetime64[ns]")
    filled = found = 0
    for index, value in enumerate(values):
        if value in read:
            filled += 1
            instant = read[value]
            if instant is not None:
                dates[index] = np.datetime64(instant, "ns")
                found += 1
    return ParsedDates(dates, found / filled if filled else 0.0, order, sure)


def _order(texts: Iterable[str]) -> tuple[str, bool]:
    """mdy or dmy: what the numbers above 12 prove, else month first for slashes and day first for other marks."""
    day_first = month_first = slashes = seen = 0
    for text in texts:
        match = _NUMBERS.fullmatch(text)
        if match:
            seen += 1
            day_first += int(match["first"]) > 12
            month_first += int(match["second_number"]) > 12
            slashes += match["mark"] in "/ "
    if not seen:
        return "", True
    if day_first != month_first:
        return ("dmy" if day_first > month_first else "mdy"), True
    return ("mdy" if slashes * 2 >= seen else "dmy"), False


def _is_excel_serial(texts: Iterable[str]) -> bool:
    """Whether a column holds a spreadsheet's day numbers (1954…2119)."""
    values = list(texts)
    return bool(values) and all(
        re.fullmatch(r"\d{5}(\.\d+)?", text) and 20_000 <= float(text) <= 80_000 for text in values
    )


def _nanoseconds(text: str, order: str, serial: bool) -> int | None:
    """Nanoseconds since 1970 or None."""
    if serial:
        return round((float(text) - 25_569) * 86_400) * 1_000_000_000
    if re.fullmatch(r"\d{9,16}(\.\d+)?", text):
        return _from_epoch(text) or _from_match(_COMPACT.fullmatch(text), _plain_day)
    if order:
        found = _from_match(_NUMBERS.fullmatch(text), _month_first if order == "mdy" else _day_first)
        if found is not None:
            return found
    for pattern in (_YEAR_FIRST, _COMPACT):
        found = _from_match(pattern.fullmatch(text), _plain_day)
        if found is not None:
            return found
    for pattern in _NAMED:
        found = _from_match(pattern.fullmatch(text), _named_day)
        if found is not None:
            return found
    return None


def _from_epoch(text: str) -> int | None:
    whole = text.split(".")[0]
    unit = _EPOCH_UNITS.get(len(whole))
    if unit is None:
        return None
    seconds = float(text) / unit
    return round(seconds * 1000) * 1_000_000 if 3e8 < seconds < 4.2e9 else None


Day = tuple[int, int, int]


def _plain_day(parts: dict[str, str | None]) -> Day:
    return int(parts["year"] or 0), int(parts["month"] or 0), int(parts["day"] or 1)


def _month_first(parts: dict[str, str | None]) -> Day:
    return _full_year(parts["year"]), int(parts["first"] or 0), int(parts["second_number"] or 0)


def _day_first(parts: dict[str, str | None]) -> Day:
    return _full_year(parts["year"]), int(parts["second_number"] or 0), int(parts["first"] or 0)


def _named_day(parts: dict[str, str | None]) -> Day:
    return _full_year(parts["year"]), _MONTHS.index((parts["name"] or "").lower()) + 1, int(parts["day"] or 0)


def _full_year(year: str | None) -> int:
    number = int(year or 0)
    return number if number >= 100 else number + (2000 if number < 70 else 1900)


def _from_match(match: re.Match[str] | None, day_of: Callable[[dict[str, str | None]], Day]) -> int | None:
    if match is None:
        return None
    parts: dict[str, str | None] = match.groupdict()
    hour = int(parts.get("hour") or 0)
    half = (parts.get("ampm") or "").lower()[:1]
    if (half == "p" or parts.get("half") in {"下午", "晚上"}) and hour < 12:
        hour += 12
    elif (half == "a" or parts.get("half") == "上午") and hour == 12:
        hour = 0
    year, month, day = day_of(parts)
    if not 1900 <= year <= 2150:
        return None
    try:
        moment = datetime(
            year, month, day, hour, int(parts.get("minute") or 0), int(parts.get("second") or 0), tzinfo=UTC
        )
        offset = _offset(parts.get("zone"))
    except ValueError:
        return None
    seconds = (moment - offset - _EPOCH) // timedelta(seconds=1)
    return seconds * 1_000_000_000 + int((parts.get("fraction") or "0").ljust(9, "0"))


def _offset(zone: str | None) -> timedelta:
    if not zone:
        return timedelta()
    if zone.upper() in _ZONE_HOURS:
        return timedelta(hours=_ZONE_HOURS[zone.upper()])
    digits = zone[1:].replace(":", "")
    if not digits.isdigit():
        raise ValueError(zone)
    size = timedelta(hours=int(digits[:2]), minutes=int(digits[2:] or 0))
    return -size if zone[0] == "-" else size

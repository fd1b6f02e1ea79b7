"""The forms that one date can have, each a pattern with named parts; and the instant that the parts name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from pipelines.ingest.meaning.date_words import AFTERNOON, MONTHS, MORNING, NOON, chinese_number, offset_of

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)
_CLOCK = (
    r"(?:[\sT,]*(?P<half>上午|下午|晚上|中午|凌晨|早上|清晨|傍晚|午前|午後|오전|오후)?\s*(?P<hour>\d{1,2})"
    r"[:时時点點시]\s*(?P<minute>\d{1,2})(?:[:分분]\s*(?P<second>\d{1,2})(?:[.,:](?P<fraction>\d{1,9}))?)?[秒分초]?"
    r"\s*(?P<ampm>[AaPp]\.?[Mm]\.?)?)?"
)
_ZONE = (
    r"\s*\(?(?P<zone>Z|(?:GMT|UTC)[+-]\d{1,2}(?::?\d{2})?|[A-Z]{3,4}|[+-]\d{2}:?\d{2}|[+-]\d{2}|北京时间)?\)?"
    r"(?:\s*\([^)]*\)|(?<=\d) UTC)?"
)
# What stands before and after a date that people and sites write into sentences.
_BEFORE = r"(?:(?:.{0,60}?(?:\bon|[于於:：]|\bvom|\ble|\bel|\bil|\bem|\bop)\s*)|[^\W\d_]{2,9}\.?,?\s+)?"
_AFTER = (
    r"\s*(?:在.{1,20}|に.{1,30}|에 .{1,20}|入住|退房|发布|发表|發表|评论|点评|购买|编辑|修改|更新|"
    r"\(?已编辑\)?|出游|出行|消费|来自.{1,30}|于.{1,10})?"
)
_YEAR_FIRST = re.compile(
    _BEFORE
    + r"(?P<year>\d{4})\s*[-/.年년]\s*(?P<month>\d{1,2})(?:\s*[-/.月월]\s*(?P<day>\d{1,2})\s*[日号일.]?|[月월])?"
    r"(?:\s*\(?(?:(?:星期|周|週|礼拜)?[一二三四五六日天月火水木金土]|[월화수목금토일])(?:曜日|요일)?\)?(?=\s|$))?"
    + _CLOCK
    + _ZONE
    + _AFTER
)
NUMBERS = re.compile(
    r"(?P<first>\d{1,2})(?P<mark>[-/. ])(?P<second_number>\d{1,2})(?:[-/.]|,? )(?P<year>\d{4}|\d{2})" + _CLOCK + _ZONE
)
_COMPACT = re.compile(
    r"(?P<year>(?:19|20)\d{2})(?P<month>\d{2})(?P<day>\d{2})"
    r"(?:[T ]?(?P<hour>\d{2}):?(?P<minute>\d{2}):?(?P<second>\d{2}))?Z?"
)
_HAN_NUMBER = "[〇零一二三四五六七八九十]"
_IN_HAN = re.compile(rf"(?P<y>{_HAN_NUMBER}{{4}})年(?P<m>{_HAN_NUMBER}{{1,2}})月(?:(?P<d>{_HAN_NUMBER}{{1,3}})[日号])?")
_MONTH = r"(?P<name>[^\W\d_]{3,10})\.?"
_NAMED = (
    # March 7, 2025 · Mon, Mar 7 2025 18:15:09 GMT+0800
    re.compile(
        _BEFORE + _MONTH + r"\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<year>\d{4}),?(?:\s+at)?" + _CLOCK + _ZONE,
        re.I,
    ),
    # 7 Mar 2025 · vom 7. März 2025 · el 7 de marzo de 2025 · 07-Mar-25
    re.compile(
        _BEFORE + r"(?P<day>\d{1,2})(?:st|nd|rd|th|er|\.|º)?[\s-]*(?:of\s+|de\s+)?" + _MONTH
        + r"[\s,-]+(?:de\s+)?(?P<year>\d{4}|\d{2}),?(?:\s+at)?" + _CLOCK + _ZONE,
        re.I,
    ),
    # Tue Jul 21 20:20:03 +0800 2015
    re.compile(
        r"[a-z]{3},?\s+" + _MONTH + r"\s+(?P<day>\d{1,2})\s+(?P<hour>\d{2}):(?P<minute>\d{2}):(?P<second>\d{2})"
        r"\s+(?P<zone>[+-]\d{4}|[A-Z]{3,4})?\s*(?P<year>\d{4})",
        re.I,
    ),
    # March 2025
    re.compile(_BEFORE + _MONTH + r",?\s+(?P<year>\d{4})", re.I),
)  # fmt: skip
_LONGEST = 120
_EPOCH_UNITS = {9: 1, 10: 1, 13: 1000, 16: 1_000_000, 19: 1_000_000_000}
_PLAIN = re.compile(r"\d{4}-\d\d-\d\d(?:[ T]\d\d:\d\d(?::\d\d)?)?")
_DIGITS = re.compile(r"\d{8,19}(?:\.\d+)?")

Parts = dict[str, str | None]
Day = tuple[int, int, int]


def nanoseconds(text: str, order: str, *, chinese: bool = False) -> int | None:
    """Nanoseconds since 1970 (UTC where a zone is written), or None where a text is no date.

    order: mdy, dmy or ymd, for dates in bare numbers. chinese: CST is China's.
    """
    if _PLAIN.fullmatch(text):
        return _from_plain(text)
    if len(text) > _LONGEST or not _has_digit(text):
        return _from_han(text) if "年" in text[:20] else None
    if _DIGITS.fullmatch(text):
        return _from_epoch(text) or _from_match(_COMPACT.fullmatch(text), _plain_day)
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    if order:
        found = _from_match(NUMBERS.fullmatch(text), _DAY_IN[order])
        if found is not None:
            return found
    for pattern in (_YEAR_FIRST, _COMPACT):
        found = _from_match(pattern.fullmatch(text), _plain_day, chinese)
        if found is not None:
            return found
    for pattern in _NAMED:
        found = _from_match(pattern.fullmatch(text), _named_day, chinese)
        if found is not None:
            return found
    return None


def zone_in(text: str) -> str:
    """The name of the zone that a date is written in, "" for none."""
    match = re.search(r"\b([A-Z]{3,4})\b", text)
    return match[1] if match else ""


def _has_digit(text: str) -> bool:
    return any(map(str.isdigit, text))


def _from_plain(text: str) -> int | None:
    try:
        moment = datetime.fromisoformat(text).replace(tzinfo=UTC)
    except ValueError:
        return None
    return (moment - _EPOCH) // _SECOND * 1_000_000_000 if 1900 <= moment.year <= 2150 else None


def _from_epoch(text: str) -> int | None:
    whole = text.split(".")[0]
    unit = _EPOCH_UNITS.get(len(whole))
    if unit is None:
        return None
    seconds = float(text) / unit
    return round(seconds * 1000) * 1_000_000 if 3e8 < seconds < 4.2e9 else None


def _from_han(text: str) -> int | None:
    match = _IN_HAN.fullmatch(text)
    if match is None:
        return None
    try:
        year, month, day = (chinese_number(match[part] or "一") for part in ("y", "m", "d"))
        return (datetime(year, month, day, tzinfo=UTC) - _EPOCH) // _SECOND * 1_000_000_000
    except (ValueError, KeyError):
        return None


def _plain_day(parts: Parts) -> Day:
    return int(parts["year"] or 0), int(parts["month"] or 0), int(parts["day"] or 1)


def _month_first(parts: Parts) -> Day:
    return _full_year(parts["year"]), int(parts["first"] or 0), int(parts["second_number"] or 0)


def _day_first(parts: Parts) -> Day:
    return _full_year(parts["year"]), int(parts["second_number"] or 0), int(parts["first"] or 0)


def _year_first(parts: Parts) -> Day:
    if len(parts["year"] or "") == 4:
        raise ValueError(parts["year"])
    return _full_year(parts["first"]), int(parts["second_number"] or 0), int(parts["year"] or 0)


_DAY_IN: dict[str, Callable[[Parts], Day]] = {"mdy": _month_first, "dmy": _day_first, "ymd": _year_first}


def _named_day(parts: Parts) -> Day:
    return _full_year(parts["year"]), MONTHS.get((parts["name"] or "").lower(), 0), int(parts.get("day") or 1)


def _full_year(year: str | None) -> int:
    number = int(year or 0)
    return number if number >= 100 else number + (2000 if number < 70 else 1900)


def _from_match(match: re.Match[str] | None, day_of: Callable[[Parts], Day], chinese: bool = False) -> int | None:
    if match is None:
        return None
    parts: Parts = match.groupdict()
    hour = int(parts.get("hour") or 0)
    half = parts.get("half") or (parts.get("ampm") or "").lower()[:1]
    if (half in AFTERNOON and hour < 12) or (half == NOON and hour < 10):
        hour += 12
    elif half in MORNING and hour == 12:
        hour = 0
    try:
        year, month, day = day_of(parts)
        if not 1900 <= year <= 2150:
            return None
        moment = datetime(
            year, month, day, hour, int(parts.get("minute") or 0), int(parts.get("second") or 0), tzinfo=UTC
        )
        offset = offset_of(parts.get("zone"), chinese=chinese)
    except ValueError:
        return None
    seconds = (moment - offset - _EPOCH) // _SECOND
    return seconds * 1_000_000_000 + int((parts.get("fraction") or "0").ljust(9, "0"))

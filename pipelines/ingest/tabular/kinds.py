"""What kind of value a cell holds, by its form alone: the types that tell a well cut table from a badly cut one.

The types are those of van den Burg, Nazabal and Sutton, "Wrangling messy CSV files by detecting row and type
patterns" (2019), section 4.2, with texts told apart from fragments of a cell that was cut in two.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

EMPTY, NUMBER, DATE, ADDRESS, FLAG = "", "number", "date", "address", "flag"
WORD, TEXT, BROKEN = "word", "text", "broken"
FIRM = (NUMBER, DATE, ADDRESS, FLAG)
"""Kinds that a text hits only by chance: columns of them say how a row is cut."""

_LONGEST_LOOKED_AT = 200  # characters: no value of a firm kind is longer
_NUMBER = re.compile(
    r"[-+(]?\s?[$€£¥￥₽₩]?\s?[-+]?(\d+|\d{1,3}([,. '’]\d{3})+)?([.,]\d*)?([eE][-+]?\d+)?\s?[)%‰€$£¥]?|[-+]?(inf|nan)",
    re.I,
)
_CLOCK = r"\d{1,2}[:.]\d{2}([:.]\d{2}([.,]\d+)?)?"
_ZONE = r"(\s?(am|pm|utc|gmt|z))?"
_DATE = re.compile(
    rf"\d{{4}}[-/.年]\s?\d{{1,2}}([-/.月]\s?\d{{1,2}}日?)?([T ]\s*{_CLOCK})?{_ZONE}([-+]\d{{2}}:?\d{{2}})?"
    rf"|\d{{1,2}}[-/.]\d{{1,2}}[-/.]\d{{2,4}}(,?[T ]\s*{_CLOCK}(\s?[ap]m)?)?"
    r"|\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?(\s?[ap]m)?(z|[-+]\d{2}:?\d{2})?"
    rf"|(\d{{1,2}}[-/ .])?[a-z]{{3,9}}\.?[-/ .,]\s?(\d{{1,2}},\s?)?\d{{2,4}}( {_CLOCK})?",
    re.I,
)
_ADDRESS = re.compile(r"(https?|ftp|file)://\S+|www\.\S+|[\w.+%-]+@[\w-]+(\.[\w-]+)+|\d{1,3}(\.\d{1,3}){3}", re.I)
_UNKNOWN = ("na", "n/a", "null", "none", "nil", "nan", "-", "--", ".", "?", "\\n", "无")
_FLAGS = frozenset(["true", "false", "yes", "no", "y", "n", "t", "f", "是", "否", "有", *_UNKNOWN])
_MARKS = ",;|:#^~&*=/\\"
_OPENING, _CLOSING = "([{（【《", ")]}）】》"


def kind_of(cell: str) -> str:
    """The kind of one cell; blanks around it do not count."""
    value = cell.strip()
    if not value:
        return EMPTY
    if len(value) <= _LONGEST_LOOKED_AT:
        firm = _firm_kind(value)
        if firm:
            return firm
    return _text_kind(value)


def _firm_kind(value: str) -> str:
    if any(char.isdigit() for char in value):
        if _NUMBER.fullmatch(value):
            return NUMBER
        if _DATE.fullmatch(value):
            return DATE
    if value.lower() in _FLAGS:
        return FLAG
    return ADDRESS if _ADDRESS.fullmatch(value) else ""


def _text_kind(value: str) -> str:
    """Fragments betray themselves: a quote or a bracket that has no partner, a delimiter with no space after it."""
    if len(value) == 1 and value in _MARKS:
        return BROKEN
    head = value[:2000]
    if head == value:
        for left, right in zip(_OPENING, _CLOSING, strict=True):
            if head.count(left) != head.count(right) and not _is_smiley(head):
                return BROKEN
        if head.count('"') % 2 or head[0] == '"' != head[-1] or (head[0] == "'" != head[-1] and head.count("'") == 1):
            return BROKEN
    if head[0] in ",;|:)]}" or "\t" in head or "|" in head.strip("|").replace(" | ", ""):
        return BROKEN
    return WORD if len(head) <= 40 and head.count(" ") <= 3 and not any(char in ',;"' for char in head) else TEXT


def _is_smiley(value: str) -> bool:
    return len(value) < 2000 and any(mark in value for mark in (":)", ":(", ";)", ":-)", ":-(", "=)", ":D)"))


def column_kinds(rows: Iterable[list[str]], width: int, share: float = 0.8) -> list[str]:
    """The kind that at least `share` of a column's filled cells have, "" where none has; rows of `width` cells only."""
    counts: list[Counter[str]] = [Counter() for _ in range(width)]
    for row in rows:
        if len(row) == width:
            for column, cell in zip(counts, row, strict=True):
                column[kind_of(cell)] += 1
    found = []
    for column in counts:
        filled = column.total() - column[EMPTY]
        kind = max(column, key=lambda name: (name != EMPTY, column[name])) if filled else EMPTY
        found.append(kind if filled and column[kind] >= share * filled else EMPTY)
    return found


def misfits(row: list[str], kinds: list[str]) -> int:
    """How many cells of a row are not of their column's firm kind; empty cells always fit."""
    return sum(
        kind in FIRM and bool(cell.strip()) and kind_of(cell) not in (kind, FLAG)
        for cell, kind in zip(row, kinds, strict=False)
    )

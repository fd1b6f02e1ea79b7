"""Quoted cells: what quoting a text supports, and rows whose quotes stand out of place cut all the same.

A cell is quoted when a quote opens it and a quote closes it before a delimiter or the row's end; every other quote is
a character of its cell, as people type them ("Best" soup in town). No search here backs up over its text, so hostile
input costs no more than its length.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

_MOST_LOOKED_INTO = 2_000  # quoted cells


@dataclass(frozen=True)
class Evidence:
    """How well one kind of quoting explains a text: cells closed, cells only opened, the share of quotes explained.

    needed: closed cells that hold a delimiter, a line end or a doubled quote, which is what cells are quoted for.
    """

    closed: int
    stray: int
    used: float
    needed: int = 0


def evidence(text: str, delimiter: str, quote: str, gap: bool = False) -> Evidence:
    """Count the cells of a text that are quoted from end to end; gap: spaces may stand beside delimiters."""
    total = text.count(quote)
    if not total:
        return Evidence(0, 0, 1.0)
    cut, space = re.escape(delimiter), " *" if gap else ""
    mark = re.escape(quote)
    start = rf"(?:(?:^|{cut}){space}){mark}"
    whole = re.compile(rf"{start}[^{mark}]*+(?:{mark}{mark}[^{mark}]*+)*+{mark}(?={space}(?:{cut}|\r?$))", re.MULTILINE)
    inside = (match.group().partition(quote)[2][:-1] for match in islice(whole.finditer(text), _MOST_LOOKED_INTO))
    needed = sum(delimiter in cell or "\n" in cell or quote * 2 in cell for cell in inside)
    rest, closed = whole.subn("", text)
    stray = sum(1 for _ in re.finditer(start, rest, re.MULTILINE))
    return Evidence(closed, stray, 1 - rest.count(quote) / total, needed)


def unescaped(text: str, mark: str) -> str:
    r"""A text with `mark` for every \"; an escaped backslash before a quote leaves the quote a closing one."""
    if '\\"' not in text:
        return text
    if "\\\\" not in text:
        return text.replace('\\"', mark)
    return re.sub(r'\\(["\\])', lambda match: mark if match.group(1) == '"' else match.group(), text)


@dataclass
class Cut:
    """One row as cut: whether its last cell is open still, whether quotes stood out of place, cells quoted."""

    cells: list[str]
    open: bool = False
    stray: bool = False
    quoted: int = 0


def cut_row(line: str, delimiter: str, quote: str, *, gap: bool = False, literal: bool = False) -> Cut:
    """Cut one row, without its end, whatever its quotes; literal: an opening quote that none closes is a character."""
    done = Cut([])
    position, length = 0, len(line)
    while True:
        start = _after_spaces(line, position) if gap else position
        if quote and line.startswith(quote, start):
            end, after, stray = closing_quote(line, start + 1, delimiter, quote)
            if end >= 0:
                done.cells.append(line[start + 1 : end].replace(quote + quote, quote))
                done.stray |= stray
                done.quoted += 1
                if after >= length:
                    return done
                position = after + len(delimiter)
                continue
            done.stray = True
            if not literal:
                done.open = True
                done.cells.append(line[start:])
                return done
        end = line.find(delimiter, position)
        if end < 0:
            done.cells.append(line[start:])
            return done
        done.cells.append(line[start:end])
        position = end + len(delimiter)


def closing_quote(line: str, position: int, delimiter: str, quote: str) -> tuple[int, int, bool]:
    """Where a quoted cell ends, where the delimiter after it is, and whether bare quotes are in it; −1 if open."""
    stray, pairs = False, _pairs(quote)
    while True:
        found = pairs.match(line, position)
        position = found.end() if found else position
        if position >= len(line):
            return -1, -1, stray
        after = position + 1 if delimiter == " " else _after_spaces(line, position + 1)
        if after >= len(line) or line.startswith(delimiter, after):
            return position, after, stray
        stray = True
        position += 1


@lru_cache(maxsize=4)
def _pairs(quote: str) -> re.Pattern[str]:
    """What a quoted cell may hold up to a single quote: other characters and doubled quotes."""
    mark = re.escape(quote)
    return re.compile(rf"[^{mark}]*+(?:{mark}{mark}[^{mark}]*+)*+")


def _after_spaces(line: str, position: int) -> int:
    while position < len(line) and line[position] == " ":
        position += 1
    return position

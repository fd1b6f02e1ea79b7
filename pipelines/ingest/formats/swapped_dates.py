"""Dates that a spreadsheet read month first where day came first: 05/03/2024 became the 3rd of May.

Opening a file of another country's dates, a spreadsheet turns those it can read into dates and leaves the others (day
13 and later) as text. Such a column shows it: no real date is later than the 12th, no text earlier than the 13th.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from pipelines.errors import N_
from pipelines.types import Warning_

_LAST_MONTH, _LAST_DAY = 12, 31
_DAY_FIRST = re.compile(r"\s*(\d{1,2})([/.-])(\d{1,2})\2(?:\d{4}|\d{2})(?:[ T,]+\d{1,2}:\d{2}.{0,12})?\s*", re.S)


@dataclass
class SwappedDates:
    """Tallies a sheet's real dates by column while it is read; columns with a day after the 12th are out of question.

    count: real dates by column; first: the row (from 0) of the first of them.
    """

    count: dict[int, int] = field(default_factory=dict)
    first: dict[int, int] = field(default_factory=dict)
    _sound: set[int] = field(default_factory=set)

    def add(self, row: int, column: int, cell: datetime.date) -> None:
        """Count a real date."""
        if cell.day > _LAST_MONTH:
            self._sound.add(column)
        self.first.setdefault(column, row)
        self.count[column] = self.count.get(column, 0) + 1

    def warnings(self, rows: Sequence[Sequence[str]], top: int, left: int) -> list[Warning_]:
        """What to tell of a sheet whose rows begin at a cell (row and column counted from 0); nothing is changed."""
        told = []
        for column in sorted(set(self.count) - self._sound):
            if _all_after_the_twelfth([row[column] for row in rows if column < len(row)]):
                above = (row[column] for row in reversed(rows[: self.first[column]]) if column < len(row))
                name = next((" ".join(cell.split()) for cell in above if cell.strip() and not _is_date(cell)), None)
                values = {
                    "count": self.count[column],
                    "column": _letters(left + column),
                    "row": top + self.first[column] + 1,
                }
                template = N_(
                    "In column {column} the spreadsheet seems to have taken days for months in {count} dates (first: "
                    "row {row}): they lie on the 12th or before, and all others were left as text. Export them again."
                )
                told.append(Warning_(template, values, column=name))
        return told


def _is_date(cell: str) -> bool:
    return bool(_DAY_FIRST.fullmatch(cell))


def _all_after_the_twelfth(cells: Sequence[str]) -> bool:
    """Whether there are texts like 13/03/2024 and none like 03/13/2024 or 03/05/2024."""
    found = [(int(match[1]), int(match[3])) for cell in cells if (match := _DAY_FIRST.fullmatch(cell))]
    return bool(found) and all(_LAST_MONTH < day <= _LAST_DAY and 0 < month <= _LAST_MONTH for day, month in found)


def _letters(column: int) -> str:
    """A spreadsheet's name for a column counted from 0: A … Z, AA …"""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters

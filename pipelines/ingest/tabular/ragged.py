"""Rows made equally wide: broken rows joined, missing cells filled, surplus cells joined to the text they came from."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from pipelines.errors import N_
from pipelines.ingest.tabular.kinds import EMPTY, FIRM, FLAG, column_kinds, kind_of, misfits
from pipelines.types import Warning_

_MOST_BROKEN_INTO = 50  # lines of one row
_LONG_TEXT = 20  # characters: columns of typically longer cells hold running text
_MOST_TRIED_COLUMNS = 60
_LEAST_SPREAD, _BLANK_START = 0.3, 3.0  # of the logarithms of lengths


@dataclass
class Tally:
    """How often something was mended, and the first data row of it (0 is the first)."""

    count: int = 0
    first: int = 0

    def add(self, row: int) -> None:
        """One more, in this data row."""
        if not self.count:
            self.first = row
        self.count += 1


@dataclass
class Evener:
    """Gives every row `width` cells and counts what it mended.

    sample: rows from all over the table, ragged or not. usual_place: the column that surplus cells mostly belong to.
    """

    width: int
    delimiter: str
    sample: list[list[str]]
    usual_place: int | None = None
    short: Tally = field(default_factory=Tally)
    long: Tally = field(default_factory=Tally)
    broken: Tally = field(default_factory=Tally)

    def __post_init__(self) -> None:
        regular = [row for row in self.sample if len(row) == self.width]
        filled = regular or [row[: self.width] + [""] * (self.width - len(row)) for row in self.sample]
        self._lengths = [statistics.fmean(map(len, column)) for column in zip(*filled, strict=True)] or [
            0.0
        ] * self.width
        logs = [[math.log1p(len(cell)) for cell in column] for column in zip(*filled, strict=True)]
        self._sizes = [(statistics.median(column), statistics.pstdev(column) + _LEAST_SPREAD) for column in logs]
        starts = sum(cell[:1] == " " for row in regular for cell in row)
        self._starts_blank = starts > 0.02 * sum(map(len, regular))
        self._longest = max(range(self.width), key=self._lengths.__getitem__) if self.width else 0
        self._kinds = column_kinds(regular, self.width, share=0.9) if self.width > 1 else [EMPTY] * self.width
        self._opens_firmly = bool(self._kinds) and self._kinds[0] in FIRM and self._kinds[0] != FLAG

    def even(self, rows: Iterable[list[str]]) -> Iterator[list[str]]:
        """Rows of `width` cells each."""
        for done, row in enumerate(self._joined(rows)):
            if len(row) < self.width:
                self.short.add(done)
                row = row + [""] * (self.width - len(row))
            elif len(row) > self.width:
                if any(cell.strip() for cell in row[self.width :]) or misfits(row[: self.width], self._kinds):
                    self.long.add(done)
                    row = self._without_surplus(row)
                row = row[: self.width]
            yield row

    def warnings(self) -> list[Warning_]:
        """What was mended, once the rows are through."""
        told = (
            (self.broken, N_("{count} rows broken by a line end were joined again (first: data row {row}).")),
            (self.short, N_("{count} rows had too few cells and were filled with empty ones (first: data row {row}).")),
            (
                self.long,
                N_("{count} rows had too many cells; the surplus was joined to the text (first: data row {row})."),
            ),
        )
        return [
            Warning_(template, {"count": tally.count, "row": tally.first + 1}, row=tally.first)
            for tally, template in told
            if tally.count
        ]

    def _without_surplus(self, row: list[str]) -> list[str]:
        """The surplus is joined where all cells then are most like their columns; in doubt in the longest column."""
        surplus = len(row) - self.width
        places = [self._longest if self.usual_place is None else self.usual_place]
        if self.width <= _MOST_TRIED_COLUMNS:
            places += [index for index, kind in enumerate(self._kinds) if kind not in FIRM] + [self.width - 1]
        return min((self._join_at(row, place, surplus) for place in places), key=lambda cells: self._unlikeness(cells))

    def _unlikeness(self, cells: list[str]) -> tuple[int, float]:
        """How unlike its columns a row is: cells of another kind, then lengths and blanks at the start."""
        apart = sum(
            abs(math.log1p(len(cell)) - usual) / spread
            for cell, (usual, spread) in zip(cells, self._sizes, strict=True)
        )
        if self.delimiter.strip() and not self._starts_blank:
            # In running text a space follows the comma, at a row's own delimiter none does.
            apart += _BLANK_START * sum(cell[:1] == " " for cell in cells)
        return misfits(cells, self._kinds), apart

    def _join_at(self, row: list[str], place: int, surplus: int) -> list[str]:
        return [*row[:place], self.delimiter.join(row[place : place + surplus + 1]), *row[place + surplus + 1 :]]

    def _joined(self, rows: Iterable[list[str]]) -> Iterator[list[str]]:
        """Rows broken by an unquoted line end joined again; that takes a first column whose values tell a new row."""
        if self.width < 2 or not self._opens_firmly:
            yield from rows
            return
        parts: list[list[str]] = []
        done = 0
        for row in rows:
            if parts:
                joined = self._with_rest([*parts, row])
                if joined is not None and len(joined) == self.width:
                    parts = [joined] if self._goes_on(joined) else []
                    self.broken.add(done)
                    if not parts:
                        done += 1
                        yield joined
                    continue
                if joined is not None and len(parts) < _MOST_BROKEN_INTO:
                    parts.append(row)
                    continue
                done += len(parts)
                yield from parts
                parts = []
            if (len(row) < self.width and any(row) and self._begins(row)) or (
                len(row) == self.width and self._goes_on(row)
            ):
                parts = [row]
            else:
                done += 1
                yield row
        yield from parts

    def _begins(self, row: list[str]) -> bool:
        return kind_of(row[0]) == self._kinds[0]

    def _goes_on(self, row: list[str]) -> bool:
        """Whether a full row's last cell is running text that may go on in the next line."""
        last = self.width - 1
        return self._kinds[last] not in FIRM and self._lengths[last] >= _LONG_TEXT and bool(row[last].strip())

    def _with_rest(self, parts: list[list[str]]) -> list[str] | None:
        """The parts as one row, None when the last of them is no rest: it begins a row itself, or does not fit."""
        row, rest = parts[-2], parts[-1]
        if kind_of(rest[0]) in (self._kinds[0], EMPTY):
            return None
        joined = parts[0]
        for part in parts[1:]:
            joined = [*joined[:-1], joined[-1] + "\n" + part[0], *part[1:]]
        if len(joined) > self.width or (len(row) == self.width and len(rest) > 1):
            return None
        broken_at = sum(len(part) - 1 for part in parts[:-1])
        if self._kinds[broken_at] in FIRM or misfits(joined, self._kinds):
            return None
        return joined

"""Rows of cells to a Table: header, even widths, unique names, limits; the same for every format of file.

The rows are gone through twice, and nothing is kept of them but columns of Arrow strings: once for what they have in
common (header, width, where the data end), once for their cells.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from pipelines import settings
from pipelines.errors import N_
from pipelines.ingest.tabular import header as header_rows
from pipelines.ingest.tabular.column_names import renamed, unique_names
from pipelines.ingest.tabular.columns import Columns
from pipelines.ingest.tabular.profile import Profile, filled_cells, profile_of
from pipelines.ingest.tabular.ragged import Evener, Tally
from pipelines.ingest.tabular.row_names import joined_sample, surplus_place
from pipelines.ingest.tabular.totals import end_of_data
from pipelines.types import Table, Warning_

NUMBERED = N_("The file has no header row; its columns are numbered.")
"""What a table without a header says; stacked under another's names it does not."""

_log = logging.getLogger(__name__)


def table_of(rows: Iterable[list[str]], *, encoding: str, delimiter: str, warnings: list[Warning_]) -> Table:
    """The Table of rows that may be ragged, start with a preamble and end with totals.

    rows: a list, or anything that gives the same rows each time it is iterated over; it is so twice.
    """
    found = profile_of(rows)
    layout = _lay_out(found, delimiter)
    width = min(layout.width, settings.get_int("max_columns"))
    columns = Columns(width, settings.get_int("max_cell_chars"))
    sample = [row for row in found.sample if row is not layout.header_row]
    body = _Body(rows, layout)
    if width < layout.width:
        sample = [row[:width] for row in sample]
    place = layout.surplus
    if place is not None:
        sample = joined_sample(sample, width, place, delimiter)
    evener = Evener(width, delimiter, sample, place)
    for row in evener.even(body if width == layout.width else (row[:width] for row in body)):
        columns.add(row)
    names, notes = _names(layout.names, width)
    frame = columns.frame(names)
    warnings += [*body.warnings(found, layout), *evener.warnings(), *_quote_warnings(rows, body), *notes]
    if layout.width > width:
        values = {"count": layout.width, "limit": width}
        warnings.append(Warning_(N_("The file has {count} columns; only the first {limit} are read."), values))
    if columns.cut:
        values = {"count": columns.cut, "limit": settings.get_int("max_cell_chars")}
        warnings.append(Warning_(N_("{count} cells were cut at {limit} characters."), values))
    _log.info("read %d rows, %d columns, %s, delimiter %r", len(frame), len(names), encoding, delimiter)
    return Table(frame, encoding, delimiter, layout.names is not None, tuple(warnings))


@dataclass(frozen=True)
class _Layout:
    """Where the data stand: width in cells, the header's names, the places of the first data row and after the last.

    common: the width by which comments are told from rows. titles: rows above the header that are left out. joined:
    rows that the header has. surplus: the column to which the one cell too many of nearly all rows belongs.
    """

    width: int
    common: int
    names: list[str] | None
    header_row: list[str] | None
    start: int
    end: int
    titles: int
    blank: int
    totals: int
    joined: int = 1
    surplus: int | None = None


def _lay_out(found: Profile, delimiter: str) -> _Layout:
    common = found.common_width()
    kept = [(place, row) for place, row in enumerate(found.head) if not header_rows.is_comment(row, common)]
    head = header_rows.find_head([row for _, row in kept], common)
    tail = [(place, row) for place, row in found.tail if not header_rows.is_comment(row, common)]
    end, totals = end_of_data(tail, common)
    named = head.names is not None
    last = head.skip + (head.rows if named else 0)
    start = kept[last - 1][0] + 1 if last else 0
    width, names, surplus = common, head.names, None
    header_row = kept[head.skip][1] if named else None
    if names is not None:
        width, names, surplus = _width_under_header(names, found, start, delimiter)
    joined = head.rows if named and any(row != header_row for _, row in kept[head.skip : last]) else 1
    ends = start, max(start, end)
    return _Layout(width, common, names, header_row, *ends, head.skip, found.blank, totals, joined, surplus)


def _width_under_header(
    names: list[str], found: Profile, start: int, delimiter: str
) -> tuple[int, list[str], int | None]:
    """The header decides, unless nearly all rows agree on more cells; rows that differ hold unquoted delimiters."""
    shapes = found.shapes.copy()
    for row in found.head[:start]:
        shapes[len(row), filled_cells(row)] -= 1
    widest = max((filled for (_, filled), count in shapes.items() if count > 0), default=0)
    names = list(names)
    while len(names) > 1 and not names[-1].strip() and widest < len(names):
        names.pop()  # a delimiter at the end of every line is no column
    wider: dict[int, int] = {}
    for (cells, filled), count in shapes.items():
        if filled > len(names) and count > 0:
            wider[cells] = wider.get(cells, 0) + count
    width = max(wider, key=lambda cells: (wider[cells], cells)) if wider else len(names)
    if not wider or wider[width] < 0.9 * shapes.total():
        width = len(names)
    if len(names) == width - 1:
        skipped = found.head[:start]
        rows = [row for row in found.sample if len(row) == width and not any(row is other for other in skipped)]
        place = surplus_place(names, rows, delimiter)
        if place is not None and place < len(names):
            return len(names), names, place
        names = ["", *names] if place is None else [*names, ""]  # R writes row names without a column name
    return width, names[:width] + [""] * (width - len(names)), None


@dataclass
class _Body:
    """The data rows: what stands between header and totals without comments and repeated headers, which it counts."""

    rows: Iterable[list[str]]
    layout: _Layout
    comments: int = 0
    done: int = 0
    repeated: Tally = field(default_factory=Tally)
    others: Tally = field(default_factory=Tally)
    places: dict[int, int] = field(default_factory=dict)

    def __iter__(self) -> Iterator[list[str]]:
        layout, header, names = self.layout, self.layout.header_row, self.layout.names
        marked = ("#", "//", "--")
        opening = {cell.strip() for cell in names or [] if cell.strip()} | {cell.strip() for cell in header or []}
        wanted = getattr(getattr(self.rows, "repairs", None), "first", None)
        done = 0
        for place, row in enumerate(row for row in self.rows if row):
            if row[0].lstrip().startswith(marked) and header_rows.is_comment(row, layout.common):
                self.comments += 1
                continue
            if place < layout.start:
                continue
            if place >= layout.end:
                continue
            if header is not None and row[0].strip() in opening:
                if header_rows.repeats(row, header):
                    self.repeated.add(done)
                    continue
                if header_rows.starts_other_table(row, header):
                    self.others.add(done)
                    continue
            if place == wanted:
                self.places[place] = done
            done += 1
            self.done = done
            yield row

    def warnings(self, found: Profile, layout: _Layout) -> list[Warning_]:
        """What was left out, once the rows are through."""
        told = (
            (layout.titles + self.comments, N_("{count} title or comment lines were left out.")),
            (self.repeated.count, N_("{count} repeated header rows were left out.")),
            (found.blank if layout.width > 1 else 0, N_("{count} empty rows at the end were left out.")),
        )
        warnings = [Warning_(template, {"count": count}) for count, template in told if count]
        if layout.totals:
            template = N_("{count} total or footer rows at the end were left out.")
            warnings.append(Warning_(template, {"count": layout.totals}, row=self.done))
        if layout.joined > 1:
            template = N_("The header has {count} rows; the names in them were joined.")
            warnings.append(Warning_(template, {"count": layout.joined}))
        if self.others.count:
            template = N_(
                "{count} further tables with a header of their own stand below the first (from data row {row}); "
                "their rows were read on in its columns."
            )
            values = {"count": self.others.count, "row": self.others.first + 1}
            warnings.append(Warning_(template, values, row=self.others.first))
        return warnings


def _quote_warnings(rows: Iterable[list[str]], body: _Body) -> list[Warning_]:
    repairs = getattr(rows, "repairs", None)
    if repairs is None or not repairs.count:
        return []
    row = body.places.get(repairs.first, 0)
    template = N_("{count} rows had quotes out of place, which were kept as characters (first: data row {row}).")
    return [Warning_(template, {"count": repairs.count, "row": row + 1}, row=row)]


def _names(header: list[str] | None, width: int) -> tuple[list[str], list[Warning_]]:
    """A name for each of `width` columns, and what had to be made up."""
    if header is None:
        warnings = [Warning_(NUMBERED)]
        return [f"column {index + 1}" for index in range(width)], warnings
    unique = unique_names(header[:width])
    return unique, renamed(header[:width], unique)

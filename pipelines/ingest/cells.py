"""Rows of cells to a Table: header, even widths, unique names, limits; the same for every format of file."""

from __future__ import annotations

import logging
import statistics
from collections import Counter

import pandas as pd

from pipelines import settings
from pipelines.errors import N_
from pipelines.ingest import header as header_rows
from pipelines.types import Table, Warning_

_log = logging.getLogger(__name__)


def table_of(rows: list[list[str]], *, encoding: str, delimiter: str, warnings: list[Warning_]) -> Table:
    """The Table of rows that may be ragged, start with a preamble and end with totals."""
    width = _common_width(rows)
    header, body, notes = header_rows.split_header(rows, width)
    warnings += notes
    if header is not None:
        width = _width_under_header(header, body)
        header = ([""] if len(header) == width - 1 else []) + header  # R writes row names without a column name
        header = header[:width] + [""] * (width - len(header))
    body = _even(body, width, delimiter, warnings)
    names = _unique_names(header, width, warnings)
    columns = [list(column) for column in zip(*body, strict=True)] if body else [[] for _ in names]
    names, columns = _within_limits(names, columns, warnings)
    frame = pd.DataFrame({name: pd.Series(column, dtype="str") for name, column in zip(names, columns, strict=True)})
    _log.info("read %d rows, %d columns, %s, delimiter %r", len(frame), len(names), encoding, delimiter)
    return Table(frame, encoding, delimiter, header is not None, tuple(warnings))


def _common_width(rows: list[list[str]]) -> int:
    counts = Counter(len(row) for row in rows if not row[0].startswith("#")) or Counter(map(len, rows))
    return max(counts, key=lambda width: (counts[width], width))


def _width_under_header(header: list[str], body: list[list[str]]) -> int:
    """The header decides, unless nearly all rows agree on more cells; rows that differ hold unquoted delimiters."""
    while len(header) > 1 and not header[-1].strip() and not any(any(row[len(header) - 1 :]) for row in body):
        header.pop()  # a delimiter at the end of every line is no column
    wider = [row for row in body if len(row) > len(header) and any(cell.strip() for cell in row[len(header) :])]
    width = _common_width(wider) if wider else len(header)
    agree = sum(len(row) == width for row in wider)
    return width if wider and agree >= 0.9 * len(body) else len(header)


def _even(body: list[list[str]], width: int, delimiter: str, warnings: list[Warning_]) -> list[list[str]]:
    """Give every row `width` cells: short ones are filled, surplus cells join the text they were cut from."""
    regular = [row for row in body if len(row) == width]
    if len(regular) == len(body):
        return body
    widest = _longest_column(regular or [row[:width] + [""] * (width - len(row)) for row in body], width)
    short: list[int] = []
    long: list[int] = []
    even: list[list[str]] = []
    for row in body:
        if len(row) < width:
            short.append(len(even))
            row = row + [""] * (width - len(row))
        elif any(cell.strip() for cell in row[width:]):
            long.append(len(even))
            surplus = len(row) - width
            joined = delimiter.join(row[widest : widest + surplus + 1])
            row = [*row[:widest], joined, *row[widest + surplus + 1 :]]
        even.append(row[:width])
    for kind, template in (
        (short, N_("{count} rows had too few cells and were filled with empty ones (first: data row {row}).")),
        (long, N_("{count} rows had too many cells; the surplus was joined to the text (first: data row {row}).")),
    ):
        if kind:
            warnings.append(Warning_(template, {"count": len(kind), "row": kind[0] + 1}, row=kind[0]))
    return even


def _longest_column(rows: list[list[str]], width: int) -> int:
    sample = rows[:: max(1, len(rows) // 500)]
    return max(range(width), key=lambda index: statistics.fmean(len(row[index]) for row in sample)) if sample else 0


def _unique_names(header: list[str] | None, width: int, warnings: list[Warning_]) -> list[str]:
    if header is None:
        warnings.append(Warning_(N_("The file has no header row; its columns are numbered.")))
        header = [""] * width
        quiet = True
    else:
        quiet = False
    taken = {" ".join(name.split()) for name in header}
    seen: set[str] = set()
    names = []
    for index, raw in enumerate(header):
        name = wanted = " ".join(raw.split()) or f"column {index + 1}"
        number = 2
        while name in seen or (name != " ".join(raw.split()) and name in taken):
            name, number = f"{wanted} ({number})", number + 1
        if name != " ".join(raw.split()) and not quiet:
            template = N_("Column {index} has no name and is called “{name}”.")
            if raw.strip():
                template = N_("Column {index} repeats a name and is called “{name}”.")
            warnings.append(Warning_(template, {"index": index + 1, "name": name}, column=name))
        seen.add(name)
        names.append(name)
    return names


def _within_limits(
    names: list[str], columns: list[list[str]], warnings: list[Warning_]
) -> tuple[list[str], list[list[str]]]:
    most, longest = settings.get_int("max_columns"), settings.get_int("max_cell_chars")
    if len(names) > most:
        values = {"count": len(names), "limit": most}
        warnings.append(Warning_(N_("The file has {count} columns; only the first {limit} are read."), values))
        names, columns = names[:most], columns[:most]
    cut = 0
    for index, column in enumerate(columns):
        if column and max(map(len, column)) > longest:
            cut += sum(len(cell) > longest for cell in column)
            columns[index] = [cell[:longest] for cell in column]
    if cut:
        warnings.append(Warning_(N_("{count} cells were cut at {limit} characters."), {"count": cut, "limit": longest}))
    return names, columns

"""A file to a Table: every cell text as written, one frame row per data row."""

from __future__ import annotations

import logging
import statistics
from collections import Counter
from pathlib import Path

import pandas as pd

from pipelines import settings
from pipelines.errors import N_, UnusableInput
from pipelines.ingest import header as header_rows
from pipelines.ingest.dialect import Dialect, detect, normalize_row_ends, rows_of
from pipelines.ingest.encoding import decode
from pipelines.ingest.options import IngestOptions
from pipelines.types import Table, Warning_

_log = logging.getLogger(__name__)


def read_table(source: Path | bytes, options: IngestOptions | None = None) -> Table:
    """Read a delimited file whatever its codec, delimiter, quoting and row ends.

    Raises UnusableInput when the file cannot be opened, is empty or is no text table.
    """
    options = options or IngestOptions()
    decoded = decode(_bytes_of(source), options.encoding)
    text, stand_in = normalize_row_ends(decoded.text)
    dialect = detect(text, _one_character(options.delimiter))
    rows = rows_of(text, dialect)
    if not rows:
        raise UnusableInput(N_("The file is empty. Choose a file with a header row and one review per row."))
    if stand_in:
        rows = [[cell.replace(stand_in, "\r") for cell in row] for row in rows]
    return _to_table(rows, decoded.encoding, dialect, list(decoded.warnings))


def _to_table(rows: list[list[str]], encoding: str, dialect: Dialect, warnings: list[Warning_]) -> Table:
    width = _common_width(rows)
    header, body, notes = header_rows.split_header(rows, width)
    warnings += notes
    if header is not None:
        width = _width_under_header(header, body)
        header = ([""] if len(header) == width - 1 else []) + header  # R writes row names without a column name
        header = header[:width] + [""] * (width - len(header))
    body = _even(body, width, dialect.delimiter, warnings)
    names = _unique_names(header, width, warnings)
    columns = [list(column) for column in zip(*body, strict=True)] if body else [[] for _ in names]
    names, columns = _within_limits(names, columns, warnings)
    frame = pd.DataFrame({name: pd.Series(column, dtype="str") for name, column in zip(names, columns, strict=True)})
    _log.info("read %d rows, %d columns, %s, delimiter %r", len(frame), len(names), encoding, dialect.delimiter)
    return Table(frame, encoding, dialect.delimiter, header is not None, tuple(warnings))


def _bytes_of(source: Path | bytes) -> bytes:
    if isinstance(source, bytes):
        return source
    try:
        return Path(source).read_bytes()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise UnusableInput(
            N_("{path} cannot be opened: {reason}. Check the name."), path=source, reason=reason
        ) from None


def _one_character(delimiter: str | None) -> str | None:
    if not delimiter:
        return None
    spelled = {"\\t": "\t", "tab": "\t", "comma": ",", "semicolon": ";", "pipe": "|", "space": " "}
    character = spelled.get(delimiter.lower(), delimiter)
    if len(character) != 1 or character in '"\r\n':
        raise UnusableInput(
            N_("The delimiter must be one character, such as , or ; or tab, not “{value}”."), value=delimiter
        )
    return character


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

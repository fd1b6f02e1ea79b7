"""Which row is the header, and which rows are no data: titles, comments, repeated headers."""

from __future__ import annotations

import re
import statistics
from dataclasses import dataclass

from pipelines.defusing import added_at_end
from pipelines.ingest.meaning import names
from pipelines.ingest.meaning.dates import parse_dates
from pipelines.ingest.tabular.kinds import DATE, EMPTY, FIRM, FLAG, NUMBER, column_kinds, kind_of

_NUMBER = re.compile(r"\s*+[-+]?(?:\d[\d,]*+(?:\.\d++)?|\.\d++)(?:[eE][-+]?\d++)?\s*+(?:%\s*+)?")
_IDENTIFIER = re.compile(r"[\w .\-/()（）#%&:@$*'’?\[\]<>+]{1,60}")
_SENTENCE = re.compile(r"[.!。！…~～]\s*$|[,，。！；;]\s?\S")
_COMMENT_MARKS = ("#", "//", "--")
_MOST_PREAMBLE_ROWS = 20
_MOST_HEADER_ROWS = 3
_MOST_CELLS = 500  # of a row that are looked at


@dataclass(frozen=True)
class Head:
    """Where the table begins: header rows joined to one (None without one), rows above it left out, header rows."""

    names: list[str] | None
    skip: int
    rows: int = 1


def is_comment(row: list[str], width: int) -> bool:
    """Rows with a comment mark that do not have the table's shape; in a single column they may be hashtags."""
    if width < 2 or not row[0].lstrip().startswith(_COMMENT_MARKS):
        return False
    return len(row) != width and sum(map(bool, row)) <= width / 2


def find_head(rows: list[list[str]], width: int) -> Head:
    """The header among the first rows (comments left out) of a table of `width` columns; rows may be ragged."""
    if not rows:
        return Head(None, 0)
    skip = _named_row(rows, width) or _preamble_length(rows, width) or _title_length(rows, width)
    named = has_header(rows[skip], rows[skip + 1 :], width)
    if skip and not named and not _is_title(rows[0], width):
        skip, named = 0, has_header(rows[0], rows[1:], width)
    if not named:
        return Head(None, skip)
    count = _header_rows(rows[skip:], width)
    joined = rows[skip]
    for row in rows[skip + 1 : skip + count]:
        joined = [
            f"{above} {below}".strip() for above, below in zip(_padded(joined, row), _padded(row, joined), strict=True)
        ]
    return Head(joined, skip, count)


def has_header(first: list[str], body: list[list[str]], width: int) -> bool:
    """Whether the first row names the columns: by known names, by types that differ below it, by its form."""
    first = first[:_MOST_CELLS]
    cells = [cell.strip() for cell in first]
    filled = [cell for cell in cells if cell]
    if not filled:
        return False
    if added_at_end(cells):
        return True  # an export of ours
    numeric = sum(bool(_NUMBER.fullmatch(cell)) for cell in filled)
    if numeric < len(filled) / 2 and names.looks_named(cells):
        return True
    if not body and any(len(cell.split()) > 2 for cell in filled):
        return False  # a lone row of phrases is a review, a lone row of words a header
    if any(len(cell) > 100 for cell in filled):
        return False
    body = [row[:_MOST_CELLS] for row in body[:300]]
    sample = [row for row in body if len(row) == len(first)] or body
    score = sum(
        _column_evidence(cell, [row[index].strip() for row in sample if index < len(row)])
        for index, cell in enumerate(cells)
    )
    if len(set(filled)) < len(filled):
        return score >= 1 and numeric == 0
    if score or not all(_IDENTIFIER.fullmatch(cell) and not _SENTENCE.search(cell) for cell in filled):
        return score > 0
    return (width >= 2 or bool(body)) and len(filled) == len(cells) and numeric == 0 and width >= 2


def _column_evidence(name: str, values: list[str]) -> float:
    """Above 0 when the cell above a column is unlike its values, below 0 when it is like them."""
    filled = [value for value in values if value]
    if not name or not filled:
        return 0.0
    if sum(bool(_NUMBER.fullmatch(value)) for value in filled) >= 0.9 * len(filled):
        return -1.0 if _NUMBER.fullmatch(name) else 1.0
    kinds = [kind_of(value) for value in filled[:100]]
    for kind in FIRM:
        if kinds.count(kind) >= 0.9 * len(kinds) and (kind != FLAG or len(filled) > 1):
            return -1.0 if kind_of(name) == kind else 1.0
    if parse_dates(filled[:50]).share >= 0.9:
        return -1.0 if parse_dates([name]).share else 1.0
    if name in filled:
        return -0.5
    if _SENTENCE.search(name) or len(name.split()) > 6:
        return -1.0
    typical = statistics.median(map(len, filled))
    if len(filled) >= 2 and _IDENTIFIER.fullmatch(name) and typical >= 3 * len(name) and len(name.split()) <= 3:
        return 0.5
    return 0.0


def _header_rows(rows: list[list[str]], width: int) -> int:
    """How many rows the header has: rows below it that repeat it, or are names above columns of numbers and dates."""
    count, width = 1, min(width, _MOST_CELLS)
    rows = [row[:_MOST_CELLS] for row in rows[: _MOST_HEADER_ROWS + 300]]
    while count < min(_MOST_HEADER_ROWS, len(rows)):
        row, body = rows[count], rows[count + 1 : count + 300]
        if row == rows[0] and sum(map(bool, row)) >= 2:
            count += 1
            continue
        kinds = column_kinds(body, width, share=0.95)
        firm = [index for index, kind in enumerate(kinds) if kind in FIRM and kind != FLAG]
        if len(row) != width or len(body) < 3 or len(firm) < 2 or len(firm) < 0.5 * width:
            break
        if not all(row[index].strip() and kind_of(row[index]) not in (*FIRM, EMPTY) for index in firm):
            break
        count += 1
    return count


def _padded(row: list[str], other: list[str]) -> list[str]:
    return row + [""] * (len(other) - len(row))


def _named_row(rows: list[list[str]], width: int) -> int:
    """The place of a full row of well-known names below a preamble whose rows are emptier, or hold numbers and dates.

    0 where there is none, or where a row above it may be the header.
    """
    if width < 2:
        return 0
    above: list[list[str]] = []  # rows as full as the table's
    for index, row in enumerate(rows[: _MOST_PREAMBLE_ROWS + 1]):
        filled = _filled(row)
        full = 0.8 * width <= len(row) <= width and filled == len(row) >= 2
        if index and full and _is_named(row[:_MOST_CELLS]) and index + 1 < len(rows):
            known = _known(row)
            if any(_filled(other) >= filled for other in rows[:index]):
                return index if known >= 2 and len(above) == 1 and _is_full_title(above[0], index, known, width) else 0
            return index if known >= 2 or has_header(row, rows[index + 1 :], width) else 0
        if filled >= width:
            above.append(row)
        if len(above) > 1:
            return 0  # data, whatever stands above them
    return 0


def _is_full_title(row: list[str], below: int, known: int, width: int) -> bool:
    """Whether a row as full as the table's is a title all the same: numbers in it, or less known than the next row."""
    return _has_firm(row) or (below == 1 and 2 * known >= width and _known(row) < known)


def _known(row: list[str]) -> int:
    return sum(map(names.is_known, row[:_MOST_CELLS]))


def _is_named(cells: list[str]) -> bool:
    return names.looks_named(cells) and not _has_firm(cells)


def _has_firm(cells: list[str]) -> bool:
    return any(kind_of(cell) in (NUMBER, DATE) for cell in cells[:_MOST_CELLS])


def _preamble_length(rows: list[list[str]], width: int) -> int:
    """Rows above the header: far emptier than the table's rows typically are, with a full row below them."""
    if width < 2:
        return 0
    below = [_filled(row) for row in rows[: 10 * _MOST_PREAMBLE_ROWS]]
    usual = min(width, statistics.median([count for count in below if count] or [width]))
    for index, filled in enumerate(below[: _MOST_PREAMBLE_ROWS + 1]):
        if filled >= max(2, 0.6 * width):
            return index
        if index and filled >= max(2, usual, 0.4 * width):
            return index
        if filled > width / 2:
            return 0
    return 0


def _title_length(rows: list[list[str]], width: int) -> int:
    """1 where the first row is a line of prose that holds the delimiter: too wide, with a header of the right width."""
    if len(rows) < 3 or len(rows[0]) <= width or len(rows[1]) != width or names.looks_named(rows[0]):
        return 0
    below = rows[2:300]
    even = sum(len(row) == width for row in below) >= 0.95 * len(below)
    firm = any(kind in FIRM for kind in column_kinds(below, min(width, _MOST_CELLS)))
    return int(even and firm and has_header(rows[1], below, width))


def _filled(row: list[str]) -> int:
    return sum(bool(cell.strip()) for cell in row)


def _is_title(row: list[str], width: int) -> bool:
    """Whether a row above the table is one line of words: it is a title even where no header follows."""
    filled = [cell for cell in row if cell.strip()]
    return width > 2 and len(row) == 1 and len(filled) == 1


def repeats(row: list[str], header: list[str]) -> bool:
    """Whether a row is the header once more (files pasted together); one column must have a known name for that."""
    return row == header and (len(header) >= 2 or names.is_known(header[0]))


def starts_other_table(row: list[str], header: list[str]) -> bool:
    """Whether a row is the header of another table, with most of these names: tables written below each other."""
    filled = [cell.strip() for cell in row if cell.strip()]
    if len(filled) < 3 or len(header) < 3:
        return False
    known = {cell.strip() for cell in header}
    return sum(cell in known for cell in filled) >= max(3, 0.6 * len(filled))

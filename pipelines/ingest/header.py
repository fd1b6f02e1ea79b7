"""Which row is the header, and which rows are no data: titles, comments, repeated headers, totals."""

from __future__ import annotations

import re
import statistics

from pipelines.errors import N_
from pipelines.ingest import names
from pipelines.ingest.dates import parse_dates
from pipelines.types import Warning_

_NUMBER = re.compile(r"\s*[-+]?[\d,]*\.?\d+(?:[eE][-+]?\d+)?\s*%?\s*")
_IDENTIFIER = re.compile(r"[\w .\-/()（）#%&:@$*'’?]{1,60}")
_SENTENCE = re.compile(r"[.!。！…~～]\s*$|[,，。！；;]\s?\S")
_TOTAL = re.compile(
    r"\s*(grand total|totals?|sum|subtotal|average|mean|总计|合计|小计|共计|总和|平均值?|汇总)\s*[:：]?\s*", re.I
)
_FOOTER = re.compile(
    r"\s*(共\s*\d+\s*[条行]|导出时间|数据来源|source:|exported |generated |\d+ rows?\b|\(\d+ rows)", re.I
)
_MOST_PREAMBLE_ROWS = 20


def split_header(rows: list[list[str]], width: int) -> tuple[list[str] | None, list[list[str]], list[Warning_]]:
    """The header (None without one), the data rows, and what was left out; rows may be ragged still."""
    warnings: list[Warning_] = []
    body, comments = _without_comments(rows, width)
    skip = _preamble_length(body, width)
    named = has_header(body[skip], body[skip + 1 :], width) if body else False
    if skip and not named:
        skip, named = 0, has_header(body[0], body[1:], width)
    left_out = skip + comments
    if left_out:
        warnings.append(Warning_(N_("{count} title or comment lines were left out."), {"count": left_out}))
    body = body[skip:]
    header = body.pop(0) if named else None
    if header is not None:
        body = _without_repeats(header, body, warnings)
    return header, _without_totals(body, width, warnings), warnings


def has_header(first: list[str], body: list[list[str]], width: int) -> bool:
    """Whether the first row names the columns: by known names, by types that differ below it, by its form."""
    cells = [cell.strip() for cell in first]
    filled = [cell for cell in cells if cell]
    if not filled:
        return False
    numeric = sum(bool(_NUMBER.fullmatch(cell)) for cell in filled)
    if numeric < len(filled) / 2 and names.looks_named(cells):
        return True
    if not body and any(len(cell.split()) > 2 for cell in filled):
        return False  # a lone row of phrases is a review, a lone row of words a header
    if any(len(cell) > 100 for cell in filled) or len(set(filled)) < len(filled):
        return False
    sample = [row for row in body[:300] if len(row) == len(first)]
    score = sum(_column_evidence(cell, [row[index].strip() for row in sample]) for index, cell in enumerate(cells))
    if score or not all(_IDENTIFIER.fullmatch(cell) and not _SENTENCE.search(cell) for cell in filled):
        return score > 0
    return width >= 2 and len(filled) == len(cells) and numeric == 0


def _column_evidence(name: str, values: list[str]) -> float:
    """Above 0 when the cell above a column is unlike its values, below 0 when it is like them."""
    filled = [value for value in values if value]
    if not name or not filled:
        return 0.0
    if sum(bool(_NUMBER.fullmatch(value)) for value in filled) >= 0.9 * len(filled):
        return -1.0 if _NUMBER.fullmatch(name) else 1.0
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


def _without_comments(rows: list[list[str]], width: int) -> tuple[list[list[str]], int]:
    """Rows that start with # and do not have the table's shape are comments; in a single column they are hashtags."""
    if width < 2:
        return rows, 0
    kept = [
        row
        for row in rows
        if not (row[0].lstrip().startswith("#") and len(row) != width and sum(map(bool, row)) <= width / 2)
    ]
    return kept, len(rows) - len(kept)


def _preamble_length(rows: list[list[str]], width: int) -> int:
    """Rows above the header: far emptier than the table, with a full row below them."""
    if width < 2:
        return 0
    for index, row in enumerate(rows[: _MOST_PREAMBLE_ROWS + 1]):
        filled = sum(bool(cell.strip()) for cell in row)
        if filled >= max(2, 0.6 * width):
            return index
        if filled > width / 2:
            return 0
    return 0


def _without_repeats(header: list[str], body: list[list[str]], warnings: list[Warning_]) -> list[list[str]]:
    """Drop rows equal to the header (files pasted together); one column is no proof unless it is a known name."""
    if len(header) < 2 and not names.is_known(header[0]):
        return body
    kept = [row for row in body if row != header]
    if len(kept) < len(body):
        warnings.append(Warning_(N_("{count} repeated header rows were left out."), {"count": len(body) - len(kept)}))
    return kept


def _without_totals(body: list[list[str]], width: int, warnings: list[Warning_]) -> list[list[str]]:
    """Drop totals and footers at the end, and rows at the end without any content."""
    end = len(body)
    while end and not any(cell.strip() for cell in body[end - 1]):
        end -= 1
    blank = len(body) - end
    while end and width >= 3 and len(body) - end - blank < 3 and _is_total(body[end - 1], width):
        end -= 1
    total = len(body) - end - blank
    if blank and width > 1:
        warnings.append(Warning_(N_("{count} empty rows at the end were left out."), {"count": blank}))
    if total:
        warnings.append(Warning_(N_("{count} total or footer rows at the end were left out."), {"count": total}))
    return body[:end]


def _is_total(row: list[str], width: int) -> bool:
    filled = [cell for cell in row if cell.strip()]
    if not filled or len(filled) > max(1, width - 1):
        return False
    if _FOOTER.match(filled[0]):
        return len(filled) == 1
    return bool(_TOTAL.fullmatch(filled[0])) and all(_NUMBER.fullmatch(cell) for cell in filled[1:])

"""Whether a delimiter cuts sentences: lists of reviews without any column beside them hold commas and spaces too."""

from __future__ import annotations

import re
import statistics
from collections import Counter

from pipelines.ingest.meaning import names
from pipelines.ingest.tabular.kinds import EMPTY, FIRM, kind_of

_MOST_ROWS = 300
_COMMAS = (",", "，", ";", "；")
_LEAST_BLANKS = 0.6  # of the cells after a comma: a space before them
_LEAST_WORDS = 0.7  # of the cells between spaces
_LEAST_DISTINCT = 0.5  # of a column's cells: those of a category repeat
_LEAST_CHINESE_CHARS = 3
_HAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_WORDS = re.compile(r"[^\W\d_][\w'’.!?,，。！？-]*(?: [^\W\d_][\w'’.!?,，。！？-]*)*")


def cuts_prose(rows: list[list[str]], delimiter: str) -> bool:
    """Whether a delimiter that stands in rows is a sentence's comma, or the space between its words.

    rows: as the delimiter cuts them. It is a delimiter where a header of its width stands above, where any column is of
    one firm kind (numbers, dates) or repeats its values, and where cells are quoted (their line ends tell that).
    """
    rows = rows[:_MOST_ROWS]
    if len(rows) < 3 or delimiter not in (*_COMMAS, " "):
        return False
    body = [row for row in rows[1:] if len(row) > 1]
    if len(body) < 0.3 * len(rows) or any("\n" in cell for row in body for cell in row):
        return False
    columns: list[list[str]] = [[] for _ in range(min(max(map(len, body)), 20))]
    for row in body:
        for column, cell in zip(columns, row, strict=False):
            column.append(cell)
    if any(_is_firm(column) for column in columns if len(column) >= 0.3 * len(body)):
        return False
    if delimiter == " ":
        words = [bool(_WORDS.fullmatch(cell.strip()[:200])) for row in body for cell in row if cell.strip()]
        return sum(words) >= _LEAST_WORDS * len(words)
    if _heads(rows, delimiter):
        return False
    return _are_sentences(body)


def _is_firm(column: list[str]) -> bool:
    kinds = Counter(map(kind_of, column))
    filled = kinds.total() - kinds[EMPTY]
    return not filled or sum(kinds[kind] for kind in FIRM) >= 0.5 * filled


def _heads(rows: list[list[str]], delimiter: str) -> bool:
    """Whether the first row is a header of several columns, or any of the first holds well-known names."""
    if any(len(row) > 1 and names.looks_named(row) for row in rows[:10]):
        return True
    first, body = rows[0], [row for row in rows[1:] if len(row) > 1]
    if len(first) < 2 or any(cell[:1] == " " or not cell.strip() for cell in first[1:]):
        return False
    even = sum(len(row) == len(first) for row in body) >= 0.9 * len(body)
    typical = [statistics.median(len(row[index]) for row in body if index < len(row)) for index in range(2)]
    return even and all(2 * len(cell.strip()) <= size for cell, size in zip(first, typical, strict=False))


def _are_sentences(body: list[list[str]]) -> bool:
    """Blanks after commas beside cells of several words, or Chinese clauses; none of the columns a category."""
    later = [cell for row in body for cell in row[1:] if cell.strip()]
    if not later:
        return False
    if any(len({row[index].strip() for row in body}) < _LEAST_DISTINCT * len(body) for index in range(2)) and any(
        len(set(map(tuple, body))) > 2 * len({row[index] for row in body}) for index in range(2)
    ):
        return False
    cells = [cell for row in body for cell in row if cell.strip()]
    chinese = sum(len(_HAN.findall(cell)) >= max(_LEAST_CHINESE_CHARS, 0.6 * len(cell.strip())) for cell in cells)
    if chinese >= 0.7 * len(cells) and statistics.median(len(cell.strip()) for cell in cells) > _LEAST_CHINESE_CHARS:
        return True
    blanks = sum(cell[:1] == " " for cell in later)
    phrases = sum(" " in cell.strip() for cell in cells)
    return blanks >= _LEAST_BLANKS * len(later) and phrases >= 0.5 * len(cells)

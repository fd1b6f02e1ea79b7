"""Merged cells of a sheet: a header of two rows becomes one, and a short label stands in every row it covers."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.errors import N_
from pipelines.types import Warning_

_HIGHEST_HEADER = 4
_LONGEST_LABEL = 60

Area = tuple[tuple[int, int], tuple[int, int]]
"""First and last cell, as (row, column) from the first row of the cells on."""


def fill_merged(rows: list[list[str]], areas: Sequence[Area], warnings: list[Warning_]) -> list[list[str]]:
    """The rows with merged header cells joined (“Scores”, “taste” → “Scores taste”) and merged labels repeated.

    Long texts are not repeated: a review that reaches over two rows is one review.
    """
    height, width = len(rows), len(rows[0]) if rows else 0
    areas = [
        area
        for area in areas
        if 0 <= area[0][0] <= area[1][0] < height + _HIGHEST_HEADER and 0 <= area[0][1] <= area[1][1]
    ]
    if not areas or not width:
        return rows
    top, bottom = _header_rows(rows, areas, width)
    filled = 0
    for (first, begin), (last, end) in areas:
        label = rows[first][begin] if first < height and begin < width else ""
        if first > bottom and last > first and begin == end and 0 < len(label) <= _LONGEST_LABEL:
            for row in rows[first + 1 : last + 1]:
                filled += not row[begin]
                row[begin] = row[begin] or label
    if filled:
        warnings.append(Warning_(N_("{count} cells were filled from the merged cell above them."), {"count": filled}))
    if bottom > top:
        rows = [*rows[:top], _joined_header(rows, areas, top, bottom, width), *rows[bottom + 1 :]]
    return rows


def _header_rows(rows: list[list[str]], areas: Sequence[Area], width: int) -> tuple[int, int]:
    """First and last row of a header that merged cells hold together; (0, -1) where there is none.

    A header of several rows has cells merged downwards beside cells with others below them.
    """
    for row in range(min(len(rows) - 1, 20)):
        down = [
            last
            for (first, begin), (last, end) in areas
            if first == row and begin == end and row < last < row + _HIGHEST_HEADER and rows[row][begin : begin + 1]
        ]
        across = any(first == last == row and 0 < end - begin < width - 1 for (first, begin), (last, end) in areas)
        if down and across and len(set(down)) == 1 and down[0] < len(rows):
            return row, down[0]
    return 0, -1


def _joined_header(rows: list[list[str]], areas: Sequence[Area], top: int, bottom: int, width: int) -> list[str]:
    parts: list[list[str]] = [[] for _ in range(width)]
    for row in range(top, bottom + 1):
        shown = list(rows[row])
        for (first, begin), (last, end) in areas:
            if first == last == row:
                shown[begin : end + 1] = [rows[row][begin]] * (min(end, width - 1) - begin + 1)
        for column, text in enumerate(shown):
            if text.strip() and text not in parts[column]:
                parts[column].append(text.strip())
    return [" ".join(names) for names in parts]

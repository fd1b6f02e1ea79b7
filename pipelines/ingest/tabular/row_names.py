"""A header one name short of its rows: R's row names without a name, or texts that hold an unquoted delimiter."""

from __future__ import annotations

import re
import statistics

from pipelines.ingest.meaning import names as column_names
from pipelines.ingest.tabular.kinds import DATE, EMPTY, FIRM, FLAG, NUMBER, column_kinds

_MOST_ROWS, _MOST_COLUMNS = 300, 60
_LEAST_SHARE = 0.8
_BLANK_START = 2.0  # a space follows a sentence's comma, none follows a row's own delimiter
_ID_NAME = re.compile(r"(?:.*[ _-])?(?:id|no|nr|number|index|key)\.?|#|.*(?:编号|序号|单号|号)", re.I)
_HAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def surplus_place(names: list[str], rows: list[list[str]], delimiter: str) -> int | None:
    """The column whose text the surplus cell belongs to; None where the first column holds row names.

    len(names) where the surplus cell is a last column that has no name.

    rows: data rows of one cell more than there are names. The readings are compared by how well the columns' kinds fit
    what the names say, and by the blanks that follow a sentence's comma.
    """
    rows = rows[:_MOST_ROWS]
    width = len(names) + 1
    if not rows or width > _MOST_COLUMNS or not names:
        return None
    kinds = column_kinds(rows, width)
    blanks = [statistics.fmean(row[index][:1] == " " for row in rows) for index in range(width)]
    readings = {}
    for place in range(len(names)):
        joined = [_join(row, place, delimiter) for row in rows]
        score = _fit(names, joined)
        alone = sum(share >= _LEAST_SHARE for share in blanks) == 1
        if alone and blanks[place + 1] >= _LEAST_SHARE:
            score += _BLANK_START
        elif column_kinds(joined, len(names))[place] not in FIRM and (kinds[place] in FIRM or kinds[place + 1] in FIRM):
            score -= 1  # a number beside a text is a cell of its own
        readings[place] = score
    best = max(readings, key=lambda place: (readings[place], _size(rows, place)))
    shifted = _fit(names, [row[1:] for row in rows])
    if _fit(names, rows) > max(shifted, readings[best]):
        return len(names)
    told = any("text" in _roles(name) for name in names)
    if shifted >= readings[best] and _are_row_names([row[0].strip() for row in rows], strict=told):
        return None
    return best if shifted <= readings[best] or told else None


def _join(row: list[str], place: int, delimiter: str) -> list[str]:
    return [*row[:place], row[place] + delimiter + row[place + 1], *row[place + 2 :]]


def joined_sample(rows: list[list[str]], width: int, place: int, delimiter: str) -> list[list[str]]:
    """Rows with the one surplus cell joined at its place, the others as they are."""
    return [_join(row, place, delimiter) if len(row) == width + 1 else row for row in rows]


def _size(rows: list[list[str]], place: int) -> float:
    return statistics.fmean(len(row[place]) + len(row[place + 1]) for row in rows)


def _roles(name: str) -> set[str]:
    return {role for role, strength in column_names.strengths(name.strip()).items() if strength >= 0.8}


def _fit(names: list[str], rows: list[list[str]]) -> float:
    """One for each column whose kind is what its name says, minus one for each whose kind is another."""
    kinds = column_kinds(rows, len(names))
    total = 0.0
    for index, (name, kind) in enumerate(zip(names, kinds, strict=True)):
        filled = [row[index].strip() for row in rows if row[index].strip()]
        roles = _roles(name)
        if not filled or (kind == EMPTY and not roles and not _ID_NAME.fullmatch(name.strip())):
            continue
        if "date" in roles:
            total += 1 if kind == DATE else -1
        elif "rating" in roles:
            total += 1 if kind in (NUMBER, FLAG) or statistics.fmean(map(len, filled)) <= 8 else -1
        elif "text" in roles:
            total += -1 if kind in (NUMBER, DATE) else 1
        elif _ID_NAME.fullmatch(name.strip()):
            total += 1 if kind != DATE and len(set(filled)) == len(filled) and not any(map(_is_prose, filled)) else -1
    return total


def _is_prose(value: str) -> bool:
    return len(value.split()) > 1 or len(_HAN.findall(value)) > 1


def _are_row_names(values: list[str], *, strict: bool) -> bool:
    """Whether values name rows: distinct and short; strict: single tokens, as a file of texts has no names to give."""
    if len(set(values)) < len(values):
        return False
    if strict:
        return not any(_is_prose(value) or len(value) > 40 for value in values)
    return statistics.median(len(value.split()) for value in values) <= 4 and max(map(len, values)) <= 60

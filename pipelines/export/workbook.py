"""A table as an Excel workbook: texts stay texts, and what a sheet cannot hold is counted.

Characters that XML has no place for are written as _xHHHH_ (ECMA-376, ST_Xstring), as Excel does.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from pipelines.defusing import defuse
from pipelines.errors import N_, UnusableInput
from pipelines.export.csv_file import plain_rows
from pipelines.types import Warning_

if TYPE_CHECKING:
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

MAX_ROWS = 1_048_576
"""Rows of a sheet, its header included."""
MAX_UNITS = 32_767
"""Characters of a cell, as Excel counts them: UTF-16 units."""

# A carriage return would come back as a line feed; text that looks like an escape is escaped itself.
_ESCAPED = re.compile(r"[\x00-\x08\x0b-\x1f]|_(?=x[0-9A-Fa-f]{4}_)")
_BLANK = re.compile(r"[ \t\n\r]+\Z")
# No escape of these survives a reader.
_NOT_WRITABLE = re.compile("[\ufffe\uffff]")
_SHAPED_LIKE_ERRORS = "#"


def write_workbook(table: pd.DataFrame, path: Path) -> tuple[Warning_, ...]:
    """Write the table to one sheet; returns what of it was lost.

    Raises UnusableInput where the table has more rows than a sheet.
    """
    if len(table) >= MAX_ROWS:
        raise UnusableInput(
            N_("The table has {count} rows and a sheet of Excel holds {limit}. Write CSV or Parquet instead."),
            count=len(table),
            limit=MAX_ROWS - 1,
        )
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet: WriteOnlyWorksheet = book.create_sheet("Reviews")
    lost = _Lost()
    sheet.append([_cell(sheet, defuse(str(name)), lost) for name in table.columns])
    for row in plain_rows(table):
        sheet.append([_cell(sheet, cell, lost) if isinstance(cell, str) else cell for cell in row])
    book.save(path)
    return lost.warnings()


class _Lost:
    """Counts of cells that do not come back as they were."""

    def __init__(self) -> None:
        self.cut = self.replaced = 0

    def warnings(self) -> tuple[Warning_, ...]:
        found = []
        if self.cut:
            template = N_("{count} cells were cut at Excel's {limit} characters; CSV and Parquet keep them whole.")
            found.append(Warning_(template, {"count": self.cut, "limit": MAX_UNITS}))
        if self.replaced:
            template = N_("{count} cells hold characters that Excel cannot; they became �. CSV and Parquet keep them.")
            found.append(Warning_(template, {"count": self.replaced}))
        return tuple(found)


def losses(table: pd.DataFrame) -> tuple[Warning_, ...]:
    """What write_workbook would lose of the table's text columns, without writing it."""
    lost = _Lost()
    for name in table.columns:
        if pd.api.types.is_string_dtype(table[name].dtype):
            cells = table[name].dropna()
            # An escape takes seven characters in the place of one.
            risky = (cells.str.len() > MAX_UNITS // 7) | cells.str.contains(_NOT_WRITABLE, regex=True)
            for cell in cells[risky]:
                _stored(defuse(cell), lost)
    return lost.warnings()


def _stored(text: str, lost: _Lost) -> str:
    """The text as a sheet holds it, cut where it is too long."""
    if _NOT_WRITABLE.search(text):
        lost.replaced += 1
        text = _NOT_WRITABLE.sub("�", text)
    written = escape(text)
    if len(written) > MAX_UNITS // 2 and _units(written) > MAX_UNITS:
        lost.cut += 1
        written = escape(text[: _longest(text)])
    return written


def _cell(sheet: WriteOnlyWorksheet, text: str, lost: _Lost) -> object:
    """What openpyxl writes as exactly this text."""
    written = _stored(text, lost)
    if not written.startswith(_SHAPED_LIKE_ERRORS):
        return written or None
    from openpyxl.cell import WriteOnlyCell

    # A text such as #N/A would become an error value.
    cell = WriteOnlyCell(sheet, written)
    cell.data_type = "s"
    return cell


def escape(text: str) -> str:
    """The text as a workbook stores it; a cell of nothing but white space is stored so that readers keep it."""
    written = _ESCAPED.sub(lambda match: f"_x{ord(match[0]):04X}_", text)
    return f"_x{ord(text[0]):04X}_{escape(text[1:])}" if _BLANK.match(written) else written


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _longest(text: str) -> int:
    """How many characters of the text fit into a cell as they are stored."""
    low, high = 0, min(len(text), MAX_UNITS)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if _units(escape(text[:middle])) <= MAX_UNITS else (low, middle - 1)
    return low

"""Workbooks (XLSX, XLSB, legacy XLS, ODS) to a Table: which sheet, and its cells as a person sees them.

Cells are read by calamine, which takes all four formats; what it does not guard against is looked at before.
"""

from __future__ import annotations

import datetime
import io
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from pipelines.errors import N_, ReviewscapeError, UnusableInput
from pipelines.ingest.formats import ole, sheet_extent, written
from pipelines.ingest.formats.archive import Budget
from pipelines.ingest.formats.merged import fill_merged
from pipelines.ingest.formats.sheet_choice import Sheet, best_of, wanted
from pipelines.ingest.formats.swapped_dates import SwappedDates
from pipelines.ingest.options import IngestOptions
from pipelines.ingest.tabular.cells import table_of
from pipelines.progress import Progress, silent
from pipelines.types import Table, Warning_

_EXCEL_DIGITS, _FLOAT_DIGITS = 15, 17  # digits of a number that a spreadsheet, and a float, can keep
_PROGRESS_EVERY = 10_000
_DAMAGED = re.compile(r"-?\d(?:[.,]\d+)?E\+\d{2,}|#NAME\?")
Exact = Mapping[tuple[int, int], str]


def read_workbook(data: bytes, kind: str, options: IngestOptions, budget: Budget, progress: Progress = silent) -> Table:
    """Read one sheet of an "xlsx", "xlsb", "ods" or "ole" (legacy XLS) workbook: options.sheet, or the best.

    Raises UnusableInput when it is damaged, protected by a password, without a filled sheet, larger than the settings
    max_cells and max_unpacked_mb allow, or has no sheet of that name.
    """
    exact = _look_through(data, kind, budget)
    with _told_apart():
        from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        entries = [
            (index, meta.name, meta.visible == SheetVisibleEnum.Visible)
            for index, meta in enumerate(workbook.sheets_metadata)
            if meta.typ == SheetTypeEnum.WorkSheet
        ]
    names = tuple(name for _, name, _ in entries)
    only = wanted(options.sheet, names)
    warnings: list[Warning_] = []
    sheets: list[Sheet] = []
    for place, (index, name, visible) in enumerate(entries):
        if only is not None and place != only:
            continue
        sheet = Sheet(name, visible)
        try:
            with _told_apart():
                _load(workbook.get_sheet_by_index(index), sheet, exact.get(index, {}), progress)
        except UnusableInput:
            if only is not None or len(entries) == 1:
                raise
            warnings.append(Warning_(N_("The sheet “{name}” is damaged and was left out."), {"name": name}))
            continue
        sheets.append(sheet)
        best = max(sheets, key=lambda each: each.rank)
        for other in sheets:
            if other is not best:
                other.rows = []  # the memory is for the best alone
    best = best_of(sheets, warnings)
    table = _table(best, warnings)
    return replace(table, format="xls" if kind == "ole" else kind, sheet=best.name, sheets=names)


def _table(sheet: Sheet, warnings: list[Warning_]) -> Table:
    if sheet.damaged:
        warnings.append(
            Warning_(
                N_(
                    "{count} cells were damaged by the spreadsheet before (ids like 5.7E+17 or #NAME?); their last "
                    "digits or their text are lost."
                ),
                {"count": sheet.damaged},
            )
        )
    warnings += sheet.notes
    rows = fill_merged(sheet.rows, sheet.merged, warnings)
    if len(rows[0]) > 1:
        rows = [row for row in rows if any(map(str.strip, row))]
    return table_of(rows, encoding="", delimiter="", warnings=warnings)


def _look_through(data: bytes, kind: str, budget: Budget) -> Mapping[int, Exact]:
    """Refuse what must not reach the reader; sheet index → cells as written that it would lose."""
    try:
        if kind == "ole":
            return ole.look_through(data).exact
        looked = sheet_extent.look_through(data, kind, budget)
        return {index: looked.exact[part] for index, part in enumerate(looked.parts) if part in looked.exact}
    except (ReviewscapeError, MemoryError):
        raise
    except ole.Encrypted:
        raise _protected() from None
    except Exception as error:  # noqa: BLE001  (BadZipFile, zlib.error, struct.error, Unsound … of a damaged file)
        raise _damaged(error) from None


@contextmanager
def _told_apart() -> Iterator[None]:
    """What the reader raises, as one clear message; a panic of its Rust code arrives as a BaseException of its own."""
    try:
        yield
    except (ReviewscapeError, MemoryError):
        raise
    except Exception as error:  # noqa: BLE001  (calamine's and, through its reader, Python's)
        if type(error).__name__ == "PasswordError":
            raise _protected() from None
        raise _damaged(error) from None
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise _damaged(error) from None


def _protected() -> UnusableInput:
    return UnusableInput(N_("The workbook is protected by a password. Save it without one and open it again."))


def _damaged(error: BaseException) -> UnusableInput:
    return UnusableInput(
        N_("The workbook is damaged or of an unknown kind ({reason}). Save the sheet as “CSV UTF-8” and open that."),
        reason=str(error).splitlines()[0][:200] if str(error) else type(error).__name__,
    )


def _load(read: Any, sheet: Sheet, exact: Exact, progress: Progress) -> None:
    """Fill in a sheet's cells."""
    start = read.start
    if start is None:
        return
    top, left = start
    kept: dict[int, dict[int, str]] = {}
    for (at, column), text in exact.items():
        kept.setdefault(at - top, {})[column - left] = text
    raw = read.to_python()
    dates = SwappedDates()
    for number, cells in enumerate(raw):
        row = [cell if type(cell) is str else _cell(cell) for cell in cells]
        for column, text in kept.get(number, {}).items():
            if 0 <= column < len(row):
                row[column] = text
        sheet.filled += sum(map(bool, row))
        sheet.damaged += sum(
            _is_damaged(cell, text)
            for cell, text in zip(cells, row, strict=True)
            if text and (type(cell) is float or text[0] == "#" or "E+" in text)
        )
        for column, cell in enumerate(cells):
            if isinstance(cell, datetime.date):
                dates.add(number, column, cell)
        sheet.rows.append(row)
        raw[number] = None
        if number % _PROGRESS_EVERY == 0:
            progress("reading", number, len(raw))
    sheet.notes = dates.warnings(sheet.rows, top, left)
    sheet.merged = [
        ((first - top, begin - left), (last - top, end - left))
        for (first, begin), (last, end) in read.merged_cell_ranges or ()
    ]


def _is_damaged(cell: object, text: str) -> bool:
    """Whether a spreadsheet has harmed a cell: an id shortened or with zeros for its last digits, a lost text."""
    if isinstance(cell, float):
        digits = text.lstrip("-") if abs(cell) >= 1e15 else ""
        return any(len(digits) > kept and not digits[kept:].strip("0") for kept in (_EXCEL_DIGITS, _FLOAT_DIGITS))
    return len(text) < 30 and bool(_DAMAGED.fullmatch(text))


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return written.number(value, _EXCEL_DIGITS)
    if isinstance(value, datetime.datetime):
        return written.moment(value.isoformat(sep=" "))
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, datetime.timedelta):
        return written.duration(value)
    return "" if value is None else str(value)

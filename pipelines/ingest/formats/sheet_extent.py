"""How far the sheets of a zipped workbook reach, found before a reader makes room for them.

The reader makes a full rectangle of each sheet: two cells in opposite corners of a 2 KB file would take 500 GB
(calamine issue 693). So each part is unpacked once under the limit and looked through as a stream.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field

from pipelines import settings
from pipelines.errors import N_, UnusableInput
from pipelines.ingest.formats.archive import Budget

_CHUNK_BYTES = 1 << 20
_OVERLAP_BYTES = 4096
_REFERENCE = re.compile(rb"""[\s]r\s*=\s*["']([A-Za-z]*)(\d+)["']""")
_ERROR_CELL = re.compile(
    rb"""<(?:\w+:)?c\b(?=[^<>]*\st=["']e["'])[^<>]*\sr=["']([A-Za-z]+)(\d+)["'][^<>]*>"""
    rb"""(?:<(?:\w+:)?f\b[^<>]*/>|<(?:\w+:)?f\b[^<>]*>[^<>]*</(?:\w+:)?f>)?<(?:\w+:)?v>(\#[^<]{1,20})<"""
)
_LONG_DIGITS = re.compile(rb">-?\d{16}")
_LONG_NUMBER = re.compile(
    rb"""<(?:\w+:)?c\b[^<>]*\sr=["']([A-Za-z]+)(\d+)["'][^<>]*>"""
    rb"""(?:<(?:\w+:)?f\b[^<>]*/>|<(?:\w+:)?f\b[^<>]*>[^<>]*</(?:\w+:)?f>)?<(?:\w+:)?v>(-?\d{16,30})<"""
)
_ANNOUNCED = re.compile(rb"""\suniqueCount\s*=\s*["']\s*(\d+)""")
_ODS_TAG = re.compile(rb"<(/?)table:(table-row|covered-table-cell|table-cell|table)(?=[\s/>])([^<>]*?)/?>")
_ODS_ROWS = re.compile(rb"""number-rows-repeated\s*=\s*["']\s*(\d+)""")
_ODS_COLUMNS = re.compile(rb"""number-columns-repeated\s*=\s*["']\s*(\d+)""")
_ODS_SPACES = re.compile(rb"""<text:s\b[^<>]*?text:c\s*=\s*["']\s*(\d+)""")
_ODS_VALUE = (b"value", b"formula")
_ATTRIBUTE = re.compile(rb"""([\w:]+)\s*=\s*["']([^"']*)["']""")
_LONGEST_SPACES = 10_000
_XLSB_ROW, _XLSB_CELLS = 0, range(1, 12)


@dataclass
class Looked:
    """exact: sheet part's name → (row, column) → cell as written, where the reader would lose it: errors, long numbers.

    parts: the sheets' parts, in the workbook's order (XLSX only).
    """

    exact: dict[str, dict[tuple[int, int], str]] = field(default_factory=dict)
    parts: list[str] = field(default_factory=list)


def look_through(data: bytes, kind: str, budget: Budget) -> Looked:
    """Unpack every part of an "xlsx", "xlsb" or "ods" once, counting, and measure its sheets.

    Raises UnusableInput over the settings max_unpacked_mb and max_cells; whatever zipfile raises when it is damaged.
    """
    looked = Looked()
    plans = {"xl/workbook.xml": b"", "xl/_rels/workbook.xml.rels": b""}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        infos = archive.infolist()
        budget.check(sum(info.file_size for info in infos))
        for info in infos:
            name = info.filename.replace("\\", "/").lower()
            chunks = _chunks(archive, info, budget)
            if kind == "xlsx" and name.startswith("xl/worksheets/") and name.endswith(".xml"):
                if exact := _measure_xlsx(chunks):
                    looked.exact[name] = exact
            elif kind == "xlsb" and name.startswith("xl/worksheets/") and name.endswith(".bin"):
                _measure_xlsb(b"".join(chunks))
            elif kind == "ods" and name == "content.xml":
                _measure_ods(chunks)
            elif name in plans:
                plans[name] = b"".join(chunks)
            # Read to the end in any case: for its size and its checksum.
            for window in _windows(chunks):
                if kind == "xlsx":
                    _check_announced(window, info.file_size)
    looked.parts = _parts(*plans.values())
    return looked


def _parts(workbook: bytes, relations: bytes) -> list[str]:
    targets: dict[bytes, str] = {}
    for tag in re.findall(rb"<(?:\w+:)?Relationship\b[^<>]*>", relations):
        found = dict(_ATTRIBUTE.findall(tag))
        targets[found.get(b"Id", b"")] = found.get(b"Target", b"").decode("utf-8", errors="replace").lower()
    parts = []
    for tag in re.findall(rb"<(?:\w+:)?sheet\b[^<>]*>", workbook):
        target = next((targets.get(value, "") for name, value in _ATTRIBUTE.findall(tag) if name.endswith(b":id")), "")
        parts.append(target.removeprefix("/") if target.startswith("/") else f"xl/{target}")
    return parts


def column_index(letters: bytes) -> int:
    """0 for A, 25 for Z, 26 for AA."""
    index = 0
    for letter in letters.upper():
        index = index * 26 + letter - 64
    return index - 1


def _chunks(archive: zipfile.ZipFile, info: zipfile.ZipInfo, budget: Budget) -> Iterator[bytes]:
    with archive.open(info) as stream:
        while chunk := stream.read(_CHUNK_BYTES):
            budget.take(len(chunk))
            yield chunk


def _windows(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The chunks, each beginning with the end of the one before, so that no short pattern is cut in two."""
    end = b""
    for chunk in chunks:
        yield end + chunk
        end = chunk[-_OVERLAP_BYTES:]


def _check(rows: int, columns: int) -> None:
    limit = settings.get_int("max_cells")
    if rows * columns > limit:
        raise UnusableInput(
            N_(
                "A sheet reaches over {rows} rows and {columns} columns, more than {limit} cells. Delete what stands "
                "far from the table, or raise REVIEWSCAPE_MAX_CELLS."
            ),
            rows=rows,
            columns=columns,
            limit=limit,
        )


def _check_announced(window: bytes, size: int) -> None:
    """The reader makes room for as many shared texts as their part announces; each takes more than five bytes."""
    found = _ANNOUNCED.search(window)
    if found and int(found[1][:12]) * 5 > size:
        raise ValueError("it announces more texts than it has")


def _measure_xlsx(chunks: Iterator[bytes]) -> dict[tuple[int, int], str]:
    exact: dict[tuple[int, int], str] = {}
    columns = {b""}
    last_row = counted = widest = 0
    for window in _windows(chunks):
        found = _REFERENCE.findall(window)
        columns.update(letters for letters, _ in found)
        last_row = max(last_row, max((int(number[:9]) for _, number in found), default=0))
        # Rows and cells may go without a reference; then they count on.
        counted += window.count(b"<row") + window.count(b":row")
        if b"<c>" in window or b"<c t" in window or b"<c s" in window:
            widest = max(widest, *(row.count(b"<c") for row in window.split(b"</row>")))
        if b'"e"' in window or b"'e'" in window:
            for letters, number, text in _ERROR_CELL.findall(window):
                exact[int(number[:9]) - 1, column_index(letters[:4])] = text.decode("utf-8", errors="replace")
        if _LONG_DIGITS.search(window):
            for letters, number, text in _LONG_NUMBER.findall(window):
                exact[int(number[:9]) - 1, column_index(letters[:4])] = text.decode("ascii")
    last_column = max(column_index(letters[:7]) for letters in columns) + 1
    _check(max(last_row, counted), max(last_column, widest))
    return exact


def _measure_xlsb(part: bytes) -> None:
    """Records of a type (1 or 2 bytes of 7 bits) and a length (1 to 4 of them); [MS-XLSB] 2.1.4."""
    at = row = last_row = last_column = 0
    end = len(part)
    while at < end:
        kind = part[at]
        at += 1
        if kind & 0x80:
            kind = (kind & 0x7F) | (part[at] & 0x7F) << 7
            at += 1
        length = shift = 0
        for _ in range(4):
            byte = part[at]
            at += 1
            length |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80:
                break
        if kind == _XLSB_ROW and length >= 4:
            row = struct.unpack_from("<I", part, at)[0]
        elif kind in _XLSB_CELLS and length >= 4:
            last_row = max(last_row, row)
            last_column = max(last_column, struct.unpack_from("<I", part, at)[0])
        at += length
    _check(last_row + 1, last_column + 1)


def _measure_ods(chunks: Iterator[bytes]) -> None:
    """Repeated cells and rows count as often as they stand; empty ones at the end do not."""
    text = b"".join(chunks)
    for count in _ODS_SPACES.findall(text):
        if int(count[:9]) > _LONGEST_SPACES:
            raise UnusableInput(N_("A cell of the workbook holds more spaces than can be meant. Export it again."))
    rows = filled_rows = column = filled_columns = widest = repeat = 0
    for found in _ODS_TAG.finditer(text):
        closing, tag, attributes = found.group(1, 2, 3)
        if closing:
            if tag == b"table-row":
                rows += repeat
                if filled_columns:
                    filled_rows, widest = rows, max(widest, filled_columns)
                    _check(filled_rows, widest)
        elif tag == b"table":
            rows = filled_rows = widest = 0
        elif tag == b"table-row":
            repeat = _count(_ODS_ROWS, attributes)
            column = filled_columns = 0
        else:
            column += _count(_ODS_COLUMNS, attributes)
            if any(word in attributes for word in _ODS_VALUE):
                filled_columns = column


def _count(pattern: re.Pattern[bytes], attributes: bytes) -> int:
    found = pattern.search(attributes)
    return int(found[1][:12]) if found else 1

"""Old Excel workbooks (OLE compound files of BIFF records), looked through before a reader trusts them.

Structures as in [MS-CFB] and [MS-XLS]. The reader allocates what a file announces, so what it announces is checked
against the file's own size here; a file that lies is refused.
"""

from __future__ import annotations

import struct
from array import array
from dataclasses import dataclass, field

from pipelines import settings

_FREE, _END = 0xFFFFFFFF, 0xFFFFFFFE
_MOST_REGULAR = 0xFFFFFFF9
_ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}
_BOF, _EOF, _FILEPASS, _BOUNDSHEET, _SST, _DIMENSIONS = 0x809, 0x0A, 0x2F, 0x85, 0xFC, 0x200
_CELLS = {0x06, 0xBD, 0xFD, 0x203, 0x204, 0x205, 0x27E, 0xD6}
_MULTIPLE, _BOOL_OR_ERROR = 0xBD, 0x205


class Unsound(ValueError):
    """The file contradicts itself or asks for more than the limits; the text says what."""


class Encrypted(ValueError):
    """A password protects the file."""


@dataclass(frozen=True)
class Looked:
    """exact: sheet index → (row, column) → an error's text, which the reader itself does not tell."""

    exact: dict[int, dict[tuple[int, int], str]] = field(default_factory=dict)


def look_through(data: bytes) -> Looked:
    """Check an old workbook. Raises Unsound or Encrypted; Unsound as well when it is no workbook at all."""
    try:
        streams = _Compound(data)
        if {"EncryptedPackage", "EncryptionInfo"} & set(streams.entries):
            raise Encrypted
        name = next((name for name in ("Workbook", "Book") if name in streams.entries), None)
        if name is None:
            raise Unsound("it holds no workbook")
        return _look_through_records(streams.read(name))
    except (struct.error, IndexError, OverflowError) as error:
        raise Unsound("it is cut short") from error


class _Compound:
    """The streams of a compound file by name."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        shift, mini_shift = struct.unpack_from("<HH", data, 30)
        if shift not in (9, 12) or mini_shift != 6:
            raise Unsound("its sectors have an unknown size")
        self._size = 1 << shift
        directories, fats, first_directory = struct.unpack_from("<III", data, 40)
        first_mini, minis, first_difat, difats = struct.unpack_from("<IIII", data, 60)
        self._sectors = max(0, -(-len(data) // self._size) - 1)
        if max(directories, fats, minis, difats) > self._sectors + 1:
            raise Unsound("it announces more sectors than it has")
        self._fat = self._load_fat(first_difat)
        entries = self._chain(first_directory)
        self.entries: dict[str, tuple[int, int]] = {}
        root = (_END, 0)
        for at in range(0, len(entries) - 127, 128):
            length = struct.unpack_from("<H", entries, at + 64)[0]
            start, low, high = struct.unpack_from("<III", entries, at + 116)
            size = low if self._size == 512 else low + (high << 32)
            kind = entries[at + 66]
            if size > len(data) and kind in (2, 5):
                raise Unsound("a stream is longer than the file")
            name = entries[at : at + max(0, min(length, 64) - 2)].decode("utf-16-le", errors="replace")
            if kind == 5 and at == 0:
                root = (start, size)
            elif kind == 2:
                self.entries.setdefault(name, (start, size))
        self._mini_fat = self._numbers(self._chain(first_mini)) if first_mini <= _MOST_REGULAR else array("I")
        self._mini_stream = self._chain(root[0])[: root[1]] if root[0] <= _MOST_REGULAR else b""

    def read(self, name: str) -> bytes:
        """One stream's bytes."""
        start, size = self.entries[name]
        if size >= 4096:
            return self._chain(start)[:size]
        out = bytearray()
        for sector in self._walk(start, self._mini_fat):
            out += self._mini_stream[sector * 64 : (sector + 1) * 64]
        return bytes(out[:size])

    def _load_fat(self, difat: int) -> array[int]:
        numbers = list(struct.unpack_from("<109I", self._data, 76))
        for _ in range(self._sectors + 1):
            if difat > _MOST_REGULAR:
                break
            more = self._numbers(self._sector(difat))
            numbers.extend(more[:-1])
            difat = more[-1]
        else:
            raise Unsound("its sectors run in a circle")
        fat = array("I")
        for number in numbers:
            if number != _FREE:
                fat.extend(self._numbers(self._sector(number)))
            if len(fat) > self._sectors + 2 * self._size:
                break
        return fat

    def _sector(self, number: int) -> bytes:
        if number >= self._sectors:
            raise Unsound("a sector lies beyond the end of the file")
        found = self._data[(number + 1) * self._size : (number + 2) * self._size]
        return found.ljust(self._size, b"\0")

    def _chain(self, first: int) -> bytes:
        return b"".join(map(self._sector, self._walk(first, self._fat)))

    def _walk(self, sector: int, table: array[int]) -> list[int]:
        found: list[int] = []
        while sector != _END:
            if sector >= len(table) or len(found) > len(table):
                raise Unsound("its sectors run in a circle, or out of the file")
            found.append(sector)
            sector = table[sector]
        return found

    @staticmethod
    def _numbers(raw: bytes) -> array[int]:
        return array("I", struct.unpack(f"<{len(raw) // 4}I", raw[: len(raw) // 4 * 4]))


def _look_through_records(stream: bytes) -> Looked:
    most = settings.get_int("max_cells")
    starts: list[int] = []
    at = 0
    while at + 4 <= len(stream):  # the workbook's own records; its sheets follow where BOUNDSHEET says
        kind, length = struct.unpack_from("<HH", stream, at)
        if kind == _FILEPASS and stream[at + 4 : at + 6] != b"\0\0":
            raise Encrypted
        if kind == _BOUNDSHEET:
            starts.append(struct.unpack_from("<I", stream, at + 4)[0])
        elif kind == _SST and not 0 <= struct.unpack_from("<i", stream, at + 8)[0] <= len(stream) // 3:
            raise Unsound("it announces more texts than it has")
        at += 4 + length
        if kind == _EOF:
            break
    errors: dict[int, dict[tuple[int, int], str]] = {}
    for index, start in enumerate(starts):
        if start > len(stream):
            raise Unsound("a sheet lies beyond the end of the file")
        found = _look_through_sheet(stream, start, most)
        if found:
            errors[index] = found
    return Looked(errors)


def _look_through_sheet(stream: bytes, at: int, most: int) -> dict[tuple[int, int], str]:
    unpack = struct.Struct("<HH").unpack_from
    end = len(stream) - 4
    errors: dict[tuple[int, int], str] = {}
    first_row = first_column = 1 << 32
    last_row = last_column = -1
    while at <= end:
        kind, length = unpack(stream, at)
        if kind in _CELLS and length >= 6:
            row, column = unpack(stream, at + 4)
            last = column
            if kind == _MULTIPLE:
                last = struct.unpack_from("<H", stream, at + 4 + length - 2)[0]
                if length != 6 + 6 * (last - column + 1):
                    raise Unsound("a row of numbers contradicts itself")
            elif kind == _BOOL_OR_ERROR and length >= 8 and stream[at + 11]:
                errors[row, column] = _ERRORS.get(stream[at + 10], "#ERROR!")
            first_row, last_row = min(first_row, row), max(last_row, row)
            first_column, last_column = min(first_column, column), max(last_column, last)
        elif kind == _DIMENSIONS:
            _check_dimensions(stream[at + 4 : at + 4 + length], most)
        at += 4 + length
        if kind == _EOF:
            break
    if last_row >= 0 and (last_row - first_row + 1) * (last_column - first_column + 1) > most:
        raise Unsound(f"a sheet spans more than {most} cells")
    return errors


def _check_dimensions(record: bytes, most: int) -> None:
    if len(record) not in (10, 14):
        raise Unsound("a sheet's dimensions are damaged")
    first_row, last_row, first, last = struct.unpack_from("<IIHH" if len(record) == 14 else "<HHHH", record)
    if last_row and last and (last_row < first_row or last < first or (last_row - first_row) * (last - first) > most):
        raise Unsound(f"a sheet spans more than {most} cells, or less than none")

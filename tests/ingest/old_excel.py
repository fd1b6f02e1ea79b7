"""A writer of minimal legacy Excel workbooks (BIFF8 in an OLE compound file), for the tests of reading them."""

import struct

FREE, END, FAT_SECTOR = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
ERROR_CODES = {"#DIV/0!": 0x07, "#NAME?": 0x1D, "#N/A": 0x2A}


def record(kind, data=b""):
    return struct.pack("<HH", kind, len(data)) + data


def text(value, length="<H"):
    return struct.pack(length, len(value)) + b"\x01" + value.encode("utf-16-le")


def workbook_stream(sheets, hidden=(), password=False):
    """sheets: name → rows of str, numbers, bool, None; a str that is an error's text becomes an error cell."""
    words = sorted({cell for rows in sheets.values() for row in rows for cell in row if isinstance(cell, str)})
    bof = struct.pack("<HHHHII", 0x600, 0x5, 0x0DBB, 0x07CC, 0, 6)
    head = record(0x809, bof)
    if password:
        head += record(0x2F, struct.pack("<HHH", 1, 1, 1) + bytes(48))
    head += record(0x42, struct.pack("<H", 1200))
    for code in (0, 14):  # cell formats: general, date
        head += record(0xE0, struct.pack("<HH", 0, code) + bytes(16))
    strings = record(0xFC, struct.pack("<II", len(words), len(words)) + b"".join(map(text, words)))
    bodies = [sheet_stream(rows, words) for rows in sheets.values()]
    names = [text(name, "<B") for name in sheets]
    at = len(head) + sum(10 + len(name) for name in names) + len(strings) + 4
    for name, raw, body in zip(sheets, names, bodies, strict=True):
        head += record(0x85, struct.pack("<IBB", at, name in hidden, 0) + raw)
        at += len(body)
    return head + strings + record(0x0A) + b"".join(bodies)


def sheet_stream(rows, words):
    out = record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0x0DBB, 0x07CC, 0, 6))
    out += record(0x200, struct.pack("<IIHHH", 0, len(rows), 0, max(map(len, rows), default=0), 0))
    for row, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            place = struct.pack("<HHH", row, column, 0)
            if cell in ERROR_CODES:
                out += record(0x205, place + struct.pack("<BB", ERROR_CODES[cell], 1))
            elif isinstance(cell, bool):
                out += record(0x205, place + struct.pack("<BB", cell, 0))
            elif isinstance(cell, str):
                out += record(0xFD, place + struct.pack("<I", words.index(cell)))
            elif isinstance(cell, tuple):  # a date, as its day number
                out += record(0x203, struct.pack("<HHHd", row, column, 1, cell[0]))
            elif cell is not None:
                out += record(0x203, place + struct.pack("<d", cell))
    return out + record(0x0A)


def compound_file(streams):
    """An OLE compound file of named streams, each padded to the 4,096 bytes from which on it has sectors of its own."""
    fat, body, entries = [FAT_SECTOR, END], b"", [directory_entry("Root Entry", 5, END, 0, child=1)]
    for number, (name, data) in enumerate(streams.items(), 1):
        data = data.ljust(max(4096, -(-len(data) // 512) * 512), b"\0")
        start = len(fat)
        fat += [*range(start + 1, start + len(data) // 512), END]
        right = number + 1 if number < len(streams) else FREE
        entries.append(directory_entry(name, 2, start, len(data), right=right))
        body += data
    assert len(fat) <= 128 and len(entries) <= 4
    directory = b"".join(entries).ljust(512, b"\0")
    header = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, END, 0, END, 0) + struct.pack("<I", 0) + b"\xff" * 432
    return header + struct.pack("<128I", *fat, *[FREE] * (128 - len(fat))) + directory + body


def small_compound_file(name, data):
    """An OLE compound file of one stream under 4,096 bytes: it lies in sectors of 64 bytes inside the root's stream."""
    assert len(data) < 4096
    units, sectors = -(-len(data) // 64), -(-len(data) // 512)
    root = directory_entry("Root Entry", 5, 3, sectors * 512, child=1)
    directory = (root + directory_entry(name, 2, 0, len(data))).ljust(512, b"\0")
    fat = [FAT_SECTOR, END, END, *range(4, 3 + sectors), END]
    mini_fat = [*range(1, units), END]
    header = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, 2, 1, END, 0) + struct.pack("<I", 0) + b"\xff" * 432
    tables = b"".join(struct.pack(f"<{len(table)}I", *table).ljust(512, b"\xff") for table in (fat, mini_fat))
    return header + tables[:512] + directory + tables[512:] + data.ljust(sectors * 512, b"\0")


def directory_entry(name, kind, start, size, right=FREE, child=FREE):
    raw = name.encode("utf-16-le") + b"\0\0"
    return (
        raw.ljust(64, b"\0")
        + struct.pack("<HBBIII", len(raw), kind, 1, FREE, right, child)
        + bytes(36)
        + struct.pack("<IQ", start, size)
    )


def xls_bytes(sheets, hidden=(), password=False):
    """A workbook of named sheets as an .xls file's bytes."""
    return compound_file({"Workbook": workbook_stream(sheets, hidden, password)})

"""A writer of minimal binary Excel workbooks (XLSB), for the tests of reading them."""

import io
import struct
import zipfile


def record(kind, data=b""):
    head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    length = len(data)
    size = b""
    while True:
        size += bytes([length & 0x7F | (0x80 if length > 127 else 0)])
        length >>= 7
        if not length:
            return head + size + data


def wide(text):
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def cell_record(column, cell):
    place = struct.pack("<II", column, 0)
    if isinstance(cell, str):
        return record(6, place + wide(cell))
    return record(5, place + struct.pack("<d", cell))


def xlsb_bytes(rows, places=None):
    """One sheet of str and number cells; places: row → the row number that is written for it, where it is another."""
    body = record(129) + record(148, struct.pack("<IIII", 0, len(rows) - 1, 0, len(rows[0]) - 1)) + record(145)
    for number, row in enumerate(rows):
        body += record(0, struct.pack("<I", (places or {}).get(number, number)) + bytes(13))
        body += b"".join(cell_record(column, cell) for column, cell in enumerate(row))
    body += record(146) + record(130)
    sheet = struct.pack("<II", 0, 1) + wide("rId1") + wide("Sheet1")
    workbook = record(131) + record(143) + record(156, sheet) + record(144) + record(132)
    relations = (
        '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId1" Type="worksheet" Target="worksheets/sheet1.bin"/></Relationships>'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.bin", workbook)
        archive.writestr("xl/_rels/workbook.bin.rels", relations)
        archive.writestr("xl/worksheets/sheet1.bin", body)
    return out.getvalue()

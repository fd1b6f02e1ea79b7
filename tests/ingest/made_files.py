"""Small review files in every shape that a shop, a scraper or a spreadsheet writes, as bytes, the same every time."""

from __future__ import annotations

import bz2
import csv
import gzip
import html
import io
import json
import lzma
import re
import tarfile
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from tests.ingest.binary_excel import xlsb_bytes
from tests.ingest.old_excel import xls_bytes
from tests.made_reviews import english, mixed, table

N_ROWS = 12
_WHEN = (2026, 1, 2, 3, 4, 0)
WESTERN = (
    "Très bon café, déjà commandé deux fois.",
    "Die Tür schließt schlecht, schade für das Geld.",
    "El café llegó frío, qué lástima.",
)
RUSSIAN = ("Батарея держится два дня, очень доволен.", "Ремешок порвался через неделю.", "Поддержка ответила за час.")
JAPANESE = (
    "電池が二日もつので便利です。",
    "バンドがすぐに切れてしまいました。",
    "返事が早くて助かりました。",
)
KOREAN = ("배터리가 이틀은 가서 정말 좋아요.", "스트랩이 일주일 만에 끊어졌습니다.", "고객센터 답변이 빨라서 좋았어요.")
TRADITIONAL = ("電池很耐用,三天充一次就夠了。", "錶帶戴久了會發紅,皮膚很不舒服。", "客服態度很好,當天就幫我換新的。")
NAMES = {"review": "评论", "stars": "评分", "day": "日期", "shop": "店铺", "user": "用户"}

Rows = list[dict[str, object]]


@dataclass(frozen=True)
class Shape:
    """One kind of file: its bytes, the name it would have, and the codec its text is in ("" for binary formats)."""

    name: str
    data: bytes
    file_name: str
    encoding: str = ""


def rows_of(texts: Sequence[str], names: Mapping[str, str] | None = None) -> Rows:
    """One row a text; `names` renames the columns."""
    return [{(names or {}).get(name, name): value for name, value in row.items()} for row in table(texts)]


def repeated(texts: Sequence[str]) -> list[str]:
    """N_ROWS texts out of a few."""
    return [texts[i % len(texts)] for i in range(N_ROWS)]


def delimited(
    rows: Rows, delimiter: str = ",", end: str = "\n", *, header: bool = True, quote_all: bool = False
) -> str:
    """The rows as a delimited text."""
    out = io.StringIO()
    quoting = csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL
    writer = csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=quoting)
    if header:
        writer.writerow(rows[0])
    writer.writerows(row.values() for row in rows)
    return out.getvalue()


def workbook(sheets: Mapping[str, Rows]) -> bytes:
    """An .xlsx by openpyxl, without the moment of its making."""
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        sheet.append(list(rows[0]))
        for row in rows:
            sheet.append(list(row.values()))
    out = io.BytesIO()
    book.save(out)
    return repacked(out.getvalue())


def repacked(archive: bytes) -> bytes:
    """A ZIP of the same members without the moments of its making."""
    with zipfile.ZipFile(io.BytesIO(archive)) as made:
        parts = {name: made.read(name) for name in made.namelist()}
    stamp = rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"
    return zipped({name: re.sub(stamp, b"2026-01-02T03:04:00Z", part) for name, part in parts.items()})


def zipped(parts: Mapping[str, bytes]) -> bytes:
    """A .zip whose bytes depend on its members alone."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, part in parts.items():
            archive.writestr(zipfile.ZipInfo(name, _WHEN), part, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def tarred(parts: Mapping[str, bytes]) -> bytes:
    """A .tar whose bytes depend on its members alone."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, part in parts.items():
            info = tarfile.TarInfo(name)
            info.size = len(part)
            archive.addfile(info, io.BytesIO(part))
    return out.getvalue()


def columnar(rows: Rows, kind: str) -> bytes:
    """Parquet, or Arrow's file format."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    made, out = pa.Table.from_pylist(rows), io.BytesIO()
    if kind == "parquet":
        pq.write_table(made, out)
    else:
        with pa.ipc.new_file(out, made.schema) as writer:
            writer.write_table(made)
    return out.getvalue()


def page(rows: Rows) -> str:
    """An HTML page with a table, as shops save it under the name of a workbook."""

    def line(cells: Sequence[object], tag: str) -> str:
        return "<tr>" + "".join(f"<{tag}>{html.escape(str(cell))}</{tag}>" for cell in cells) + "</tr>\n"

    body = line(list(rows[0]), "th") + "".join(line(list(row.values()), "td") for row in rows)
    head = '<html><head><meta charset="utf-8"></head><body><h1>Export</h1>\n'
    return f'{head}<table border="1">\n{body}</table></body></html>'


def spreadsheet_xml(rows: Rows) -> str:
    """The XML that Excel 2003 writes."""

    def line(cells: Sequence[object]) -> str:
        return (
            "<Row>"
            + "".join(f'<Cell><Data ss:Type="String">{html.escape(str(c))}</Data></Cell>' for c in cells)
            + "</Row>\n"
        )

    space = "urn:schemas-microsoft-com:office:spreadsheet"
    body = line(list(rows[0])) + "".join(line(list(row.values())) for row in rows)
    head = f'<?xml version="1.0"?>\n<Workbook xmlns="{space}" xmlns:ss="{space}"><Worksheet ss:Name="S"><Table>\n'
    return f"{head}{body}</Table></Worksheet></Workbook>"


def _texts() -> dict[str, tuple[str, str]]:
    """Name → (text, codec) of the shapes that are text."""
    plain, both = rows_of(english(N_ROWS)), rows_of(mixed(N_ROWS))
    chinese = rows_of([text for text in mixed(2 * N_ROWS) if not text.isascii()], NAMES)
    lines = [{**row, "review": str(row["review"]).replace(", ", ",\n", 1) + '\nShe said "fine".'} for row in plain]
    preamble = "Export of January\n# made by a tool\n\n"
    totals = "Total,,,,\n12 rows\n"
    nested = [
        {"id": i, "content": row["review"], "score": {"stars": row["stars"]}, "tags": ["a", "b"]}
        for i, row in enumerate(both)
    ]
    escaped = delimited(lines, quote_all=True).replace('""', '\\"')
    return {
        "csv": (delimited(plain), "utf-8"),
        "csv-bom": (delimited(both), "utf-8-sig"),
        "csv-gb18030": (delimited(chinese), "gb18030"),
        "csv-big5": (delimited(rows_of(repeated(TRADITIONAL))), "big5"),
        "csv-utf16": (delimited(both), "utf-16"),
        "tsv-utf16-unmarked": (delimited(both, "\t"), "utf-16-le"),
        "csv-cp1252": (delimited(rows_of(repeated(WESTERN)), ";"), "cp1252"),
        "csv-mac": (delimited(rows_of(repeated(WESTERN)), end="\r"), "mac_roman"),
        "csv-cp1251": (delimited(rows_of(repeated(RUSSIAN))), "cp1251"),
        "csv-shift-jis": (delimited(rows_of(repeated(JAPANESE))), "shift_jis"),
        "csv-euc-kr": (delimited(rows_of(repeated(KOREAN))), "euc_kr"),
        "tsv": (delimited(both, "\t"), "utf-8"),
        "semicolon": (delimited(both, ";", "\r\n"), "utf-8"),
        "pipe": (delimited(plain, "|"), "utf-8"),
        "control-a": (delimited(plain, "\x01"), "utf-8"),
        "csv-crlf": (delimited(lines, end="\r\n"), "utf-8"),
        "csv-cr": (delimited(both, end="\r"), "utf-8"),
        "csv-quoted-lines": (delimited(lines, quote_all=True), "utf-8"),
        "csv-backslash": (escaped, "utf-8"),
        "csv-no-header": (delimited(both, header=False), "utf-8"),
        "csv-preamble": (preamble + delimited(plain) + delimited(plain) + totals, "utf-8"),
        "csv-sep-hint": ("sep=;\r\n" + delimited(plain, ";", "\r\n"), "utf-8"),
        "csv-header-only": (delimited(plain).partition("\n")[0] + "\n", "utf-8"),
        "lines": ("\n".join(mixed(N_ROWS)) + "\n", "utf-8"),
        "wide": (delimited([{f"c{i}": i for i in range(60)} | row for row in plain]), "utf-8"),
        "json": (json.dumps(both, ensure_ascii=False, indent=1), "utf-8"),
        "json-nested": (json.dumps({"meta": {"page": 1}, "data": {"reviews": nested}}), "utf-8"),
        "json-columns": (json.dumps({name: [row[name] for row in plain] for name in plain[0]}), "utf-8"),
        "jsonl": ("".join(json.dumps(row) + "\n" for row in nested), "utf-8"),
        "html": (page(both), "utf-8"),
        "html-gbk": (page(chinese).replace("utf-8", "gbk"), "gbk"),
        "xml-workbook": (spreadsheet_xml(both), "utf-8"),
    }


def _binaries() -> dict[str, tuple[bytes, str]]:
    """Name → (bytes, file name) of the shapes that are no text."""
    both = rows_of(mixed(N_ROWS))
    text = delimited(both).encode()
    other = delimited(rows_of(english(N_ROWS, seed=7))).encode()
    grid = [list(both[0]), *(list(row.values()) for row in both)]
    return {
        "xlsx": (workbook({"Sheet1": both}), "book.xlsx"),
        "xlsx-two": (workbook({"评论": both, "Totals": [{"month": "May", "count": 3}]}), "book.xlsx"),
        "xls": (xls_bytes({"评论": grid, "Totals": [["month", "count"], ["May", 3]]}), "book.xls"),
        "xlsb": (repacked(xlsb_bytes(grid)), "book.xlsb"),
        "parquet": (columnar(both, "parquet"), "reviews.parquet"),
        "arrow": (columnar(both, "arrow"), "reviews.arrow"),
        "gzip": (gzip.compress(text, mtime=0), "reviews.csv.gz"),
        "bzip2": (bz2.compress(text), "reviews.csv.bz2"),
        "xz": (lzma.compress(text), "reviews.csv.xz"),
        "tar": (tarred({"a/reviews.csv": text}), "reviews.tar"),
        "zip": (zipped({"reviews.csv": text}), "reviews.zip"),
        "zip-two": (zipped({"north.csv": text, "子/south.csv": other}), "reviews.zip"),
        "zip-xlsx": (zipped({"book.xlsx": workbook({"Sheet1": both})}), "reviews.zip"),
    }


@cache
def shapes() -> tuple[Shape, ...]:
    """Every shape once, always in the same order."""
    made = [Shape(name, text.encode(codec), f"{name}.csv", codec) for name, (text, codec) in _texts().items()]
    return (*made, *(Shape(name, data, file_name) for name, (data, file_name) in _binaries().items()))


def shape(name: str) -> Shape:
    """The shape of a name."""
    return next(made for made in shapes() if made.name == name)

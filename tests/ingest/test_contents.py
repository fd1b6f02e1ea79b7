"""What a file is, by its content: extensions lie, and a table may begin with any character."""

import bz2
import gzip
import io
import lzma
import zipfile

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.errors import UnusableInput
from pipelines.ingest import IngestOptions, Source, read_table
from pipelines.ingest.formats.contents import kind_of_bytes, kind_of_text
from tests.ingest.old_excel import xls_bytes

ROWS = [["review", "stars"], ["Warm soup, kind staff", "5"], ["Too loud, cold tea", "2"]]
CSV = b'review,stars\n"Warm soup, kind staff",5\n"Too loud, cold tea",2\n'
HTML = b"<table>%s</table>" % b"".join(
    b"<tr>%s</tr>" % b"".join(b"<td>%s</td>" % cell.encode() for cell in row) for row in ROWS
)


def xlsx():
    book = openpyxl.Workbook()
    for row in ROWS:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def parquet():
    out = io.BytesIO()
    pq.write_table(pa.table({name: [row[i] for row in ROWS[1:]] for i, name in enumerate(ROWS[0])}), out)
    return out.getvalue()


def arrow():
    table = pa.table({name: [row[i] for row in ROWS[1:]] for i, name in enumerate(ROWS[0])})
    out = io.BytesIO()
    with pa.ipc.new_file(out, table.schema) as writer:
        writer.write_table(table)
    return out.getvalue()


def zipped():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", CSV)
    return out.getvalue()


FILES = {
    "csv": (CSV, "text", "delimited"),
    "xlsx": (xlsx(), "xlsx", "xlsx"),
    "xls": (xls_bytes({"Sheet1": ROWS}), "ole", "xls"),
    "parquet": (parquet(), "parquet", "parquet"),
    "arrow": (arrow(), "arrow", "arrow"),
    "html": (HTML, "text", "html"),
    "json": (
        b'[{"review":"Warm soup, kind staff","stars":5},{"review":"Too loud, cold tea","stars":2}]',
        "text",
        "json",
    ),
    "gz": (gzip.compress(CSV), "gzip", "delimited"),
    "bz2": (bz2.compress(CSV), "bzip2", "delimited"),
    "xz": (lzma.compress(CSV), "xz", "delimited"),
    "zst": (pa.compress(CSV, codec="zstd", asbytes=True), "zstd", "delimited"),
    "zip": (zipped(), "zip", "delimited"),
    "gzipped workbook": (gzip.compress(xlsx()), "gzip", "xlsx"),
}


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("extension", ["csv", "xls", "jpg", "zip"])
def test_the_extension_decides_nothing(tmp_path, name, extension):
    data, kind, form = FILES[name]
    path = tmp_path / f"reviews.{extension}"
    path.write_bytes(data)
    table = read_table(path)
    assert kind_of_bytes(data) == kind
    assert table.format == form
    assert list(table.frame.columns) == ROWS[0]
    assert table.frame.values.tolist() == ROWS[1:]
    assert set(map(str, table.frame.dtypes)) == {"str"}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("text,stars\ngood,5\n", "delimited"),
        ("<p>text</p>,stars\n<p>good</p>,5\n", "delimited"),
        ("<b>,x\n<table,1\n", "delimited"),
        ("[id],[text]\n1,good\n", "delimited"),
        ("{id},{text}\n1,good\n", "delimited"),
        ("PAR1,text\n1,good\n", "delimited"),
        ("BZh9,text\n1,good\n", "delimited"),
        ("Note: three, four\nMIME-like: no\n", "delimited"),
        ("<!-- shop --><TABLE><TR><TD>x</TABLE>", "html"),
        ("<!DOCTYPE html><p>Sign in", "html"),
        ('<?xml version="1.0"?><html><tr>', "html"),
        ('<?xml version="1.0"?><reviews><review/></reviews>', "xml"),
        ('[{"a": 1}]', "json"),
        ("[1, 2]", "json"),
    ],
)
def test_texts_are_told_apart(text, kind):
    assert kind_of_bytes(text.encode()) == "text"
    assert kind_of_text(text) == kind


@pytest.mark.parametrize("first", ["[id],[text]", '["a"],b', "{id},{text}", '{"a"},b', "[1],b", "[],x"])
def test_a_table_may_begin_with_a_bracket(first):
    table = read_table(f"{first}\n7,Warm soup\n8,Cold tea\n".encode())
    assert table.format == "delimited"
    assert table.frame.shape[1] == 2
    assert table.frame.iloc[-1].tolist() == ["8", "Cold tea"]


def test_a_chosen_delimiter_settles_it():
    assert read_table(b"[1, 2]\n[3, 4]\n", IngestOptions(delimiter=",")).format == "delimited"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "empty"),
        (b" \n\n", "empty"),
        (gzip.compress(b"", mtime=0), "empty"),
        (b"%PDF-1.7\n\x00\x01\x02 binary", "PDF"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0d", "picture"),
        (b"<!DOCTYPE html><html><body>Please sign in</body></html>", "no table"),
        (b'<?xml version="1.0"?><reviews><review>good</review></reviews>', "XML"),
    ],
)
def test_what_is_no_table_is_refused_with_a_reason(data, message):
    with pytest.raises(UnusableInput, match=message):
        read_table(data)


def test_paths_that_do_not_open_are_named(tmp_path):
    with pytest.raises(UnusableInput, match="folder"):
        read_table(tmp_path)
    with pytest.raises(UnusableInput, match=r"missing\.csv"):
        read_table(tmp_path / "missing.csv")
    with pytest.raises(UnusableInput, match="No file"):
        read_table([])
    with pytest.raises(UnusableInput, match="cannot be opened"):
        read_table([Source(tmp_path, "reviews")])


def zip_of(**parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ({"[Content_Types].xml": "x", "word/document.xml": "x"}, "Word document"),
        ({"[Content_Types].xml": "x", "ppt/presentation.xml": "x"}, "presentation"),
        ({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "x"}, "text document"),
        ({"mimetype": "application/epub+zip", "META-INF/container.xml": "x"}, "electronic book"),
        ({"Index/Document.iwa": "x", "Index/Tables/DataList.iwa": "x"}, "Numbers"),
        ({"Index.zip": "x", "Metadata/Properties.plist": "x"}, "Numbers"),
    ],
)
def test_documents_that_are_archives_inside_say_what_they_are(parts, message):
    with pytest.raises(UnusableInput, match=message):
        read_table(zip_of(**parts))


def test_a_document_beside_a_table_is_left_out():
    table = read_table(
        zip_of(**{"a.csv": CSV, "b.docx": zip_of(**{"[Content_Types].xml": "", "word/document.xml": ""})})
    )
    assert table.frame["review"].tolist() == [row[0] for row in ROWS[1:]]


def test_a_sheet_that_no_format_has_is_told_of():
    for source in (CSV, [Source(CSV, "a.csv"), Source(CSV + b"x,1\n", "b.csv")]):
        table = read_table(source, IngestOptions(sheet="May"))
        assert any("The sheet “May” was not looked for" in str(warning) for warning in table.warnings)
    assert not read_table(xlsx(), IngestOptions(sheet="Sheet")).warnings

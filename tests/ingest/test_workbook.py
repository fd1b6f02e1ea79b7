"""Workbooks: which sheet, what its cells say, and that no workbook takes the process with it."""

import datetime
import io
import zipfile

import openpyxl
import pytest

from pipelines.errors import UnusableInput
from pipelines.ingest import IngestOptions, read_table
from tests.ingest.binary_excel import xlsb_bytes
from tests.ingest.damage import damaged_member, refused_or_read
from tests.ingest.old_excel import compound_file, small_compound_file, workbook_stream, xls_bytes

ROWS = [["review", "stars"], ["Warm soup, kind staff", 5], ["Too loud, cold tea", 2]]
MANY = [ROWS[0], *([f"Soup number {n} was warm", n % 5 + 1] for n in range(40)), ["#N/A", 5.7e17]]
READ = [["Warm soup, kind staff", "5"], ["Too loud, cold tea", "2"]]
SHEET_START = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
SHEET_END = b"</sheetData></worksheet>"


def saved(book):
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def xlsx(sheets, merged=(), hidden=()):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
        if name in hidden:
            sheet.sheet_state = "hidden"
    for area in merged:
        book.worksheets[0].merge_cells(area)
    return saved(book)


def with_parts(data, parts):
    """A workbook with some of its parts changed, or more of them."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in {*old.namelist(), *parts}:
            new.writestr(name, parts[name] if name in parts else old.read(name))
    return out.getvalue()


def with_sheet(xml):
    """A workbook whose first sheet is the given XML."""
    return with_parts(xlsx({"S": ROWS}), {"xl/worksheets/sheet1.xml": xml})


def ods(rows, after=""):
    cells = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>' for cell in row
        )
        + '<table:table-cell table:number-columns-repeated="1020"/></table:table-row>'
        for row in rows
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        archive.writestr("META-INF/manifest.xml", "<manifest:manifest xmlns:manifest='m'/>")
        archive.writestr(
            "content.xml",
            "<office:document-content xmlns:office='o' xmlns:table='t' xmlns:text='x'><office:body><office:spreadsheet>"
            f'<table:table table:name="Reviews">{cells}{after}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return out.getvalue()


def told(table):
    return [str(warning) for warning in table.warnings]


SMALL_XLS = small_compound_file("Workbook", workbook_stream({"S": ROWS}))


@pytest.mark.parametrize(
    "data",
    [xlsx({"S": ROWS}), xls_bytes({"S": ROWS}), SMALL_XLS, ods(ROWS), xlsb_bytes(ROWS)],
    ids=["xlsx", "xls", "small xls", "ods", "xlsb"],
)
def test_every_kind_reads_alike(data):
    table = read_table(data)
    assert list(table.frame.columns) == ROWS[0]
    assert table.frame.values.tolist() == READ
    assert (table.encoding, table.delimiter, table.header, table.warnings) == ("", "", True, ())


def test_cells_are_text_as_a_person_sees_them():
    values = [
        (5.0, "5"),
        (4.5, "4.5"),
        (0.1 + 0.2, "0.3"),
        (True, "TRUE"),
        (datetime.date(2024, 3, 1), "2024-03-01"),
        (datetime.datetime.fromisoformat("2024-03-01 09:05"), "2024-03-01 09:05:00"),
        (datetime.time(9, 5), "09:05:00"),
        (datetime.timedelta(hours=30), "30:00:00"),
        (1e-7, "0.0000001"),
        (123456789012345, "123456789012345"),
        ("  007 ", "  007 "),
        ("two\nlines", "two\nlines"),
        ("#N/A", "#N/A"),
        ("很好吃 👍", "很好吃 👍"),
    ]
    table = read_table(
        xlsx({"S": [["review", "value"], *([f"number {n}", value] for n, (value, _) in enumerate(values))]})
    )
    assert table.frame["value"].tolist() == [text for _, text in values]
    assert table.warnings == ()


def test_shared_texts_with_formats_and_readings():
    data = xlsx({"S": ROWS})
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        relations = archive.read("xl/_rels/workbook.xml.rels")
    kind = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    link = b'<Relationship Id="s" Type="' + kind + b'" '
    cells = b"".join(b'<row r="%d"><c r="A%d" t="s"><v>%d</v></c></row>' % (n + 1, n + 1, n) for n in range(3))
    texts = (
        '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>review</t></si><si><r><t>warm</t></r>'
        '<r><t xml:space="preserve"> soup</t></r></si><si><t>東京</t><rPh sb="0" eb="1"><t>トウ</t></rPh></si></sst>'
    )
    parts = {
        "xl/worksheets/sheet1.xml": SHEET_START + cells + SHEET_END,
        "xl/sharedStrings.xml": texts,
        "xl/_rels/workbook.xml.rels": relations.replace(b"</Rel", link + b'Target="sharedStrings.xml"/></Rel'),
    }
    assert read_table(with_parts(data, parts)).frame["review"].tolist() == ["warm soup", "東京"]
    # The reader would make room for as many as are announced.
    parts["xl/sharedStrings.xml"] = texts.replace("<sst ", '<sst uniqueCount="4000000000" ')
    with pytest.raises(UnusableInput, match="announces more"):
        read_table(with_parts(data, parts))


def test_cells_of_an_open_document():
    head = "<table:table-row><table:table-cell/>{}</table:table-row>"
    cell = '<table:table-cell office:value-type="{}" office:{}="{}"/>'
    text = (
        '<table:table-cell office:value-type="string"><text:p>{}</text:p><text:p>&amp; more</text:p></table:table-cell>'
    )
    values = [
        ("float", "value", 4.5),
        ("boolean", "boolean-value", "true"),
        ("date", "date-value", "2024-03-01T09:05:00"),
    ]
    rows = "".join(head.format(text.format(f"text {n}") + cell.format(*value)) for n, value in enumerate(values))
    blank = '<table:table-row table:number-rows-repeated="3"><table:table-cell/></table:table-row>'
    name = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    header = head.format(name.format("review") + name.format("value"))
    table = read_table(ods([], blank + header + blank + rows))
    assert table.frame.values.tolist() == [
        ["text 0\n& more", "4.5"],
        ["text 1\n& more", "TRUE"],
        ["text 2\n& more", "2024-03-01 09:05:00"],
    ]


def test_cells_of_an_old_workbook():
    rows = [
        ["review", "value"],
        ["a day", (45293.0,)],
        ["yes", True],
        ["an error", "#DIV/0!"],
        ["half", 2.5],
        ["none", None],
    ]
    table = read_table(xls_bytes({"S": rows}))
    assert table.frame["value"].tolist() == ["2024-01-02", "TRUE", "#DIV/0!", "2.5", ""]


def test_long_numbers_keep_the_digits_that_the_file_has_and_damage_is_counted():
    rows = b"".join(
        b'<row r="%d"><c r="A%d" t="inlineStr"><is><t>%s</t></is></c><c r="B%d"%s><v>%s</v></c></row>' % (n, n, *row)
        for n, row in enumerate(
            [
                (b"review", 1, b' t="str"', b"id"),
                (b"Warm soup", 2, b"", b"570306133677760513"),
                (b"Cold tea", 3, b"", b"5.7030613367776E+17"),
                (b"Fine", 4, b' t="str"', b"5.7E+17"),
                (b"Lost", 5, b' t="e"', b"#NAME?"),
                (b"Short", 6, b"", b"12"),
            ],
            1,
        )
    )
    table = read_table(with_sheet(SHEET_START + rows + SHEET_END))
    assert table.frame["id"].tolist() == ["570306133677760513", "570306133677760000", "5.7E+17", "#NAME?", "12"]
    assert [warning.values["count"] for warning in table.warnings] == [3]


def test_the_sheet_that_looks_like_reviews_is_read():
    sheets = {
        "Cover": [["Shop report", "May"], *[["x", "y"]] * 40],
        "Empty": [],
        "Reviews": ROWS,
        "Old": [*ROWS, ["Fine", 4]],
    }
    table = read_table(xlsx(sheets, hidden=["Old"]))
    assert table.sheet == "Reviews"
    assert table.sheets == ("Cover", "Empty", "Reviews", "Old")
    assert told(table) == ["The sheet “Reviews” is read; others are: Cover, Old."]


@pytest.mark.parametrize("make", [xlsx, xls_bytes])
def test_a_person_chooses_the_sheet(make):
    data = make({"May": ROWS, "June": [["review", "stars"], ["Fine bread", 4]]})
    assert read_table(data, IngestOptions(sheet="June")).frame["review"].tolist() == ["Fine bread"]
    assert read_table(data, IngestOptions(sheet=" june")).sheet == "June"
    assert read_table(data, IngestOptions(sheet="June")).warnings == ()
    with pytest.raises(UnusableInput, match=r"“July”\. The sheets are: May, June"):
        read_table(data, IngestOptions(sheet="July"))


def test_a_hidden_sheet_is_read_when_it_is_all_there_is():
    assert read_table(xlsx({"Front": [], "Data": ROWS}, hidden=["Data"])).sheet == "Data"
    with pytest.raises(UnusableInput, match="no filled sheet"):
        read_table(xlsx({"S": []}))


def test_a_title_above_and_blank_rows_between():
    table = read_table(xlsx({"S": [["Reviews of May"], [], *ROWS[:2], [], ROWS[2]]}))
    assert list(table.frame.columns) == ROWS[0]
    assert table.frame.values.tolist() == READ


def test_a_table_that_begins_further_in():
    table = read_table(xlsx({"S": [[], [], [None, None, *ROWS[0]], *[[None, None, *row] for row in ROWS[1:]]]}))
    assert list(table.frame.columns) == ROWS[0]


def test_merged_header_cells_become_one_header():
    rows = [
        ["review", "scores", None, "city"],
        [None, "taste", "service", None],
        ["Warm soup", 5, 4, "Oslo"],
        ["Cold tea", 2, 3, "Turin"],
    ]
    table = read_table(xlsx({"S": rows}, merged=["A1:A2", "B1:C1", "D1:D2"]))
    assert list(table.frame.columns) == ["review", "scores taste", "scores service", "city"]
    assert len(table.frame) == 2


def test_merged_labels_hold_for_every_row_and_reviews_do_not():
    long = "Warm soup and kind staff, " * 5
    rows = [["shop", "review"], ["North", long], [None, None], [None, "Too loud"]]
    table = read_table(xlsx({"S": rows}, merged=["A2:A4", "B2:B3"]))
    assert table.frame["shop"].tolist() == ["North"] * 3
    assert table.frame["review"].tolist() == [long, "", "Too loud"]
    assert "2 cells were filled from the merged cell above them." in told(table)


@pytest.mark.parametrize(
    "data",
    [compound_file({"EncryptedPackage": b"x", "EncryptionInfo": b"y"}), xls_bytes({"S": ROWS}, password=True)],
    ids=["xlsx", "xls"],
)
def test_a_password_is_told(data):
    with pytest.raises(UnusableInput, match="password"):
        read_table(data)


def test_an_ole_file_that_is_no_workbook():
    with pytest.raises(UnusableInput, match="holds no workbook"):
        read_table(compound_file({"WordDocument": b"text"}))


@pytest.mark.parametrize(
    "cells",
    [
        b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>',
        b'<row r="1"><c><v>1</v></c></row><row r="900000000"><c r="ZZZ900000000"><v>2</v></c></row>',
    ],
)
def test_far_apart_cells_do_not_fill_the_memory(cells):
    with pytest.raises(UnusableInput, match="REVIEWSCAPE_MAX_CELLS"):
        read_table(with_sheet(SHEET_START + cells + SHEET_END))


def test_far_apart_rows_of_a_binary_workbook_do_not_fill_the_memory():
    with pytest.raises(UnusableInput, match="REVIEWSCAPE_MAX_CELLS"):
        read_table(xlsb_bytes(ROWS, places={2: 1 << 30}))


@pytest.mark.parametrize(
    "after",
    [
        '<table:table-row table:number-rows-repeated="900000000"><table:table-cell office:value-type="float" '
        'office:value="1"/></table:table-row>',
        '<table:table-row><table:table-cell table:number-columns-repeated="900000000" office:value-type="float" '
        'office:value="1"/></table:table-row>',
        '<table:table-row><table:table-cell office:value-type="string"><text:p><text:s text:c="900000000"/>x</text:p>'
        "</table:table-cell></table:table-row>",
    ],
)
def test_repeated_cells_do_not_fill_the_memory(after):
    with pytest.raises(UnusableInput):
        read_table(ods(ROWS, after))


def test_empty_rows_repeated_to_the_end_of_the_sheet_are_nothing():
    after = (
        '<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="1024"/>'
    )
    assert read_table(ods(ROWS, after + "</table:table-row>")).frame.values.tolist() == READ


def test_a_workbook_that_unpacks_to_too_much_is_refused(monkeypatch):
    monkeypatch.setenv("REVIEWSCAPE_MAX_UNPACKED_MB", "2")
    with pytest.raises(UnusableInput, match="REVIEWSCAPE_MAX_UNPACKED_MB"):
        read_table(with_sheet(SHEET_START + b" " * 3_000_000 + SHEET_END))


def test_a_cut_workbook_is_refused():
    for data in (xlsx({"S": ROWS}), xls_bytes({"S": MANY * 3}), ods(ROWS)):
        for cut in (10, 50, 95):
            with pytest.raises(UnusableInput):
                read_table(data[: len(data) * cut // 100])


@pytest.mark.parametrize(
    ("data", "part"),
    [(xlsx({"S": MANY, "T": ROWS}), "sheet1.xml"), (ods(MANY), "content.xml"), (xlsb_bytes(MANY), "sheet1.bin")],
    ids=["xlsx", "ods", "xlsb"],
)
def test_damaged_parts_never_raise_anything_else(data, part, capfd):
    refused_or_read(data)
    refused_or_read(data, damage=damaged_member(part))
    capfd.readouterr()  # a panic of the reader prints its trace


def test_damaged_old_workbooks_never_raise_anything_else(capfd):
    refused_or_read(xls_bytes({"S": MANY, "T": ROWS}), count=300)
    refused_or_read(SMALL_XLS)
    capfd.readouterr()


def days(*cells):
    return xlsx({"S": [["review", "date"], *([f"Soup number {row}", cell] for row, cell in enumerate(cells))]})


def test_days_taken_for_months_are_told_of_and_kept():
    swapped = [datetime.date(2024, 5, 3), "13/03/2024", datetime.date(2024, 12, 11), "28/02/2024 14:05"]
    table = read_table(days(*swapped))
    assert table.frame["date"].tolist() == ["2024-05-03", "13/03/2024", "2024-12-11", "28/02/2024 14:05"]
    (warning,) = table.warnings
    assert warning.column == "date"
    assert "column B" in str(warning)
    assert "in 2 dates (first: row 2)" in str(warning)


@pytest.mark.parametrize(
    "cells",
    [
        [datetime.date(2024, 5, 3), datetime.date(2024, 5, 13), "13/03/2024"],  # read right
        [datetime.date(2024, 5, 3), "13/03/2024", "11/03/2024"],  # texts of either kind
        [datetime.date(2024, 5, 3), "03/13/2024"],
        [datetime.date(2024, 5, 3), datetime.date(2024, 6, 3)],
        ["13/03/2024", "11/03/2024"],
        [datetime.date(2024, 5, 3), "unknown"],
    ],
)
def test_dates_that_may_be_right_are_not_told_of(cells):
    assert told(read_table(days(*cells))) == []

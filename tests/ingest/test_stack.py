"""Several files read as one: columns united, the file of each row beside it, and what cannot be read told of."""

import json

import pytest

from pipelines.errors import UnusableInput
from pipelines.ingest import IngestOptions, Source, ingest, read_table
from tests.ingest.old_excel import xls_bytes

MAY = Source(b"review,stars\nWarm soup,5\nCold tea,2\n", "may.csv")
JUNE = Source(b"Stars;City; REVIEW \n4;Oslo;Fine bread\n", "june.csv")


def told(table):
    return [str(warning) for warning in table.warnings]


def test_columns_are_united_by_name():
    table = read_table([MAY, JUNE])
    assert list(table.frame.columns) == ["review", "stars", "City", "source_file"]
    assert table.frame.values.tolist() == [
        ["Warm soup", "5", "", "may.csv"],
        ["Cold tea", "2", "", "may.csv"],
        ["Fine bread", "4", "Oslo", "june.csv"],
    ]
    assert set(map(str, table.frame.dtypes)) == {"str"}
    assert table.frame.index.tolist() == [0, 1, 2]
    assert (table.encoding, table.delimiter, table.header) == ("utf-8", ",", True)
    assert told(table) == ["The files differ in their columns; not all have: City."]


def test_one_source_is_itself(tmp_path):
    path = tmp_path / "may.csv"
    path.write_bytes(MAY.content)
    for source in (MAY, [MAY], path, [Source(path, "may.csv")]):
        table = read_table(source)
        assert list(table.frame.columns) == ["review", "stars"]
        assert table.warnings == ()


def test_every_format_may_stand_beside_another():
    old = Source(xls_bytes({"S": [["review", "stars"], ["Good pie", 3]]}), "july.xls")
    rows = Source(json.dumps([{"review": "Dry cake", "stars": 1}]).encode(), "august.json")
    table = read_table([old, MAY, rows])
    assert table.frame["review"].tolist() == ["Good pie", "Warm soup", "Cold tea", "Dry cake"]
    assert (table.format, table.sheet) == ("xls", "S")
    assert ingest([old, MAY, rows]).text == ["Good pie", "Warm soup", "Cold tea", "Dry cake"]


def test_a_column_of_that_name_keeps_its_own():
    table = read_table([MAY, Source(b"review,Source_File\nFine,x\n", "june.csv")])
    assert list(table.frame.columns) == ["review", "stars", "Source_File", "source_file (2)"]


def test_names_alike_within_one_file_stay_apart():
    table = read_table([Source(b"Text,text\na fine soup,b\n", "1.csv"), Source(b"text\nc is cold\n", "2.csv")])
    assert list(table.frame.columns) == ["Text", "text", "source_file"]
    assert table.frame.values.tolist() == [["a fine soup", "b", "1.csv"], ["c is cold", "", "2.csv"]]


def test_a_part_without_a_header_takes_the_first_ones_names():
    parts = [
        Source(b"review,stars\nWarm soup was here,5\n", "part1.csv"),
        Source(b"The tea was cold today,2\nFine and dandy bread,4\n", "part2.csv"),
    ]
    table = read_table(parts)
    assert list(table.frame.columns) == ["review", "stars", "source_file"]
    assert len(table.frame) == 3
    assert table.header
    assert not any("numbered" in text for text in told(table))
    assert any(text.startswith("part2.csv: ") and "first file's column names" in text for text in told(table))


def test_the_same_file_twice_is_read_once():
    table = read_table([MAY, JUNE, Source(MAY.content, "copy of may.csv")])
    assert len(table.frame) == 3
    assert "copy of may.csv holds the same as may.csv and was left out." in told(table)
    assert read_table([MAY, Source(MAY.content, "copy.csv")]).frame["source_file"].unique().tolist() == ["may.csv"]


def test_a_file_that_cannot_be_read_is_told_of(tmp_path):
    table = read_table(
        [MAY, Source(b"%PDF-1.7\n\x00\x01", "menu.pdf"), Source(tmp_path / "gone.csv", "gone.csv"), JUNE]
    )
    assert len(table.frame) == 3
    texts = told(table)
    assert texts[0] == "2 files were left out: menu.pdf, gone.csv."
    assert any(text.startswith("menu.pdf: ") and "PDF" in text for text in texts)
    assert any(text.startswith("gone.csv: ") and "cannot be opened" in text for text in texts)
    json.dumps([dict(warning.values) for warning in table.warnings])


def test_none_can_be_read():
    with pytest.raises(UnusableInput, match=r"None of the 2 files.*a\.csv: The file is empty"):
        read_table([Source(b"", "a.csv"), Source(b"", "b.csv")])


def test_warnings_name_their_file_and_row():
    ragged = Source(b"review,stars\nFine,4\nShort\nGood,5\n", "ragged.csv")
    table = read_table([MAY, ragged])
    warning = next(warning for warning in table.warnings if warning.file == "ragged.csv")
    assert str(warning).startswith("ragged.csv: ")
    assert warning.row == 3
    assert table.frame["review"][warning.row] == "Short"


def test_a_chosen_sheet_and_encoding_hold_for_every_file():
    books = [
        Source(xls_bytes({"A": [["review"], ["first one"]], "B": [["review"], [name]]}), f"{name}.xls")
        for name in ("left shop", "right shop")
    ]
    assert read_table(books, IngestOptions(sheet="B")).frame["review"].tolist() == ["left shop", "right shop"]


def test_too_many_files(monkeypatch):
    monkeypatch.setenv("REVIEWSCAPE_MAX_MEMBERS", "2")
    with pytest.raises(UnusableInput, match="REVIEWSCAPE_MAX_MEMBERS"):
        read_table([MAY, JUNE, MAY])


def test_progress_moves_over_all_files():
    seen = []

    def note(stage, done, total, **_):
        seen.append((stage, done / total))

    parts = [Source(json.dumps([{"review": f"part {part}"}] * 3).encode(), f"{part}.json") for part in range(3)]
    books = [Source(xls_bytes({"S": [["review"], [f"part {part}"]]}), f"{part}.xls") for part in range(3)]
    read_table([*parts, *books], progress=note)
    assert {stage for stage, _ in seen} == {"reading"}
    shares = [share for _, share in seen]
    assert shares == sorted(shares)
    assert max(shares) <= 1


def test_two_files_without_a_header_are_numbered():
    parts = [
        Source(f"The {what} was here today,{stars}\n".encode() * 2, what) for what, stars in (("soup", 5), ("tea", 2))
    ]
    table = read_table(parts)
    assert not table.header
    assert sum("numbered" in text for text in told(table)) == 2

"""Rows that do not fit: broken, short and surplus ones, tables below each other, headers of several rows."""

from pipelines.ingest.encodings.encoding import Decoded
from pipelines.ingest.options import IngestOptions
from pipelines.ingest.tabular import columns
from pipelines.ingest.tabular.cells import table_of
from pipelines.ingest.tabular.delimited import read_delimited

GOOD = "".join(f"{n},2024-05-{n % 28 + 1:02},soup number {n} was warm,{n % 5 + 1}\n" for n in range(1, 30))
HEADER = "id,date,review,stars\n"


def read(text, **options):
    return read_delimited(Decoded(text, "utf-8"), IngestOptions(**options))


def cells(table):
    return [list(row) for row in table.frame.itertuples(index=False)]


def told(table):
    return [str(warning) for warning in table.warnings]


def test_rows_broken_by_a_line_end_are_joined():
    table = read(HEADER + GOOD + "30,2024-06-01,warm soup\nbut cold tea\nand bread,3\n" + GOOD)
    assert len(table.frame) == 59
    assert cells(table)[29] == ["30", "2024-06-01", "warm soup\nbut cold tea\nand bread", "3"]
    assert told(table) == ["1 rows broken by a line end were joined again (first: data row 30)."]
    assert table.warnings[0].row == 29


def test_short_rows_that_begin_anew_are_filled_not_joined():
    table = read(HEADER + GOOD + "30,2024-06-01\n31,2024-06-02,fine\n" + GOOD)
    assert cells(table)[29:31] == [["30", "2024-06-01", "", ""], ["31", "2024-06-02", "fine", ""]]
    assert told(table) == ["2 rows had too few cells and were filled with empty ones (first: data row 30)."]


def test_surplus_is_joined_where_the_row_then_fits():
    table = read(HEADER + GOOD + "30,2024-06-01,slow, loud and cold,1\n" + GOOD)
    assert cells(table)[29] == ["30", "2024-06-01", "slow, loud and cold", "1"]
    table = read("stars,note,seen\n" + "5,warm,2024-05-01\n" * 9 + "1,cold, slow, loud,2024-05-02\n")
    assert cells(table)[9] == ["1", "cold, slow, loud", "2024-05-02"]


def test_an_extra_cell_at_the_end_is_joined_there():
    table = read("seen,stars,note\n" + "2024-05-01,5,a warm and kind place\n" * 9 + "2024-05-02,1,cold,extra\n")
    assert cells(table)[9] == ["2024-05-02", "1", "cold,extra"]


def test_quotes_out_of_place_are_characters_and_told():
    table = read(HEADER + GOOD.replace("soup number 3 ", '"soup" number 3 ') + '30,2024-06-01,"warm, kind",5\n')
    assert cells(table)[2][2] == '"soup" number 3 was warm'
    assert cells(table)[-1][2] == "warm, kind"
    assert told(table) == ["1 rows had quotes out of place, which were kept as characters (first: data row 3)."]


def test_a_second_table_below_is_read_on_and_told():
    other = "id,date,review\n" + "7,2024-07-01,a later one\n" * 3
    table = read(HEADER + GOOD + other)
    assert len(table.frame) == 32
    assert cells(table)[-1] == ["7", "2024-07-01", "a later one", ""]
    assert any("further tables" in line for line in told(table))


def test_a_header_of_two_rows_is_joined():
    table = read("stay,stay,score,score\nfrom,to,room,food\n" + "2024-05-01,2024-05-02,5,4\n" * 9)
    assert list(table.frame.columns) == ["stay from", "stay to", "score room", "score food"]
    assert len(table.frame) == 9


def test_a_header_written_twice_is_one_header():
    assert len(read(HEADER + HEADER + GOOD).frame) == 29


def test_r_row_names_have_no_header_cell():
    table = read("review,stars\n" + "".join(f"{n},soup {n},5\n" for n in range(1, 9)))
    assert list(table.frame.columns) == ["column 1", "review", "stars"]


def test_a_title_with_a_delimiter_stands_above_the_header():
    table = read("Export of Monday, May 6, all shops\nseen,stars\n" + "2024-05-01,5\n" * 9)
    assert list(table.frame.columns) == ["seen", "stars"]
    assert len(table.frame) == 9


def test_comments_of_every_kind_and_totals_above_blank_rows():
    table = read("# made by a tool\n// in May\n-- do not edit\n" + HEADER + GOOD + "\n,,,\nTotal,,,87\n,,,\n,,,\n")
    assert len(table.frame) == 29
    assert told(table) == [
        "3 title or comment lines were left out.",
        "2 empty rows at the end were left out.",
        "1 total or footer rows at the end were left out.",
    ]


def test_a_delimiter_at_the_end_of_every_line_is_no_column():
    assert list(read("id;review;\n1;fine;\n2;warm;\n").frame.columns) == ["id", "review"]


def test_duplicate_names_above_numbers_are_a_header():
    table = read("id,score,score\n1,5,4\n2,3,3\n")
    assert list(table.frame.columns) == ["id", "score", "score (2)"]


def test_numbers_may_be_names_above_other_kinds():
    table = read("id,100,200,300\nid1,TRUE,FALSE,TRUE\nid2,TRUE,TRUE,TRUE\nid3,FALSE,TRUE,TRUE\n")
    assert list(table.frame.columns) == ["id", "100", "200", "300"]


def test_rows_of_other_formats_and_of_none():
    rows = [["review", "stars"], ["warm\nsoup", "5"], [], ["fine"]]
    table = table_of(rows, encoding="", delimiter="", warnings=[])
    assert cells(table) == [["warm\nsoup", "5"], ["fine", ""]]
    assert table_of([], encoding="", delimiter="", warnings=[]).frame.shape == (0, 0)


def test_half_a_surrogate_pair_does_not_stop_the_reading():
    table = table_of([["review", "stars"], ["bad \ud83d half", "5"]], encoding="", delimiter="", warnings=[])
    assert cells(table) == [["bad ? half", "5"]]


def test_many_rows_are_read_in_chunks_and_told_of(monkeypatch):
    monkeypatch.setattr(columns, "_CHUNK_ROWS", 1_000)
    calls = []
    text = HEADER + GOOD * 1_000
    table = read_delimited(
        Decoded(text, "utf-8"), IngestOptions(), lambda stage, done, total, **more: calls.append((stage, done, total))
    )
    assert len(table.frame) == 29_000
    assert cells(table)[-1] == cells(table)[28]
    assert {stage for stage, _, _ in calls} == {"reading"}
    assert [done for _, done, _ in calls] == sorted(done for _, done, _ in calls)
    assert calls[-1][1:] == (len(text), len(text))
    assert len(calls) > 8

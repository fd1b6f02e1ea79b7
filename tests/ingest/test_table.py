"""Reading tables: delimiter, quoting, row ends, header, ragged rows and limits; no bytes at all may crash it."""

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from pipelines.errors import UnusableInput
from pipelines.ingest import IngestOptions, guess_roles, read_table, to_reviews

ROWS = [["review", "rating", "city"], ["Warm soup, kind staff", "5", "Oslo"], ["Too loud", "2", "Turin"]]


def table_of(text, **options):
    return read_table(text.encode(), IngestOptions(**options))


def cells(table):
    return [list(row) for row in table.frame.itertuples(index=False)]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_delimiters_and_row_ends(delimiter, end):
    text = end.join(delimiter.join(f'"{cell}"' if delimiter in cell else cell for cell in row) for row in ROWS) + end
    table = table_of(text)
    assert (table.delimiter, table.header, table.warnings) == (delimiter, True, ())
    assert [list(table.frame.columns), *cells(table)] == ROWS
    assert set(map(str, table.frame.dtypes)) == {"str"}


def test_quoted_line_ends_and_doubled_quotes_stay():
    table = table_of('review,rating\r\n"one\r\ntwo ""quoted""",5\r\nthree,4\r\n')
    assert cells(table) == [['one\r\ntwo "quoted"', "5"], ["three", "4"]]


def test_lone_carriage_return_in_a_line_feed_file_belongs_to_its_cell():
    table = table_of("review,rating\nfirst\rsecond,5\nthird,4\nfourth,3\n")
    assert cells(table)[0] == ["first\rsecond", "5"]


def test_backslash_quotes():
    table = table_of('review,rating\n"she said \\"fine\\", then left",5\n"a \\\\ b",4\n')
    assert cells(table)[0] == ['she said "fine", then left', "5"]


def test_stray_quotes_in_tab_files_are_characters():
    table = table_of('review\trating\n"Best" soup in town\t5\nfine\t4\n"unclosed\t3\nlast\t2\n')
    assert [row[0] for row in cells(table)] == ['"Best" soup in town', "fine", '"unclosed', "last"]


def test_an_unclosed_quote_does_not_swallow_the_file():
    good = "".join(f'"soup number {index}, warm",5,Oslo\n' for index in range(50))
    table = table_of('review,rating,city\n"never closed,1,Rome\n' + good)
    assert len(table.frame) == 51
    assert cells(table)[0] == ['"never closed', "1", "Rome"]


def test_a_single_column_of_prose_is_not_cut():
    table = table_of("comment\nWarm soup, kind staff, low price\nToo loud\nCold tea, slow service\n")
    assert [row[0] for row in cells(table)] == [
        "Warm soup, kind staff, low price",
        "Too loud",
        "Cold tea, slow service",
    ]


def test_missing_words_stay_as_written():
    table = table_of("review,rating\nNA,\nnull,NaN\n,3\n")
    assert cells(table) == [["NA", ""], ["null", "NaN"], ["", "3"]]


def test_ragged_rows_are_repaired_and_counted():
    table = table_of("id,review,rating\n1,warm,5\n2,slow, loud and cold,1\n3,fine\n4,very good soup today,5,,\n")
    assert cells(table) == [
        ["1", "warm", "5"],
        ["2", "slow, loud and cold", "1"],
        ["3", "fine", ""],
        ["4", "very good soup today", "5"],
    ]
    assert {warning.row for warning in table.warnings} == {1, 2}
    assert any("data row 2" in str(warning) for warning in table.warnings)


def test_column_names_become_unique():
    table = table_of("review,,review,rating, \nfine,a,b,5,c\n")
    assert list(table.frame.columns) == ["review", "column 2", "review (2)", "rating", "column 5"]
    assert len(table.warnings) == 3


def test_no_header_is_recognised():
    table = table_of("The soup was warm and the staff kind.,5,2024-05-01\nToo loud for us!,2,2024-05-02\n")
    assert not table.header
    assert list(table.frame.columns) == ["column 1", "column 2", "column 3"]
    assert len(table.frame) == 2


@pytest.mark.parametrize("text", ["txt\nThe soup was warm and good\nToo loud for us all\n", "评论\n好吃\n"])
def test_one_column_header(text):
    assert table_of(text).header


def test_title_comments_repeated_headers_and_totals_are_no_data():
    table = table_of(
        "Export of May\n# made by a tool\n\nreview,rating,votes\nwarm,5,1\n"
        "review,rating,votes\ncold,1,2\nTotal,,3\n,,\n"
    )
    assert list(table.frame.columns) == ["review", "rating", "votes"]
    assert cells(table) == [["warm", "5", "1"], ["cold", "1", "2"]]
    assert len(table.warnings) == 4


def test_a_hashtag_review_is_no_comment():
    assert len(table_of("review,rating\n#love this soup,5\nfine,4\n").frame) == 2
    assert len(table_of("review\n#love this soup\nfine\n").frame) == 2


def test_header_only_has_no_rows():
    table = table_of("review,rating\n")
    assert (table.header, len(table.frame), list(table.frame.columns)) == (True, 0, ["review", "rating"])


def test_spreadsheet_delimiter_hint():
    table = table_of("sep=;\nreview;rating\nwarm, kind;5\n")
    assert table.delimiter == ";"
    assert cells(table) == [["warm, kind", "5"]]


def test_limits_warn(monkeypatch):
    monkeypatch.setenv("REVIEWSCAPE_MAX_COLUMNS", "2")
    monkeypatch.setenv("REVIEWSCAPE_MAX_CELL_CHARS", "10")
    table = table_of("review,rating,city\n" + "a" * 50 + ",5,Oslo\n")
    assert cells(table) == [["a" * 10, "5"]]
    assert len(table.warnings) == 2


def test_a_person_decides_the_delimiter():
    assert list(table_of("a|b,c\n1|2,3\n", delimiter="|").frame.columns) == ["a", "b,c"]
    assert table_of("a\tb\n1\t2\n", delimiter="tab").delimiter == "\t"
    assert list(table_of("a::b,c\n1::2,3\n", delimiter="::").frame.columns) == ["a", "b,c"]
    with pytest.raises(UnusableInput, match="one to three characters"):
        table_of("a,b\n", delimiter="::::")


def test_a_path_that_does_not_open_is_named(tmp_path):
    with pytest.raises(UnusableInput, match=r"missing\.csv"):
        read_table(tmp_path / "missing.csv", IngestOptions())
    with pytest.raises(UnusableInput, match="cannot be opened"):
        read_table(tmp_path, IngestOptions())


@hypothesis_settings(
    max_examples=150, derandomize=True, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)
@given(st.one_of(st.binary(max_size=300), st.text(alphabet="a5,;\t|\"'\\\r\n\x00#=评 .", max_size=200).map(str.encode)))
def test_arbitrary_bytes_give_a_table_or_one_clear_message(data):
    try:
        table = read_table(data, IngestOptions())
        reviews = to_reviews(table, guess_roles(table))
    except UnusableInput as error:
        assert str(error)
        return
    assert len(reviews.text) == len(table.frame) == len(reviews.reason)


def test_a_quoted_single_column_keeps_its_line_ends():
    table = table_of('comment\n"first, line\nsecond line"\n"Too loud"\nCold tea, slow service\n')
    assert [row[0] for row in cells(table)] == ["first, line\nsecond line", "Too loud", "Cold tea, slow service"]


def test_unquoted_delimiters_in_many_texts_join_under_the_header():
    rows = "".join(f"guest {index},it was warm{', really' * (index % 3)}\n" for index in range(9))
    table = table_of("name,review\n" + rows)
    assert list(table.frame.columns) == ["name", "review"]
    assert cells(table)[2] == ["guest 2", "it was warm, really, really"]


def test_a_lone_row_of_words_is_a_header_and_one_of_phrases_a_review():
    assert table_of("sku,region,stock\n").header
    assert not table_of("The soup was warm,would come again\n").header

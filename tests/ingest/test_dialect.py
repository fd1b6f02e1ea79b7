"""Delimiters, quotes and escapes are told from the text, and nothing that a text may hold makes that slow."""

import csv
import io
import time

import pytest

from pipelines.ingest.encodings.encoding import Decoded
from pipelines.ingest.options import IngestOptions
from pipelines.ingest.tabular.delimited import read_delimited
from pipelines.ingest.tabular.dialect import detect
from pipelines.ingest.tabular.quoting import cut_row, evidence
from pipelines.ingest.tabular.rows import Rows

ROWS = [
    ["id", "guest", "stars", "seen"],
    *([str(n), f"Guest {n}", str(n % 5 + 1), f"2024-05-{n:02}"] for n in range(1, 20)),
]


def read(text, delimiter=None):
    return read_delimited(Decoded(text, "utf-8"), IngestOptions(delimiter=delimiter))


def cells(table):
    return [list(row) for row in table.frame.itertuples(index=False)]


@pytest.mark.parametrize(
    "delimiter", [",", ";", "\t", "|", "^", "~", ":", "#", "&", "*", "，", "\x01", "\x1f", "||", "::"]
)
def test_every_delimiter_is_found(delimiter):
    table = read("\n".join(delimiter.join(row) for row in ROWS) + "\n")
    assert table.delimiter == delimiter
    assert [list(table.frame.columns), *cells(table)] == ROWS


def test_a_space_between_words_of_fixed_form_cuts():
    table = read("code city phone\nA1 Oslo 418-211\nB2 Turin 319-444\nC3 Lima 219-532\n")
    assert table.delimiter == " "
    assert list(table.frame.columns) == ["code", "city", "phone"]


def test_columns_padded_with_spaces_are_cut_at_the_runs():
    lines = [
        "name            stars   city",
        "Warm soup       5       Oslo",
        "Cold tea        2       Turin",
        "Old bread       1       Lima",
    ]
    table = read("\n".join(lines) + "\n")
    assert cells(table)[0] == ["Warm soup", "5", "Oslo"]
    assert list(table.frame.columns) == ["name", "stars", "city"]


def test_spaces_after_delimiters_are_no_part_of_the_cells():
    table = read('id, guest, note\n1, Ann, "warm, kind"\n2, Bob, fine\n')
    assert cells(table) == [["1", "Ann", "warm, kind"], ["2", "Bob", "fine"]]


@pytest.mark.parametrize("line", ["Warm soup, kind staff, low price", "12:30 on a cold day; we left", "a | b"])
def test_prose_of_one_column_is_not_cut(line):
    text = f"comment\nToo loud\n{line}\nCold tea\nSlow\nGood\n"
    assert [row[0] for row in cells(read(text))] == ["Too loud", line, "Cold tea", "Slow", "Good"]


def test_separator_controls_in_one_column_do_not_cut():
    assert cells(read("comment\nToo\x1eloud\nCold tea\nSlow\n"))[0] == ["Too\x1eloud"]


def test_private_characters_in_the_text_stay():
    text = "comment\n" + "\n".join(map(chr, range(0xE000, 0xF900))) + "\nToo\rloud\n"
    table = read(text)
    assert (len(table.frame), cells(table)[-1]) == (6401, ["Too\rloud"])


def test_amounts_of_one_column_are_not_cut_at_their_commas():
    assert cells(read("Value\n68,527.00\n7.00\n1,200,300.50\n")) == [["68,527.00"], ["7.00"], ["1,200,300.50"]]


def test_single_quotes_around_cells_with_apostrophes_inside():
    text = "id,note,stars\n" + "".join(f"{n},'the cook's best, and Ann's',5\n" for n in range(9))
    table = read(text)
    assert cells(table)[3] == ["3", "the cook's best, and Ann's", "5"]


def test_apostrophes_are_no_quotes():
    assert cells(read("id,note\n1,'tis fine\n2,it's the cook's\n3,ok\n"))[0] == ["1", "'tis fine"]


def test_escaped_quotes_and_escaped_delimiters():
    assert cells(read('a,b\n1,"say \\"hi\\", then go"\n2,"a \\\\"\n')) == [["1", 'say "hi", then go'], ["2", "a \\\\"]]
    text = "id,note,stars\n" + "".join(f"{n},warm\\, kind,5\n{n},fine,4\n" for n in range(6))
    assert cells(read(text))[0] == ["0", "warm, kind", "5"]


def test_a_chosen_delimiter_of_two_characters():
    assert cells(read('a||b\n1||"x||y"\n', delimiter="||")) == [["1", "x||y"]]


def test_quotes_that_appear_late_are_quotes():
    late = "".join(f'{n},"cold, and slow",1\n' for n in range(50))
    text = "id,note,stars\n" + "".join(f"{n},warm soup and kind staff,5\n" for n in range(30_000)) + late
    table = read(text)
    assert detect(text).quote == '"'
    assert (len(table.frame), table.warnings) == (30_050, ())
    assert cells(table)[-1] == ["49", "cold, and slow", "1"]


def test_evidence_counts_closed_and_stray_cells():
    found = evidence('"a",b\n"c" d,"e ""f"""\n', ",", '"')
    assert (found.closed, found.stray) == (2, 1)


def test_a_row_is_cut_whatever_its_quotes():
    assert cut_row('1,"the "best" soup",5', ",", '"').cells == ["1", 'the "best" soup', "5"]
    assert cut_row('"best" soup,5', ",", '"', literal=True).cells == ['"best" soup', "5"]
    assert cut_row('1,"open', ",", '"').open


def test_rows_can_be_gone_through_twice():
    text = 'a,b\n1,"x\ny"\n"open,2\n3,4\n5,6\n'
    rows = Rows(text, detect(text))
    assert list(rows) == list(rows)
    assert (rows.repairs.count, rows.repairs.first) == (1, 2)


HOSTILE = {
    "quotes": '"' * 400_001,
    "delimiters": "," * 400_000,
    "backslashes": "\\" * 400_000,
    "escaped quotes": '\\"' * 200_000,
    "quotes in cells": 'a"b,' * 100_000,
    "opened cells": '"abc,x\n' * 60_000,
    "reopened cells": 'x",\n"y,' * 60_000,
    "triple quotes": 'a,"""\n' * 60_000,
    "one opened cell": '"abc,1\n' + "abc,1\n" * 60_000,
    "spaced quotes": ", '" * 130_000,
    "one line": "word " * 100_000,
    "many columns": ",".join(f"c{n}" for n in range(60_000)) + "\n" + "1," * 59_999 + "1\n",
    "blank lines": "\n" * 400_000 + "a\n",
    "carriage returns": "\r" * 400_000 + "a",
    "brackets": "(((((," * 70_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_takes_time_in_proportion(name):
    begun = time.process_time()
    table = read(HOSTILE[name])
    assert len(table.frame.columns) <= 500
    # Measured at a tenth of this; what is quadratic takes minutes at this size.
    assert time.process_time() - begun < 20


TEXTS = [
    "The soup was warm, the staff kind; would come again",
    'They call it "the best" soup | in town',
    "it's the cook's 5' table, isn't it",
    "味道很好，服务态度差,下次还来；真的",
    "two\nlines of it",
    "plain",
]
TABLE = [
    [str(n), f"2024-05-{n % 28 + 1:02}", TEXTS[n % len(TEXTS)], str(n % 5 + 1), ["Oslo", "上海"][n % 2]]
    for n in range(60)
]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "^", "~", "，"])
@pytest.mark.parametrize("quote", ['"', "'", "\\"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
def test_what_a_writer_wrote_is_read_again(delimiter, quote, end, named, quoting):
    names = ["number", "day", "what was said", "stars", "place"]
    rows = [[cell.replace("\n", " ") for cell in row] for row in TABLE] if end == "\r" else TABLE
    escape = {"quotechar": '"', "doublequote": False, "escapechar": "\\"} if quote == "\\" else {"quotechar": quote}
    written = io.StringIO(newline="")
    writer = csv.writer(written, delimiter=delimiter, lineterminator=end, quoting=quoting, **escape)
    writer.writerows([names, *rows] if named else rows)
    table = read(written.getvalue())
    assert (table.delimiter, table.header, cells(table)) == (delimiter, named, rows)
    assert not named or (list(table.frame.columns) == names and table.warnings == ())

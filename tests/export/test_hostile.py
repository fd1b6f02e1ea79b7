"""A hundred hostile texts in every cell, column name, topic and note: what leaves as a file runs nothing."""

from __future__ import annotations

import csv

import openpyxl
import pandas as pd
import pytest

from pipelines.defusing import runs, undo
from pipelines.export.quotes import quotes_text
from pipelines.export.tables import write_table
from pipelines.store.bundle import write_bundle
from pipelines.store.reader import Bundle, open_bundle
from pipelines.types import name_in_rows
from pipelines.words import catalogue
from tests import hostile_bundle
from tests.hostile import BEFORE, TEXTS, before_mark


@pytest.fixture(scope="module")
def bundle(tmp_path_factory) -> Bundle:
    return open_bundle(write_bundle(tmp_path_factory.mktemp("hostile") / "bundle", hostile_bundle.parts()))


def written(bundle: Bundle, path, kind: str, **options):
    write_table(bundle, path, kind, **options)
    return path


def is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


@pytest.mark.parametrize("redact", [False, True])
def test_no_cell_of_a_csv_runs(bundle, tmp_path, redact):
    path = written(bundle, tmp_path / "t.csv", "csv", redact=redact)
    with path.open(encoding="utf-8", newline="") as file:
        head, *rows = csv.reader(file)
    assert len(rows) == hostile_bundle.N
    assert {len(row) for row in rows} == {len(head)}
    for cell in (cell for row in (head, *rows) for cell in row):
        assert not runs(cell) or is_number(cell), cell
    # Every text is there, once the mark that defuses it is taken away.
    if not redact:
        assert {undo(cell) for cell in head} >= set(TEXTS)
        at = head.index("title")
        assert {undo(row[at]) for row in rows} == set(TEXTS)


def test_no_cell_of_a_workbook_is_a_formula_or_a_link(bundle, tmp_path):
    book = openpyxl.load_workbook(written(bundle, tmp_path / "t.xlsx", "xlsx"))
    kinds = set()
    for sheet in book.worksheets:
        assert not sheet._images
        for row in sheet.iter_rows():
            for cell in row:
                kinds.add(cell.data_type)
                assert cell.hyperlink is None
                assert not isinstance(cell.value, str) or not runs(cell.value), cell.value
    assert "f" not in kinds
    assert not book.defined_names


def test_parquet_has_every_text_as_it_came(bundle, tmp_path):
    table = pd.read_parquet(written(bundle, tmp_path / "t.parquet", "parquet"))
    for name in bundle.upload_columns:
        came = bundle.rows[name_in_rows(str(name))]
        assert table[name].tolist() == came.tolist()
    assert set(bundle.upload_columns) >= set(TEXTS)
    assert set(table["title"]) == set(TEXTS)


def test_quotes_as_text_are_as_they_were_written(bundle):
    said = quotes_text(bundle.points, range(len(TEXTS)), catalogue("en").gettext, redact=False)
    assert all(text.strip() in said for text in bundle.points["text"][: len(TEXTS)])


def test_the_list_says_of_each_mark_what_stands_before_it():
    assert len(TEXTS) > 100 >= 60
    assert BEFORE["⟦100⟧"] == "<b>"
    assert before_mark("nul\u0000 ⟦1⟧") == "nul"
    assert all(BEFORE.values())

"""What an export gives back when our own reader opens it: the upload, whatever its cells hold."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path

import pandas as pd
import pytest
import python_calamine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.defusing import ADDED
from pipelines.export.csv_file import write_csv
from pipelines.export.workbook import write_workbook
from pipelines.ingest.defused import undo_defusing
from pipelines.ingest.table import read_table
from pipelines.types import Table

HOSTILE = st.text(alphabet="'\"=+-@＝＋－＠,; \t\r\n\\\x00\x0b\x1f\u200b\ufeff_x0D5F{}[]#a1中😀", max_size=12)
ANYTHING = st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\ufffe\uffff"), max_size=20)
WORDS = [
    "NA",
    "null",
    "#N/A",
    "-5",
    "+86 138 0013 8000",
    "570306133677760513",
    "007",
    "TRUE",
    "'=1",
    "@who said 'hi'",
    "-",
]
CELL = st.one_of(HOSTILE, ANYTHING, st.sampled_from(WORDS))
NAME = st.sampled_from(
    ["review", "=cmd", "topic", "@who", "评论", "x", "a (2)", "column 3", "'quoted'", "-1", "reply", "No"]
)


@st.composite
def uploads(draw: st.DrawFn, cell: st.SearchStrategy[str] = CELL) -> pd.DataFrame:
    names = draw(st.lists(NAME, min_size=1, max_size=4, unique=True))
    rows = draw(st.lists(st.lists(cell, min_size=len(names), max_size=len(names)), max_size=6))
    return pd.DataFrame({name: pd.array([row[i] for row in rows], dtype="str") for i, name in enumerate(names)})


def exported(upload: pd.DataFrame) -> pd.DataFrame:
    """As full_table makes it, with plain figures."""
    n = len(upload)
    figures: dict[str, object] = {name: [0.5] * n for name in ADDED}
    figures |= {
        "topic": ["price"] * n,
        "sentiment_label": ["neutral"] * n,
        "joined": [True] * n,
        "is_outlier": [False] * n,
    }
    figures |= {"left_out": [""] * n, "sentiment": [-0.5] * n, "duplicate_of_row": pd.array([None] * n, dtype="Int64")}
    added = pd.DataFrame(figures).rename(columns=lambda name: f"reviewscape_{name}" if name in upload else name)
    return pd.concat([upload, added], axis=1)


def frame_of(rows: list[list[object]], form: str) -> pd.DataFrame:
    head, *body = ([str(cell) for cell in row] for row in rows)
    table = pd.DataFrame({name: pd.array([row[i] for row in body], dtype="str") for i, name in enumerate(head)})
    return undo_defusing(Table(table, "utf-8", ",", True, format=form)).frame


def assert_same(found: pd.DataFrame, upload: pd.DataFrame) -> None:
    assert found.columns.tolist()[: upload.shape[1]] == upload.columns.tolist()
    assert len(found) == len(upload)
    for name in upload.columns:
        assert found[name].tolist() == upload[name].tolist()


@given(uploads())
def test_csv_by_the_letter(upload):
    file = io.StringIO(newline="")
    write_csv(exported(upload), file)
    assert_same(frame_of(list(csv.reader(io.StringIO(file.getvalue(), newline=""))), "delimited"), upload)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(uploads())
def test_workbooks_by_the_letter(upload):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "t.xlsx"
        assert write_workbook(exported(upload), path) == ()
        assert_same(frame_of(python_calamine.load_workbook(path).get_sheet_by_index(0).to_python(), "xlsx"), upload)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@pytest.mark.parametrize("bom", [False, True])
@given(upload=uploads(CELL.map(lambda cell: cell.replace("\x00", ""))))
def test_csv_by_our_own_reader(bom, upload):
    file = io.StringIO(newline="")
    write_csv(exported(upload), file)
    raw = file.getvalue().encode("utf-8-sig" if bom else "utf-8")
    found = read_table(raw)
    assert found.header
    assert_same(found.frame, upload)

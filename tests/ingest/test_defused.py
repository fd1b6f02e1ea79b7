"""An export that is read again holds what was uploaded; what is no export is left alone."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.defusing import ADDED, added_at_end, defuse, runs, undo
from pipelines.ingest.defused import undo_defusing
from pipelines.types import Table

FIGURES = {
    "topic": "price", "topic_id": "3", "joined": "True", "topic_strength": "0.5", "sentiment": "-0.25",
    "sentiment_label": "negative", "outlier_score": "0.1", "is_outlier": "FALSE",
    "duplicate_of_row": "", "left_out": "", "x": "-1.5", "y": "2e-05",
}  # fmt: skip


def table(cells: dict[str, list[str]], *, prefix: str = "", form: str = "delimited", **figures: str) -> Table:
    n = len(next(iter(cells.values())))
    columns = {**cells, **{prefix + name: [value] * n for name, value in {**FIGURES, **figures}.items()}}
    frame = pd.DataFrame({name: pd.Series(values, dtype="str") for name, values in columns.items()})
    return Table(frame, "utf-8", ",", True, format=form)


@given(st.text())
def test_undo_is_the_inverse(cell):
    assert undo(defuse(cell)) == cell
    assert not runs(defuse(cell))


@given(st.text(alphabet="'=+-@＝＠ \t\r\n\u200b\x00a1", max_size=8))
def test_undo_is_the_inverse_of_hostile_cells(cell):
    assert undo(defuse(cell)) == cell
    assert undo(defuse(defuse(cell))) == defuse(cell)
    assert not runs(defuse(cell))


@pytest.mark.parametrize(
    "start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "   =", "\n\n+", "\u200b="]
)
def test_a_cell_that_would_run_gets_an_apostrophe(start):
    assert defuse(f"{start}cmd") == f"'{start}cmd"
    assert defuse(f"x{start}") == f"x{start}"
    assert defuse(f"''{start}cmd") == f"'''{start}cmd"
    assert defuse("'twas fine") == "'twas fine"


@pytest.mark.parametrize("form", ["delimited", "xlsx"])
@pytest.mark.parametrize("prefix", ["", "reviewscape_"])
def test_an_export_gets_its_cells_and_headers_back(form, prefix):
    cells = ["@VirginAir hi", "-5", "+86 138", "'=1", "''", "'twas", "plain", "＝1"]
    read = table({"'@who": [defuse(cell) for cell in cells], "n": cells[-2:-1] * 8}, prefix=prefix, form=form)
    mended = undo_defusing(read)
    assert mended.frame["@who"].tolist() == cells
    assert mended.frame.columns.tolist() == ["@who", "n", *(prefix + name for name in ADDED)]
    assert mended.frame[prefix + "sentiment"].tolist() == ["-0.25"] * 8
    assert mended.warnings == ()


def test_a_reply_and_a_topic_are_texts_too():
    read = table({"a": ["b"], "reply": ["'=thanks"]}, topic="'@home")
    mended = undo_defusing(read).frame
    assert (mended.at[0, "reply"], mended.at[0, "topic"]) == ("=thanks", "@home")


@pytest.mark.parametrize(
    "changes",
    [{"sentiment_label": "good"}, {"joined": "maybe"}, {"sentiment": "much"}, {"x": "left"}],
)
def test_other_values_are_no_export_of_ours(changes):
    read = table({"a": ["'=1"]}, **changes)
    assert undo_defusing(read) is read


def test_other_columns_are_no_export_of_ours():
    read = table({"a": ["'=1"]})
    for frame in (read.frame.iloc[:, ::-1], read.frame.drop(columns="y"), read.frame[list(ADDED)], read.frame[["a"]]):
        other = replace(read, frame=frame)
        assert undo_defusing(other) is other
    assert added_at_end([]) == []


def test_parquet_is_verbatim_and_stays():
    read = table({"a": ["'=1"]}, form="parquet")
    assert undo_defusing(read) is read


def test_an_export_that_was_changed_stays_and_says_so():
    read = table({"a": ["'=1", "=2"]})
    mended = undo_defusing(read)
    assert mended.frame is read.frame
    assert len(mended.warnings) == 1


def test_nothing_to_undo_is_nothing_changed():
    read = table({"a": ["plain", "=2"]})
    assert undo_defusing(read) is read
    empty = table({"a": []})
    assert undo_defusing(empty) is empty

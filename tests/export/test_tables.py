"""Tables as files: what is read back is the upload with columns added, and no spreadsheet runs a cell of it."""

from __future__ import annotations

import csv
from dataclasses import replace

import numpy as np
import openpyxl
import pandas as pd
import pytest
import python_calamine

from pipelines.defusing import defuse, runs
from pipelines.errors import UnusableInput
from pipelines.export import workbook
from pipelines.export.tables import ADDED, full_table, write_table
from pipelines.redact import MARKS
from pipelines.store.bundle import write_bundle
from pipelines.store.reader import Bundle, open_bundle
from pipelines.types import name_in_rows
from pipelines.view import Filter, View
from tests.conftest import build_parts

HOSTILE = [
    "plain, with a comma",
    'quotes "inside" and at the end"',
    "two\nlines",
    "windows\r\nlines",
    "a lone\rreturn",
    "\rreturn first",
    "\ttab first",
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "  =1",
    "＝1",
    "＋1",
    "－1",
    "＠x",
    "'=1",
    "",
    " ",
    "nul-free \x0b vertical \x1f and \ufffe",
    "房间 🙂 \u2028 separator",
    "ends with a backslash\\",
    ";semicolon;",
]


def bundle_of(folder, upload: pd.DataFrame, unit_rows: list[int] | None = None, *, roles=None, reasons=None, **columns):
    """A bundle of `upload`, one unit a row (or the rows named); columns: what points hold instead of made-up values."""
    n_rows = len(upload)
    unit_rows = list(range(n_rows)) if unit_rows is None else unit_rows
    parts = build_parts(len(unit_rows))
    points = parts.points.assign(row_id=unit_rows, duplicate_of=pd.array([None] * len(unit_rows), dtype="Int64"))
    points = points.assign(**columns)
    reasons = reasons or [""] * n_rows
    own = pd.DataFrame(
        {
            "row_id": np.arange(n_rows),
            "kept": [not reason for reason in reasons],
            "reason": pd.array(reasons, dtype="str"),
        }
    )
    named = upload.rename(columns={name: name_in_rows(name) for name in upload.columns})
    summary = {"rows": n_rows, "topics": [], "warnings": [], "columns": list(upload.columns), "roles": roles or {}}
    rows = pd.concat([own, named], axis=1)
    return open_bundle(write_bundle(folder / "bundle", replace(parts, rows=rows, points=points, summary=summary)))


def frame(**columns: list[str]) -> pd.DataFrame:
    return pd.DataFrame({name: pd.array(values, dtype="str") for name, values in columns.items()})


@pytest.fixture
def hostile(tmp_path) -> Bundle:
    n = len(HOSTILE)
    return bundle_of(tmp_path, frame(评论=HOSTILE, **{"=cmd()": HOSTILE[::-1], "number": [str(i) for i in range(n)]}))


def expected(bundle: Bundle) -> pd.DataFrame:
    return bundle.rows[list(bundle.upload_columns)]


@pytest.mark.parametrize("bom", [False, True])
def test_csv_read_back_is_the_upload_defused(hostile, tmp_path, bom):
    path = tmp_path / "new" / "t.csv"
    size = write_table(hostile, path, "csv", bom=bom).size
    raw = path.read_bytes()
    assert size == len(raw)
    assert raw.startswith(b"\xef\xbb\xbf") is bom
    assert [entry.name for entry in path.parent.iterdir()] == ["t.csv"]
    with path.open(encoding="utf-8-sig", newline="") as file:
        head, *body = csv.reader(file)
    assert head == ["评论", "'=cmd()", "number", *ADDED]
    assert [row[0] for row in body] == [defuse(text) for text in HOSTILE]
    assert [row[1] for row in body] == [defuse(text) for text in HOSTILE[::-1]]
    by_pandas = pd.read_csv(path, dtype="str", keep_default_na=False, encoding="utf-8-sig")
    assert by_pandas.columns.tolist() == head
    assert by_pandas.to_numpy().tolist() == body
    assert not [cell for row in [head, *body] for cell in row[:2] if runs(cell)]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "   =", "\n\n+"])
def test_a_cell_that_would_run_gets_an_apostrophe(start):
    assert defuse(f"{start}cmd") == f"'{start}cmd"
    assert defuse(f"x{start}") == f"x{start}"


def test_numbers_of_ours_stay_numbers(tmp_path):
    bundle = bundle_of(tmp_path, frame(评论=["a", "b"]), sentiment=np.float32([-0.5, 0.25]))
    write_table(bundle, tmp_path / "t.csv", "csv")
    assert pd.read_csv(tmp_path / "t.csv")["sentiment"].tolist() == [-0.5, 0.25]


def test_parquet_is_verbatim(hostile, tmp_path):
    write_table(hostile, tmp_path / "t.parquet", "parquet")
    table = pd.read_parquet(tmp_path / "t.parquet")
    assert table.columns.tolist() == [*hostile.upload_columns, *ADDED]
    pd.testing.assert_frame_equal(table[list(hostile.upload_columns)], expected(hostile).reset_index(drop=True))
    assert table["topic_id"].tolist() == hostile.points["cluster"].tolist()


def test_xlsx_opens_with_texts_only(hostile, tmp_path):
    write_table(hostile, tmp_path / "t.xlsx", "xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "t.xlsx").active
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "inlineStr", "n", "b"}
    head, *body = rows_of_sheet(tmp_path / "t.xlsx")
    assert head == ["评论", "'=cmd()", "number", *ADDED]
    # U+FFFE is no character of XML and has no escape that a reader knows.
    assert [row[0] for row in body] == [defuse(text).replace("\ufffe", "�") for text in HOSTILE]


def rows_of_sheet(path) -> list[list[object]]:
    return python_calamine.load_workbook(path).get_sheet_by_index(0).to_python()


@pytest.mark.parametrize(
    "text",
    [
        *("#N/A", "#REF!", "#", "TRUE", "007", "1e5", "570306133677760513", "2024-01-01", " a ", " ", "\n", "\t", "\r"),
        *("\r\n", "_x0041_", "_x005F_", "a_x000D_", "__x0041_", "_x_", "\x00", "\x1f", "a\rb", "null", "NA", "😀"),
        *("\u2028", "\x85"),
    ],
)
def test_a_workbook_gives_back_every_text(tmp_path, text):
    bundle = bundle_of(tmp_path, frame(评论=[text, "b"]))
    assert write_table(bundle, tmp_path / "t.xlsx", "xlsx").warnings == ()
    assert rows_of_sheet(tmp_path / "t.xlsx")[1][0] == defuse(text)


def test_a_cell_longer_than_excel_takes_is_cut_there_and_told(tmp_path):
    long = "长" * 32_767
    texts = [long, long + "x", "=" + long, "🙂" * 16_384, "\x01" * 5_000]
    bundle = bundle_of(tmp_path, frame(评论=texts))
    written = write_table(bundle, tmp_path / "t.xlsx", "xlsx")
    assert workbook.losses(bundle.rows) == written.warnings
    assert [(warning.values["count"], str(warning)[:11]) for warning in written.warnings] == [(4, "4 cells wer")]
    cells = [row[0] for row in rows_of_sheet(tmp_path / "t.xlsx")[1:]]
    assert cells == [long, long, "'=" + "长" * 32_765, "🙂" * 16_383, "\x01" * (32_767 // 7)]
    assert write_table(bundle, tmp_path / "t.csv", "csv").warnings == ()
    with (tmp_path / "t.csv").open(encoding="utf-8", newline="") as file:
        assert [row[0] for row in csv.reader(file)][1:] == list(map(defuse, texts))


def test_what_a_workbook_cannot_hold_is_told(tmp_path):
    bundle = bundle_of(tmp_path, frame(评论=["a\ufffeb", "c\uffff", "d"]))
    [warning] = write_table(bundle, tmp_path / "t.xlsx", "xlsx").warnings
    assert warning.values == {"count": 2}


def test_more_rows_than_a_sheet_holds_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(workbook, "MAX_ROWS", 3)
    bundle = bundle_of(tmp_path, frame(评论=["a", "b", "c"]))
    with pytest.raises(UnusableInput, match="3 rows"):
        write_table(bundle, tmp_path / "t.xlsx", "xlsx")
    assert not list(tmp_path.glob("t.xlsx*"))


def test_a_split_off_reply_is_a_column_of_its_own(tmp_path):
    upload = frame(评论=["fine\n商家回复：thanks", "ok"], 订单号=["A1", "20231123001"])
    bundle = bundle_of(tmp_path, upload, [0, 0, 1], reply=["=thanks @bo_1", "=thanks @bo_1", ""])
    assert full_table(bundle).columns.tolist() == ["评论", "订单号", "reply", *ADDED]
    assert full_table(bundle)["reply"].tolist() == ["=thanks @bo_1", ""]
    masked = full_table(bundle, redact=True)
    assert masked["reply"].tolist() == [f"=thanks {MARKS['handle']}", ""]
    assert masked["订单号"].tolist() == ["A1", MARKS["order"]]
    write_table(bundle, tmp_path / "t.csv", "csv")
    assert "'=thanks" in (tmp_path / "t.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize("view", [None, View(), View(colour="sentiment", note="look")])
def test_rows_left_out_are_there_with_their_reason(tmp_path, view):
    upload = frame(评论=["good", "", "bad", "!!"])
    bundle = bundle_of(tmp_path, upload, [0, 2], reasons=["", "empty", "", "symbols"])
    table = full_table(bundle, view=view)
    assert table["评论"].tolist() == upload["评论"].tolist()
    assert table["left_out"].tolist() == ["", "empty", "", "symbols"]
    assert table["sentiment"].notna().tolist() == [True, False, True, False]
    for kind in ("csv", "xlsx", "parquet"):
        assert write_table(bundle, tmp_path / f"t.{kind}", kind, view=view).size > 0
    written = pd.read_csv(tmp_path / "t.csv", keep_default_na=False, dtype="str")
    assert written.loc[1].tolist() == ["", *[""] * 9, "empty", "", ""]


def test_a_view_leaves_its_rows_in_the_files_order(tmp_path):
    bundle = bundle_of(tmp_path, frame(评论=list("abcdef"), shop=["n", "s"] * 3))
    assert full_table(bundle, view=View(filters=(Filter("row:shop", "is", "s"),)))["评论"].tolist() == ["b", "d", "f"]
    assert full_table(bundle, view=View(selection=(5, 0)))["评论"].tolist() == ["a", "f"]
    assert full_table(bundle, view=View(selection=()))["评论"].tolist() == []
    both = View(filters=(Filter("row:shop", "is", "s"),), selection=(0, 1))
    assert full_table(bundle, view=both)["评论"].tolist() == ["b"]


@pytest.mark.parametrize("column", ["row:shops", "shop", "row:kept"])
def test_a_filter_on_a_column_that_is_not_there_leaves_no_row(tmp_path, column):
    bundle = bundle_of(tmp_path, frame(评论=["a", "b"], shop=["n", "s"]))
    view = View(filters=(Filter(column, "is", "n"),))
    assert full_table(bundle, view=view).empty
    assert write_table(bundle, tmp_path / "t.csv", "csv", view=view).size > 0


def test_a_review_of_several_units_is_one_row_of_means(tmp_path):
    bundle = bundle_of(
        tmp_path,
        frame(评论=["three sentences", "two", "one"]),
        [0, 0, 0, 1, 1, 2],
        cluster=np.int32([2, 1, 1, -1, 0, -1]),
        topic=["two", "one", "one", "", "zero", ""],
        joined=[True, False, True, False, True, False],
        cluster_strength=np.float32([0.9, 0.5, 0.7, 0, 0.25, 0]),
        sentiment=np.float32([1, 0.5, 0, -1, 0, 0.5]),
        outlier_score=np.float32([0.1, 0.2, 0.9, 0.4, 0.3, 0]),
        is_outlier=[False, False, True, False, False, False],
        x2=np.float32([0, 1, 5, 2, 4, 7]),
    )
    table = full_table(bundle)
    assert table["topic"].tolist() == ["one", "zero", ""]
    assert table["topic_id"].tolist() == [1, 0, -1]
    assert table["topic_strength"].tolist() == [0.5, 0.25, 0]
    assert table["sentiment"].tolist() == [0.5, -0.5, 0.5]
    assert table["outlier_score"].round(4).tolist() == pytest.approx([0.9, 0.4, 0])
    assert table["is_outlier"].tolist() == [True, False, False]
    assert table["x"].tolist() == [2, 3, 7]


def test_a_duplicate_repeats_all_of_one_other_row(tmp_path):
    # row 0: A · row 1: B C · row 2: B C · row 3: A D · row 4: A B · row 5: A · row 6: E E · row 7: C B A
    units = [0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 6, 6, 7, 7, 7]
    repeats = [None, None, None, 1, 2, 0, None, 0, 1, 0, None, 10, 2, 1, 0]
    bundle = bundle_of(
        tmp_path, frame(评论=[f"row {i}" for i in range(8)]), units, duplicate_of=pd.array(repeats, dtype="Int64")
    )
    found = full_table(bundle)["duplicate_of_row"]
    assert found.dtype == "Int64"
    assert [None if pd.isna(row) else row for row in found] == [None, None, 1, None, None, 0, None, None]


def test_names_that_are_in_use_are_never_repeated(tmp_path):
    upload = frame(
        topic=["a"], reviewscape_topic=["b"], reviewscape_reviewscape_topic=["c"], x=["d"], kept=["e"], reason=["f"]
    )
    bundle = bundle_of(tmp_path, upload, topic=["ours"])
    table = full_table(bundle)
    assert table.columns.is_unique
    assert table[list(upload.columns)].loc[0].tolist() == list("abcdef")
    assert table["reviewscape_reviewscape_reviewscape_topic"].tolist() == ["ours"]
    assert "reviewscape_x" in table
    assert full_table(bundle, view=View(filters=(Filter("row:kept", "is", "e"),))).shape[0] == 1
    assert write_table(bundle, tmp_path / "t.parquet", "parquet").size > 0


def test_redaction_reaches_users_headers_and_topics(tmp_path):
    upload = frame(
        评论=["call 13800138000", "fine", "write to bo@example.com", "ok"],
        用户=["Anna Schmidt", "", " bo@example.com", "Anna Schmidt"],
        **{"asked by eve@example.com": list("abcd"), "asked by mal@example.com": list("efgh")},
    )
    topics = ["ask @anna_schmidt", "", "price", "price"]
    bundle = bundle_of(tmp_path, upload, roles={"text": "评论", "user": "用户"}, topic=topics)
    table = full_table(bundle, redact=True)
    assert table["用户"].tolist() == ["user 1", "", "user 2", "user 1"]
    assert table["评论"].tolist() == [f"call {MARKS['phone']}", "fine", f"write to {MARKS['email']}", "ok"]
    assert table["topic"].tolist() == [f"ask {MARKS['handle']}", "", "price", "price"]
    assert table.columns[2:4].tolist() == [f"asked by {MARKS['email']}", f"asked by {MARKS['email']} 2"]
    # A part of the table names people as the whole does.
    assert full_table(bundle, redact=True, view=View(selection=(2,)))["用户"].tolist() == ["user 2"]
    for kind in ("csv", "parquet", "xlsx"):
        assert write_table(bundle, tmp_path / f"t.{kind}", kind, redact=True).size > 0
    raw = (tmp_path / "t.csv").read_text(encoding="utf-8")
    assert not [private for private in ("Anna", "bo@", "eve@", "1380", "@anna") if private in raw]
    assert full_table(bundle)["用户"].tolist() == upload["用户"].tolist()


@pytest.mark.parametrize("n", [0, 1, 2, 3])
def test_few_rows(tmp_path, n):
    bundle = bundle_of(tmp_path, frame(评论=["x"] * n))
    table = full_table(bundle, redact=True)
    assert len(table) == n
    for kind in ("csv", "parquet", "xlsx"):
        assert write_table(bundle, tmp_path / f"t.{kind}", kind).size > 0


def test_a_folder_that_cannot_be_written_leaves_nothing(hostile, tmp_path):
    (tmp_path / "t.csv").mkdir()
    with pytest.raises(OSError, match="directory"):
        write_table(hostile, tmp_path / "t.csv", "csv")
    assert not (tmp_path / "t.csv.part").exists()

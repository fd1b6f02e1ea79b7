"""Whole uploads understood: what is kept and why not, degenerate files, the JSON contract."""

import json

import numpy as np
import pytest

from pipelines.errors import UnusableInput
from pipelines.ingest import IngestOptions, ingest, summary
from pipelines.ingest.meaning.default_praise import left_out_reason
from pipelines.ingest.options import Source
from pipelines.types import ROLES


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Warm soup", ""),
        ("ok", ""),
        ("好", ""),
        ("666", ""),
        ("😀😀", ""),
        ("👍", ""),
        ("❤️", ""),
        ("", "empty"),
        ("  ", "empty"),
        ("NaN", "empty"),
        ("null", "empty"),
        ("......", "symbols"),
        ("？！~~", "symbols"),
        ("-", "symbols"),
        ("此用户未填写评价", "default_praise"),
        ("用户未及时评价，系统默认好评", "default_praise"),
        ("此用户没有填写评价。", "default_praise"),
        ("该用户未填写评价内容", "default_praise"),
        ("系统默认好评!", "default_praise"),
        ("评价方未及时做出评价,系统默认好评!", "default_praise"),
        ("用户默认好评", "default_praise"),
        ("This user left no review", "default_praise"),
        ("The user didn't write a review, and has left just a rating", "default_praise"),
        ("No comment", "default_praise"),
        ("(no text)", "default_praise"),
        ("Rating only", "default_praise"),
        ("此用戶沒有填寫評價", "default_praise"),
        ("买家未及时做出评价，系统默认好评！", "default_praise"),
        ("该用户很懒，什么都没写", "default_praise"),
        ("15天内买家未作出评价", "default_praise"),
        ("評価のみ", "default_praise"),
        ("暂无评价", "default_praise"),
        ("a", "too_short"),
        ("k.", "too_short"),
        ("6", ""),
        ("の", "too_short"),
        ("굿", ""),
        ("1👍", ""),
        ("没写", ""),
        ("没有评价的必要，太差了", ""),
        ("no comment on the food, great service", ""),
        ("Rating only three because of the noise", ""),
        ("好评", ""),
        ("默认的口味太甜了，下次要少糖", ""),
    ],
)
def test_what_is_left_out_and_why(text, reason):
    assert left_out_reason(text) == reason


def test_reviews_carry_typed_columns():
    reviews = ingest(
        "评论内容,评分,日期,门店,用户\n服务很热情,10,2025年3月7日,江边店,小林\n,7,,东门店,阿青\n……,2.5,2025-03-09,东门店,老周\n".encode(
            "gb18030"
        )
    )
    assert reviews.table.encoding == "gb18030"
    assert reviews.text == ["服务很热情", "", "……"]
    assert reviews.reason == ["", "empty", "symbols"]
    assert reviews.kept.tolist() == [True, False, False]
    assert (reviews.rating.dtype, reviews.date.dtype) == (np.float32, np.dtype("datetime64[ns]"))
    assert reviews.rating[0] == 5.0
    assert np.isnat(reviews.date[1])
    assert (reviews.item, reviews.user) == (["江边店", "东门店", "东门店"], ["小林", "阿青", "老周"])
    assert reviews.language[0] == "zh"
    assert any("1-10" in str(warning) for warning in reviews.warnings)


def test_no_rating_or_date_column_is_none():
    reviews = ingest(b"review,label\nwarm and kind,1\ntoo loud,0\n")
    assert (reviews.rating, reviews.date, reviews.user, reviews.item) == (None, None, None, None)


def test_a_person_may_call_labels_ratings():
    options = IngestOptions(roles={"rating": "label"})
    assert ingest(b"review,label\nwarm and kind,1\ntoo loud,0\n", options).rating.tolist() == [5.0, 1.0]


def test_the_language_column_is_believed_where_it_is_clear():
    reviews = ingest("review,language\nsuper,german\nbon,fr-CA\n很好,?\n".encode())
    assert reviews.language[:2] == ["de", "fr"]
    assert reviews.language[2] == "zh"


def test_without_text_the_columns_are_named():
    with pytest.raises(UnusableInput, match=r"x, y.*--text-column"):
        ingest(b"x,y\n1,0.5\n2,0.25\n")


@pytest.mark.parametrize("rows", [0, 1, 2, 3, 5, 12])
def test_few_rows(rows):
    text = "review,rating\n" + "".join(f"soup number {index} was warm,{index % 5 + 1}\n" for index in range(rows))
    reviews = ingest(text.encode())
    assert (len(reviews.text), int(reviews.kept.sum()), len(reviews.rating)) == (rows, rows, rows)
    assert bool(reviews.warnings) == (rows == 0)


@pytest.mark.parametrize(
    ("data", "kept", "words"),
    [
        ("review,rating\n" + "the same soup,5\n" * 20, 20, "same text"),
        ("review,rating\n" + ",5\n" * 20, 0, "no usable text"),
        ("review,rating\n" + "".join(f"{number},5\n" for number in range(20)), 20, "numbers"),
        ("review,rating\n" + "NaN,5\n" * 5, 0, "no usable text"),
        ("review,rating\n" + "x" * 5000 + ",5\nshort,4\n", 2, None),
        ("review\n😀😀\n👍\n🎉 nice\n", 3, None),
    ],
)
def test_degenerate_columns(data, kept, words):
    reviews = ingest(data.encode())
    assert int(reviews.kept.sum()) == kept
    assert bool(reviews.warnings) == bool(words)
    assert words is None or words in str(reviews.warnings[-1])


def test_summary_is_the_contract():
    reviews = ingest(b"review,rating\nwarm,5\n,4\n...,1\n")
    told = summary(reviews.table, reviews.roles, reviews)
    assert {"encoding", "delimiter", "header", "rows", "columns", "roles", "confidence", "warnings"} <= set(told)
    assert tuple(told["roles"]) == ROLES == tuple(told["confidence"])
    assert (told["roles"]["text"], told["roles"]["title"]) == ("review", None)
    assert (told["rows"], told["kept"], told["left_out"]) == (3, 1, {"empty": 1, "symbols": 1})
    json.dumps(told)


def test_further_scores_are_kept_beside_the_rating():
    rows = "".join(
        f"面很好吃第{n}次来,{n % 5 + 1},{'好评' if n % 2 else '差评'},{n * 7},{n % 5 + 1}.3\n" for n in range(20)
    )
    reviews = ingest(f"评论内容,总分,服务,点赞数,店铺评分\n{rows}".encode())
    assert reviews.roles.get("rating") == "总分"
    assert {name: values.dtype for name, values in reviews.scores.items()} == {"服务": np.dtype(np.float32)}
    assert reviews.scores["服务"][:2].tolist() == [1.0, 5.0]


def test_a_zone_of_two_meanings_is_read_by_the_files_language_and_told():
    reviews = ingest("评论内容,评论时间\n面很好吃,2024-03-05 12:00:00 CST\n汤太咸了,2024-03-06 12:00:00 CST\n".encode())
    assert str(reviews.date[0])[:13] == "2024-03-05T04"
    assert any("UTC+8" in str(warning) for warning in reviews.warnings)


def test_a_date_column_of_relative_days_is_not_taken_and_told():
    reviews = ingest("评论内容,评论时间\n面很好吃,昨天\n汤太咸了,3天前\n服务热情,2024-03-05\n".encode())
    assert reviews.date is None
    assert any(warning.column == "评论时间" for warning in reviews.warnings)


def test_unread_cells_are_counted_with_the_first_row():
    rows = "".join(
        f"warm soup number {n},{'soon' if n == 4 else '2024-03-05'},{'x' if n == 2 else 5}\n" for n in range(10)
    )
    reviews = ingest(f"review,date,rating\n{rows}".encode())
    assert {(warning.column, warning.row) for warning in reviews.warnings} == {("date", 4), ("rating", 2)}


@pytest.mark.parametrize("values", ["2021 2022 2023", "1.70925E+12 1.70926E+12 1.70927E+12", "12:30 13:45 14:10"])
def test_a_column_called_a_date_with_none_at_all_is_told(values):
    rows = "".join(f"warm soup number {n},{value}\n" for n, value in enumerate(values.split()))
    reviews = ingest(f"review,review_date\n{rows}".encode())
    assert reviews.date is None
    assert [warning.column for warning in reviews.warnings] == ["review_date"]


@pytest.mark.parametrize("values", ["0 1 0", "x7 y8 z9", "1200 5 77000"])
def test_a_column_called_a_rating_that_is_not_taken_is_told(values):
    rows = "".join(f"warm soup number {n},{value}\n" for n, value in enumerate(values.split()))
    reviews = ingest(f"review,rating\n{rows}".encode())
    assert reviews.rating is None
    assert [warning.column for warning in reviews.warnings] == ["rating"]
    assert not ingest(f"review,rating\n{rows}".encode(), IngestOptions(roles={"rating": None})).warnings


def test_no_rating_given_is_no_warning():
    cells = ["-", "暂无评分", "offered", "No rating", "not rated", "N/A", "0", ""]
    rows = "".join(f"warm soup number {n},{cells[n % 8] if n < 8 else n % 5 + 1}\n" for n in range(60))
    reviews = ingest(f"review,rating\n{rows}".encode())
    assert np.isnan(reviews.rating[:8]).all()
    assert reviews.warnings == ()


def test_a_stray_rating_is_counted_with_its_row():
    rows = "".join(f"warm soup number {n},{11 if n == 7 else n % 5 + 1}\n" for n in range(30))
    reviews = ingest(f"review,rating\n{rows}".encode())
    assert (reviews.rating[8], np.isnan(reviews.rating[7])) == (4.0, True)
    assert [(warning.column, warning.row) for warning in reviews.warnings] == [("rating", 7)]


def test_stacked_files_on_different_scales_are_each_mapped_and_told():
    fives = "".join(f"warm soup number {n},{n % 5 + 1}\n" for n in range(30))
    tens = "".join(f"quiet room number {n},{n % 10 + 1}\n" for n in range(30))
    files = [Source(f"review,rating\n{rows}".encode(), f"{name}.csv") for name, rows in (("a", fives), ("b", tens))]
    reviews = ingest(files)
    assert reviews.rating[[4, 39]].tolist() == [5.0, 5.0]
    assert any("a.csv: 1-5; b.csv: 1-10" in str(warning) for warning in reviews.warnings)

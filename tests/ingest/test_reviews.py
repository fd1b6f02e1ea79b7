"""Whole uploads understood: what is kept and why not, degenerate files, the JSON contract and the command."""

import argparse
import json

import numpy as np
import pytest

from pipelines.cli import ingest as command
from pipelines.errors import UnusableInput
from pipelines.ingest import IngestOptions, ingest, summary
from pipelines.ingest.reviews import left_out_reason
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
    told = summary(ingest(b"review,rating\nwarm,5\n,4\n...,1\n"))
    assert set(told) == {
        "encoding", "delimiter", "header", "rows", "columns", "roles", "confidence", "warnings", "kept", "left_out"
    }  # fmt: skip
    assert tuple(told["roles"]) == ROLES == tuple(told["confidence"])
    assert (told["roles"]["text"], told["roles"]["title"]) == ("review", None)
    assert (told["rows"], told["kept"], told["left_out"]) == (3, 1, {"empty": 1, "symbols": 1})
    json.dumps(told)


def test_command(tmp_path, capsys):
    path = tmp_path / "reviews.csv"
    path.write_text("memo;rating\nwarm soup, kind staff;5\n...;1\n", encoding="utf-8")
    parser = argparse.ArgumentParser()
    command.add_parser(parser.add_subparsers(dest="command"))
    args = parser.parse_args(["ingest", str(path), "--json", "--text-column", "memo", "--delimiter", ";"])
    assert command.run(args) == 0
    assert json.loads(capsys.readouterr().out)["roles"]["text"] == "memo"
    assert command.run(parser.parse_args(["ingest", str(path), "--text-column", "memo"])) == 0
    plain = capsys.readouterr().out
    assert "utf-8, semicolon-separated, with a header: 2 reviews, 1 usable" in plain
    assert "left out: 1 symbols" in plain
    with pytest.raises(UnusableInput, match="memo"):
        command.run(parser.parse_args(["ingest", str(path), "--text-column", "body"]))

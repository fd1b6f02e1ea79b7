import numpy as np
import pandas as pd
import pytest

from pipelines.types import Reviews, Roles, Table
from pipelines.units import sentences, split


def reviews(texts: list[str], kept: list[bool] | None = None, language: str = "zh") -> Reviews:
    return Reviews(
        table=Table(pd.DataFrame({"text": pd.array(texts, dtype="str")}), "utf-8", ",", True),
        roles=Roles({"text": "text"}),
        text=texts,
        kept=np.array(kept if kept is not None else [True] * len(texts), dtype=bool),
        reason=[""] * len(texts),
        rating=None,
        date=None,
        user=None,
        item=None,
        language=[language] * len(texts),
    )


def test_reviews_stay_whole_and_dropped_rows_are_left_out() -> None:
    units = split(reviews(["房间很干净。早餐难吃。", "", "&lt;b&gt;还会再来"], [True, False, True]), "review")
    assert units.row_id.tolist() == [0, 2] and units.row_id.dtype == np.int64
    assert units.text == ["房间很干净。早餐难吃。", "&lt;b&gt;还会再来"]
    assert units.clean[1] == "还会再来"
    assert units.language == ["zh", "zh"]


def test_no_rows() -> None:
    units = split(reviews([]), "sentence")
    assert units.row_id.shape == (0,) and units.row_id.dtype == np.int64 and units.text == []


def test_sentences_keep_their_row() -> None:
    units = split(reviews(["房间很干净，早餐太难吃。前台态度好", "好"]), "sentence")
    assert units.text == ["房间很干净，", "早餐太难吃。", "前台态度好", "好"]
    assert units.row_id.tolist() == [0, 0, 0, 1]


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("The room was great, but breakfast was cold.", ["The room was great,", "but breakfast was cold."]),
        ("Ask for Mr. Lee at desk no. 5. He is kind!", ["Ask for Mr. Lee at desk no. 5. He is kind!"]),
        ("It costs 3.5 dollars a cup. Too much for me", ["It costs 3.5 dollars a cup.", "Too much for me"]),
        ("前台态度好但是房间隔音差", ["前台态度好", "但是房间隔音差"]),
        ("送餐特别慢 味道也一般般", ["送餐特别慢", "味道也一般般"]),
        ("很好，很满意", ["很好，很满意"]),
        ("OK", ["OK"]),
        ("however", ["however"]),
        ("。。。", ["。。。"]),
    ],
)
def test_where_a_review_is_cut(text: str, pieces: list[str]) -> None:
    assert sentences(text) == pieces


def test_a_piece_in_another_language_is_marked() -> None:
    units = split(reviews(["这个软件真的很好用。The app crashes every time I open it."]), "sentence")
    assert units.language == ["zh", "en"]

"""Any table with any roles: one entry a row, right types, no exception but UnusableInput."""

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.errors import UnusableInput
from pipelines.ingest import guess_roles, to_reviews
from pipelines.types import ROLES, Table

_NAMES = st.sampled_from(
    [
        "review", "评论内容", "Positive_Review", "Negative_Review", "title", "rating", "评分", "服务", "location",
        "NPS", "date", "入住日期", "user_id", "name", "language", "回复", "追评", "x", "", "1、您的建议？", "分词",
    ]
) | st.text(max_size=8)  # fmt: skip
_CELLS = st.sampled_from(
    [
        "", " ", "5", "4,5", "0", "10", "100", "★★★☆☆", "好评", "力荐", "4/5", "NaN", "-", "2024-03-05", "3/4/2025",
        "2024年3月5日 CST", "24-03-05", "1709622489", "45000", "昨天", "二〇二四年三月五日", "此用户未填写评价", "好",
        "a", "。。。", "👍", "No Negative", "很好。商家回复：感谢您", "好吃【商家回复】", "Response from the owner\n",
        "en", "中文", "https://a.example", "The soup was warm and good", "房间很干净，服务也热情",
    ]
) | st.text(max_size=30)  # fmt: skip


@st.composite
def _tables(draw):
    names = draw(st.lists(_NAMES, min_size=1, max_size=6, unique=True))
    rows = draw(st.integers(0, 6))
    columns = {name: draw(st.lists(_CELLS, min_size=rows, max_size=rows)) for name in names}
    frame = pd.DataFrame(columns, columns=names).astype("str")
    return Table(frame, "utf-8", ",", header=draw(st.booleans()))


@given(table=_tables(), data=st.data())
@settings(max_examples=200, deadline=None)
def test_every_table_gives_one_entry_a_row(table, data):
    columns = list(table.frame.columns)
    chosen = data.draw(st.dictionaries(st.sampled_from(ROLES), st.sampled_from([*columns, None, ""]), max_size=4))
    before = table.frame.copy()
    try:
        roles = guess_roles(table, chosen)
        reviews = to_reviews(table, roles, join_title=data.draw(st.booleans()))
    except UnusableInput:
        return
    rows = len(table.frame)
    assert len(reviews.text) == len(reviews.reason) == len(reviews.language) == len(reviews.kept) == rows
    assert reviews.kept.dtype == np.bool_
    assert set(reviews.reason) <= {"", "empty", "too_short", "symbols", "default_praise"}
    for ratings in (reviews.rating, *reviews.scores.values()):
        if ratings is not None:
            assert (ratings.dtype, ratings.shape) == (np.float32, (rows,))
            assert np.all(np.isnan(ratings) | ((ratings >= 1) & (ratings <= 5)))
    assert reviews.date is None or (reviews.date.dtype, len(reviews.date)) == (np.dtype("datetime64[ns]"), rows)
    for values in (reviews.user, reviews.item, reviews.reply):
        assert values is None or len(values) == rows
    assert all(0 <= roles.confidence[role] <= 1 for role in ROLES)
    for warning in reviews.warnings:
        assert str(warning)
        assert warning.row is None or 0 <= warning.row < rows
    pd.testing.assert_frame_equal(table.frame, before)

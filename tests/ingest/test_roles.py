"""Roles: names in English and Chinese, and what the values say where names are silent or mislead."""

import pytest

from pipelines.errors import UnusableInput
from pipelines.ingest import IngestOptions, guess_roles, read_table
from pipelines.ingest.meaning.roles import DOUBTFUL

PROSE = [
    "The soup was warm and the staff were kind",
    "Far too loud for a quiet evening out",
    "We waited an hour for tea",
]
CHINESE_PROSE = ["房间很干净，服务也热情", "早餐种类太少了，味道一般", "位置好找，离地铁站很近"]


def roles_of(columns, chosen=None, repeat=4):
    names = list(columns)
    length = len(next(iter(columns.values())))
    lines = [";".join(names)] + [";".join(str(columns[name][row]) for name in names) for row in range(length)] * repeat
    table = read_table("\n".join(lines).encode(), IngestOptions(delimiter=";"))
    return guess_roles(table, chosen)


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        (
            {"review_id": ["a1", "a2", "a3"], "reviewText": PROSE, "overall": [5, 1, 2],
             "unixReviewTime": ["1393545600"] * 3,
             "reviewerID": ["u1", "u2", "u3"], "reviewerName": ["Ann", "Bo", "Cy"], "asin": ["B1", "B2", "B1"],
             "summary": ["Warm place", "Loud", "Slow"]},
            {"text": "reviewText", "rating": "overall", "date": "unixReviewTime", "user": "reviewerID", "item": "asin",
             "title": "summary"},
        ),
        (
            {"评论名称": ["小林", "阿青", "老周"], "评分星级": ["s-star5", "s-star3", "s-star4"],
             "评论内容": CHINESE_PROSE,
             "评论时间": ["2025/3/7", "2025/3/8", "2025/4/1"], "门店": ["江边店", "东门店", "江边店"]},
            {"text": "评论内容", "rating": "评分星级", "date": "评论时间", "user": "评论名称", "item": "门店"},
        ),
        (
            {"content": PROSE, "replyContent": [f"{text} and so on" for text in PROSE],
             "score": [5, 1, 1], "at": ["2025-07-25 17:17:31"] * 3, "repliedAt": ["2025-07-26 17:17:31"] * 3,
             "userName": ["a", "b", "c"], "thumbsUpCount": [0, 1, 4]},
            {"text": "content", "rating": "score", "date": "at", "user": "userName"},
        ),
        (
            {"tweet_id": ["570306133677760513"] * 3, "label": [0, 1, 0], "text": PROSE,
             "tweet_created": ["2015-02-24 11:35:52 -0800"] * 3},
            {"text": "text", "date": "tweet_created"},
        ),
        (
            {"服务评分": [5, 4, 3], "卫生评分": [4, 4, 5], "评分": [5, 4, 4], "点评内容": CHINESE_PROSE,
             "商家回复": CHINESE_PROSE,
             "入住日期": ["2025-01-01"] * 3, "点评日期": ["2025-01-05"] * 3, "用户": ["甲", "乙", "丙"]},
            {"text": "点评内容", "rating": "评分", "date": "点评日期", "user": "用户"},
        ),
        ({"a": [1, 2, 3], "b": PROSE, "c": ["★★★☆☆", "★★★★★", "★☆☆☆☆"]}, {"text": "b", "rating": "c"}),
        ({"title": PROSE, "link": ["https://example.org/1"] * 3}, {"text": "title"}),
        ({"product_title": ["Kettle", "Mug", "Kettle"], "review_title": ["Fine", "Bad", "Meh"], "body": PROSE},
         {"text": "body", "item": "product_title", "title": "review_title"}),
        ({"sentiment": ["positive", "negative", "neutral"], "rating": [1, 0, 1], "text": PROSE}, {"text": "text"}),
        ({"stars": [5, 4, 3], "comment": ["", "", ""]}, {"text": "comment", "rating": "stars"}),
        ({"x": [1, 2, 3], "y": [0.5, 0.1, 0.2]}, {}),
    ],
)  # fmt: skip
def test_roles(columns, expected):
    roles = roles_of(columns)
    assert {role: name for role, name in roles.columns.items() if name} == expected
    assert all(0 < roles.confidence[role] <= 1 for role in expected)


def test_a_bare_name_is_the_reviewer_where_it_differs_and_the_item_where_it_repeats():
    texts = (PROSE * 14)[:40]
    guests = [f"guest {index}" for index in range(40)]
    assert roles_of({"name": guests, "review": texts}, repeat=1).get("user") == "name"
    assert roles_of({"name": ["Harbour Hotel", "Hill Hotel"] * 20, "review": texts}, repeat=1).get("item") == "name"


def test_a_person_overrides_the_guess():
    columns = {"review": PROSE, "notes": PROSE, "rating": [1, 2, 3]}
    roles = roles_of(columns, {"text": "Notes ", "rating": ""})
    assert (roles.get("text"), roles.get("rating"), roles.confidence["text"]) == ("notes", None, 1.0)


def test_unknown_columns_and_roles_are_refused_with_the_choices():
    with pytest.raises(UnusableInput, match="review, rating"):
        roles_of({"review": PROSE, "rating": [1, 2, 3]}, {"text": "body"})
    with pytest.raises(UnusableInput, match="language"):
        roles_of({"review": PROSE}, {"mood": "review"})


def test_the_only_column_is_the_text():
    table = read_table("好评\n差评\n中评\n".encode(), IngestOptions())
    assert guess_roles(table).get("text") == "column 1"


def test_missing_stars_written_as_words_do_not_cost_the_rating_its_role():
    rows = "".join(f"the strap number {i} is soft and holds well,{'NaN' if i % 3 else i % 5 + 1}\n" for i in range(60))
    table = read_table(f"review,rating\n{rows}".encode())
    assert guess_roles(table).get("rating") == "rating"


@pytest.mark.parametrize("values", [["👍", "👎", "👍"], ["Recommended", "Not recommended", "Recommended"]])
def test_thumbs_are_a_rating_only_where_the_column_is_called_one_and_then_a_doubt(values):
    roles = roles_of({"rating": values, "review": PROSE})
    assert (roles.get("rating"), roles.confidence["rating"] < DOUBTFUL) == ("rating", True)
    assert roles_of({"mark": values, "review": PROSE}).get("rating") is None
    assert roles_of({"rating": values, "review": PROSE, "my_stars": [5, 1, 4]}).get("rating") == "my_stars"


def test_one_stray_value_does_not_cost_the_rating_its_role():
    rows = "".join(f"the strap number {i} is soft and holds well,{i % 5 + 1}\n" for i in range(29))
    table = read_table(f"review,rating\n{rows}it broke after a week,-1\n".encode())
    assert guess_roles(table).get("rating") == "rating"

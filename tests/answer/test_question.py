"""What questions in both languages are understood as, over the columns of the samples."""

from __future__ import annotations

import pytest

from pipelines.answer.question import asks, understand

COFFEE = [
    ("how many complain about delivery, by country?", True, "delivery", -1, "row:country", ""),
    ("How many customers complain about delivery, by store?", True, "delivery", -1, "item", ""),
    ("How many reviews mention the milk frother?", True, "milk frother", 0, "", ""),
    ("Which product gets the most complaints about leaking?", True, "leaking", -1, "item", ""),
    ("How many 1-star reviews mention noise, per month?", True, "noise", 0, "date", "M"),
    ("What share of reviews praise the espresso taste?", True, "espresso taste", 1, "", ""),
    ("What do customers say about the app?", False, "app", 0, "", ""),
    ("Is customer service any good?", False, "customer service", 0, "", ""),
    ("How many cups does it make before a refill?", False, None, 0, "", ""),
    ("多少条评论抱怨送货慢？按门店", True, "送货慢", -1, "item", ""),
]
HOTELS = [
    ("多少条评论抱怨隔音差？按门店", True, "隔音差", -1, "item", ""),
    ("哪家门店的早餐投诉最多？", True, "早餐", -1, "item", ""),
    ("有多少客人夸前台？", True, "前台", 1, "", ""),
    ("每个月有多少人提到热水", True, "热水", 0, "date", "M"),
    ("一星评论里有多少提到卫生", True, "卫生", 0, "", ""),
    ("客人对早餐怎么看？", False, "早餐", 0, "", ""),
    ("为什么客人不满意空调？", False, "空调", -1, "", ""),
    ("房间多少钱一晚？", False, None, 0, "", ""),
]


@pytest.mark.parametrize(("text", "is_count", "subject", "polarity", "group", "period"), COFFEE)
def test_english(coffee, text, is_count, subject, polarity, group, period) -> None:
    ask = understand(coffee, text)
    assert (ask.is_count, ask.polarity, ask.group, ask.period) == (is_count, polarity, group, period)
    assert subject is None or ask.subject == subject


@pytest.mark.parametrize(("text", "is_count", "subject", "polarity", "group", "period"), HOTELS)
def test_chinese(hotels, text, is_count, subject, polarity, group, period) -> None:
    ask = understand(hotels, text)
    assert (ask.is_count, ask.polarity, ask.group, ask.period) == (is_count, polarity, group, period)
    assert subject is None or ask.subject == subject


def test_values_of_columns_become_filters(coffee, hotels, travel) -> None:
    def filters(bundle, text):
        return [(one.column, one.op, one.value) for one in understand(bundle, text).filters]

    assert filters(coffee, "How many people in Canada complain about late delivery?") == [
        ("row:country", "is", "Canada")
    ]
    assert filters(coffee, "How many 1-star reviews mention noise?") == [("rating", "is", 1.0)]
    assert filters(hotels, "西安钟楼店有多少人抱怨隔音？") == [("item", "is", "西安钟楼店")]
    assert filters(hotels, "西安的隔音怎么样？") == [("item", "is", "西安钟楼店")]
    assert filters(travel, "HarmonyOS users: how many complain about sync?") == [("row:platform", "is", "HarmonyOS")]
    assert understand(coffee, "how often do people complain about wifi by version").unknown == "version"


def test_words_to_look_for_are_no_question() -> None:
    assert all(map(asks, ("Why is it late?", "how many complain", "早餐怎么样", "有没有热水", "多少人抱怨")))
    assert not any(map(asks, ("late delivery", "espresso grinder", "热水", "降温了穿什么好看"[:3])))


@pytest.mark.parametrize(
    ("text", "op", "value"),
    [
        ("how many 1 or 2 star reviews mention noise", "in", (1.0, 2.0)),
        ("how many one-star reviews mention noise", "is", 1.0),
        ("how many reviews with at least 4 stars mention noise", "between", (4.0, None)),
        ("how many reviews rated 4+ stars mention noise", "between", (4.0, None)),
        ("how many 4 stars or more mention noise", "between", (4.0, None)),
        ("how many reviews below 3 stars mention noise", "between", (None, 2.99)),
        ("how many 1-2 star reviews mention noise", "between", (1.0, 2.0)),
        ("有多少4星以上的评论提到噪音", "between", (4.0, None)),
        ("三星以下的评论有多少提到噪音", "between", (None, 3.0)),
        ("有多少低于3星的评论提到噪音", "between", (None, 2.99)),
        ("一星和二星的评论有多少提到噪音", "in", (1.0, 2.0)),
        ("五星评论有多少提到噪音", "is", 5.0),
    ],
)
def test_stars_are_taken_as_they_are_meant(coffee, text, op, value) -> None:
    ask = understand(coffee, text)
    assert [(one.column, one.op, one.value) for one in ask.filters] == [("rating", op, value)]
    assert ask.is_count and ask.subject in ("noise", "噪音")


@pytest.mark.parametrize(
    ("text", "subject", "polarity", "negated"),
    [
        ("How many do not mention the app?", "app", 0, True),
        ("how many customers don't complain about the app", "app", -1, True),
        ("How many reviews are not positive?", "", 1, True),
        ("有多少人没有抱怨噪音？", "噪音", -1, True),
        ("有没有人抱怨噪音？", None, -1, False),
        ("How many say the app does not work?", "app not work", 0, False),
        ("How many complain that the staff did not mention fees?", None, -1, False),
        ("how many are not satisfied with the app", "app", -1, False),
        ("What don't people like about the app?", "app", -1, False),
        ("How many would not recommend the machine?", None, -1, False),
        ("有多少人不满意噪音", "噪音", -1, False),
    ],
)
def test_what_is_denied(coffee, text, subject, polarity, negated) -> None:
    ask = understand(coffee, text)
    assert (ask.polarity, ask.negated) == (polarity, negated)
    assert subject is None or ask.subject == subject


def test_a_value_goes_with_the_words_around_it(coffee) -> None:
    ask = understand(coffee, "How many people in the Canada store complain about late delivery?")
    assert ask.subject == "late delivery" and [one.value for one in ask.filters] == ["Canada"]


def test_signs_alone_are_no_chinese(coffee) -> None:
    assert [understand(coffee, text).language for text in ("?", "😡", "什么？")] == ["en", "en", "zh"]

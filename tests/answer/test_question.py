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

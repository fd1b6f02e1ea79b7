from pathlib import Path

import numpy as np
import pytest

from pipelines.topics import describe
from pipelines.topics.written import Written
from tests.topics.test_describe import CLEAN, topics_of, vectors


@pytest.mark.parametrize(
    ("cut", "texts", "whole"),
    [
        ("花港观", ["花港观鱼很美", "去了花港观鱼", "花港观鱼不错", "花港观鱼"], "花港观鱼"),
        ("保鸡", ["宫保鸡丁咸", "宫保鸡丁少", "点了宫保鸡丁"], "宫保鸡丁"),
        ("早餐", ["早餐好", "早餐少", "早餐贵", "早餐差"], "早餐"),
        ("早餐", ["早餐的", "早餐的", "早餐的"], "早餐"),
        ("早餐", ["早餐券", "早餐券"], "早餐"),
    ],
)
def test_a_chinese_word_is_whole_where_its_neighbours_never_vary(cut: str, texts: list[str], whole: str) -> None:
    assert Written(texts).form(cut) == whole


@pytest.mark.parametrize(
    ("surface", "texts", "form"),
    [
        ("ipad", ["on my iPad", "an iPad app", "the iPad"], "iPad"),
        ("usb", ["a USB port", "by USB cable", "old USB, new USB"], "USB"),
        ("delivery", ["Delivery was late", "Delivery is slow. Delivery failed", "Delivery"], "delivery"),
        ("delivery", ["my delivery", "The Delivery", "a delivery"], "delivery"),
        ("art", ["the START", "a START", "one START"], "art"),
    ],
)
def test_capitals_are_those_that_most_texts_use_inside_a_sentence(surface: str, texts: list[str], form: str) -> None:
    assert Written(texts).form(surface) == form


def test_spellings_of_one_word_are_counted_together() -> None:
    (topic,) = topics_of(["wi-fi drops", "the wifi drops", "slow wifi", "plug-ins and plugins"], ["en"] * 4, [0] * 4)
    words = [word for word, _, _ in topic.keywords]
    assert not {"wi-fi", "plug-ins"} <= set(words) and any("wifi" in word for word in words)


def test_what_is_done_names_a_topic_less_than_what_it_is_done_to() -> None:
    texts = [f"they canceled my flight {word}" for word in ("today", "again", "twice")] + ["the bag", "a bag", "my bag"]
    topics = topics_of(texts, ["en"] * 6, [0, 0, 0, 1, 1, 1])
    assert "flight" in topics[0].name.split(" · ")[0]


def test_words_of_one_character_in_common_do_not_stand_in_one_name(home: Path) -> None:
    texts = ["味道咸", "口味重", "味道一般，口味怪", *CLEAN]
    labels = np.array([0] * 3 + [1] * len(CLEAN), dtype=np.int32)
    topics = describe(texts, ["zh"] * len(texts), labels, np.ones(len(texts), np.float32), vectors(labels))
    assert not ("味道" in topics[0].name and "口味" in topics[0].name)
    assert len({topic.name for topic in topics}) == 2


def test_links_cut_short_and_unlisted_function_words_are_no_keywords() -> None:
    texts = ["hotel cantik dan murah http", "hotel murah ini https", "murah dan cantik"]
    (topic,) = topics_of(texts, ["ms"] * 3, [0] * 3)
    assert {word for word, _, _ in topic.keywords} <= {"hotel", "cantik", "murah", "hotel cantik", "hotel murah"}

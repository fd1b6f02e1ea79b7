from __future__ import annotations

import pytest

from pipelines.tracked import words


def found(phrase: str, *texts: str) -> list[float]:
    return [round(float(one), 2) for one in words.match(words.folded(texts), phrase)]


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("battery life", "The BATTERY LIFE is short"),
        ("battery life", "battery's whole life"),
        ("late delivery", "two late deliveries"),
        ("cancelled flight", "they cancel flights daily"),
        ("charge", "it is charging slowly"),
        ("wi-fi", "no wifi in the room"),
        ("隔音", "房间隔音很差"),
        ("电池 续航", "电池的续航不行"),
        ("APP闪退", "ａｐｐ 闪退好几次"),
        ("C++", "written in c++, they say"),
        ("😡", "again 😡"),
        ("café", "A CAFÉ nearby"),
    ],
)
def test_a_phrase_is_found_in_its_usual_forms(phrase, text):
    assert found(phrase, text) == [1.0]


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("late", "see you later"),
        ("late", "a chocolate"),
        ("charge", "the charger broke"),
        ("life", "lifetime"),
        ("隔音", "隔壁的音乐"),
        ("battery life", "a battery"),
        ("", "anything"),
        ("   ", "anything"),
    ],
)
def test_other_words_are_not_found(phrase, text):
    assert found(phrase, text) == [0.0]


def test_all_words_in_another_order_count_less():
    assert found("battery life", "the life of a battery is short") == [0.6]
    assert found("电池续航", "续航不行,电池也旧") == [0.6]


@pytest.mark.parametrize("phrase", ["(", "[a-z]+", ".*", "a{9999}", "\\", "\x00", "(?i)x", "<script>", "a" * 500, "$^"])
def test_no_phrase_is_a_pattern(phrase):
    assert found(phrase, "plain words", f"before {phrase} after")[0] == 0.0


def test_no_reviews_give_nothing():
    assert found("x") == []

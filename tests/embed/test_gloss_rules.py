"""What stands beside a word decides what it means: negation, numbers, money, names, phrases, traditional words."""

from __future__ import annotations

import pytest

from pipelines.embed import dictionary, senses
from pipelines.embed.gloss import gloss
from pipelines.embed.gloss_rules import figure, joined, leading_number


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("枕头不太舒服", "pillow not very comfortable"),
        ("没那么安静", "not so quiet"),
        ("这家店不怎么样", "this place shop not very good"),
        ("水压一点也不大", "water pressure not at all big"),
        ("毫无问题", "no problem"),
        ("不是很满意", "not very satisfied"),
        ("再也不来了", "never again come"),
        ("钥匙差点丢了", "key almost lose"),
        ("差点没吐出来", "almost spit"),
        ("好贵，好吵", "very expensive, very noisy"),
        ("味道很好", "taste very good"),
        ("千万别买", "certainly do not buy"),
    ],
)
def test_negation_keeps_its_word(text: str, expected: str) -> None:
    assert gloss(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("三百块", "300 yuan"),
        ("一百二十元", "120 yuan"),
        ("花了八十块钱", "spent 80 yuan"),
        ("两三天", "two three day"),
        ("吃了两块蛋糕", "eat two cake"),
        ("住了两周", "stay two week"),
        ("2小时", "2 hour"),
        ("一万五千元", "15000 yuan"),
        ("三百二十块", "320 yuan"),
        ("一百多块钱", "100 yuan"),
        ("用了100多天", "use 100 day"),
    ],
)
def test_numbers_and_money(text: str, expected: str) -> None:
    assert gloss(text) == expected


@pytest.mark.parametrize(
    ("token", "digits"),
    [
        ("三百二十", "320"),
        ("一百二", "120"),
        ("一千零五", "1005"),
        ("十五", "15"),
        ("两万三", "23000"),
        ("二零二五", "2025"),
        ("三", ""),
        ("六七", ""),
        ("一千零一万二百", "10010200"),
        ("三百三百", ""),
        ("亿" * 5_000, ""),
        ("一亿" * 2_500, ""),
        ("千万", ""),
        ("万一", ""),
        ("一般", ""),
        ("早餐", ""),
        ("", ""),
    ],
)
def test_numbers_in_words(token: str, digits: str) -> None:
    assert figure(token) == digits


@pytest.mark.parametrize("sign", ["亿", "一亿", "三百", "千万", "一", "小陈"])
def test_a_review_of_number_signs_alone_is_read(sign: str) -> None:
    assert isinstance(gloss(sign * 1_000), str)


def test_a_number_at_the_front_of_a_word_is_cut_off() -> None:
    assert leading_number("三百块") == "三百"
    assert leading_number("一般般") == ""


@pytest.mark.parametrize("text", ["王先生很热情", "李经理很热情", "小王很热情", "小陈很热情"])
def test_a_family_name_is_no_king_and_no_plum(text: str) -> None:
    said = gloss(text)
    assert said.endswith("very friendly")
    assert not {"king", "monarch", "plum", "small"} & set(said.split())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("上海", "Shanghai"),
        ("苏州", "Suzhou"),
        ("小米手机", "Xiaomi phone"),
        ("小米粥", "millet porridge"),
        ("苹果很甜", "apple very sweet"),
        ("不一会儿", "soon"),
        ("wifi很快", "wifi very fast"),
        ("iPhone屏幕", "iPhone screen"),
        ("房间很大😀", "room very big 😀"),
        ("顺丰到货快", "SF Express arrive fast"),
    ],
)
def test_names_and_mixed_text(text: str, expected: str) -> None:
    assert gloss(text) == expected


@pytest.mark.parametrize(
    ("traditional", "simplified"),
    [
        ("這家飯店房間乾淨", "这家饭店房间干净"),
        ("麵條乾燥，頭髮很多", "面条干燥，头发很多"),
        ("後面的停車場著名嗎", "后面的停车场著名吗"),
        ("週末的便當", "周末的便当"),
    ],
)
def test_traditional_words(traditional: str, simplified: str) -> None:
    assert dictionary.load().simplify(traditional) == simplified
    assert gloss(traditional) == gloss(simplified)


def test_phrases_of_ours_are_put_together() -> None:
    assert joined(["没", "那么", "贵"]) == ["没那么", "贵"]
    assert joined(["没", "那"]) == ["没", "那"]
    assert joined([]) == []


def test_the_sense_that_fits_its_sentence() -> None:
    assert gloss("弹") == "pluck"
    assert "play" in gloss("一个男人在舞台上弹吉他唱歌").split()
    assert senses.chosen(["弹"], ["pluck"]) == {}
    assert senses.chosen([], []) == {}

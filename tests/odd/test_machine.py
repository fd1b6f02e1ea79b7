import pytest

from pipelines.odd import machine


def kinds(text: str, language: str = "en") -> list[str]:
    return [template for template, _values in machine.marks(text, language)]


@pytest.mark.parametrize(
    ("text", "language", "mark"),
    [
        ("buy best shoes now " * 6, "en", machine.REPEATS),
        ("点击链接领取红包" * 5, "zh", machine.REPEATS),
        ("I love my {product_name}, it is the best thing we have.", "en", machine.LEFTOVER),
        ("As an AI language model I cannot taste coffee, but it seems good.", "en", machine.LEFTOVER),
        ("作为人工智能，我无法入住这家酒店，但它看起来不错。", "zh", machine.LEFTOVER),
        ("2025-05-11 03:22:07 worker#4 [2/3] 0x7f3a==91 {code:504}", "en", machine.CODE),
        ("asdfghjk sdfsdfg qwertyui zxcvbnm", "en", machine.LETTERS),
    ],
)
def test_marks_of_a_machine(text, language, mark):
    assert mark in kinds(text, language)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Good good good good good good, very very very very good!", "en"),
        ("避雷！避雷！避雷！避雷！哈哈哈哈哈哈哈哈哈哈哈哈", "zh"),
        ("5/5, would buy again for $39.99 (on sale, -20 %)!!!", "en"),
        ("The rhythm of the grinder strengthens my nerves; my sprightly aunt agrees.", "en"),
        ("Zmrzl hrst zrn mlč pln skvrn z mlh", "cs"),
        ("住了3晚，价格369元，离地铁2号线500米，早餐7:00开始，很满意", "zh"),
        ("", "und"),
        ("👍👍👍", "und"),
    ],
)
def test_people_write_so_too(text, language):
    assert kinds(text, language) == []

import time

import pytest

from pipelines.text import detect_language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The room was clean and the staff friendly.", "en"),
        ("房间很干净，早餐一般", "zh"),
        ("這家飯店的服務很好", "zh"),
        ("这个app的UI很好用，Bluetooth连接不稳定", "zh"),
        ("I bought the 小米 kettle and it works fine", "en"),
        ("好の东西，值得买", "zh"),
        ("とても良い商品です。", "ja"),
        ("カメラ", "ja"),
        ("배송이 빠르고 좋아요", "ko"),
        ("Отличный товар, рекомендую", "ru"),
        ("Дуже добре, дякую їм", "uk"),
        ("المنتج ممتاز وسريع", "ar"),
        ("यह बहुत अच्छा है", "hi"),
        ("สินค้าดีมาก", "th"),
        ("Die Maschine ist sehr gut, aber leider zu laut", "de"),
        ("La machine est très bien, mais trop bruyante", "fr"),
        ("La cafetera es muy buena pero hace ruido", "es"),
        ("Excelente", "es"),
        ("I need to do it, so do I", "en"),
        ("super", "en"),
        ("", "und"),
        ("12345 !!! 👍", "und"),
    ],
)
def test_language_of_a_text(text: str, language: str) -> None:
    assert detect_language(text) == language


def test_a_long_text_costs_no_more_than_its_head() -> None:
    start = time.perf_counter()
    assert detect_language("很好吃。" * 250_000) == "zh"
    assert time.perf_counter() - start < 1.0

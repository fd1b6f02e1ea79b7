"""Personal data is replaced, and nothing that only looks like it."""

from __future__ import annotations

import re
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.redact import MARKS, column_kind, names_users, redact, redact_cell, without_personal_data
from pipelines.redact.checked import is_card, is_identity
from pipelines.redact.plain import Plain
from tests.redact_examples import NEGATIVE, POSITIVE

STRONG = (
    re.compile(r"(?<![0-9])1[3-9][0-9]{9}(?![0-9])"),
    re.compile(r"[a-z0-9]@[a-z0-9]+\.(?:com|cn|net)\b"),
    re.compile(r"(?<![\w.@])@[A-Za-z]{3,20}\b"),
)


def lines(block: str) -> list[str]:
    return [line for line in block.strip("\n").split("\n") if line]


@pytest.mark.parametrize(("text", "kind"), [(text, kind) for kind in POSITIVE for text in lines(POSITIVE[kind])])
def test_personal_data_is_replaced(text, kind):
    found = redact(text)
    assert MARKS[kind] in found
    assert sum(found.count(mark) for mark in MARKS.values()) == 1
    assert not re.search(r"[0-9０-９]{4}", found)
    assert redact(found) == found


@pytest.mark.parametrize("text", lines(NEGATIVE))
def test_what_only_looks_like_it_stays(text):
    assert redact(text) == text


def test_there_are_enough_examples_of_both():
    assert sum(len(lines(block)) for block in POSITIVE.values()) >= 120
    assert len(lines(NEGATIVE)) >= 120


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a@b.example, 13912345678 and @me_too; a@b.example", "[email], [phone] and [handle]; [email]"),
        ("订单号：20231123001，电话13800138000，谢谢", "订单号：[order number]，电话[phone]，谢谢"),
        ("张三 身份证11010519491231002X 卡4111 1111 1111 1111", "张三 身份证[id number] 卡[card number]"),
        ("on 2023-05-01 call 138 0013 8000, 2 rooms", "on 2023-05-01 call [phone], 2 rooms"),
        ("2023 4111 1111 1111 1111 2024", "2023 [card number] 2024"),
        ("１３８００１３８０００！", "[phone]！"),
        ("order no. 55892 cost 1,299.00", "order no. [order number] cost 1,299.00"),
        ("138\u200b0013\u200b8000\u200bok", "[phone]\u200bok"),
    ],
)
def test_what_stands_around_stays(text, expected):
    assert redact(text) == expected


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("phone", "phone"), ("Phone Number", "phone"), ("customerPhone", "phone"), ("手机号", "phone"),
        ("email", "email"), ("E-mail address", "email"), ("order_id", "order"), ("orderNo", "order"),
        ("订单编号", "order"), ("运单号", "order"), ("tracking_number", "order"), ("passport no", "id"),
        ("card_number", "card"), ("微信号", "handle"), ("screen_name", "handle"),
        ("order", None), ("phone model", None), ("手机型号", None), ("review", None), ("price", None), ("", None),
    ],
)  # fmt: skip
def test_a_columns_name_tells_its_kind(name, kind):
    assert column_kind(name) == kind


def test_cells_of_a_column_of_personal_data():
    assert redact_cell("2125550143", "phone") == MARKS["phone"]
    assert redact_cell("A-1", "order") == "A-1"
    assert redact_cell("", "email") == ""
    assert redact_cell("someone", "handle") == MARKS["handle"]
    assert redact_cell("2125550143", None) == "2125550143"


@pytest.mark.parametrize("name", ["user_name", "userName", "reviewerName", "reviewerID", "昵称", "用户名", "full name"])
def test_columns_that_name_people(name):
    assert names_users(name)
    assert not names_users(f"{name} rating")


def test_check_digits():
    assert is_identity("11010519491231002X")
    assert not is_identity("110105194912310021")
    assert not is_identity("11010519491331002X")
    assert is_card("4111111111111111")
    assert not is_card("4111111111111112")
    assert not is_card("7111111111111111")


PIECES = st.sampled_from(
    [
        *("13800138000", "138 0013 8000", "@name_x", "a@b.com", "11010519491231002X", "4111 1111 1111 1111", "订单号"),
        *("order no. ", "123456", "-", " ", "+", "86", "(", ")", ".", "@", "\u200b", "＠", "０", "１３", "x", "中"),
        *("DE89370400440532013000", "00", "\n"),
    ]
)


@given(st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=12).map("".join)))
def test_done_twice_is_done_once(text):
    found = redact(text)
    assert redact(found) == found
    assert not [pattern for pattern in STRONG if pattern.search(Plain(found).text)]


@given(st.text(alphabet="0123456789 -.+@a", max_size=120))
def test_digits_and_signs(text):
    found = redact(text)
    assert redact(found) == found
    assert not any(pattern.search(found) for pattern in STRONG)


HOSTILE = [
    *(
        "1",
        "1 ",
        "4 ",
        "4 1 ",
        "@",
        "@a",
        "a@",
        "a.",
        "+ ",
        "+1-",
        "0 ",
        "86 ",
        "(",
        "-",
        "订单",
        "单号 ",
        "order no. ",
    ),
    *("a@b.", "1-", "1.", "x at ", "DE89 ", "13800138000 ", "\u200b1", "电话", "call me ", "card no. 1", "零", "1Z"),
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_work_grows_with_the_text_and_not_faster(piece):
    # Calls and lines of Python are counted; what the regex engine does in one call is bounded by its patterns.
    small, large = (_steps(piece * (n // len(piece))) for n in (500, 4_000))
    assert large <= 8 * small * 1.5 + 2_000


@pytest.mark.parametrize("piece", HOSTILE)
def test_long_hostile_texts_end(piece):
    assert isinstance(redact((piece * 10_000)[:10_000]), str)


@pytest.mark.parametrize("piece", ["1", "4 1 ", "@", "+ ", "a@b."])
def test_a_hundred_thousand_signs(piece):
    assert isinstance(redact((piece * 100_000)[:100_000]), str)


def _steps(text: str) -> int:
    count = 0

    def note(frame, event, arg):
        nonlocal count
        count += 1
        return note

    before = sys.gettrace()
    sys.settrace(note)
    try:
        redact(text)
    finally:
        sys.settrace(before)
    return count


def test_words_taken_from_texts_hold_no_personal_data():
    assert without_personal_data("room was fine, call 138 1234 5678") == "room was fine, call  "
    assert "lily" not in without_personal_data("加V：lily_wang88 返现")
    assert without_personal_data("nothing to hide [phone]") == "nothing to hide [phone]"

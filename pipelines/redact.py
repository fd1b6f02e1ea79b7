"""Replaces personal data in a text: e-mails, phones, identity and payment card numbers, @handles.

Numbers are replaced only where their own check digit holds (identity cards: GB 11643-1999; cards: ISO/IEC 7812, Luhn)
or their form is a phone's, so that prices, order sizes and dates stay readable. Names of people are not found: a text
that tells who wrote it in words stays as it is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

MARKS = {"email": "[email]", "phone": "[phone]", "id": "[id number]", "card": "[card number]", "handle": "[handle]"}
"""What a reader sees in the place of each kind."""

_EMAIL = re.compile(
    r"[A-Za-z0-9._%+\-]{1,64}\s?[@＠]\s?[A-Za-z0-9](?:[A-Za-z0-9\-]{0,61}[A-Za-z0-9])?"
    r"(?:\s?[.．]\s?[A-Za-z0-9\-]{1,63}){0,4}[.．][A-Za-z]{2,24}(?![A-Za-z])"
)
_DIGIT = r"[0-9０-９]"
_ID_CARD = re.compile(
    rf"(?<!{_DIGIT}){_DIGIT}{{6}}[ \-]?{_DIGIT}{{8}}[ \-]?{_DIGIT}{{3}}[0-9０-９XxＸｘ](?![0-9０-９A-Za-z])"
)
_CARD = re.compile(rf"(?<![0-9０-９.]){_DIGIT}(?:[ \-]?{_DIGIT}){{12,18}}(?!{_DIGIT})")
_CHINA_MOBILE = re.compile(
    rf"(?<!{_DIGIT})(?:(?:[+＋]|00|００)?(?:86|８６)[ \-]?)?[1１][3-9３-９]{_DIGIT}(?:[ \-]?{_DIGIT}){{8}}(?!{_DIGIT})"
)
_CHINA_LANDLINE = re.compile(rf"(?<!{_DIGIT})[(（]?[0０]{_DIGIT}{{2,3}}[)）]?[ \-]{_DIGIT}{{7,8}}(?!{_DIGIT})")
# With a plus any country's number; the digits are counted afterwards (E.164 allows 15).
_INTERNATIONAL = re.compile(rf"[+＋][ ]?{_DIGIT}(?:[ \-.()/]{{0,2}}{_DIGIT}){{7,14}}(?!{_DIGIT})")
_NORTH_AMERICAN = re.compile(
    r"(?<![\d.\-])(?:1[ \-.])?(?:\([2-9]\d{2}\)[ ]?|[2-9]\d{2}[ \-.])[2-9]\d{2}[ \-.]\d{4}(?![\d\-])"
)
_HANDLE = re.compile(r"(?<![A-Za-z0-9_@＠.])[@＠][A-Za-z0-9_\u4e00-\u9fff][A-Za-z0-9_\-\u4e00-\u9fff]{1,29}")

_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"


def redact(text: str) -> str:
    """The text with every e-mail, phone, identity card, payment card and @handle replaced by its mark."""
    text = _EMAIL.sub(MARKS["email"], text)
    text = _checked(_ID_CARD, _is_id_card, MARKS["id"], text)
    text = _checked(_CARD, _is_payment_card, MARKS["card"], text)
    for pattern in (_CHINA_MOBILE, _CHINA_LANDLINE, _INTERNATIONAL, _NORTH_AMERICAN):
        text = pattern.sub(MARKS["phone"], text)
    return _HANDLE.sub(MARKS["handle"], text)


def _checked(pattern: re.Pattern[str], holds: Callable[[str], bool], mark: str, text: str) -> str:
    return pattern.sub(lambda match: mark if holds(_plain(match[0])) else match[0], text)


def _plain(number: str) -> str:
    return re.sub(r"[ \-]", "", unicodedata.normalize("NFKC", number)).upper()


def _is_id_card(number: str) -> bool:
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], _ID_WEIGHTS, strict=True))
    month, day = int(number[10:12]), int(number[12:14])
    return 1 <= month <= 12 and 1 <= day <= 31 and number[17] == _ID_CHECKS[total % 11]


def _is_payment_card(number: str) -> bool:
    # 0 begins no card, and one digit repeated passes Luhn by accident.
    if number[0] == "0" or len(set(number)) == 1:
        return False
    doubled = [int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(number))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0

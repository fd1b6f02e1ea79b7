"""Numbers that carry their own check: identity cards, payment cards, bank accounts, however they are spaced."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

Span = tuple[int, int]

_RUN = re.compile(r"[0-9]+(?:(?: ?[\-.] ?| {1,2})[0-9]+)*")
_GROUP = re.compile(r"[0-9]+")
_LAST_X = re.compile(r"[ \-]?[Xx]")
_WORD_CHAR = re.compile(r"[A-Za-z0-9]")

_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"
_PROVINCES = frozenset(
    str(number)
    for first, last in ((11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65), (71, 71), (81, 83), (91, 91))
    for number in range(first, last + 1)
)

# Who issues it, by the first digits, and how long its numbers are.
_ISSUERS = tuple(
    (re.compile(prefix), frozenset(lengths))
    for prefix, lengths in (
        ("4", (13, 16, 19)),  # Visa
        ("5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720", (16,)),  # Mastercard
        ("3[47]", (15,)),  # American Express
        ("30[0-5]|309|3[689]", (14, 16)),  # Diners Club
        ("352[89]|35[3-8]|2131|1800", (15, 16, 17, 18, 19)),  # JCB
        ("6", (16, 17, 18, 19)),  # UnionPay, Discover, Maestro, RuPay
        ("50|5[6-8]", (16, 19)),  # Maestro, Verve
        ("220[0-4]|8[12]|9792", (16, 17, 18, 19)),  # Mir, RuPay and UnionPay, Troy
        ("955[0-9]|103", (16, 17, 18, 19)),  # Chinese banks
    )
)
_CARD_LENGTHS = range(13, 20)

_IBAN = re.compile(
    r"(?<![A-Za-z0-9])[A-Za-z]{2}[0-9]{2}(?: ?[A-Za-z0-9]{4}){2,7}(?: ?[A-Za-z0-9]{1,3})?(?![A-Za-z0-9])"
)


@dataclass(frozen=True)
class Window:
    """Neighbouring groups of one run: their digits, their lengths, the marks between them, and where they stand."""

    digits: str
    shape: tuple[int, ...]
    separators: frozenset[str]
    start: int
    end: int


def windows(text: str, lengths: range, *, starts: frozenset[str] = frozenset("0123456789")) -> Iterator[Window]:
    """All windows with so many digits that begin with one of `starts`; as many per digit as there are lengths."""
    for run in _RUN.finditer(text):
        if run.end() - run.start() < lengths.start:
            continue
        groups = [group.span() for group in _GROUP.finditer(text, run.start(), run.end())]
        for first, (start, _) in enumerate(groups):
            # A fraction's digits are no number of their own.
            if text[start] not in starts or (first and text[start - 1] == "."):
                continue
            digits, shape, marks = "", [], set()
            for place in range(first, len(groups)):
                begin, end = groups[place]
                if place > first:
                    marks.add(text[groups[place - 1][1] : begin].strip() or " ")
                if end - begin > lengths.stop:
                    break
                digits += text[begin:end]
                shape.append(end - begin)
                if len(digits) >= lengths.stop:
                    break
                if len(digits) in lengths:
                    yield Window(digits, tuple(shape), frozenset(marks), start, end)


def identity_cards(text: str) -> Iterator[Span]:
    """Chinese identity numbers: a province, a day of birth and a check digit that holds (GB 11643-1999)."""
    done = 0
    for window in windows(text, range(17, 19)):
        number, end = window.digits, window.end
        if len(number) == 17:
            last = _LAST_X.match(text, end)
            if last is None:
                continue
            number, end = number + "X", last.end()
        is_parted = _WORD_CHAR.match(text, end) is None
        if window.start >= done and is_parted and is_identity(number):
            done = end
            yield window.start, end


def is_identity(number: str) -> bool:
    """Whether 18 characters are an identity number of mainland China."""
    year, month, day = int(number[6:10]), int(number[10:12]), int(number[12:14])
    if number[:2] not in _PROVINCES or not (1850 <= year <= 2150 and 1 <= month <= 12 and 1 <= day <= 31):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], _ID_WEIGHTS, strict=True))
    return number[17] == _ID_CHECKS[total % 11]


def payment_cards(text: str) -> Iterator[Span]:
    """Card numbers of known issuers whose check digit holds (ISO/IEC 7812), in one piece or in the usual groups."""
    done = 0
    found = [
        window
        for window in windows(text, _CARD_LENGTHS, starts=frozenset("1234568" + "9"))
        if len(window.separators) <= 1
        and "." not in window.separators
        and _is_card_shape(window.shape)
        and is_card(window.digits)
    ]
    # Of two that begin together the longer one.
    for window in sorted(found, key=lambda window: (window.start, -window.end)):
        if window.start >= done:
            done = window.end
            yield window.start, window.end


def _is_card_shape(shape: tuple[int, ...]) -> bool:
    if len(shape) == 1 or set(shape) == {1} or shape in ((4, 6, 5), (4, 6, 4), (6, 13), (6, 10), (8, 8)):
        return True
    return set(shape[:-1]) == {4} and shape[-1] <= 4


def is_card(number: str) -> bool:
    """Whether digits are a payment card's: a known issuer's first digits and length, and the check digit (Luhn)."""
    # One digit repeated passes by accident; a bar code (EAN-13) that begins with 4 is none.
    if len(number) not in _lengths(number[:4]) or len(set(number)) == 1:
        return False
    if len(number) == 13 and sum(int(d) * (3 if i % 2 else 1) for i, d in enumerate(number)) % 10 == 0:
        return False
    doubled = [int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(number))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


@lru_cache(maxsize=10_000)
def _lengths(first: str) -> frozenset[int]:
    """How long cards are whose first four digits are these."""
    return frozenset().union(*(lengths for issuer, lengths in _ISSUERS if issuer.match(first)))


def accounts(text: str) -> Iterator[Span]:
    """International bank account numbers whose check holds (ISO 13616, mod 97)."""
    for match in _IBAN.finditer(text):
        compact = match[0].replace(" ", "").upper()
        # Words behind it may have been taken with it.
        for end in range(len(compact), 14, -1):
            number = compact[4:end] + compact[:4]
            if int("".join(str(int(char, 36)) for char in number)) % 97 == 1 and sum(c.isdigit() for c in number) >= 10:
                yield match.start(), _end_of(match[0], end) + match.start()
                break


def _end_of(spaced: str, count: int) -> int:
    """Where the first `count` characters that are no space end."""
    seen = 0
    for place, char in enumerate(spaced):
        seen += char != " "
        if seen == count:
            return place + 1
    return len(spaced)

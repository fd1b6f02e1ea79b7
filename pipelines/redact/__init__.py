"""Replaces personal data in a text: e-mails, phones, identity, account and card numbers, order numbers, @handles.

A number is replaced only where its own check digits hold (identity cards: GB 11643-1999; cards: ISO/IEC 7812, Luhn;
accounts: ISO 13616), where its form is a phone's or a parcel's, or where the word before it says what it is, so that
prices, sizes, model names, dates and ratings stay readable. Names of people are not found: a text that tells in words
who wrote it stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from pipelines.redact import addresses, checked, named, phones
from pipelines.redact.columns import column_kind, names_users
from pipelines.redact.plain import Plain

__all__ = ["MARKS", "column_kind", "names_users", "redact", "redact_cell", "without_personal_data"]

MARKS = {
    "email": "[email]",
    "phone": "[phone]",
    "id": "[id number]",
    "card": "[card number]",
    "account": "[account number]",
    "order": "[order number]",
    "handle": "[handle]",
}
"""What a reader sees in the place of each kind."""

_ANY_MARK = re.compile("|".join(map(re.escape, MARKS.values())))

Finder = Callable[[str], Iterator[tuple[int, int]]]
# What is surest goes first: what one finder took, the next ones do not see. The fewest digits worth a look:
_NUMBERS: tuple[tuple[int, str, Finder], ...] = (
    (2, "order", named.order_numbers),
    (6, "id", named.documents),
    (10, "account", checked.accounts),
    (17, "id", checked.identity_cards),
    (13, "card", checked.payment_cards),
    (6, "card", named.cards),
    (6, "account", named.accounts),
    (11, "phone", phones.mobiles),
    (7, "phone", phones.phones),
    (9, "order", named.parcels),
    (2, "handle", addresses.chat_names),
)
_FEWEST_DIGITS = 4
_MOST_PASSES = 8


def redact(text: str) -> str:
    """The text with every e-mail, phone, identity, card, account and order number and @handle replaced by its mark.

    Applied to its own result it changes nothing. Steps grow with the length of the text, not faster.
    """
    for _ in range(_MOST_PASSES):
        found = _once(text)
        # What stood around a number can be one itself once the mark has parted them.
        if found == text:
            return found
        text = found
    return text


def without_personal_data(text: str) -> str:
    """The text with nothing in the place of what `redact` masks: for words that are taken out of many texts."""
    found = redact(text)
    return text if found == text else _ANY_MARK.sub(" ", found)


def redact_cell(text: str, kind: str | None) -> str:
    """A table's cell: replaced as a whole in a column whose name says that it holds personal data of this kind."""
    if kind is None:
        return redact(text)
    is_number = sum(char.isdigit() for char in text) >= _FEWEST_DIGITS
    return MARKS[kind] if is_number or (kind in ("email", "handle") and text.strip()) else redact(text)


def _once(text: str) -> str:
    plain = Plain(text)
    if plain.has("@"):
        plain.take(addresses.emails, "email")
    if plain.may_spell_address:
        plain.take(addresses.spelled_emails, "email")
    for fewest, kind, finder in _NUMBERS:
        if plain.digits >= fewest:
            plain.take(finder, kind)
    if plain.may_spell_digits:
        plain.take(phones.spelled_mobiles, "phone")
    if plain.has("@"):
        plain.take(addresses.handles, "handle")
    return plain.with_marks(MARKS)

"""The stem of an English word, so that its forms are one: delivered, delivery and deliveries."""

from __future__ import annotations

import re
from functools import lru_cache

_CONSONANT = "(?:[^aeiouy]|(?<=[aeiouy])y|^y)"
_VOWEL = "(?:[aeiou]|(?<=[^aeiouy])y)"
_MEASURE = re.compile(f"{_VOWEL}+{_CONSONANT}+")
_HAS_VOWEL = re.compile(_VOWEL)
_DOUBLE = re.compile(r"([^aeioulsz])\1$")
_SHORT = re.compile(f"{_CONSONANT}{_VOWEL}[^aeiouwxy]$")

_STEP_2 = (
    ("ational", "ate"), ("tional", "tion"), ("enci", "ence"), ("anci", "ance"), ("izer", "ize"), ("abli", "able"),
    ("alli", "al"), ("entli", "ent"), ("eli", "e"), ("ousli", "ous"), ("ization", "ize"), ("ation", "ate"),
    ("ator", "ate"), ("alism", "al"), ("iveness", "ive"), ("fulness", "ful"), ("ousness", "ous"), ("aliti", "al"),
    ("iviti", "ive"), ("biliti", "ble"),
)  # fmt: skip
_STEP_3 = (
    ("icate", "ic"), ("ative", ""), ("alize", "al"), ("iciti", "ic"), ("ical", "ic"), ("ful", ""), ("ness", ""),
)  # fmt: skip
_STEP_4 = (
    "ement", "ance", "ence", "able", "ible", "ment", "ant", "ent", "ion", "ism", "ate", "iti", "ous", "ive", "ize",
    "al", "er", "ic", "ou",
)  # fmt: skip


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """The stem of a word in small ASCII letters; any other word as it is.

    Porter 1980, "An algorithm for suffix stripping". Two words can share a stem by chance (universe, university); for
    finding that costs less than a form that is missed.
    """
    if len(word) < 3 or not word.isascii() or not word.isalpha():
        return word
    word = _plural_and_past(word)
    if word.endswith("y") and _HAS_VOWEL.search(word[:-1]):
        word = word[:-1] + "i"
    for pairs in (_STEP_2, _STEP_3):
        word = _replaced(word, pairs)
    return _last_e(_cut(word))


def _measure(part: str) -> int:
    return len(_MEASURE.findall(part))


def _plural_and_past(word: str) -> str:
    if word.endswith(("sses", "ies")):
        word = word[:-2]
    elif word.endswith("s") and not word.endswith("ss"):
        word = word[:-1]
    if word.endswith("eed"):
        return word[:-1] if _measure(word[:-3]) else word
    for end in ("ed", "ing"):
        part = word[: -len(end)]
        if word.endswith(end) and _HAS_VOWEL.search(part):
            return _mended(part)
    return word


def _mended(part: str) -> str:
    """What a verb without its ending looks like: with the e it lost, without the letter it doubled."""
    if part.endswith(("at", "bl", "iz")):
        return part + "e"
    if _DOUBLE.search(part):
        return part[:-1]
    return part + "e" if _measure(part) == 1 and _SHORT.search(part) else part


def _replaced(word: str, pairs: tuple[tuple[str, str], ...]) -> str:
    for end, instead in pairs:
        if word.endswith(end):
            part = word[: -len(end)]
            return part + instead if _measure(part) else word
    return word


def _cut(word: str) -> str:
    for end in _STEP_4:
        if word.endswith(end):
            part = word[: -len(end)]
            is_ending = _measure(part) > 1 and (end != "ion" or part.endswith(("s", "t")))
            return part if is_ending else word
    return word


def _last_e(word: str) -> str:
    if word.endswith("e"):
        part = word[:-1]
        measure = _measure(part)
        if measure > 1 or (measure == 1 and not _SHORT.search(part)):
            word = part
    return word[:-1] if word.endswith("ll") and _measure(word) > 1 else word

"""Marks of a text that a machine made or garbled; each is simple enough to be checked by eye."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

from pipelines.errors import N_

_CJK = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_TOKEN = re.compile(rf"[{_CJK}]|[^\W_{_CJK}]+")
_LATIN = re.compile(r"[a-z]{5,}")

REPEATS = N_("the same three words come {n} times among {total}")
LEFTOVER = N_("it holds what a template or a language model leaves behind: “{found}”")
CODE = N_("{share} of its characters are digits and signs, as in a log or a code")
LETTERS = N_("{share} of its letters stand in words that nobody can say")

_LEAST_TOKENS = 12
_LEAST_TIMES = 4
_REPEATED_SHARE = 0.4
"""Share of a text that phrases of three different words, each there four times, must fill."""
_LEAST_CHARS = 30
_SIGN_SHARE, _SIGN_SHARE_CJK = 0.3, 0.5
_LETTER_SHARE = 0.5
_LEAST_LETTERS = 10

# A place to fill in that nobody filled in, and what language models say of themselves.
_LEFTOVER = re.compile(
    r"\{\{?\s*\w[\w .]{0,30}\}\}?"
    r"|\[(?:your|insert|product|brand|company|customer|hotel|store|city|first|last)[ _-]?[\w ]{0,20}\]"
    r"|<(?:insert|product|brand|company|customer|first|last|hotel)[ _-][\w ]{0,20}>"
    r"|\$\{\w+\}|%\(\w+\)s|\blorem ipsum\b"
    r"|\bas an? (?:ai|artificial intelligence|large)(?: language)? model\b|\b(?:i am|i'm) an ai\b"
    r"|作为(?:一个|一款|一名)?(?:人工智能|AI|语言模型|大模型)"
    r"|【(?:产品|商品|品牌|酒店|店铺|公司|姓名)[^】]{0,8}】",
    re.IGNORECASE,
)
# Signs of everyday writing are no code.
_USUAL = re.compile(r"[\s.,!?'\"’“”‘;:()\-–—…~～。，！？、；：（）《》「」·★☆*/%$€£¥]")
_UNSAYABLE = re.compile(r"[bcdfghjklmnpqrstvwxz]{5,}")
_VOWEL = re.compile(r"[aeiouy]")
_KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_KEY_RUN = 5


def marks(text: str, language: str) -> list[tuple[str, Mapping[str, object]]]:
    """The marks of machine-made text that it bears, as (template, values); most texts have none.

    Phrases of three words, each there four times, that fill two fifths of a text of twelve words or more; what a
    template or a language model leaves behind; three tenths of digits and signs (half in Chinese, Japanese, Korean);
    half the letters in words without a vowel, with five consonants in a row, or along a row of keys (English only, or
    where the language is unknown).
    """
    found: list[tuple[str, Mapping[str, object]]] = []
    if leftover := _LEFTOVER.search(text):
        found.append((LEFTOVER, {"found": leftover.group()[:40]}))
    found += [mark for mark in (_repeats(text), _code(text)) if mark is not None]
    if language in ("en", "und") and (mark := _letters(text)) is not None:
        found.append(mark)
    return found


def _repeats(text: str) -> tuple[str, Mapping[str, object]] | None:
    words = _TOKEN.findall(text.casefold())
    if len(words) < _LEAST_TOKENS:
        return None
    # One or two words, drawn out, are how people stress something: good good good.
    phrases = [phrase for phrase in zip(words, words[1:], words[2:], strict=False) if len(set(phrase)) == 3]
    times = Counter(phrases)
    covered = {
        place + i
        for place, phrase in enumerate(zip(words, words[1:], words[2:], strict=False))
        if times[phrase] >= _LEAST_TIMES
        for i in range(3)
    }
    if len(covered) < _REPEATED_SHARE * len(words):
        return None
    return REPEATS, {"n": max(times.values()), "total": len(words)}


def _code(text: str) -> tuple[str, Mapping[str, object]] | None:
    written = re.sub(r"\s", "", text)
    if len(written) < _LEAST_CHARS:
        return None
    signs = [char for char in _USUAL.sub("", text) if char.isascii() and not char.isalpha()]
    share = len(signs) / len(written)
    # Chinese words are one or two characters, so that a few prices and hours are many of a text's characters.
    least = _SIGN_SHARE_CJK if re.search(f"[{_CJK}]", text) else _SIGN_SHARE
    return (CODE, {"share": share}) if share >= least else None


def _letters(text: str) -> tuple[str, Mapping[str, object]] | None:
    words = _LATIN.findall(text.casefold())
    total = len(re.findall(r"[a-z]", text.casefold()))
    if total < _LEAST_LETTERS:
        return None
    share = sum(len(word) for word in words if _is_unsayable(word)) / total
    return (LETTERS, {"share": share}) if share >= _LETTER_SHARE else None


def _is_unsayable(word: str) -> bool:
    if not _VOWEL.search(word) or _UNSAYABLE.search(word):
        return True
    runs = (word[i : i + _KEY_RUN] for i in range(len(word) - _KEY_RUN + 1))
    return any(run in keys for run in runs for keys in _KEYS)

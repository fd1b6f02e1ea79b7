"""A text as the terms it is found by: English stems, jieba's Chinese words and the shorter words inside them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator

from pipelines import text as text_
from pipelines.search.stems import stem

_KANA = re.compile("[\u3041-\u30ff]")
_HAN = re.compile("[\u3400-\u9fff]")
_JOINTS = re.compile(r"[-‐‑&.]")
_STOP = text_.STOPWORDS["en"] | text_.STOPWORDS["zh"]


def terms(text: str) -> list[str]:
    """The terms of a text in order; a word may give several (wi-fi: wifi, wi, fi; 洗衣机: 洗衣机, 洗衣)."""
    return [term for word in _words(_folded(text)) for term in _terms_of(word)]


def query_terms(text: str) -> dict[str, str]:
    """The terms of a question and the word that each comes from; function words only where there is nothing else."""
    words = list(dict.fromkeys(_words(_folded(text))))
    telling = [word for word in words if word not in _STOP] or words
    found: dict[str, str] = {}
    for word in telling:
        for term in _terms_of(word):
            found.setdefault(term, word)
    return found


def marked(text: str, wanted: Collection[str]) -> list[tuple[str, bool]]:
    """A text cut into pieces, each with whether it is one of the `wanted` terms; the pieces make up the text."""
    if not wanted:
        return [(text, False)]
    asked = {*wanted}
    pieces: list[tuple[str, bool]] = []
    done = 0
    for start, end, word in _placed(text):
        if start >= done and not asked.isdisjoint(_terms_of(word)):
            if start > done:
                pieces.append((text[done:start], False))
            pieces.append((text[start:end], True))
            done = end
    return [*pieces, (text[done:], False)] if done < len(text) else pieces


def _placed(text: str) -> Iterator[tuple[int, int, str]]:
    """Where each word stands in the text as it was written."""
    folded, origin = _folded_by_letter(text)
    at = 0
    for word in _words(folded):
        start = folded.find(word, at)
        if start < 0:
            continue
        at = start + len(word)
        yield origin[start], origin[at - 1] + 1, word


def _folded_by_letter(text: str) -> tuple[str, list[int]]:
    """The folded text, and for each of its letters which letter of the text it comes from."""
    if text.isascii():
        return text.lower(), list(range(len(text)))
    letters: list[str] = []
    origin: list[int] = []
    for place, letter in enumerate(text):
        folded = _folded(letter)
        letters.append(folded)
        origin += [place] * len(folded)
    return "".join(letters), origin


def _folded(text: str) -> str:
    """One width, small letters, no accents."""
    if text.isascii():
        return text.lower()
    folded = unicodedata.normalize("NFKC", text).casefold().replace("’", "'")
    if any("\u00c0" <= letter <= "\u024f" for letter in folded):
        parts = unicodedata.normalize("NFD", folded)
        folded = unicodedata.normalize("NFC", "".join(x for x in parts if not "\u0300" <= x <= "\u036f"))
    return folded


def _words(folded: str) -> list[str]:
    if _KANA.search(folded) and text_.detect_language(folded) == "ja":
        return text_.words(folded, "ja")
    return text_.words(folded, "zh" if _HAN.search(folded) else "en")


def _terms_of(word: str) -> list[str]:
    if _HAN.search(word):
        return [word, *text_.words_inside(word)]
    whole = word.replace("'", "")
    parts = _JOINTS.split(whole)
    if len(parts) == 1:
        return [stem(whole)]
    return [stem(_JOINTS.sub("", whole)), *(stem(part) for part in parts if part)]

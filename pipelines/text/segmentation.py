"""Words of a text: jieba where words are not spaced, letters between spaces elsewhere."""

from __future__ import annotations

import logging
import re
import warnings
from functools import lru_cache
from importlib import metadata
from typing import TYPE_CHECKING

from pipelines import settings

if TYPE_CHECKING:
    from jieba import Tokenizer

_WORD = re.compile(r"[^\W_]+(?:['’\-&][^\W_]+)*")
_HAS_LETTER_OR_DIGIT = re.compile(r"[^\W_]")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f0-9]+(?:['’\-&.][A-Za-z\u00c0-\u024f0-9]+)*")
_HAN = re.compile("[\u3400-\u9fff]")
# Japanese without a dictionary: runs of one script; hiragana runs are mostly grammar and are left out.
_JAPANESE = re.compile(r"[\u3005\u3400-\u9fff]+|[\u30a1-\u30ff]{2,}|[A-Za-z0-9]+")

# Words of everyday reviews that jieba's dictionary of 2012 cuts in two.
_MISSING_WORDS = ("送餐员", "外卖员", "配送员", "快递员", "扫码", "网红", "踩雷", "种草", "拔草", "闪退", "卡顿")


def words(text: str, language: str) -> list[str]:
    """The words of a text in lower case, in order, without punctuation.

    Chinese is cut by jieba, also when it stands inside a text of another language; English loses its possessive 's
    and keeps its contractions (don't); Japanese falls into runs of one script.
    """
    if language == "ja":
        return [word.lower() for word in _JAPANESE.findall(text)]
    if language == "zh" or _HAN.search(text):
        return _mixed(text)
    return [_plain(word) for word in _WORD.findall(text)]


def tokens(text: str) -> list[str]:
    """A Chinese or mixed text cut in order with nothing left out but spaces: words as written, numbers, signs."""
    found: list[str] = []
    cutter = _tokenizer()
    place = 0
    for match in _LATIN.finditer(text):
        found += cutter.lcut(text[place : match.start()])
        found.append(match.group())
        place = match.end()
    found += cutter.lcut(text[place:])
    return [token for token in found if not token.isspace()]


def words_inside(word: str) -> list[str]:
    """The shorter words that jieba's dictionary knows inside a Chinese word (洗衣机: 洗衣), as its search mode cuts."""
    known = _tokenizer().FREQ
    return [
        part
        for length in (2, 3)
        if len(word) > length
        for start in range(len(word) - length + 1)
        if known.get(part := word[start : start + length])
    ]


def cutting() -> dict[str, object]:
    """What decides where `tokens` cuts: jieba's version and the words added to its dictionary."""
    return {"jieba": metadata.version("jieba"), "added": list(_MISSING_WORDS)}


def part_of_speech(word: str) -> str:
    """jieba's commonest tag of a Chinese word (n…, v…, a…, d, …); "eng" for Latin, "m" for numbers, "" when unknown."""
    if word.isascii():
        return "m" if word.isdigit() else "eng"
    return _tags().get(word, "")


def _mixed(text: str) -> list[str]:
    """Latin words as written (wi-fi, app), the rest cut by jieba."""
    found: list[str] = []
    cutter = _tokenizer()
    place = 0
    for match in _LATIN.finditer(text):
        found += [word for word in cutter.lcut(text[place : match.start()]) if _HAS_LETTER_OR_DIGIT.search(word)]
        found.append(_plain(match.group()))
        place = match.end()
    found += [word for word in cutter.lcut(text[place:]) if _HAS_LETTER_OR_DIGIT.search(word)]
    return found


def _plain(word: str) -> str:
    word = word.lower().replace("’", "'")
    return word[:-2] if word.endswith("'s") and len(word) > 3 and word not in _IS_CONTRACTED else word


_IS_CONTRACTED = frozenset(
    f"{word}'s" for word in ("it", "that", "there", "here", "he", "she", "what", "who", "where", "how", "let")
)


@lru_cache(maxsize=1)
def _tokenizer() -> Tokenizer:
    """A jieba tokenizer of our own; its dictionary cache lies in our state folder, not in the shared temp folder.

    jieba reads that cache with marshal, which trusts whoever wrote the file.
    """
    with warnings.catch_warnings():
        # jieba 0.42.1 imports pkg_resources and has invalid escapes in its sources: not ours to mend.
        warnings.simplefilter("ignore")
        import jieba

    jieba.setLogLevel(logging.WARNING)
    tokenizer = jieba.Tokenizer()
    folder = settings.home() / "cache"
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer.tmp_dir = str(folder)
    tokenizer.initialize()
    for word in _MISSING_WORDS:
        tokenizer.add_word(word)
    return tokenizer


@lru_cache(maxsize=1)
def _tags() -> dict[str, str]:
    """jieba's dictionary as word → tag: a lookup is many times faster than tagging in context, and enough for names."""
    tags: dict[str, str] = {}
    with _tokenizer().get_dict_file() as dictionary:
        for line in dictionary:
            word, _, tag = line.decode("utf-8").strip().split(" ")
            tags[word] = tag
    return tags

"""Chinese word for word in English, so that the bundled English model can read it.

Each word that jieba cuts is replaced by the plain sense of CC-CEDICT that fits its sentence (senses), or by our own
choice for common words (gloss_words); signs, Latin words and numbers stay: "早餐很丰盛" → "breakfast very plentiful".
Phrases, numbers in words and names are seen before (gloss_rules). Queries in either language land in the same space,
so an English one finds Chinese reviews.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

import numpy as np

from pipelines.embed import dictionary, gloss_rules, senses
from pipelines.embed.base import direct
from pipelines.embed.bundled import BundledEmbedder
from pipelines.embed.gloss_words import MEASURES, NUMERALS, SENSES
from pipelines.embed.tokenizing import beyond
from pipelines.text import cutting, tokens
from pipelines.types import FloatArray

RULES = 3
"""Counts up when the way from text to gloss changes, so that no cached vector of the old way is taken."""

MAX_CHARS = 5_000
FIRST, AT_ONCE = 100, 1_000
"""Texts glossed before the first are embedded (a fraction of a second), and before each later stretch."""
LONGEST_WORD = 8

_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff]")
# Greek to Georgian and on, kana, Yi, Hangul, Arabic forms; not the signs and emoji that lie between them.
_UNREAD = re.compile("[\u0370-\u1dff\u3040-\u31ff\ua000-\ud7ff\ufb1d-\ufdff\ufe70-\ufefe\uff66-\uffdc]+")
_FIRST_HAN, _LAST_HAN = "\u3400", "\u9fff"
_FOREIGN = re.compile(f"{_HAN.pattern}|{_UNREAD.pattern}")
_SIGNS = str.maketrans(
    {
        "。": ".",
        "、": ",",
        "…": "...",
        "“": '"',
        "”": '"',
        "‘": "'",
        "’": "'",
        "《": '"',
        "》": '"',
        "【": "[",
        "】": "]",
    }
)
_ATTACHED = frozenset(",.!?;:)]}%'\"")


def gloss(text: str) -> str:
    """An English sentence word for word; a text without Chinese signs comes back as it is.

    Words of scripts that neither the dictionary nor the model reads (kana, Hangul, Cyrillic, …) are left out: a text of
    them alone is "", silent.
    """
    if not _FOREIGN.search(text):
        return text
    known = dictionary.load()
    read = known.simplify(unicodedata.normalize("NFKC", text[:MAX_CHARS]).translate(_SIGNS))
    words: list[str] = []
    cut: list[str] = []
    for piece in gloss_rules.pieces(_UNREAD.sub(" ", read)):
        cut += (piece,) if piece in SENSES else tokens(piece)
    for token in gloss_rules.joined(cut):
        found = _words_of(token) if _FIRST_HAN <= token[0] <= _LAST_HAN else (token,)
        if words and found and gloss_rules.goes_on(words[-1], found[0]):
            found = (words.pop() + found[0], *found[1:])
        words += found
    said = _said(words, {})
    fitting = senses.chosen(words, said)
    return _sentence(_said(words, fitting) if fitting else said)


def _said(words: Sequence[str], fitting: Mapping[str, str]) -> list[str]:
    """What each word means, in order; numbers, Latin words and signs as they stand. fitting: senses to prefer."""
    said: list[str] = []
    number = ""
    for before, word, following in zip(["", *words], words, [*words[1:], ""], strict=False):
        if not _FIRST_HAN <= word[0] <= _LAST_HAN:
            said.append(word)
            number = word if word[-1:].isdigit() else ""
        elif number and word in MEASURES:
            said.append("yuan" if gloss_rules.is_money(number, word) else "")
            number = ""
        elif word == "钱" and said[-1:] == ["yuan"]:
            continue
        elif gloss_rules.is_name(word, before, following):
            number = ""
        elif gloss_rules.is_about(number, word):
            continue
        elif word == "好" and gloss_rules.is_very(before, following):
            said.append("very")
            number = ""
        else:
            number = gloss_rules.figure(word)
            said.append(number or fitting.get(word) or gloss_of_word(word))
            number = number or (word if word in NUMERALS else "")
    return said


class GlossEmbedder(BundledEmbedder):
    """`gloss`: the bundled model over gloss sentences, 384 dimensions; UnusableInput when a package is missing."""

    name = "gloss"

    def __init__(self, *, arithmetic_name: str | None = None) -> None:
        super().__init__(arithmetic_name=arithmetic_name)
        self._dictionary = dictionary.data_sha256()
        self._planned: dict[str, str] = {}

    def identity(self) -> dict[str, object]:
        """See Embedder."""
        return {
            **super().identity(),
            "dictionary": self._dictionary,
            "words": {**identity_of_words(), **cutting()},
        }

    def plan(self, texts: Sequence[str]) -> Iterator[list[int]]:
        """Batches of texts alike in the length of their glosses, which are kept until they are embedded.

        Stretch by stretch, so that the first is embedded, and a wish to stop heard, before a whole file is glossed.
        """
        for start in (0, *range(FIRST, len(texts), AT_ONCE)):
            some = texts[start : start + (AT_ONCE if start else FIRST)]
            glosses = [gloss(text) for text in some]
            self._planned = dict(zip(some, glosses, strict=True))
            batches = super().plan(glosses)
            yield from ([start + i for i in batch] for batch in batches)

    def cut_off(self, texts: Sequence[str]) -> list[int]:
        """Indices of texts whose gloss is longer than the model reads."""
        # A gloss has seven tokens for ten signs, and in a long text (of 3,000 shop reviews) never more than signs.
        likely = beyond(self.tokenizer_file, self._max_tokens * 3 // 4, texts)
        long = beyond(self.tokenizer_file, self._max_tokens, [gloss(texts[i]) for i in likely])
        return [likely[place] for place in long]

    def _embed(self, texts: Sequence[str]) -> FloatArray:
        glosses = [self._planned.pop(text, "") or gloss(text) for text in texts]
        heard = [i for i, said in enumerate(glosses) if said]
        # A silent text gets the first axis, as `direct` gives it to a row of zeros: offline_zh knows it by that.
        matrix = np.zeros((len(texts), self.dim), np.float32)
        if heard:
            matrix[heard] = super()._embed([glosses[i] for i in heard])
        return direct(matrix)


def known_words(run: str) -> list[str]:
    """The longest words that have a gloss of ours or an entry, from the left; signs in none are left out."""
    longest = _longest()
    found: list[str] = []
    place = 0
    while place < len(run):
        end = min(len(run), place + longest.get(run[place], 0))
        while end > place and not _has_gloss(run[place:end]):
            end -= 1
        if end > place:
            found.append(run[place:end])
        place = max(end, place + 1)
    return found


@lru_cache(maxsize=65_536)
def gloss_of_word(word: str) -> str:
    """What a simplified Chinese word means: our own choice, else the dictionary's; "" for words of grammar."""
    found = SENSES.get(word)
    return dictionary.load().gloss(word) if found is None else found


@lru_cache(maxsize=262_144)
def _has_gloss(word: str) -> bool:
    return word in SENSES or (word in dictionary.load() and bool(gloss_of_word(word)))


@lru_cache(maxsize=1)
def _longest() -> dict[str, int]:
    """First sign → signs of the longest word that begins with it."""
    longest: dict[str, int] = {}
    for word in (*dictionary.load().readings, *SENSES):
        longest[word[0]] = max(longest.get(word[0], 0), min(len(word), LONGEST_WORD))
    return longest


@lru_cache(maxsize=65_536)
def _words_of(token: str) -> tuple[str, ...]:
    """The token itself where it has a gloss, else the number it begins with and the longest words in the rest."""
    if _has_gloss(token) or gloss_rules.figure(token):
        return (token,)
    if gloss_rules.is_familiar(token):
        return ()
    number = gloss_rules.leading_number(token)
    return (*((number,) if number else ()), *known_words(token[len(number) :]))


def _sentence(said: Sequence[str]) -> str:
    """Words with spaces between, signs attached to the word before."""
    result = ""
    for word in said:
        if word:
            result += word if word in _ATTACHED or not result else f" {word}"
    return result


@lru_cache(maxsize=1)
def identity_of_words() -> dict[str, object]:
    """What decides a word's gloss beside the dictionary."""
    table = repr((sorted(SENSES.items()), sorted(NUMERALS), sorted(MEASURES), sorted(gloss_rules.SURNAMES)))
    return {"rules": RULES, "senses": hashlib.sha256(table.encode()).hexdigest()[:16]}

"""Chinese word for word in English, so that the bundled English model can read it.

Each word that jieba cuts is replaced by the first plain sense of CC-CEDICT, or by our own choice for common words
(gloss_words); signs, Latin words and numbers stay: "早餐很丰盛" → "breakfast very plentiful". Queries in either
language land in the same space, so an English one finds Chinese reviews.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from pipelines.embed import dictionary
from pipelines.embed.bundled import BundledEmbedder
from pipelines.embed.gloss_words import MEASURES, NUMERALS, SENSES
from pipelines.text import cutting, tokens
from pipelines.types import FloatArray

RULES = 1
"""Counts up when the way from text to gloss changes, so that no cached vector of the old way is taken."""

MAX_CHARS = 5_000
LONGEST_WORD = 8

_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff]")
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
    """An English sentence word for word; a text without Chinese signs comes back as it is."""
    if not _HAN.search(text):
        return text
    known = dictionary.load()
    said: list[str] = []
    counted = False
    for token in tokens(known.simplify(unicodedata.normalize("NFKC", text[:MAX_CHARS]).translate(_SIGNS))):
        if not _HAN.search(token):
            said.append(token)
            counted = token[-1:].isdigit()
            continue
        for word in _known_words(token):
            if not (counted and word in MEASURES):
                said.append(_sense(word))
            counted = word in NUMERALS
    return _sentence(said) or text


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
            "words": {"rules": RULES, "senses": _senses_digest(), **cutting()},
        }

    def plan(self, texts: Sequence[str]) -> list[list[int]]:
        """Batches of texts alike in the length of their glosses, which are kept until they are embedded."""
        glosses = [gloss(text) for text in texts]
        self._planned = dict(zip(texts, glosses, strict=True))
        return super().plan(glosses)

    def _embed(self, texts: Sequence[str]) -> FloatArray:
        return super()._embed([self._planned.pop(text, "") or gloss(text) for text in texts])


def _known_words(token: str) -> list[str]:
    """The token itself where it has a sense, else the longest words in it from the left; signs without one are left."""
    if token in SENSES or (token in dictionary.load() and _sense(token)):
        return [token]
    found: list[str] = []
    place = 0
    while place < len(token):
        for end in range(min(len(token), place + LONGEST_WORD), place, -1):
            word = token[place:end]
            if word != token and (word in SENSES or word in dictionary.load()):
                found.append(word)
                break
        else:
            end = place + 1
        place = end
    return found


@lru_cache(maxsize=65_536)
def _sense(word: str) -> str:
    found = SENSES.get(word)
    return dictionary.load().gloss(word) if found is None else found


def _sentence(said: Sequence[str]) -> str:
    """Words with spaces between, signs attached to the word before."""
    result = ""
    for word in said:
        if word:
            result += word if word in _ATTACHED or not result else f" {word}"
    return result


@lru_cache(maxsize=1)
def _senses_digest() -> str:
    table = repr((sorted(SENSES.items()), sorted(NUMERALS), sorted(MEASURES)))
    return hashlib.sha256(table.encode()).hexdigest()[:16]

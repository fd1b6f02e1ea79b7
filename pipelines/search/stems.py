"""The stem of an English word, so that its forms are one: charge, charges, charging."""

from __future__ import annotations

import threading
from functools import lru_cache

import snowballstemmer

_own = threading.local()


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """The stem of a word in small ASCII letters; any other word as it is.

    Snowball's English stemmer (Porter 2001, "Snowball: a language for stemming algorithms"). Two words can share a stem
    by chance; for finding that costs less than a form that is missed.
    """
    if len(word) < 3 or not word.isascii() or not word.isalpha():
        return word
    # A stemmer keeps the word under way in itself, so each thread has one.
    if not hasattr(_own, "stemmer"):
        _own.stemmer = snowballstemmer.stemmer("english")
    return str(_own.stemmer.stemWord(word))

"""Whether a name that a model wrote may be shown: of the evidence alone, short, plain, in the reviews' language."""

from __future__ import annotations

import re
from collections.abc import Collection

from pipelines.errors import N_
from pipelines.suggested.evidence import Evidence
from pipelines.text import STOPWORDS, words

MOST_WORDS = 6
MOST_HAN = 12
MOST_CHARS = 60

_QUOTES_THAT_VOUCH = 2
"""A word that no keyword holds must stand in so many quotes: one review alone decides no name."""

_HAN = re.compile("[\u3400-\u9fff]")
_SIGN = re.compile(r"[^\w\s'’&·、,，\-/+()（）%]|://|www\.|_", re.IGNORECASE)
_LINK = re.compile(r"\w\.\w|https?|www", re.IGNORECASE)
_FUNCTION_ZH = frozenset("的与和及或之在等太很不无没少多大小")

NO_NAME = N_("the model gave no name")
NOT_PLAIN = N_("the name holds signs or a link")
TOO_LONG = N_("the name is too long")
WRONG_LANGUAGE = N_("the name is not in the language of the reviews")
NOT_IN_EVIDENCE = N_("the name holds a word that does not stand in the topic's keywords")
NO_KEYWORD = N_("the name holds none of the topic's keywords")
TAKEN = N_("another topic has this name")


def problem(name: str, evidence: Evidence, taken: Collection[str]) -> str:
    """Why a name cannot be shown, "" where it can; quotes nothing of it, since a review may have put it there.

    taken: names of other topics, casefolded.
    """
    if not name.strip():
        return NO_NAME
    if not name.isprintable() or _SIGN.search(name) or _LINK.search(name):
        return NOT_PLAIN
    han = len(_HAN.findall(name))
    if len(name) > MOST_CHARS or han > MOST_HAN or (not han and len(name.split()) > MOST_WORDS):
        return TOO_LONG
    if evidence.language == "zh" and not han and not _is_keyword(name, evidence):
        return WRONG_LANGUAGE
    if evidence.language not in ("zh", "ja", "und") and han:
        return WRONG_LANGUAGE
    strange = _strange(name, evidence)
    return strange or (TAKEN if name.casefold() in taken else "")


def _strange(name: str, evidence: Evidence) -> str:
    """Whether nothing vouches for a word, or no keyword is in the name at all."""
    keywords = [word.lower() for word, _ in evidence.keywords]
    of_keywords = {word for keyword in keywords for word in words(keyword, _segmented(keyword, evidence))}
    in_quotes = [set(words(quote, _segmented(quote, evidence))) for quote in evidence.quotes]
    stop = STOPWORDS["en"] | STOPWORDS.get(evidence.language, frozenset())
    has_keyword = False
    for word in words(name, _segmented(name, evidence)):
        from_keyword = _held(word, keywords, of_keywords)
        has_keyword = has_keyword or from_keyword
        if from_keyword or word in stop or set(word) <= _FUNCTION_ZH:
            continue
        vouching = sum(any(_alike(word, other) for other in quote) for quote in in_quotes)
        if vouching < _QUOTES_THAT_VOUCH:
            return NOT_IN_EVIDENCE
    return "" if has_keyword else NO_KEYWORD


def _held(word: str, keywords: Collection[str], of_keywords: Collection[str]) -> bool:
    if _HAN.search(word):
        # Words may be cut otherwise in a name than in a keyword: what counts is that its characters stand in one.
        return any(word in keyword or set(word) <= set(keyword) for keyword in keywords)
    return any(_alike(word, other) for other in of_keywords)


def _alike(word: str, other: str) -> bool:
    """Whether two words are forms of one: equal, or alike up to endings of four letters at most."""
    if word == other:
        return True
    if _HAN.search(word + other):
        return False
    shared = next((i for i, (a, b) in enumerate(zip(word, other, strict=False)) if a != b), min(len(word), len(other)))
    return shared >= 4 and max(len(word), len(other)) - shared <= 4


def _is_keyword(name: str, evidence: Evidence) -> bool:
    return name.strip().lower() in {word.lower() for word, _ in evidence.keywords}


def _segmented(text: str, evidence: Evidence) -> str:
    return "zh" if _HAN.search(text) and evidence.language != "ja" else evidence.language

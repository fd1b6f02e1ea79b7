"""Where a phrase stands in a review, word for word: English in its usual forms, Chinese without word borders."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines import text as text_
from pipelines.types import BoolArray, FloatArray

PHRASE, ALL_WORDS = 1.0, 0.6
"""The phrase as it was typed; all its words, somewhere in the review."""

_WORD = re.compile("[\u3040-\u30ff\u3400-\u9fff]+|[^\\W_\u3040-\u30ff\u3400-\u9fff]+")
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff]")
_BETWEEN = re.compile("(?<=[\u3040-\u30ff\u3400-\u9fff])\\s+(?=[\u3040-\u30ff\u3400-\u9fff])")
_JOINTS = frozenset("'’-‐‑_/&,;、，；·")
_VOWEL = re.compile("[aeiouy]")
# RE2 knows borders of ASCII words only.
_START, _END = r"(?:^|[^\p{L}\p{N}])", r"(?:$|[^\p{L}\p{N}])"
_GAP = r"(?:['’]s)?[^\p{L}\p{N}]*(?:[^\p{L}\p{N}][\p{L}\p{N}]+[^\p{L}\p{N}]+)?"
"""Between two words of a phrase: signs, or one other word ("battery's whole life")."""
_NO_CHANGE = ("ss", "us", "is", "as", "os")


def folded(texts: Sequence[str]) -> pa.Array:
    """The texts as they are searched: one width (NFKC), small letters, no space inside Chinese."""
    return pa.array([_folded(text) for text in texts], pa.large_string())


def match(texts: pa.Array, phrase: str) -> FloatArray:
    """(n,) float32: 1 where `texts` (by `folded`) hold the phrase, 0.6 where they hold all its words, else 0."""
    found = np.zeros(len(texts), dtype=np.float32)
    wanted = _folded(phrase).strip()
    # A space that somebody typed between Chinese words parts them; one in a review does not.
    pieces = _WORD.findall(unicodedata.normalize("NFKC", phrase).casefold())
    if not wanted or not len(texts):
        return found
    if _is_literal(wanted) or not pieces:
        # C++, 😡, 4.5: signs are part of it.
        found[_holds(texts, wanted)] = PHRASE
        return found
    parts = [part for piece in pieces for part in _parts(piece)]
    if len(parts) > 1:
        everywhere = np.logical_and.reduce([_where(texts, part) for part in parts])
        found[everywhere] = ALL_WORDS
    found[_where_together(texts, pieces)] = PHRASE
    return found


def holds(texts: pa.Array, phrase: str) -> BoolArray:
    """(n,) whether `texts` (by `folded`) hold the phrase letter for letter, inside a word too."""
    wanted = _folded(phrase).strip()
    return _holds(texts, wanted) if wanted and len(texts) else np.zeros(len(texts), dtype=bool)


def _folded(text: str) -> str:
    folded = text.lower() if text.isascii() else unicodedata.normalize("NFKC", text).casefold()
    return _BETWEEN.sub("", folded) if not folded.isascii() else folded


def _is_literal(wanted: str) -> bool:
    return any(not char.isalnum() and not char.isspace() and char not in _JOINTS for char in wanted)


def _parts(piece: str) -> list[str]:
    """A Chinese compound as its words, anything else as it is."""
    if len(piece) < 4 or not _UNSPACED.search(piece):
        return [piece]
    return [word for word in text_.words(piece, "zh") if word] or [piece]


def _holds(texts: pa.Array, literal: str) -> BoolArray:
    return np.asarray(pc.match_substring(texts, literal).to_numpy(zero_copy_only=False), dtype=bool)


def _where(texts: pa.Array, word: str) -> np.ndarray:
    if _UNSPACED.search(word):
        return _holds(texts, word)
    return _matches(texts, f"{_START}{forms(word)}{_END}")


def _where_together(texts: pa.Array, pieces: Sequence[str]) -> np.ndarray:
    if len(pieces) == 1:
        return _where(texts, pieces[0])
    if all(_UNSPACED.search(piece) for piece in pieces):
        return _matches(texts, ".{0,4}".join(pieces))
    inside = "".join(
        (_GAP if i and not (_UNSPACED.search(piece) or _UNSPACED.search(pieces[i - 1])) else ".{0,4}" if i else "")
        + (piece if _UNSPACED.search(piece) else forms(piece))
        for i, piece in enumerate(pieces)
    )
    return _matches(
        texts, _START * (not _UNSPACED.search(pieces[0])) + inside + _END * (not _UNSPACED.search(pieces[-1]))
    )


def _matches(texts: pa.Array, pattern: str) -> np.ndarray:
    return np.asarray(pc.match_substring_regex(texts, pattern).to_numpy(zero_copy_only=False), dtype=bool)


def forms(word: str) -> str:
    """A pattern (RE2) for an English word's plural and verb forms; any other word as it is.

    delivery: deliver(y|ies) · cancelled: cancell?(s|ed|ing) · charging: charg(e|es|ed|ing). Light on purpose: an
    ending too many finds another word (late, later; charge, charger).
    """
    if not word.isascii() or not word.isalpha() or len(word) < 3:
        return word
    if word.endswith(_NO_CHANGE) or not _VOWEL.search(word):
        return word + "(?:es)?"
    stem = _stem(word)
    if stem.endswith("y") and stem[-2:-1] not in tuple("aeiou"):
        return stem[:-1] + "(?:y|ies|ied|ying)"
    if stem.endswith("e") and len(stem) > 3:
        return stem[:-1] + "(?:e|es|ed|ing)"
    last = f"{stem[-1]}?" if len(stem) > 2 and stem[-1] not in "aeiouwxy" else ""
    ends = "s|es|ed|ing|ings" if len(word) > 3 else "s|es"
    return f"{stem}(?:{ends}|{last}(?:ed|ing))?" if last and len(word) > 3 else f"{stem}(?:{ends})?"


def _stem(word: str) -> str:
    if len(word) > 4 and word.endswith(("ies", "ied")):
        return word[:-3] + "y"
    for end in ("ings", "ing", "ed"):
        stem = word[: -len(end)]
        if word.endswith(end) and len(stem) >= 3 and _VOWEL.search(stem):
            if len(stem) > 3 and stem[-1] == stem[-2] and stem[-1] not in "lsz":
                return stem[:-1]
            if stem.endswith("ll") and len(stem) > 5:
                return stem[:-1]
            # A verb that lost its e (charging, priced) looks like a stem of one vowel and one consonant.
            return stem + "e" if stem.endswith(("arg", "ic", "v", "iz", "dg", "ang", "uc", "at")) else stem
    if len(word) > 4 and word.endswith(("ches", "shes", "xes", "sses")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s"):
        return word[:-1]
    return word

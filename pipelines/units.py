"""What is embedded: whole reviews, or their sentences and clauses, so that one review can praise and damn."""

from __future__ import annotations

import re
from typing import Literal

import numpy as np

from pipelines import text, types

UnitKind = Literal["review", "sentence"]

MIN_HAN = 4
"""A Chinese piece with fewer characters joins its neighbour."""

MIN_WORDS = 3
"""A piece of another language with fewer words joins its neighbour."""

_HAN = re.compile("[\u3400-\u9fff]")
_WORD = re.compile(r"[^\W_]+")
_CLOSING = "\"'”’」』）)】\\]"
# The end of a sentence with what closes it; a full stop only before a space, so that 3.5 and app.de stay whole.
_END = re.compile(
    rf"[。！？!?；;…\r\n]+[{_CLOSING}]*"
    rf"|\.{{2,}}[{_CLOSING}]*"
    rf"|\.[{_CLOSING}]*(?=\s)"
    rf"|(?<=[\u3400-\u9fff])\.(?=[\u3400-\u9fff])"
)
_ABBREVIATION = re.compile(
    r"(?:^|[\s(])(?:mr|mrs|ms|dr|prof|st|no|vs|etc|e\.g|i\.e|approx|inc|ltd|co|fig|min|max|hr|hrs|jan|feb|aug|sept|oct|"
    r"nov|dec|[a-z]|\d{1,2})\.$",
    re.IGNORECASE,
)
# Chinese clauses end at commas; spaces stand for commas in many Chinese reviews.
_CHINESE_COMMA = re.compile(r"[，,、～~]+(?!\d)|(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])")
_CHINESE_TURN = re.compile(r"(?=但是|但(?!凡|愿)|不过(?!如此|瘾|关)|可是|然而|只是(?!因为)|美中不足)")
_ENGLISH_TURN = re.compile(
    r"(?:(?<=[,;])|(?<=\s))\s*(?=(?:but|however|although|though|except that|yet)\b)", re.IGNORECASE
)


def split(reviews: types.Reviews, unit: UnitKind = "review") -> types.Units:
    """The units of the kept rows, in upload order.

    "sentence" cuts at the end of sentences, at commas of Chinese text and where a sentence turns (but, 但是); pieces
    too short to stand alone join their neighbour. A review always gives at least one unit.
    """
    row_id: list[int] = []
    shown: list[str] = []
    language: list[str] = []
    for row in np.flatnonzero(reviews.kept).tolist():
        whole, code = reviews.text[row], reviews.language[row]
        pieces = [whole] if unit == "review" else sentences(whole)
        row_id += [row] * len(pieces)
        shown += pieces
        language += [code] if len(pieces) == 1 else [_language(piece, code) for piece in pieces]
    return types.Units(
        row_id=np.asarray(row_id, dtype=np.int64),
        text=shown,
        clean=[text.clean(piece) for piece in shown],
        language=language,
    )


def sentences(whole: str) -> list[str]:
    """A text's sentences and clauses as they are written, without the spaces around them; [whole] when it has one."""
    pieces: list[str] = []
    for sentence in _cut_after(whole, _END):
        clauses = _cut_after(sentence, _CHINESE_COMMA) if _is_chinese(sentence) else [sentence]
        turned = [part for clause in clauses for part in _turns(clause)]
        pieces += _merge(turned)
    merged = [piece for piece in (piece.strip() for piece in _merge(pieces)) if piece]
    return merged or [whole]


def _cut_after(whole: str, end: re.Pattern[str]) -> list[str]:
    """Slices of a text that together are the text, each ending where `end` matches."""
    pieces: list[str] = []
    start = 0
    for match in end.finditer(whole):
        piece = whole[start : match.end()]
        if match.group().startswith(".") and _ABBREVIATION.search(piece):
            continue
        pieces.append(piece)
        start = match.end()
    if start < len(whole):
        pieces.append(whole[start:])
    return pieces


def _turns(clause: str) -> list[str]:
    """A clause cut before the words that turn it, where both sides can stand alone."""
    turn = _CHINESE_TURN if _is_chinese(clause) else _ENGLISH_TURN
    parts: list[str] = []
    start = 0
    for match in turn.finditer(clause):
        before, after = clause[start : match.start()], clause[match.start() :]
        if _stands_alone(before) and _stands_alone(after):
            parts.append(before)
            start = match.start()
    return [*parts, clause[start:]]


def _merge(pieces: list[str]) -> list[str]:
    """Pieces joined until each can stand alone: a short one with the one before it, a first one with the next."""
    merged: list[str] = []
    for piece in pieces:
        if merged and not (_stands_alone(piece) and _stands_alone(merged[-1])):
            merged[-1] += piece
        else:
            merged.append(piece)
    return merged


def _is_chinese(piece: str) -> bool:
    return 2.5 * len(_HAN.findall(piece)) > sum(map(len, re.findall("[A-Za-z]+", piece)))


def _stands_alone(piece: str) -> bool:
    han = len(_HAN.findall(piece))
    return han >= MIN_HAN or (han + len(_WORD.findall(_HAN.sub(" ", piece)))) >= (MIN_HAN if han else MIN_WORDS)


def _language(piece: str, of_review: str) -> str:
    """A piece's own language where it is long enough to tell, else its review's."""
    own = text.detect_language(piece)
    return own if own != "und" and len(piece) >= 12 else of_review

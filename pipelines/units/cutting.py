"""A review cut into sentences and clauses: at punctuation, where it turns, and where a clause with its own verb begins.

The pieces, joined, are the review. A piece too short to stand alone joins its neighbour.
"""

from __future__ import annotations

import re
from itertools import pairwise

from pipelines.units.clauses import CHINESE_COMMA, NUMBERED, chinese_cuts, english_cuts

MIN_HAN = 4
"""A Chinese piece with fewer characters joins its neighbour."""

MIN_WORDS = 3
"""A piece of another language with fewer words joins its neighbour."""

_HAN = re.compile("[\u3400-\u9fff]")
_WORD = re.compile(r"[^\W_]+")
_CLOSING = "\"'”’」』）)】\\]"
_EMOJI = "\U0001f1e6-\U0001faff\u2600-\u27bf\ufe0f\u200d"
# The end of a sentence with what closes it. A full stop ends one before a space, and before a capital that somebody
# forgot to space, so that 3.5 and app.de stay whole; the semicolon of an entity (&quot;) is none. An emoji or Weibo
# emoticon says how the words before it are meant, and people put it where a full stop would stand.
_END = re.compile(
    rf"[。！？!?…\r\n；]+[{_CLOSING}]*"
    r"|(?<!&quot)(?<!&amp)(?<!&lt)(?<!&gt)(?<!&nbsp)(?<!&apos)(?<!&#\d\d)(?<!&#\d{3});+"
    rf"|\.{{2,}}[{_CLOSING}]*"
    rf"|\.[{_CLOSING}]*(?=\s)"
    r"|(?<=[a-z]{2}|[0-9]{2}|[A-Z]{2}|[A-Za-z]\d)\.(?=[A-Z][a-z'’])"
    r"|(?<=[\u3400-\u9fff])\.(?=[\u3400-\u9fff])"
    rf"|[{_EMOJI}]+"
    r"|(?:\[[\u3400-\u9fff]{1,4}\])+"
)
_ABBREVIATION = re.compile(
    r"(?:^|[\s(])(?:mr|mrs|ms|dr|prof|st|no|vs|etc|e\.g|i\.e|approx|inc|ltd|co|fig|min|max|hr|hrs|jan|feb|aug|sept|oct|"
    r"nov|dec|[a-z]|\d{1,2})\.$",
    re.IGNORECASE,
)


def sentences(whole: str) -> list[str]:
    """A text's sentences and clauses as they are written, without the spaces around them; [whole] when it has one."""
    pieces: list[str] = []
    for sentence in _cut_after(whole, _END):
        pieces += _merge([part for item in _numbered(sentence) for part in _clauses(item)])
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


def _numbered(sentence: str) -> list[str]:
    """A sentence cut before the numbers of a list (1.房间大2.早餐好)."""
    cuts = [match.start() for match in NUMBERED.finditer(sentence)]
    # One number alone is no list.
    return _cut_at(sentence, cuts) if len(cuts) > 1 else [sentence]


def _clauses(sentence: str) -> list[str]:
    """A sentence cut into its clauses, where both sides of a cut can stand alone."""
    if not _is_chinese(sentence):
        return _where_both_stand(sentence, english_cuts(sentence))
    return [
        part
        for clause in _cut_after(sentence, CHINESE_COMMA)
        for part in _where_both_stand(clause, chinese_cuts(clause))
    ]


def _where_both_stand(clause: str, cuts: list[int]) -> list[str]:
    kept: list[int] = []
    for cut in cuts:
        if _stands_alone(clause[kept[-1] if kept else 0 : cut]) and _stands_alone(clause[cut:]):
            kept.append(cut)
    return _cut_at(clause, kept)


def _cut_at(whole: str, cuts: list[int]) -> list[str]:
    bounds = [0, *(cut for cut in cuts if cut), len(whole)]
    return [whole[a:b] for a, b in pairwise(bounds)]


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

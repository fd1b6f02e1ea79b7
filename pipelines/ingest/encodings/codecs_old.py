"""Which codec of the time before Unicode a file is written in: letter statistics and plausibility, weighed together.

chardet (0BSD) ranks the codecs by its models of letter pairs in 50 languages, on the lines that hold bytes above ASCII;
what it cannot tell apart (a few accents in English lines, punctuation) our plausibility of the decoded text decides.
Alone neither suffices: see the figures in encoding.py.
"""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass

from pipelines.ingest.encodings.codecs_sample import above_ascii, shortened
from pipelines.ingest.encodings.plausibility import plausibility

# Ours (as Python spells it) and the name by which chardet knows it, most usual first: of codecs under which a file
# reads the same, the first is named.
_CODECS = {
    "gb18030": "gb18030",
    "big5": "big5hkscs",
    "cp950": "big5hkscs",
    "big5hkscs": "big5hkscs",
    "cp932": "cp932",
    "euc_jp": "euc_jis_2004",
    "cp949": "cp949",
    "cp1252": "cp1252",
    "cp1250": "cp1250",
    "cp1251": "cp1251",
    "cp1253": "cp1253",
    "cp1254": "cp1254",
    "cp1255": "cp1255",
    "cp1256": "cp1256",
    "cp1257": "cp1257",
    "cp874": "cp874",
    "koi8-r": "koi8-r",
    "mac-roman": "mac-roman",
    "iso8859-2": "iso8859-2",
    "iso8859-7": "iso8859-7",
    "iso8859-5": "iso8859-5",
    "iso8859-15": "iso8859-15",
    "cp850": "cp850",
    "cp437": "cp437",
    "cp852": "cp852",
    "cp866": "cp866",
    "koi8-u": "koi8-u",
    "mac-cyrillic": "mac-cyrillic",
    "mac-latin2": "mac-latin2",
    "mac-greek": "mac-greek",
    "cp1258": "cp1258",
}
CODECS = tuple(_CODECS)
BIG5 = frozenset({"big5", "cp950", "big5hkscs"})
MULTIBYTE = BIG5 | {"gb18030", "cp932", "euc_jp", "cp949"}
_MAY_BE_DAMAGED = MULTIBYTE | {"cp1252"}
"""Weighed although some bytes do not decode: a cut character makes no Chinese file Western."""
_MOST_DAMAGE = 0.05
"""Largest share of the decoded characters above ASCII that a damaged file may have lost."""
_TRIED = 10
_PLAUSIBILITY_BYTES = 60_000
_RARE = (
    dict.fromkeys(
        ("big5", "cp950", "cp932", "euc_jp", "cp949", "cp1251", "cp1253", "cp1255", "cp1256", "koi8-r", "iso8859-7"),
        0.05,
    )
    | dict.fromkeys(("mac-roman", "cp850", "cp866", "cp874", "cp1254", "mac-cyrillic"), 0.08)
    | dict.fromkeys(("cp1250", "iso8859-2", "cp437", "big5hkscs"), 0.1)
    | dict.fromkeys(("iso8859-5", "iso8859-15", "cp852", "koi8-u"), 0.15)
    | dict.fromkeys(("cp1257", "cp1258", "mac-latin2", "mac-greek"), 0.25)
)
"""What a codec must be ahead by, in a sum of 3: files of Chinese and Western Windows are so much commoner here."""
_DOS = ("cp437", "cp850", "cp852", "cp866")
_WEIGHT = 2.0
"""Of plausibility, against 1 for letter pairs."""
_FOUR_BYTES = re.compile(rb"[\x81-\xfe][0-9][\x81-\xfe][0-9]")
_RUN = re.compile(rb"[\x80-\xff]+")
_HIGH = re.compile(rb"[\x80-\xff]")
_ALL_USUAL = 0.95
_WHOLE_RUN = 0.1
"""For a stretch that decodes to usual characters of two bytes each: half of all others' end within one."""
_CONTRACTED = re.compile(r"(?<=[A-Za-z])’(?=(?:s|t|re|ve|ll|d|m)\b)")
_CONTRACTION = 0.4
"""For apostrophes in It’s and don’t: often the only characters above ASCII that an English file has."""
_FEW = 3
"""So many four-byte characters in a file that decodes as GB18030 are no accident."""


@dataclass(frozen=True)
class Candidate:
    """A codec that a file may be in; score (0…1, letter pairs weighed in) orders them, plausibility is the text's."""

    codec: str
    score: float
    plausibility: float


def ranked(lines: list[bytes]) -> list[Candidate]:
    """Codecs under which the lines read as text, best first, those that show the same text named once; never empty."""
    lost = {codec: share for codec in CODECS if (share := _share_lost(lines, codec)) is not None}
    whole = [line for line in lines if all(_decodes(line, codec) for codec, share in lost.items() if share)]
    shares = _by_letter_pairs(tuple(whole or lines), tuple(sorted({_CODECS[codec] for codec in lost})))
    likely = sorted(lost, key=lambda codec: (-shares.get(_CODECS[codec], 0.0), CODECS.index(codec)))[:_TRIED]
    tried = MULTIBYTE.intersection(lost).union(likely) or CODECS
    sample = b"\n".join(shortened(lines, _PLAUSIBILITY_BYTES))
    texts: dict[str, list[str]] = {}
    for codec in sorted(tried, key=CODECS.index):
        texts.setdefault(sample.decode(codec, errors="replace"), []).append(codec)
    best = max(shares.values(), default=1.0) or 1.0
    runs = len({run for line in lines for run in _RUN.findall(line)})
    doubt = 0.25 + 3 / (1 + runs / 2)  # the more there is to read, the less it matters what is common
    found = []
    for text, codecs in texts.items():
        fit = plausibility(text)
        pairs = max(shares.get(_CODECS[codec], 0.0) for codec in codecs) / best
        if codecs[0] == "gb18030" and len(_FOUR_BYTES.findall(sample)) >= _FEW:
            pairs = 1.0
        if codecs[0] in MULTIBYTE and fit >= _ALL_USUAL and not lost.get(codecs[0]):
            pairs += _WHOLE_RUN * min(_FEW, runs)
        pairs += _CONTRACTION * len(_CONTRACTED.findall(text)) / max(above_ascii(text), 1)
        handicap = doubt * _RARE.get(codecs[0], 0.0) + _WEIGHT * lost.get(codecs[0], 1.0)
        found.append(Candidate(codecs[0], (pairs + _WEIGHT * fit - handicap) / (1 + _WEIGHT), fit))
    return sorted(found, key=lambda one: -one.score)


def _share_lost(lines: list[bytes], codec: str) -> float | None:
    """Share of the characters above ASCII that the codec cannot decode; None when it is out of the question."""
    data = b"\n".join(lines)
    if codec in _DOS and 3 * data.count(b"\xff") > len(_HIGH.findall(data)):
        return None  # no-break spaces, which DOS programs hardly wrote: decoding them hides what is damage
    try:
        data.decode(codec)
    except UnicodeDecodeError:
        if codec not in _MAY_BE_DAMAGED:
            return None
    else:
        return 0.0
    text = data.decode(codec, errors="replace")
    lost, above = text.count("\ufffd"), above_ascii(text)
    return lost / above if lost <= max(above * _MOST_DAMAGE, above > 10) else None


def _decodes(line: bytes, codec: str) -> bool:
    try:
        line.decode(codec)
    except UnicodeDecodeError:
        return False
    return True


def _by_letter_pairs(lines: tuple[bytes, ...], names: tuple[str, ...]) -> dict[str, float]:
    """chardet's confidence by its codec names."""
    if not names:
        return {}
    import chardet

    data = b"\n".join(lines)
    with warnings.catch_warnings():
        # It says when none of the codecs asked for fits; the empty answer says so too.
        warnings.simplefilter("ignore")
        found = chardet.detect_all(
            data, ignore_threshold=True, max_bytes=max(1, len(data)), include_encodings=names, compat_names=False
        )
    return {one["encoding"]: float(one["confidence"]) for one in found if one["encoding"]}

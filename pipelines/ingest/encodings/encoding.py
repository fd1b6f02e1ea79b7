"""Bytes to text: which codec a file is written in, decided on the whole file.

In this order: a byte order mark; UTF-16 and UTF-32 without one; strict UTF-8 (ASCII included; with ISO-2022's escapes,
ISO-2022-JP or -KR); UTF-8 with damage or with lines of another codec; and then the most plausible of the codecs from
before Unicode, with the others as alternatives. Codecs are named as `codecs.lookup(…).name` spells them: utf-8 (ASCII
too), utf-8-sig, utf-16 and utf-32 with a mark, utf-16-le … without, gb18030 for the whole GBK family, big5, cp950,
big5hkscs, cp932 for Shift-JIS, euc_jp, cp949 for EUC-KR too, cp1250 … cp1258, cp874, koi8-r, mac-roman, iso8859-2, …

Measured by `python -m benchmarks.encodings`: slices of 5, 50 and 1,000 rows that came back exactly, the rules having
been settled on the same texts. Tweets and reviews in 9 languages: 0.988 (chardet 7.7.0 alone 0.899, charset-normalizer
3.5.2 0.874, faust-cchardet 3.2.0 0.525); 33 languages, most of them messages of programs: 0.989 (0.849, 0.899, 0.557);
such messages not seen before, 5 rows: 0.994 (0.850, 0.923, 0.579). chardet is strong on a language's own codecs, weak
where accents are few, on GB18030 of other languages and on ISO 8859-2. What is still missed are mostly five rows with a
word or two above ASCII; these are told as a guess.
"""

from __future__ import annotations

import codecs
import math
import re
from dataclasses import dataclass, replace

from pipelines.errors import N_, UnusableInput
from pipelines.ingest.encodings.codecs_mixed import mended, utf8_share
from pipelines.ingest.encodings.codecs_old import BIG5, MULTIBYTE, Candidate, ranked
from pipelines.ingest.encodings.codecs_sample import high_lines
from pipelines.ingest.encodings.codecs_unicode import marked, seven_bit, unmarked_name, unmarked_wide
from pipelines.ingest.encodings.doubled import undoubled
from pipelines.ingest.encodings.no_text import refuse_binary, refuse_noise
from pipelines.types import Alternative, Warning_

__all__ = ["Decoded", "decode"]

_ALTERNATIVES = 4
_LEAST_PLAUSIBILITY = 0.3
"""Of an alternative that is shown."""
_ACCIDENTAL = 0.75
"""Plausibility of the text in another codec from which a short file that is UTF-8 may be so by accident."""
_IMPLAUSIBLE = 0.66
_FEW_WORDS = 3
"""From fewer words above ASCII nobody can be sure of a Western codec."""
_CLEAR_LEAD = 0.15
"""Of the best candidate's score before the next, from which it is no guess; less in files with many such words."""
_FEW_RUNS = 10
_MOSTLY = 0.5
_CERTAIN_UTF8 = 4
"""With fewer continuation bytes than this a file could be UTF-8 by accident."""
_FILLERS = "\x80\uf8f0\uf8f1\uf8f2\uf8f3"
"""What Python's cp932 has for single bytes that are no character of Shift-JIS."""
_NO_CHARACTER_SET = frozenset({"punycode", "idna", "unicode-escape", "raw-unicode-escape", "undefined"})
"""What Python counts among its text codecs, but no file is written in."""
_SAMPLE_CHARS = 80
_LINES_LOOKED_AT = 200


@dataclass(frozen=True)
class Decoded:
    """A file's text (no byte order mark, no NUL), the codec as Python spells it, and what was doubtful.

    damaged: bytes that no character was found for. alternatives: other plausible codecs, best first.
    """

    text: str
    encoding: str
    warnings: tuple[Warning_, ...] = ()
    damaged: int = 0
    alternatives: tuple[Alternative, ...] = ()


def decode(data: bytes, encoding: str | None = None) -> Decoded:
    """Decode a whole file, in `encoding` or in the codec found; undecodable bytes become U+FFFD and are counted.

    Raises UnusableInput for an empty file, a file that is no text, or an unknown `encoding`.
    """
    if not re.search(rb"[^ \t\r\n\x00]", data):
        raise _empty()
    refuse_binary(data)
    decoded = _decoded_as(data, encoding) if encoding else _undoubled(_found(data))
    if not decoded.text or decoded.text.isspace():
        raise _empty()
    refuse_noise(decoded.text)
    return decoded


def _empty() -> UnusableInput:
    return UnusableInput(N_("The file is empty. Choose a file with a header row and one review per row."))


def _decoded_as(data: bytes, encoding: str) -> Decoded:
    """The text in the codec that a person chose."""
    try:
        name = codecs.lookup(encoding).name
        if name.replace("_", "-") in _NO_CHARACTER_SET:
            raise LookupError(name)
        mark = marked(data)
        if mark and name in {mark[0], unmarked_name(data, mark[0])}:
            return replace(_read(memoryview(data)[mark[1] :], unmarked_name(data, mark[0])), encoding=name)
        return _read(data, name)
    except (LookupError, ValueError):
        raise UnusableInput(
            N_("There is no encoding named “{encoding}”. Use one such as utf-8, gb18030, utf-16 or cp1252."),
            encoding=encoding,
        ) from None


def _found(data: bytes) -> Decoded:
    mark = marked(data)
    if mark:
        codec, length = mark
        plain = unmarked_name(data, codec)
        # Without the mark, and without a copy of the bytes.
        decoded = _read(memoryview(data)[length:], plain)
        return replace(decoded, encoding=codecs.lookup(codec).name)
    wide = unmarked_wide(data)
    if wide:
        return _read(data, wide)
    without, nuls = _without_nuls(data)
    try:
        text = without.decode("utf-8")
    except UnicodeDecodeError:
        found = _old_codec(without)
    else:
        found = _sound_utf8(without, text)
    return replace(found, warnings=(*found.warnings, *nuls))


def _undoubled(decoded: Decoded) -> Decoded:
    """The text as it was before it was saved in UTF-8 twice, told of; itself where it was not."""
    found = undoubled(decoded.text)
    if found is None:
        return decoded
    text, count = found
    note = Warning_(
        N_(
            "{count} pieces of text had been saved in UTF-8 twice (“Ã©” for “é”) and were set right. Compare them "
            "with the original."
        ),
        {"count": count},
    )
    return replace(decoded, text=text, warnings=(note, *decoded.warnings), alternatives=())


def _without_nuls(data: bytes) -> tuple[bytes, tuple[Warning_, ...]]:
    nuls = data.count(0)
    if not nuls:
        return data, ()
    if nuls > 0.3 * len(data):
        refuse_noise("\x00" * len(data[:100]))
    return data.replace(b"\x00", b""), (Warning_(N_("{count} NUL characters were removed."), {"count": nuls}),)


def _sound_utf8(data: bytes, text: str) -> Decoded:
    if text.isascii():
        codec = seven_bit(data)
        return _read(data, codec) if codec else Decoded(text, "utf-8")
    lines = high_lines(data)
    if sum(len(re.findall(rb"[\x80-\xbf]", line)) for line in lines[:_LINES_LOOKED_AT]) >= _CERTAIN_UTF8:
        return Decoded(text, "utf-8")
    others = [other for other in ranked(lines) if other.plausibility >= _ACCIDENTAL]
    return Decoded(text, "utf-8", alternatives=_alternatives(lines, "utf-8", others))


def _old_codec(data: bytes) -> Decoded:
    lines = high_lines(data)
    share = utf8_share(lines)
    if share and (mixed := _mixed(data, share)):
        return mixed
    candidates = ranked(lines)
    best = candidates[0]
    runs = sum(len(re.findall(rb"[\x80-\xff]+", line)) for line in lines)
    if runs <= _FEW_RUNS and best.plausibility < _IMPLAUSIBLE:
        # Stray bytes that make sense in no codec: shown as damage rather than as some odd letter.
        return replace(_read(data, "utf-8"), alternatives=_alternatives(lines, "utf-8", candidates))
    decoded = _read(data, best.codec)
    return replace(
        decoded,
        warnings=(*_doubt(candidates, lines), *decoded.warnings),
        alternatives=_alternatives(lines, best.codec, candidates[1:]),
    )


def _mixed(data: bytes, share: float) -> Decoded | None:
    """UTF-8 with damage or with lines of another codec; None when it is too little UTF-8 and the rest is no codec's."""
    whole = mended(data)
    if not whole.lines and share < _MOSTLY:
        return None
    decoded = _read(whole.data, "utf-8")
    if not whole.lines:
        return decoded
    note = Warning_(
        N_(
            "This file mixes encodings: {count} lines, the first of them line {line}, were read as {encoding}, "
            "the others as UTF-8. Check the special characters of both."
        ),
        {"count": whole.lines, "line": whole.first, "encoding": whole.codec},
    )
    name = "utf-8" if share >= _MOSTLY else whole.codec
    return replace(decoded, encoding=name, warnings=(note, *decoded.warnings))


def _read(data: bytes | memoryview, codec: str) -> Decoded:
    """The text in a codec and what it cost: bytes that do not decode, NULs."""
    text = str(data, codec, "replace")
    for filler in _FILLERS if codec == "cp932" else "":
        text = text.replace(filler, "\ufffd")
    notes: tuple[Warning_, ...] = ()
    if "\x00" in text:
        notes = (Warning_(N_("{count} NUL characters were removed."), {"count": text.count("\x00")}),)
        text = text.replace("\x00", "")
    damaged = text.count("\ufffd")
    # Those that the file held before are its own.
    if damaged and (own := "\ufffd".encode(codec, errors="ignore")):
        damaged -= sum(1 for _ in re.finditer(re.escape(own), data))  # a view cannot count
    if damaged > 0:
        at = text.index("\ufffd")
        line = max(text.count("\n", 0, at), text.count("\r", 0, at)) + 1
        told = N_("{count} bytes could not be read and show as “\ufffd”, the first on line {line}.")
        notes = (Warning_(told, {"count": damaged, "line": line}), *notes)
    return Decoded(text, codecs.lookup(codec).name, notes, max(0, damaged))


def _doubt(candidates: list[Candidate], lines: list[bytes]) -> tuple[Warning_, ...]:
    """What a person should be told about the choice; nothing where it is clear."""
    best = candidates[0]
    others = [other for other in candidates[1:] if not {other.codec, best.codec} <= BIG5]
    lead = best.score - others[0].score if others else 1.0
    words = {word for line in lines for word in re.findall(rb"[^\x00-\x2f]{0,40}[\x80-\xff]", line)}
    if best.plausibility < _IMPLAUSIBLE:
        template = N_(
            "In no encoding do the special characters make usual words (best guess: {encoding}); they may have been "
            "damaged before this file was saved. Compare them with the original."
        )
    elif lead < _CLEAR_LEAD / (1 + math.log10(len(words))) or (len(words) < _FEW_WORDS and best.codec not in MULTIBYTE):
        template = N_(
            "The encoding is a guess ({encoding}); accented characters may be wrong. Save the file as UTF-8 to be sure."
        )
    else:
        return ()
    return (Warning_(template, {"encoding": best.codec}),)


def _alternatives(lines: list[bytes], chosen: str, others: list[Candidate]) -> tuple[Alternative, ...]:
    """Other codecs with a piece of the text each, where they show something else than the chosen one."""
    found = []
    for other in others:
        sample = _sample(lines, chosen, other.codec)
        if sample and other.score >= _LEAST_PLAUSIBILITY:
            found.append(Alternative(other.codec, round(min(1.0, other.score), 3), sample))
    return tuple(found[:_ALTERNATIVES])


def _sample(lines: list[bytes], chosen: str, other: str) -> str:
    """At most 80 characters of one line as `other` shows it, around the first that `chosen` shows differently."""
    for line in lines[:_LINES_LOOKED_AT]:
        ours, theirs = line.decode(chosen, errors="replace"), line.decode(other, errors="replace")
        if ours != theirs:
            pairs = zip(ours, theirs, strict=False)
            at = next((place for place, (one, two) in enumerate(pairs) if one != two), 0)
            start = max(0, at - _SAMPLE_CHARS // 4)
            return " ".join(theirs[start : start + _SAMPLE_CHARS].split())
    return ""

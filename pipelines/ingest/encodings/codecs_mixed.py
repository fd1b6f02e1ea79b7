"""UTF-8 with damage: stray bytes, and whole lines that another program wrote in another codec.

A line of another codec is read alone in the codec that suits all such lines best, as ftfy and Beautiful Soup's
`detwingle` do for parts of a text; a line of UTF-8 with a cut character stays UTF-8 and loses that character only.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pipelines.ingest.encodings.codecs_old import MULTIBYTE, ranked
from pipelines.ingest.encodings.codecs_sample import above_ascii, pieces, shortened

_STRONG = 6
"""So many continuation bytes in a line that decodes as UTF-8 are no accident of another codec."""
_LEAST_SHARE = 0.002
"""Of such lines, from which the file holds UTF-8."""
_LEAST_WHOLE = 0.3
_MANY = 4
"""Short stretches of other codecs can be UTF-8 by accident, but not so many times as often as not."""
_NO_CONTINUATION = bytes(set(range(256)) - set(range(0x80, 0xC0)))
_LEAST_PLAUSIBILITY = 0.75
_SAMPLE_BYTES, _RANKED_BYTES = 2_000_000, 500_000


@dataclass(frozen=True)
class Mended:
    """A file of UTF-8 after its foreign lines were recoded; first is a line number from 1, 0 when there were none."""

    data: bytes
    codec: str = ""
    lines: int = 0
    first: int = 0


def utf8_share(lines: list[bytes]) -> float:
    """Share (0…1) of the characters above ASCII that are sound UTF-8; 0 where those are accidents."""
    sound = broken = strong = whole = 0
    for line in lines:
        good, bad = _characters(line)
        sound += good
        broken += bad
        whole += not bad
        strong += not bad and len(line.translate(None, _NO_CONTINUATION)) >= _STRONG
    evident = (
        sound >= _MANY * broken,
        strong >= max(1, _LEAST_SHARE * len(lines)),
        whole >= max(_MANY, _LEAST_WHOLE * len(lines)),
    )
    if not any(evident):
        return 0.0
    return sound / max(1, sound + broken)


def mended(data: bytes) -> Mended:
    """Foreign lines recoded to UTF-8, where one codec reads them plausibly; all other bytes as they were."""
    sample = list(_foreign(data))
    if not sample:
        return Mended(data)
    best = ranked(shortened(sample, _RANKED_BYTES))[0]
    above = above_ascii(b"\n".join(sample).decode(best.codec, errors="replace"))
    # A character or two make a word of any codec: then it is damage, and shown as such.
    least = 4 if best.codec in MULTIBYTE else 1
    if best.plausibility < _LEAST_PLAUSIBILITY or above < least:
        return Mended(data)
    parts: list[bytes | memoryview] = []
    view, done, count, first = memoryview(data), 0, 0, 0
    for start, end in _broken_pieces(data):
        lines = data[start:end].splitlines(keepends=True)
        changed = {place: own for place, line in enumerate(lines) if (own := _recoded(line, best.codec))}
        if not changed:
            continue
        first = first or _line_number(data, start) + min(changed)
        count += len(changed)
        parts += [view[done:start], b"".join(changed.get(place, line) for place, line in enumerate(lines))]
        done = end
    if not count:
        return Mended(data)
    parts.append(view[done:])
    return Mended(b"".join(parts), best.codec, count, first)


def _line_number(data: bytes, at: int) -> int:
    return max(data.count(b"\n", 0, at), data.count(b"\r", 0, at)) + 1


def _broken_pieces(data: bytes) -> Iterator[tuple[int, int]]:
    """Bounds of the pieces of a file that are not sound UTF-8."""
    for start, end in pieces(data):
        piece = data[start:end]
        if not piece.isascii() and not _is_sound(piece):
            yield start, end


def _is_sound(piece: bytes) -> bool:
    try:
        piece.decode()
    except UnicodeDecodeError:
        return False
    return True


def _foreign(data: bytes) -> Iterator[bytes]:
    """The lines that have more that is not UTF-8 than that is, until there are enough to tell their codec by."""
    taken = 0
    for start, end in _broken_pieces(data):
        for line in data[start:end].splitlines():
            if _is_foreign(line):
                yield line
                taken += len(line)
        if taken > _SAMPLE_BYTES:
            return


def _is_foreign(line: bytes) -> bool:
    if line.isascii():
        return False
    good, bad = _characters(line)
    return bad > good


def _recoded(line: bytes, codec: str) -> bytes:
    """A foreign line in UTF-8; nothing for any other line, and for one that the codec cannot decode."""
    try:
        return line.decode(codec).encode() if _is_foreign(line) else b""
    except UnicodeDecodeError:
        return b""  # its bytes stay, and are counted as damaged


def _characters(line: bytes) -> tuple[int, int]:
    """Characters beyond ASCII that are sound UTF-8, and places where it is broken."""
    text = line.decode("utf-8", errors="replace")
    own = line.count(b"\xef\xbf\xbd")  # a replacement character that was in the file before
    bad = text.count("\ufffd") - own
    return above_ascii(text) - bad, bad

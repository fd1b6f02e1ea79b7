"""Text in UTF-8 that was read as Latin-1 or Windows-1252 and saved in UTF-8 again: “cafÃ©”, “è¯„è®º”.

As ftfy does (R. Speer, 2019), a piece is only set right where all of its bytes are strict UTF-8; and here a file only
where nearly all of its pieces are, so that none is changed for a few odd characters.
"""

from __future__ import annotations

import csv
import io
import re

from pipelines.defusing import added_at_end

_PIECE = re.compile(r"[^\x00-\x7f]+")
_CONTROLS = re.compile(r"[\x80-\x9f\ufffd]")
_WINDOWS = {
    ord(bytes([byte]).decode("cp1252")): byte for byte in range(0x80, 0xA0) if byte not in b"\x81\x8d\x8f\x90\x9d"
}
"""Windows-1252's own characters to the bytes they stand for; bytes that it has none for stay as Latin-1 has them."""
_LEAST_PIECES = 3
_HEADER_CHARS = 100_000
_LEAST_SHARE = 0.95
_SAMPLE = 500
"""Pieces looked at before the whole text is."""


def undoubled(text: str) -> tuple[str, int] | None:
    """The text set right and how many pieces of it were; None where it was not saved in UTF-8 twice."""
    if text.isascii() or _is_export(text):
        return None
    sound = pieces = letters = 0
    for match in _PIECE.finditer(text):
        pieces += 1
        right = _right(match.group())
        sound += right is not None
        letters += right is not None and any(map(str.isalpha, right))
        if pieces == _SAMPLE:
            break
    # A hard space (“Â ” before) may as well be meant; letters are no accident.
    if letters < _LEAST_PIECES or sound < _LEAST_SHARE * pieces:
        return None
    counts = [0, 0]

    def mend(match: re.Match[str]) -> str:
        right = _right(match.group())
        counts[right is not None] += 1
        return match.group() if right is None else right

    whole = _PIECE.sub(mend, text)
    failed, mended = counts
    return (whole.removeprefix("\ufeff"), mended) if mended >= _LEAST_SHARE * (failed + mended) else None


def _is_export(text: str) -> bool:
    """Whether a text begins with the header of an export of ours, which is UTF-8 by the letter."""
    try:
        header = next(csv.reader(io.StringIO(text[:_HEADER_CHARS], newline="")), [])
    except csv.Error:
        return False
    return bool(added_at_end(header))


def _right(piece: str) -> str | None:
    """A piece above ASCII as it was before; None where its characters are no bytes, or its bytes no UTF-8."""
    try:
        right = piece.translate(_WINDOWS).encode("latin-1").decode("utf-8")
    except UnicodeError:
        return None
    return None if _CONTROLS.search(right) else right

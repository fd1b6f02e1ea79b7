"""Unicode's own codecs: by their marks, and UTF-16 and UTF-32 without one by what the text would be."""

from __future__ import annotations

import codecs

from pipelines.ingest.encodings.plausibility import character_fit

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16: its mark starts with the same two bytes
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
"""Byte order marks and the codec each stands for, as Python spells it."""
_WIDE = {"utf-32-le": 4, "utf-32-be": 4, "utf-16-le": 2, "utf-16-be": 2}
_PARTS, _PART = 16, 4096
_LEAST_FIT = 0.85
_LEAST_LEAD = 0.15
"""How much better a wide codec must fit than one byte a character does."""


def marked(data: bytes) -> tuple[str, int] | None:
    """The codec that a byte order mark stands for, and the mark's length in bytes; None without one."""
    for mark, codec in MARKS:
        if data.startswith(mark):
            return codec, len(mark)
    return None


def unmarked_name(data: bytes, codec: str) -> str:
    """The codec that reads what stands behind the mark: utf-16-le for utf-16 in that order, utf-8 for utf-8-sig."""
    if codec in {"utf-16", "utf-32"}:
        little = data.startswith(codecs.BOM_UTF16_LE)  # UTF-32's mark in that order starts alike
        return f"{codec}-{'le' if little else 'be'}"
    return codec.removesuffix("-sig")


def unmarked_wide(data: bytes) -> str | None:
    """UTF-16 or UTF-32 without its mark, or None.

    ASCII shows as NULs, which no other text holds; Chinese text has few of them, so what decides is how usual the
    characters are (two ASCII letters taken for one character make a rare one), weighed on parts of the whole file.
    """
    if len(data) < 4 or (0 not in data[: 1 << 20] and _is_utf8(data[: 1 << 16])):
        return None
    parts = _parts(data)
    bytewise = character_fit("".join(part.decode("latin-1") for part in parts))
    fits = {codec: _fit(parts, codec) for codec in _WIDE}
    best = max(fits, key=lambda codec: fits[codec])
    return best if fits[best] >= _LEAST_FIT and fits[best] >= bytewise + _LEAST_LEAD else None


def seven_bit(data: bytes) -> str | None:
    """ISO-2022-JP or -KR: ASCII bytes in which escape sequences switch to another alphabet; None when it is neither."""
    if not (b"\x1b$" in data or b"\x1b(" in data) or not data.isascii():
        return None
    for codec in ("iso2022_jp", "iso2022_jp_ext", "iso2022_kr"):
        try:
            if not data.decode(codec).isascii():
                return codec
        except UnicodeDecodeError:
            continue
    return None


def _is_utf8(head: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return True


def _parts(data: bytes) -> list[bytes]:
    """Parts evenly over the file, each starting at a multiple of four bytes."""
    step = max(_PART, len(data) // _PARTS // 4 * 4)
    return [data[at : at + _PART] for at in range(0, len(data), step)]


def _fit(parts: list[bytes], codec: str) -> float:
    """How usual the characters are under a wide codec, 0…1; what is cut at a part's end does not count."""
    width = _WIDE[codec]
    text = "".join(part[: len(part) // width * width].decode(codec, errors="replace") for part in parts)
    if not any(mark in text for mark in "\n\r,;\t") and len(text) > _PART:
        return 0.0
    return character_fit(text)

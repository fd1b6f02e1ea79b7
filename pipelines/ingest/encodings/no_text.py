"""Files that are no text at all: refused with what they are and what to do."""

from __future__ import annotations

import re
import unicodedata

from pipelines.errors import N_, UnusableInput

_PICTURE, _SOUND, _FILM, _PROGRAM = N_("a picture"), N_("a sound file"), N_("a film"), N_("a program")
_SIGNATURES = (
    (b"%PDF-", N_("a PDF document")),
    (b"%!PS-Adobe", N_("a PostScript document")),
    (b"{\\rtf1", N_("a word processor's document")),
    (b"\x89PNG", _PICTURE),
    (b"\xff\xd8\xff", _PICTURE),
    (b"GIF8", _PICTURE),
    (b"II*\x00", _PICTURE),
    (b"MM\x00*", _PICTURE),
    (b"8BPS", _PICTURE),
    (b"BM", _PICTURE),
    (b"RIFF", _FILM),
    (b"\x1a\x45\xdf\xa3", _FILM),
    (b"ID3", _SOUND),
    (b"OggS", _SOUND),
    (b"fLaC", _SOUND),
    (b"\x7fELF", _PROGRAM),
    (b"MZ", _PROGRAM),
    (b"\xcf\xfa\xed\xfe", _PROGRAM),
    (b"\xca\xfe\xba\xbe", _PROGRAM),
    (b"\x00asm", _PROGRAM),
    (b"\xd0\xcf\x11\xe0", N_("an old Office document")),
    (b"PK\x03\x04", N_("a ZIP archive")),
    (b"\x1f\x8b", N_("a gzip archive")),
    (b"7z\xbc\xaf\x27", N_("a 7z archive")),
    (b"Rar!", N_("a RAR archive")),
    (b"BZh", N_("a bzip2 archive")),
    (b"\xfd7zXZ", N_("an xz archive")),
    (b"\x28\xb5\x2f\xfd", N_("a Zstandard archive")),
    (b"PAR1", N_("a Parquet file")),
    (b"ARROW1", N_("an Arrow file")),
    (b"SQLite format 3", N_("an SQLite database")),
    (b"\x89HDF", N_("an HDF5 file")),
    (b"\x93NUMPY", N_("a NumPy array")),
)
_TEXTUAL = (b"%PDF-", b"%!PS-Adobe", b"{\\rtf1")
"""Formats that may hold no control character, and that begin as no table does."""
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a]")
_USUAL_CONTROLS = "\t\r\n\x0b\x0c\x1a\x1b\x1c\x1d\x1e\x1f\x01\x02\x00\x85"
_PARTS, _PART = 16, 4096


def refuse_binary(data: bytes) -> None:
    """Raise UnusableInput, saying what to do, when the bytes are a known format that is no text table."""
    for signature, kind in _SIGNATURES:
        if data.startswith(signature) and (signature in _TEXTUAL or _CONTROL.search(data[:4096])):
            raise UnusableInput(
                N_("This is {kind}, not a table. Export the reviews as CSV and open that file."), kind=kind
            )


def refuse_noise(text: str) -> None:
    """Raise UnusableInput for bytes without structure: many control characters where tables have next to none."""
    step = max(_PART, len(text) // _PARTS)
    sample = "".join(text[at : at + _PART] for at in range(0, len(text), step))
    controls = sum(unicodedata.category(char) == "Cc" and char not in _USUAL_CONTROLS for char in sample)
    if controls > 0.05 * len(sample) + 2 or sample.count("\x00") > 0.3 * len(sample):
        raise UnusableInput(N_("This file is no text table. Export the reviews as CSV and open that file."))

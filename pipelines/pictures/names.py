"""What a cell says of its pictures: file names or addresses, one or several."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Sequence
from pathlib import PurePosixPath

import pandas as pd

MOST_A_REVIEW = 9
"""So many pictures of one review are read; shops rarely let a customer add more."""
SUFFIXES = (".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp")

_ADDRESS = re.compile(r"https?://", re.IGNORECASE)
_SEPARATORS = " \t\r\n\u00a0\u3000;,|\uff1b\uff0c、\"'"
# It splits between two letters: what took in a run of separators would try anew at each of a million commas.
_NEXT_ADDRESS = re.compile(r"(?<=[\s;,|\uff1b\uff0c、\"'])(?=https?://)", re.IGNORECASE)
_BETWEEN = re.compile(r"[;,|\uff1b\uff0c、\n\r\t]+")
_SAMPLE = 200
_LOOKS_LIKE = 0.5


def references(cell: str) -> list[str]:
    """The names and addresses in a cell, in their order, each once, MOST_A_REVIEW at most.

    A JSON list, or what stands between commas, semicolons, bars or line breaks. An address may hold commas: where a
    cell has addresses, a comma counts only before the next one.
    """
    text = cell.strip()
    if text.startswith("["):
        try:
            listed = json.loads(text)
        except (ValueError, RecursionError):  # [[[[…
            listed = None
        if isinstance(listed, list):
            return _each_once([one for one in listed if isinstance(one, str)])
    if _ADDRESS.match(text):
        return _each_once([one.rstrip(_SEPARATORS) for one in _NEXT_ADDRESS.split(text)])
    return _each_once(_BETWEEN.split(text))


def is_address(reference: str) -> bool:
    """Whether a reference is to the web."""
    return bool(_ADDRESS.match(reference))


def key(name: str) -> str:
    """A file name without its folders, as two spellings of it are compared: on one computer é is one letter, on another
    two, and Windows knows no capitals."""
    return unicodedata.normalize("NFC", PurePosixPath(name.replace("\\", "/")).name).casefold()


def columns_of_pictures(frame: pd.DataFrame) -> list[str]:
    """The columns that mostly hold names or addresses of pictures, looked for in the first filled cells."""
    found = []
    for name in frame.columns:
        cells = [cell for cell in frame[name].astype(str).head(20 * _SAMPLE) if cell.strip()][:_SAMPLE]
        like = sum(any(_is_picture(one) for one in references(cell)) for cell in cells)
        if cells and like >= _LOOKS_LIKE * len(cells):
            found.append(str(name))
    return found


def _is_picture(reference: str) -> bool:
    path = reference.partition("?")[0] if is_address(reference) else reference
    return path.lower().endswith(SUFFIXES)


def _each_once(parts: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(bare for part in parts if (bare := part.strip().strip("\"'"))))[:MOST_A_REVIEW]

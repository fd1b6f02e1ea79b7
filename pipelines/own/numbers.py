"""Numbers as people and their programs write them in a column: 1.5, 1,5, 1 234,5, −0.3, 1e-3, １２."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_OTHER = {".": ",", ",": "."}
_LONGEST = 40
_LARGEST = float(np.finfo(np.float32).max)
_TYPING_ERRORS = 0.02
"""A smaller share of cells that want another decimal mark are themselves the mistake."""
_WRITTEN = {
    mark: re.compile(
        rf"([+-]?)(\d+|[1-9]\d{{0,2}}(?:[{other} ]\d{{3}})+)?(?:{re.escape(mark)}(\d*))?(?:[eE]([+-]?\d{{1,3}}))?"
    )
    for mark, other in _OTHER.items()
}
"""By decimal mark: sign, whole part (perhaps in groups of three), fraction, exponent."""
_MINUS = str.maketrans("−–‐", "---")


def parse(cells: Sequence[str]) -> NDArray[np.float64]:
    """(n,) one number a cell, NaN where a cell is none or its number is beyond float32.

    Which mark is the decimal one is read from the whole column, since 1,234 alone could be either; a cell that only
    makes sense with the other mark is read so.
    """
    known = {cell: _plain(cell) for cell in dict.fromkeys(cells)}
    mark = _decimal_mark(list(known.values()))
    value = {cell: _first(_read(text, mark), _read(text, _OTHER[mark])) for cell, text in known.items()}
    return np.array([value[cell] for cell in cells], dtype=np.float64)


def _plain(cell: str) -> str:
    if len(cell) > _LONGEST:
        return ""
    # An apostrophe keeps spreadsheets from taking −1 for a formula.
    return unicodedata.normalize("NFKC", cell).strip().removeprefix("'").translate(_MINUS)


def _read(text: str, mark: str) -> float | None:
    match = _WRITTEN[mark].fullmatch(text)
    if match is None or not (match[2] or match[3]):
        return None
    sign, whole, fraction, exponent = (part or "" for part in match.groups())
    digits = re.sub(r"\D", "", whole) or "0"
    value = float(f"{sign}{digits}.{fraction or 0}e{exponent or 0}")
    return value if abs(value) <= _LARGEST else None


def _first(one: float | None, other: float | None) -> float:
    return one if one is not None else other if other is not None else float("nan")


def _decimal_mark(texts: Sequence[str]) -> str:
    """The mark that more cells cannot do without, a few odd ones aside; else a comma if every number has one."""
    certain: Counter[str] = Counter()
    either: Counter[str] = Counter()
    for text in texts:
        works = [mark for mark in _OTHER if _read(text, mark) is not None]
        if len(works) == 1:
            certain[works[0]] += 1
        elif works:
            # 1,234 or 1.234 by the mark it holds; "" for a number without any.
            either[next((mark for mark in _OTHER if mark in text), "")] += 1
    for mark, other in _OTHER.items():
        if certain[mark] > certain[other] and certain[mark] >= _TYPING_ERRORS * either[other]:
            return mark
    return "," if either[","] > either["."] and not either[""] else "."

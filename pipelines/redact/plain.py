"""A text as the finders look at it: one alphabet, one kind of dash and space, nothing invisible between digits."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

TAKEN = "\x00"
"""Stands in the plain text where a finder took something: no digit, letter, space or sign of any kind."""

_INVISIBLE = re.compile(
    "[\u00ad\u034f\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\u20e3\ufe00-\ufe0f\ufeff]"
)
# First digit of each row of ten: Arabic, Persian, Devanagari, Bengali, Thai, full-width, mathematical, subscript.
_DIGIT_ROWS = (0x660, 0x6F0, 0x966, 0x9E6, 0xE50, 0xFF10, 0x1D7CE, 0x1D7D8, 0x1D7E2, 0x1D7EC, 0x1D7F6, 0x2080)
_ONE_TO_ONE = {
    **{code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)},
    **{first + n: str(n) for first in _DIGIT_ROWS for n in range(10)},
    **{0x2460 + n: str(n + 1) for n in range(9)},
    **{0x2776 + n: str(n + 1) for n in range(9)},
    0x24EA: "0",
    **dict.fromkeys([0xA0, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000, *map(ord, "\t\r\n\v\f")], " "),
    **dict.fromkeys([*range(0x2010, 0x2016), 0x2212, 0xFE58, 0xFE63, 0x2500, 0x301C], "-"),
    **dict.fromkeys(map(ord, "。｡·・•"), "."),
}
_AT_WORD = re.compile(r"[\[(<{] ?(?:at|@) ?[\])>}]| dot |艾特|#(?:qq|163|126|gmail|foxmail|outlook|hotmail|sina)", re.I)
_SPELLED = re.compile(r"[零〇一二三四五六七八九幺]{11}")


class Plain:
    """A text under work. text: as finders see it, with what was taken blanked; its places are those of the original."""

    def __init__(self, original: str) -> None:
        self._original = original
        self._places: list[int] | None = None
        self._found: list[tuple[int, int, str]] = []
        text = original
        if not text.isascii() and _INVISIBLE.search(text):
            self._places = [place for place, char in enumerate(text) if not _INVISIBLE.match(char)]
            text = _INVISIBLE.sub("", text)
        self.text = text.translate(_ONE_TO_ONE)
        self.digits = sum(map(self.text.count, "0123456789"))

    @property
    def may_spell_address(self) -> bool:
        """Whether a word for @ occurs."""
        return _AT_WORD.search(self.text) is not None

    @property
    def may_spell_digits(self) -> bool:
        """Whether eleven Chinese numerals follow each other."""
        return _SPELLED.search(self.text) is not None

    def has(self, char: str) -> bool:
        """Whether a character occurs in what was not taken yet."""
        return char in self.text

    def take(self, finder: Callable[[str], Iterator[tuple[int, int]]], kind: str) -> None:
        """Note what the finder finds (places from, to; in order, apart) and blank it."""
        pieces, done = [], 0
        for start, end in finder(self.text):
            if start < done or end <= start:
                continue
            self._found.append((start, end, kind))
            pieces += [self.text[done:start], TAKEN * (end - start)]
            done = end
        if pieces:
            self.text = "".join([*pieces, self.text[done:]])

    def with_marks(self, marks: Mapping[str, str]) -> str:
        """The original with each taken part replaced by the mark of its kind."""
        pieces, done = [], 0
        for start, end, kind in sorted(self._found):
            first, last = (start, end - 1) if self._places is None else (self._places[start], self._places[end - 1])
            pieces += [self._original[done:first], marks[kind]]
            done = last + 1
        return "".join([*pieces, self._original[done:]])

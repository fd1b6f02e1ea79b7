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
_SIMILAR_LONG = 0.75
"""The same for texts as long as a template: another name alone moves the vector of a glossed Chinese text that far."""
_LEAST_TOKENS = 8
"""Shorter texts differ in meaning as soon as one word differs."""
_TEMPLATE_TOKENS = 20
"""In a shorter text another date is another fact; a longer one that is else the same is a template filled in anew."""
_CHANGED_SHARE = 0.15
_CJK = "⺀-鿿぀-ヿ가-힯"
_TOKEN = re.compile(rf"[{_CJK}]|[$€£¥]?[^\W_{_CJK}]+", re.UNICODE)
_BETWEEN_CJK = re.compile(r"(?<=[⺀-鿿]) | (?=[⺀-鿿])")
_TURNING_EN = """
no not never none nothing without hardly cannot cant can t don didn isn wasn won wouldn doesn aren couldn good bad great
terrible awful excellent poor best worst love hate loved hated like dislike happy unhappy fast slow cheap expensive easy
hard clean dirty quiet loud noisy recommend avoid more less better worse always too only before after hot cold new old
big small positive negative large medium tiny huge left right up down open closed near far soft stiff strong
weak thick thin heavy light sweet bitter sour dry wet safe rude polite kind friendly helpful broken intact damaged
missing empty full works broke fails failed stopped started refused accepted refunded returned replaced kept cancelled
delayed lost gained rose fell increased decreased first last sometimes often rarely ever some any every
xs s m l xl xxl xxxl
"""
_COUNTING_EN = """
two three four five six seven eight nine ten eleven twelve dozen half once twice hundred thousand
second seconds minute minutes hour hours day days week weeks month months year years
"""
_COUNTING = frozenset(_COUNTING_EN.split())
"""Words that are another fact in a short text, as another number is."""
_TURNING_ZH = (
    "不没無无非别未好坏差快慢贵便宜净脏静吵大小多少冷热难易新旧优劣高低真假"
    "对错退换修赔左右上下内外前后涨跌升降进出停断通松紧厚薄轻重软硬甜苦咸淡长短香臭远近早晚亮暗满空"
    "一二三四五六七八九十百千万两半零"
)
_TURNING = frozenset(_TURNING_EN.split()) | frozenset(_TURNING_ZH)
"""Words that turn what a sentence says: texts that differ in one of them are not the same."""
_TURNED = ("un", "in", "im", "il", "ir", "dis", "non", "mis")
"""Beginnings that turn a word: uncomfortable, dishonest."""
_MONTHS_EN = """
january february march april may june july august september october november december
jan feb mar apr jun jul aug sep sept oct nov dec
"""
_MONTHS = frozenset(_MONTHS_EN.split()) | frozenset("月日号年")
_AGO = frozenset(("ago", "earlier", "前"))
_MEASURES_EN = """
dollar dollars euro euros pound pounds usd eur gbp rmb cny yuan bucks cents price paid cost costs costing percent star
stars size model version type gb tb mb g kg mg oz lb lbs ml cl cm mm inch inches ft feet w watt watts mah bar
"""
_MEASURES = frozenset(_MEASURES_EN.split()) | frozenset("元块毛角币价码寸斤升米克度星折型款层楼")
"""Beside one of these a number is a price, a size, a model: never a part of a template."""
_SMALL_NUMBER = re.compile(r"\d{1,2}")
_DATE_NUMBER = re.compile(r"\d{1,4}(?:st|nd|rd|th)?")
_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蒋蔡余杜叶程苏魏吕丁任沈姚卢姜"
    "崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
_BEFORE_NAMES = frozenset("小阿老")
_MOST_NAME = 4
"""Characters of a Chinese person's name, a word such as 姐 after it included."""


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
    differ, none of them a word that turns the meaning nor, but for small counts and dates in a longer text, a number.
    Each member is compared with the first of its group itself, so that small changes do not add up along a chain.
    """
    m = len(texts)
    first = np.arange(m, dtype=np.int64)
    rows, columns = np.nonzero(graph.similarity >= min(SIMILAR, _SIMILAR_LONG))
    if not len(rows):
        return first
    words = _Words(texts)
    groups = _Groups(m)
    others, alike = graph.indices[rows, columns].tolist(), graph.similarity[rows, columns].tolist()
    for one, other, likeness in zip(rows.tolist(), others, alike, strict=True):
        if likeness < SIMILAR and min(len(words[one]), len(words[other])) < _TEMPLATE_TOKENS:
            continue
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
    may_count = shorter >= _TEMPLATE_TOKENS
    changes = 0
    gone: list[str] = []
    come: list[str] = []
    for kind, a, b, c, d in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        changes += max(b - a, d - c)
        if _is_name(one[a:b]) and _is_name(other[c:d]):
            continue
        if may_count:
            gone += [word for i, word in enumerate(one[a:b], a) if not _may_vary(one, i)]
            come += [word for i, word in enumerate(other[c:d], c) if not _may_vary(other, i)]
        else:
            gone += one[a:b]
            come += other[c:d]
    return changes <= allowed and not _turns(gone, come)


def _is_name(words: list[str]) -> bool:
    """Whether Chinese characters are a person's name: a frequent surname and one to three more, or what colleagues and
    guests call each other (小雅, 阿杰, 婷婷)."""
    if not 2 <= len(words) <= _MOST_NAME or any(len(word) > 1 for word in words):
        return False
    if words[0] in _SURNAMES:
        return True
    is_called = len(words) == 2 and (words[0] in _BEFORE_NAMES or words[0] == words[1])
    return is_called and words[1] not in _TURNING


def _may_vary(words: list[str], index: int) -> bool:
    """Whether a word may be another in a long template: a small number that is no price, size or model; part of a date;
    a word that counts."""
    word, around = words[index], [*words[max(index - 1, 0) : index], *words[index + 1 : index + 2]]
    if word in _COUNTING:
        return True
    if not _DATE_NUMBER.fullmatch(word):
        return False
    if any(near in _MONTHS for near in around) or any(near in _AGO for near in words[index + 1 : index + 3]):
        return True
    return bool(_SMALL_NUMBER.fullmatch(word)) and not any(near in _MEASURES for near in around)


def _turns(gone: list[str], come: list[str]) -> bool:
    """Whether words that went and came turn what is said, count something or name a model."""
    changed = gone + come
    if any(word in _TURNING or word in _COUNTING or any(char.isdigit() for char in word) for word in changed):
        return True
    known = {*changed}
    return any(
        word.startswith(start) and word.removeprefix(start) in known for word in changed for start in _TURNED
    ) or any(word.endswith("less") and word.removesuffix("less") + "ful" in known for word in changed)

"""Matching by words beside matching by meaning: pairs that show where the two part, in either direction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pipelines.text import STOPWORDS, detect_language, words

PAIRS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "zh": (
        ("猫", "狗"),
        ("手机", "智能手机"),
        ("煮咖啡", "咖啡制作步骤"),
        ("报销流程", "费用申请指南"),
        ("快递太慢了", "等了一个星期才收到货"),
        ("房间很安静", "夜里听不到一点声音"),
        ("苹果手机很好用", "苹果很好吃"),
        ("服务很好", "服务不好"),
    ),
    "en": (
        ("cat", "dog"),
        ("phone", "smartphone"),
        ("make coffee", "steps for brewing a cup"),
        ("expense claims", "how to get your costs paid back"),
        ("delivery was slow", "it took two weeks to arrive"),
        ("the room was quiet", "not a sound all night"),
        ("river bank", "bank account"),
        ("the service was good", "the service was not good"),
    ),
}
"""By language: near in meaning with few words or none in common, then two that share words and mean something else."""


@dataclass(frozen=True)
class Match:
    """shared: words that stand in both, function words left out. share: of all different words of the two (Jaccard).

    inside: the one text stands in the other as letters.
    """

    shared: tuple[str, ...]
    share: float
    inside: bool


def match(one: str, other: str) -> Match:
    """How far a search by words would bring the two together."""
    first, second = _words(one), _words(other)
    shared = tuple(word for word in first if word in second)
    every = len({*first, *second})
    a, b = one.strip().lower(), other.strip().lower()
    return Match(shared, len(set(shared)) / every if every else 0.0, bool(a and b) and (a in b or b in a))


def _words(text: str) -> list[str]:
    language = detect_language(text)
    found = list(dict.fromkeys(words(text, language)))
    telling = [word for word in found if word not in STOPWORDS["en"] and word not in STOPWORDS["zh"]]
    # A text of function words alone is all that there is to match.
    return telling or found

"""Candidate terms of a text: content words and the phrases they form, under a key that merges their forms."""

from __future__ import annotations

import re
from typing import NamedTuple

from pipelines import text as text_
from pipelines.topics import chinese

Key = tuple[str, ...]
"""A term's words in merged form, e.g. ("late", "delivery") for "late deliveries"."""


class Term(NamedTuple):
    """One occurrence: key as counted, surface as written (lower case), and what stands before it.

    sense: 1 where a word such as "the" makes it a thing, −1 where one such as "to" makes it something done, else 0.
    """

    key: Key
    surface: str
    sense: int = 0


MAX_TEXT_CHARS = 2000
"""Only the start of a long review is read for names."""

_UNSAID = re.compile(r"(?:https?://|www\.)\S+|\bhttps?\b|[@＠][\w.\-]+|&\w+;|\S+@\S+\.\w+", re.IGNORECASE)
_SEGMENT_END = re.compile(r"[^\w\s'’\-&#]+|\s[-–—]+\s|[\r\n]+")
_NUMBER = re.compile(r"[\d_]+(?:st|nd|rd|th|hrs?|mins?|am|pm|[xk%])?")
_UNCHANGED = frozenset(
    """
    news always gas plus series species lens bass less means customs goods headphones canvas bus yes pass boss
    this business wireless stress class glass mess press process access address success express loss gross cross
    dress miss kiss happiness service-less thus us is was has christmas texas las los vegas paris james chaos
    bias atlas virus bonus status focus campus lotus tennis basis analysis us-airways
    """.split()  # noqa: SIM905  (a list of words reads best as words)
)

# English says by the word before whether a word is a thing (my call, on hold) or something done (to call, they hold).
_SHORT_WORDS = frozenset(("ja", "ko", "th", "zh"))
_BEFORE_THINGS = frozenset(
    """
    the a an my your our his her their its this that these those no any some every each both many few in on at for of
    with without from by about under over
    """.split()  # noqa: SIM905  (a list of words reads best as words)
)
_BEFORE_DOING = frozenset(
    """
    to i you we they he she it who can could will would should must may might cannot can't couldn't won't wouldn't
    don't doesn't didn't don didn never always please let i'll we'll they'll you'll i've we've they've just
    """.split()  # noqa: SIM905
)

# Words of praise and blame that fit any topic; they count less in a name, but as part of a phrase as much as others.
GENERIC = frozenset(
    """
    good great nice love loved best better bad worse worst amazing awesome excellent perfect perfectly happy
    like liked fine wonderful fantastic terrible horrible awful poor super cool glad pleased recommend
    recommended highly favorite lovely decent okay beautiful thank thanks work works worked working look looks
    looking feel feels need needs needed time times people guy guys product item items stuff buy bought purchase
    purchased review reviews star stars year years month months week weeks hour hours minute minutes fact
    problem problems issue issues job nicely easy easily new old different right left big small sure hope wish
    start started stop stopped end long short high low tell told ask asked find found try trying help price lol
    wow 不错 满意 喜欢 很好 推荐 值得 好评 差评 一般 还行 还可以 失望 太差 超级 谢谢 感谢 支持 希望 下次 再也
    东西 问题 时间 感受 体验 情况 收到 购买 买 点 吃 小时 分钟 完美 棒 赞 很棒 非常好 差劲 垃圾 评价 商家 店家
    老板 可惜 后悔 合适 五星 一星 真心 好多 有待 不好 不行 不想 没什么 不会 建议 服务员 朋友 孩子 老公 同事
    不知道 不敢 无语 呵呵 居然 全是 没法 不够
    """.split()  # noqa: SIM905  (a list of words reads best as words)
)


def extract(text: str, language: str) -> list[Term]:
    """The terms of a text: words and two-word phrases of neighbours between marks, function words left out."""
    spoken = _UNSAID.sub(" ", text[:MAX_TEXT_CHARS])
    found: list[Term] = []
    for segment in _SEGMENT_END.split(spoken):
        if not segment or segment.isspace():
            continue
        if language == "zh":
            found += [Term(key, surface) for key, surface in chinese.terms(segment)]
        else:
            found += _spaced(segment, language)
    return found


def _spaced(segment: str, language: str) -> list[Term]:
    """Words and bigrams of a language that spaces its words."""
    stop = text_.STOPWORDS.get(language, text_.STOPWORDS["en"])
    # Where nobody listed the function words of a language, its shortest words are mostly those.
    listed = language in text_.STOPWORDS
    shortest = 2 if language in _SHORT_WORDS else 3 if listed else 4
    found: list[Term] = []
    before: tuple[str, str] | None = None
    sense = 0
    for word in text_.words(segment, language):
        if len(word) < shortest or word in stop or word.partition("'")[0] in stop or _NUMBER.fullmatch(word):
            before = None
            if language == "en":
                sense = (word in _BEFORE_THINGS) - (word in _BEFORE_DOING)
            continue
        # Plug-ins and plugins, wi-fi and wifi are one word; which one is shown, the texts decide.
        merged = singular(word).replace("-", "") if language == "en" else word
        found.append(Term((merged,), word, sense))
        if before and before[0] != merged:
            found.append(Term((before[0], merged), f"{before[1]} {word}"))
        before = (merged, word)
        sense = 0
    return found


def singular(word: str) -> str:
    """An English plural's singular by its ending; other words as they are. For counting, never for display."""
    if len(word) < 4 or not word.endswith("s") or word in _UNCHANGED or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes", "zzes")):
        return word[:-2]
    return word[:-1]

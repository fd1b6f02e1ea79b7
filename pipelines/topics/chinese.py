"""Chinese terms: content words by jieba's dictionary tags, and collocations such as 态度 很 差 → 态度差.

Degree adverbs are dropped inside a collocation, negations stay (不新鲜), so that a term says what the review says.
"""

from __future__ import annotations

from functools import lru_cache

from pipelines.text import STOPWORDS, part_of_speech, words

_DEGREE = frozenset(
    """
    很 太 非常 特别 比较 挺 有点 有点儿 有些 超 超级 十分 极其 相当 真 真的 真是 实在 确实 好 更 最 越来越 蛮
    稍微 略 过于 巨 贼 还 还是 也 都 就 又 是 的确 实在是 真心 还算 算 那么 这么 如此 不是很 好像 感觉 老 总
    """.split()  # noqa: SIM905  (a list of words reads best as words)
)
_DEGREE_PREFIX = ("非常", "特别", "超级", "很", "太", "超", "挺", "最", "真", "更", "好")
_LINK = frozenset("的得地了")
_NEGATION = frozenset(("不", "没", "没有", "无", "别", "未", "不太", "不怎么"))

# Adverbs and turns of phrase that jieba's dictionary calls nouns or verbs; they name no topic.
_FILLER = frozenset(
    """
    结果 根本 明明 说好 将近 整整 足足 提前 晚上 下午 中午 早上 上午 最近 全是 太太 要死 我要 送来 送过来 过来
    点半 没法 发现 继续 直接 基本 基本上 完全 从来 随便 干脆 明显 居然 估计 看着 里边 里面 意思 样子 地方 时候
    有限公司 还少 不惯 想象 一般般 正好 好极了 话说 特意 专门 依旧 一如既往 打电话过去 左右 一口 不愧 没想到
    不想 不用 不敢 好几次 一半 遇到 当天 全程 过去 整体 确定 肯定 开始 没想象 没见 找 送 吃 喝 买 做 给 打
    """.split()  # noqa: SIM905
)

# One-character qualities that complete a noun or verb to a phrase a reader would write (分量少, 送餐慢).
_QUALITY = frozenset(
    "好差慢快贵少多凉冷热硬软咸淡辣甜苦酸油脏乱臭烂坏破旧吵薄厚重轻洒高低新干稀生糊香错漏馊撒远近棒赞糟卡闷亮暗短肥瘦紧松痒"
)
SLIGHT = _QUALITY | frozenset("不没无未太很有是的了大小人一上下中个")
"""Characters that two phrases may share and yet be of different things: 环境好, 空气好."""

# One-character verbs whose negation is a complaint of its own (没送, 没熟); 没吃 or 不买 could be about anything.
_NEGATED_ALONE = frozenset("送熟放退换洗修货")
_QUALITY_ALONE = ("a", "z", "i", "l")


_ENGLISH = frozenset(
    (
        *("a", "an", "and", "are", "at", "been", "but", "by", "for", "from", "had", "has", "have", "in", "is", "its"),
        *("my", "of", "or", "our", "than", "that", "the", "their", "them", "then", "there", "they", "this", "to"),
        *("was", "we", "were", "when", "which", "who", "will", "with", "would", "you", "your"),
    )
)
"""A Chinese review may hold an English sentence. Not all function words: Keep, One, On are names, 不OK a complaint."""


class _Word:
    """A token with what it can be: noun-like, verb-like, quality; `surface` includes a negation before it."""

    __slots__ = ("negated", "noun", "quality", "stop", "surface", "verb")

    def __init__(self, surface: str, negated: bool) -> None:
        bare = _without_degree(surface)
        tag = part_of_speech(bare)
        self.negated = negated
        self.surface = bare
        self.stop = (bare in STOPWORDS["zh"] or bare.lower() in _ENGLISH) and bare not in _QUALITY
        self.quality = tag[:1] in _QUALITY_ALONE or bare in _QUALITY or _is_negated_quality(bare)
        self.verb = tag[:1] == "v" and not self.quality
        # Words that jieba made up of characters (小哥, 宫保鸡丁饭) have no tag and are mostly names of things.
        self.noun = (tag[:1] in ("n", "j", "t") or tag in ("eng", "") or tag == "vn") and not self.quality


def terms(segment: str) -> list[tuple[tuple[str, ...], str]]:
    """(key, surface) of the content words and collocations of a text without marks inside."""
    found: list[tuple[tuple[str, ...], str]] = []
    before: _Word | None = None
    gap = False
    for word in _read(segment):
        if word is None:
            before = None
            continue
        if word.surface in _DEGREE and not word.negated and word.surface not in _QUALITY:
            gap = True
            continue
        if word.surface in _LINK:
            gap = True
            continue
        if (word.stop or word.surface in _FILLER) and not word.negated:
            before, gap = None, False
            continue
        surface = ("不" if word.negated and not word.surface.startswith(("不", "没")) else "") + word.surface
        if _is_word(word, surface):
            found.append(((surface,), surface))
        if before is not None and _collocation(before, word, gap):
            found.append(((before.surface, surface), before.surface + surface))
        before, gap = (None if word.negated else word), False
    return found


@lru_cache(maxsize=100_000)
def _word(token: str) -> _Word:
    return _Word(token, negated=False)


def _read(segment: str) -> list[_Word | None]:
    """Tokens with negations folded into the word they negate; None for a number."""
    read: list[_Word | None] = []
    negation = ""
    for token in words(segment, "zh"):
        if token in _NEGATION:
            negation = token
            continue
        if token[0].isdigit() or (len(token) == 1 and part_of_speech(token) in ("m", "q")):
            read.append(None)
            negation = ""
            continue
        read.append(_folded(token, negation) if negation else _word(token))
        negation = ""
    return read


def _folded(token: str, negation: str) -> _Word | None:
    word = _word(token)
    if word.stop and token not in _QUALITY:
        return None
    sign = "没" if negation.startswith("没") or negation == "未" else "不"
    folded = _Word(token, negated=True)
    folded.surface = sign + word.surface
    folded.quality, folded.verb, folded.noun = word.quality, word.verb, word.noun
    return folded


def _is_word(word: _Word, surface: str) -> bool:
    """Whether a word can stand in a keyword list: content, two characters or more, Latin three or more."""
    if surface.isascii():
        return len(surface) >= 3 or surface in ("tv", "pc", "ui", "4g", "5g")
    if len(surface) < 2 or surface in STOPWORDS["zh"] or surface in _DEGREE:
        return False
    if word.negated and len(surface) == 2 and not word.quality:
        return surface[1] in _NEGATED_ALONE
    return word.quality or word.verb or word.noun


def _collocation(before: _Word, word: _Word, gap: bool) -> bool:
    """Whether two neighbours read as one phrase when joined."""
    length = len(before.surface) + len(word.surface)
    if not 2 < length <= 8 and not (length == 2 and before.noun and word.quality):
        return False
    if before.surface.isascii() and word.surface.isascii():
        return False
    if len(word.surface) == 1:
        if word.surface not in _QUALITY:
            return False
        return before.noun or (before.verb and len(before.surface) > 1)
    if word.quality or word.negated:
        return before.noun or (before.verb and len(before.surface) > 1)
    if gap or len(before.surface) == 1:
        return False
    if word.noun:
        return before.noun or before.quality or (before.verb and len(before.surface) > 1)
    return word.verb and before.noun


def _is_negated_quality(word: str) -> bool:
    """Whether jieba took a negation and a quality for one word (不好, 不新鲜)."""
    rest = word[1:]
    return word[:1] in "不没" and bool(rest) and (rest in _QUALITY or part_of_speech(rest)[:1] == "a")


def _without_degree(word: str) -> str:
    """很差 → 差 where jieba took both for one word and the rest is a quality."""
    for prefix in _DEGREE_PREFIX:
        rest = word.removeprefix(prefix)
        if rest and rest != word and (rest in _QUALITY or part_of_speech(rest)[:1] == "a") and word not in _KEPT:
            return rest
    return word


_KEPT = frozenset(
    """
    好吃 好喝 好看 好听 好用 好玩 好闻 好评 真实 真诚 真心 太阳 太平 最后 最近 最好 超市 超时 更新 好多 很多
    太多
    """.split()  # noqa: SIM905  (a list of words reads best as words)
)

"""Ratings that are spelled out: words, grades and stars, each with the 1…5 it means."""

from __future__ import annotations

import re

_WORDS: dict[float, str] = {
    5: (
        "力荐 好评 非常满意 很满意 十分满意 特别满意 极满意 非常好 很好 极好 极力推荐 强烈推荐 非常推荐 超赞 完美 五星 "
        "五颗星 五星好评 非常滿意 很滿意 強烈推薦 好評 大変満足 とても良い 非常に良い 매우만족 아주만족 매우좋음 "
        "excellent outstanding perfect terrific amazing exceptional verysatisfied extremelysatisfied stronglyagree "
        "promoter five goodimsatisfied"
    ),
    4: (
        "推荐 满意 较满意 比较满意 较好 比较好 好 赞 四星 四颗星 滿意 比較滿意 推薦 満足 良い やや満足 만족 좋음 "
        "good verygood great satisfied somewhatsatisfied agree four"
    ),
    3: (
        "还行 中评 一般 普通 中等 还可以 三星 三颗星 中評 普通 還行 ふつう どちらともいえない 보통 "
        "average okay ok fair neutral mixed passive neithersatisfiednordissatisfied neitheragreenordisagree three"
    ),
    2: (
        "较差 比较差 不满意 不太满意 较不满意 比较不满意 差 不推荐 二星 两星 两颗星 較差 不滿意 不太滿意 不満 やや不満 "
        "悪い 불만족 나쁨 poor bad dissatisfied somewhatdissatisfied disagree unsatisfied two"
    ),
    1: (
        "很差 差评 非常不满意 很不满意 十分不满意 极不满意 极差 非常差 一星 一颗星 差評 非常不滿意 很不滿意 大変不満 "
        "とても悪い 非常に悪い 매우불만족 매우나쁨 terrible awful horrible verypoor verybad verydissatisfied "
        "extremelydissatisfied stronglydisagree detractor one badimunsatisfied"
    ),
}
WORD_RATING = {word: rating for rating, words in _WORDS.items() for word in words.split()}
# Five grades without a bad half, as restaurants are judged in: good is their middle.
_KIND_FIVE = {"差": 1.0, "一般": 2.0, "好": 3.0, "很好": 4.0, "非常好": 5.0}
# Good and bad alone, or with a middle, are the whole scale: the words that make up such a column.
_ENDS = {"good": 5.0, "好": 5.0, "bad": 1.0, "poor": 1.0, "差": 1.0, "坏": 1.0}
_MIDDLES = frozenset(("中", "中等", "一般", "普通", "ok", "okay", "fair", "average", "neutral"))
# 好评/中评/差评 and positive/neutral/negative name three grades: the ends of the scale and its middle.
POLARITY = {
    "positive": 5.0,
    "neutral": 3.0,
    "negative": 1.0,
    "pos": 5.0,
    "neg": 1.0,
    "正面": 5.0,
    "中性": 3.0,
    "负面": 1.0,
    "true": 5.0,
    "false": 1.0,
    "yes": 5.0,
    "no": 1.0,
    "是": 5.0,
    "否": 1.0,
    "recommended": 5.0,
    "notrecommended": 1.0,
    "thumbsup": 5.0,
    "thumbsdown": 1.0,
}
_GRADE = re.compile(r"([A-DF])([+-]?)")
_GRADES = {"A": 5.0, "B": 4.0, "C": 3.0, "D": 2.0, "F": 1.0}

_FULL_STAR, _EMPTY_STAR = "★⭐🌟⭑●", "☆✩⚝○"
_STARS = re.compile(r"[★⭐🌟⭑●☆✩⚝○½\ufe0f\s\d.,/()分星]+")
_NUMBER = r"[-+]?\d+(?:[.,]\d+)?"
_UNIT = r"(?:stars?|points?|bubbles?|sternen?|étoiles?|estrellas?|estrelas?|stelle|分|星)?"
_OUT_OF = re.compile(
    rf"(?<![\d/.,-])({_NUMBER})\s*{_UNIT}\s*(?:/|out\s+of|of|von|sur|su|de|di|van|之)\s*(\d+)(?:[.,]0+)?\s*{_UNIT}(?![\d/]|[.,-]\d)",
    re.I,
)
_JAPANESE_OUT_OF = re.compile(rf"(\d+)\s*つ星のうち\s*({_NUMBER})")
_ALL_STAR = re.compile(r"(?:all-?star-?|bubble_?|sml-str|irr-star)([1-5])([05])", re.I)
_CLASS_STAR = re.compile(r"(?:[a-z]{1,10}[-_ ]?)?(?:star|rating|rate)s?[-_ ]?([1-4](?:\.\d)?|5(?:\.0)?)", re.I)
_CLASS_NAME = re.compile(r"[a-z][\w-]*", re.I)
_MOST_CHARS = 40


def spelled(text: str) -> tuple[float, str] | None:
    """A rating that carries its own scale, with the kind of spelling: stars, words or polarity."""
    if len(text) > _MOST_CHARS:
        return None
    stars = _stars(text)
    if stars is not None:
        return stars, "stars"
    word = _plain(text)
    if word in WORD_RATING:
        return WORD_RATING[word], "words"
    if word in POLARITY:
        return POLARITY[word], "polarity"
    return {"👍": (5.0, "polarity"), "👎": (1.0, "polarity")}.get(text[:1]) if len(text) <= 2 else None


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).lower()


def regraded(texts: set[str]) -> tuple[dict[str, float], str]:
    """What a column's distinct words mean together where that differs from each alone, and the kind; ({}, "") else."""
    if {"很好", "非常好"} <= texts and texts <= _KIND_FIVE.keys():
        return {text: _KIND_FIVE[text] for text in texts}, "words"
    if {"推荐", "不推荐"} == texts:
        return {"推荐": 5.0, "不推荐": 1.0}, "polarity"
    plain = {text: _plain(text) for text in texts}
    ends = {_ENDS[word] for word in plain.values() if word in _ENDS}
    if len(ends) == 2 and all(word in _ENDS or word in _MIDDLES for word in plain.values()):
        return {text: _ENDS.get(word, 3.0) for text, word in plain.items()}, "words"
    if texts and all(map(_GRADE.fullmatch, texts)):
        return {text: _grade(text) for text in texts}, "grades"
    return {}, ""


def _grade(text: str) -> float:
    half = {"+": 1 / 3, "-": -1 / 3}.get(text[1:], 0.0)
    return min(5.0, max(1.0, _GRADES[text[0]] + half))


def _stars(text: str) -> float | None:
    full, empty = sum(map(text.count, _FULL_STAR)), sum(map(text.count, _EMPTY_STAR))
    if 2 <= full + empty <= 5 and _STARS.fullmatch(text):
        return max(full + 0.5 * ("½" in text), 1.0)
    match = _OUT_OF.search(text)
    swapped = _JAPANESE_OUT_OF.search(text)
    if match or swapped:
        number, top = (match[1], match[2]) if match else (swapped[2], swapped[1])  # type: ignore[index]
        return _of_top(float(number.replace(",", ".")), float(top))
    match = _class_of_stars(text)
    if match:
        return min(5.0, int(match[1]) + int(match[2]) / 10)
    match = _CLASS_STAR.fullmatch(text)
    return float(match[1]) if match else 1.0 if text in _FULL_STAR else None


def _class_of_stars(text: str) -> re.Match[str] | None:
    """The one class of several that tells the stars: "allstar40 rating", "ui_rating bubble_40"."""
    classes = text.split()
    found = [match for match in map(_ALL_STAR.fullmatch, classes) if match]
    return found[0] if len(found) == 1 and all(map(_CLASS_NAME.fullmatch, classes)) else None


def _of_top(number: float, top: float) -> float | None:
    if top < 3 or top > 1000 or not 0 <= number <= top:
        return None
    return max(number, 1.0) if top == 5 else 1 + 4 * number / top

"""What a rating cell says, on one scale of 1…5: stars, points, grades and words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pipelines.types import FloatArray

_WORDS: dict[float, str] = {
    5: (
        "力荐 好评 非常满意 很满意 非常好 很好 极好 极力推荐 强烈推荐 超赞 五星 五颗星 excellent outstanding perfect "
        "terrific verysatisfied extremelysatisfied stronglyagree"
    ),
    4: "推荐 满意 较好 好 四星 四颗星 good verygood great satisfied agree",
    3: "还行 中评 一般 普通 中等 三星 三颗星 average okay ok fair neutral mixed",
    2: "较差 不满意 差 不推荐 二星 两星 两颗星 poor bad dissatisfied disagree unsatisfied",
    1: (
        "很差 差评 非常不满意 很不满意 极差 非常差 一星 一颗星 terrible awful horrible verypoor verybad "
        "verydissatisfied stronglydisagree"
    ),
}
_WORD_RATING = {word: rating for rating, words in _WORDS.items() for word in words.split()}
# 好评/中评/差评 and positive/neutral/negative name three grades: the ends of the scale and its middle.
_POLARITY = {
    "positive": 5.0,
    "neutral": 3.0,
    "negative": 1.0,
    "pos": 5.0,
    "neg": 1.0,
    "正面": 5.0,
    "中性": 3.0,
    "负面": 1.0,
}
_POLARITY |= {"true": 5.0, "false": 1.0, "yes": 5.0, "no": 1.0, "推荐": 5.0}
_FULL_STAR, _EMPTY_STAR = "★⭐🌟", "☆✩"
_NUMBER = r"[-+]?\d+(?:[.,]\d+)?"
_OUT_OF = re.compile(
    rf"({_NUMBER})\s*(?:stars?|points?|分|星)?\s*(?:/|out\s+of|of|之)\s*(\d+)\s*(?:stars?|points?|分|星)?", re.I
)
_ALL_STAR = re.compile(r"all-?star-?([1-5])0", re.I)
_CLASS_STAR = re.compile(r"(?:[a-z]{1,10}[-_ ]?)?(?:star|rating|rate)s?[-_ ]?([1-4](?:\.\d)?|5(?:\.0)?)", re.I)
_UNIT = re.compile(rf"({_NUMBER})\s*(?:stars?|points?|pts?|分|星|颗星|点|점|つ星|%|％)?", re.I)


_MISSING = {"nan", "null", "none", "n/a", "na", "#n/a", "<na>", "\\n", "nil"}


def is_missing(cell: str) -> bool:
    """Whether a cell says in a program's words that it holds nothing (NaN, NULL, N/A, …); an empty one is not asked."""
    return cell.strip().casefold() in _MISSING


@dataclass(frozen=True)
class ParsedRatings:
    """ratings: float32 on 1…5, NaN where unread. share: read of the filled cells. scale: what was recognised.

    scale is one of "", "1-5", "0-5", "1-10", "0-10", "0-100", "stars", "words", "binary", "polarity".
    """

    ratings: FloatArray
    share: float
    scale: str


def parse_ratings(values: Sequence[str]) -> ParsedRatings:
    """Read one column's ratings; the scale of bare numbers is decided over the whole column.

    0–10, 1–10 and 0–100 are mapped linearly, so that their ends become 1 and 5. Even steps (2, 4 … 10 or 20 … 100) are
    stars written larger. Binary and polarity columns map to 1, 3, 5: whether they are ratings is for a person to say.
    """
    counts = Counter(value for value in values if value.strip())
    read: dict[str, float] = {}
    bare: dict[str, float] = {}
    kinds: Counter[str] = Counter()
    for value, count in counts.items():
        known = _spelled(value.strip())
        if known is not None:
            read[value], kind = known
            kinds[kind] += count
            continue
        match = _UNIT.fullmatch(value.strip())
        if match:
            bare[value] = float(match[1].replace(",", "."))
    scale = kinds.most_common(1)[0][0] if kinds else ""
    if bare:
        mapped, numeric_scale = _map_numbers(bare, counts)
        read |= mapped
        if sum(counts[value] for value in bare) > sum(kinds.values()):
            scale = numeric_scale
    elif kinds["words"] == 0 and kinds["polarity"]:
        scale = "polarity"
    ratings = np.array([read.get(value, np.nan) for value in values], dtype=np.float32)
    filled = sum(counts.values())
    share = float(np.isfinite(ratings).sum()) / filled if filled else 0.0
    return ParsedRatings(ratings, share, scale)


def _spelled(text: str) -> tuple[float, str] | None:
    """A rating that carries its own scale, with the kind of spelling."""
    full, empty = sum(map(text.count, _FULL_STAR)), sum(map(text.count, _EMPTY_STAR))
    if full + empty and full <= 5:
        return max(float(full), 1.0), "stars"
    match = _OUT_OF.search(text)
    if match and len(text) <= 40:
        number, top = float(match[1].replace(",", ".")), float(match[2])
        if top >= 3 and 0 <= number <= top:
            return (max(number, 1.0) if top == 5 else 1 + 4 * number / top), "stars"
    for pattern in (_ALL_STAR, _CLASS_STAR):
        match = pattern.fullmatch(text)
        if match:
            return float(match[1]), "stars"
    word = re.sub(r"[\s\W_]+", "", text).lower()
    if word in _WORD_RATING:
        return _WORD_RATING[word], "words"
    return (_POLARITY[word], "polarity") if word in _POLARITY else None


def _map_numbers(numbers: dict[str, float], counts: Counter[str]) -> tuple[dict[str, float], str]:
    total = sum(counts[value] for value in numbers)
    distinct = set(numbers.values())

    def within(top: float) -> float:
        return sum(counts[value] for value, number in numbers.items() if 0 <= number <= top) / total

    if distinct <= {0.0, 1.0} and 0.0 in distinct:
        return {value: 1 + 4 * number for value, number in numbers.items()}, "binary"
    if distinct <= {-1.0, 0.0, 1.0} and -1.0 in distinct:
        return {value: 3 + 2 * number for value, number in numbers.items()}, "binary"
    # A few typing errors (55 for 5) must not turn five stars into a hundred points.
    top = next((top for top in (5, 10, 100) if within(top) >= 0.98), None)
    if top is None:
        return {}, ""
    kept = {value: number for value, number in numbers.items() if 0 <= number <= top}
    inside = set(kept.values())
    if top == 5:
        # Zero beside whole and half stars means that none were given; a fine scale that reaches 0 is a scale.
        fine = sum(counts[value] for value, number in kept.items() if number % 0.5)
        if 0.0 in inside and fine > 0.5 * total:
            return {value: 1 + 0.8 * number for value, number in kept.items()}, "0-5"
        return {value: max(number, 1.0) for value, number in kept.items() if number > 0}, "1-5"
    step = top / 5
    if len(inside) >= 2 and all(number > 0 and number % step == 0 for number in inside):
        return {value: number / step for value, number in kept.items()}, "1-5"
    if top == 10 and min(inside) >= 1:
        return {value: 1 + (number - 1) * 4 / 9 for value, number in kept.items()}, "1-10"
    return {value: 1 + 4 * number / top for value, number in kept.items()}, f"0-{top}"

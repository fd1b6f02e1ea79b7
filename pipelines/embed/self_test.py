"""The self-test of an arithmetic: texts of our own, and whether each keeps its ten nearest neighbours.

It asks for fidelity, never for speed, so that a machine chooses the same each time. The texts are put together from
clauses by counting, English, Chinese and mixed, from one word to some two hundred tokens, no two alike.
"""

from __future__ import annotations

import numpy as np

from pipelines.embed.base import normalise
from pipelines.types import FloatArray

NEIGHBOURS = 10
LEAST_KEPT = 0.98
LEAST_COSINE = 0.99
"""Least mean cosine of a vector and its reference: one of them may search what the other made, so one space it is."""

MOST_TEXTS = 96
FEWEST_TEXTS = 48
_LIGHT_BYTES = 120 * 2**20
"""Weights of a model that reads all the texts in some two seconds on two cores; a heavier one reads fewer."""

_TIE = 1e-5
"""Similarities this close are alike: which of two such neighbours comes first says nothing."""

_ENGLISH = (
    "the battery lasts two days",
    "delivery took three weeks",
    "the room smelled of smoke",
    "the waiter forgot our drinks",
    "the strap broke on the first walk",
    "setup needed ten minutes",
    "the refund never arrived",
    "the screen is bright and sharp",
    "breakfast was rich and fresh",
    "support hung up on me",
    "the fabric feels cheap",
    "the app crashes after every update",
    "parking is free behind the house",
    "the manual is only in German",
    "the motor is louder than the old one",
    "my daughter loves the colours",
    "the pan sticks despite the coating",
    "the price went up by a third",
    "the seat is comfortable for hours",
    "the lid does not close",
    "the guide knew every stone",
    "it smells of plastic",
    "the soup was cold",
    "the lock opens without the key",
)
_CHINESE = (
    "电池能用两天",
    "快递走了三个星期",
    "房间里有烟味",
    "服务员忘了上饮料",
    "带子第一天就断了",
    "十分钟就装好了",
    "退款一直没到",
    "屏幕又亮又清楚",
    "早餐丰富新鲜",
    "客服挂了我的电话",
    "布料摸起来很廉价",
    "每次更新后软件都闪退",
    "楼后可以免费停车",
    "说明书只有德文",
    "电机比旧的还吵",
    "女儿很喜欢颜色",
    "锅有涂层还是粘",
    "价格涨了三分之一",
    "座椅坐几个小时都舒服",
    "盖子关不上",
    "导游什么都懂",
    "有一股塑料味",
    "汤是凉的",
    "没有钥匙也能开锁",
)
_WORDS = ("Good", "差评", "Noisy!", "5/5", "ok", "不错", "Overpriced", "回购", "meh", "Perfect", "退货", "slow…")
_ENGLISH_LINKS = (", and ", "; ", ". Also ", ", but ")
_CHINESE_LINKS = ("，", "。", "，而且", "！")
_CLAUSES = (1, 2, 0, 4, 1, 3, 7, 1, 2, 12, 1, 5, 2, 20, 3, 1)
"""How many clauses follow each other in a text; 0 is a single word."""


def texts(weights_bytes: int = 0) -> list[str]:
    """The texts for a model with so many bytes of weights; every stretch of them mixes lengths and languages."""
    wanted = MOST_TEXTS if weights_bytes <= _LIGHT_BYTES else MOST_TEXTS * _LIGHT_BYTES // weights_bytes
    found = dict.fromkeys(_text(i) for i in range(2 * MOST_TEXTS))
    return list(found)[: max(FEWEST_TEXTS, wanted)]


def compare(reference: FloatArray, vectors: FloatArray) -> tuple[float, str]:
    """The share of neighbours kept, and what speaks against the vectors: "" nothing."""
    if vectors.shape != reference.shape:
        return 0.0, f"vectors of shape {vectors.shape} instead of {reference.shape}"
    if not np.isfinite(vectors).all():
        return 0.0, "vectors that are not finite"
    reference, vectors = normalise(reference), normalise(vectors)
    kept = nearest_kept(reference, vectors)
    if kept < LEAST_KEPT:
        return kept, f"{kept:.3f} of the ten nearest neighbours are kept, fewer than {LEAST_KEPT}"
    cosine = float(np.einsum("ij,ij->i", reference, vectors).mean())
    if cosine < LEAST_COSINE:
        return kept, f"the vectors point elsewhere: mean cosine {cosine:.3f} with the reference"
    return kept, ""


def nearest_kept(reference: FloatArray, vectors: FloatArray) -> float:
    """Mean share of each row's ten nearest neighbours by `vectors` that are among those by `reference`.

    Both (n, dim) of length 1, n > 10. A neighbour as near as the reference's tenth counts as one of its ten.
    """
    exact, ours = reference @ reference.T, vectors @ vectors.T
    np.fill_diagonal(exact, -np.inf)
    np.fill_diagonal(ours, -np.inf)
    tenth = -np.partition(-exact, NEIGHBOURS - 1, axis=1)[:, NEIGHBOURS - 1]
    chosen = np.argpartition(-ours, NEIGHBOURS - 1, axis=1)[:, :NEIGHBOURS]
    return float((np.take_along_axis(exact, chosen, axis=1) >= tenth[:, np.newaxis] - _TIE).mean())


def _text(i: int) -> str:
    count = _CLAUSES[i % len(_CLAUSES)]
    if not count:
        return f"{_WORDS[i // 16 % len(_WORDS)]}"
    # 7 and 5 share no divisor with 24: the places wander through all clauses.
    turn = i // len(_CLAUSES)
    places = [(7 * i + 5 * j * (turn % 4 + 1) + turn) % len(_ENGLISH) for j in range(count)]
    kind = (i + turn) % 3
    said = ""
    for j, place in enumerate(places):
        chinese = kind == 1 or (kind == 2 and j % 2 == 1)
        link = (_CHINESE_LINKS if chinese else _ENGLISH_LINKS)[(i + j) % 4] if j else ""
        said += link + (_CHINESE if chinese else _ENGLISH)[place]
    return said[:1].upper() + said[1:]

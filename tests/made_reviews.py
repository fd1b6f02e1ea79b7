"""Small review files written for tests: sentences of a few themes in two languages, combined by a seed."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterable, Sequence
from pathlib import Path

ENGLISH = {
    "battery": (
        "The battery is flat before lunch and nobody can tell me why.",
        "Charging takes all night and the battery still dies by noon.",
        "Two days on one charge, which is more than my old one managed.",
        "Battery swelled after a month, so I stopped using it.",
    ),
    "strap": (
        "The strap left a red mark on my wrist after an hour of wearing it.",
        "Soft strap, easy to swap, and it does not collect sweat.",
        "The strap buckle snapped while I was tying my shoes.",
        "I bought a second strap because the first one smells of rubber.",
    ),
    "steps": (
        "It counted four hundred steps while I was asleep on the sofa.",
        "Step counts agree with my phone to within ten or so.",
        "The step counter misses every walk with a pram or a trolley.",
        "Steps are fine, stairs are not counted at all.",
    ),
    "support": (
        "Support answered within an hour and sent a new one the same week.",
        "Three mails to support and the only reply was a survey.",
        "The support line kept me waiting and then hung up on me.",
        "Support walked me through the reset and it has worked since.",
    ),
}
CHINESE = {
    "续航": (
        "充满电只能用半天,续航太差了。",
        "续航比宣传的短很多,出门必须带充电宝。",
        "电池很耐用,三天一充完全没问题。",
    ),
    "表带": ("表带戴久了会发红,皮肤很不舒服。", "表带柔软透气,夏天也不闷。", "表带扣子第二周就断了,质量一般。"),
    "客服": ("客服态度很好,当天就帮我换新了。", "客服一直推脱,等了一个星期没有结果。", "打客服电话总是占线,体验很差。"),
}
TAILS = ("", " I would tell a friend.", " Not what I paid for.", " We use it every day.", " My sister says the same.")
CHINESE_TAILS = ("", "朋友也这么说。", "总体还可以。", "下次不会再买了。", "推荐给大家。")
SHOPS = ("north", "south", "east")


def english(n: int, seed: int = 1) -> list[str]:
    """n English reviews, nearly all different."""
    chosen = random.Random(seed)
    themes = list(ENGLISH.values())
    return [chosen.choice(themes[i % len(themes)]) + chosen.choice(TAILS) for i in range(n)]


def mixed(n: int, seed: int = 2) -> list[str]:
    """n reviews, every other one Chinese."""
    chosen = random.Random(seed)
    themes = list(CHINESE.values())
    other = english(n, seed)
    return [
        chosen.choice(themes[i % len(themes)]) + chosen.choice(CHINESE_TAILS) if i % 2 else other[i] for i in range(n)
    ]


def table(texts: Sequence[str], seed: int = 3) -> list[dict[str, object]]:
    """One row a text, with stars, a day, a shop and a user."""
    chosen = random.Random(seed)
    return [
        {
            "review": text,
            "stars": chosen.randint(1, 5),
            "day": f"2026-{1 + i * 9 // max(len(texts), 1):02d}-{1 + i % 28:02d}",
            "shop": SHOPS[i % len(SHOPS)],
            "user": f"wearer{i}",
        }
        for i, text in enumerate(texts)
    ]


def write(path: Path, rows: Iterable[dict[str, object]], columns: Sequence[str] | None = None) -> Path:
    """The rows as a UTF-8 CSV; columns are needed where there are no rows."""
    rows = list(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(columns or rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path

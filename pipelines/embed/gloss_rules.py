"""What the order of Chinese words tells before they are glossed: phrases, numbers, names, money."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from pipelines.embed.gloss_words import SENSES

SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾萧肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭"
    "陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
"""The commonest family names; before a title, or after 小 and 老, they are names and not kings and plums."""

_TITLES = frozenset(
    {"先生", "女士", "小姐", "经理", "师傅", "阿姨", "老师", "店长", "主管", "总", "姐", "哥", "医生", "大哥", "大姐"}
    | {"老板", "主任", "领班", "管家", "教授", "叔叔", "大叔", "同学", "护士", "司机"}
)
_FAMILIAR = frozenset("小老阿")
_DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_UNITS = {"十": 10, "百": 100, "千": 1_000}
_LARGE = {"万": 10_000, "亿": 100_000_000}
_NUMERAL_SIGNS = frozenset(_DIGITS) | frozenset(_UNITS) | frozenset(_LARGE)
_BELOW = "(?:D?千)?零?(?:D?百)?零?(?:D?十)?零?D?"
_NUMBER = re.compile(
    f"(?:{_BELOW}亿)?零?(?:{_BELOW}万)?零?{_BELOW}".replace("零", "[零〇]").replace("D", "[一二两三四五六七八九]")
)
"""As numbers are said: units fall. 亿亿亿 is none, and would be one of thousands of digits."""
_NO_NUMBER = frozenset(("千万", "万一", "万千", "万万", "千百", "百万", "亿万", "百千"))
_ABOUT = frozenset("多余几")
_DEGREES = frozenset(("很", "不", "挺", "太", "最", "更", "真", "蛮", "非常", "特别", "超级", "比较", "真的"))
_GRADED = {
    *"贵吵脏臭慢快大小高低长短远近冷热凉烫重轻厚薄硬软甜咸辣酸苦香腥油腻淡美帅丑烂差坑累难挤黑暗乱旧破闷潮湿滑想",
    *("难吃", "难用", "难喝", "难看", "难闻", "失望", "无语", "生气", "麻烦", "尴尬", "恶心", "无聊", "后悔", "坑人"),
    *("开心", "喜欢", "感动", "可爱", "可怜", "期待"),
}
"""What 好 makes stronger where it stands before it: 好贵 is very expensive."""
_LONGEST_PHRASE_TOKENS = 4
_MONEY = frozenset("块元")
_LEAST_SUM = 10
"""From here on 块 counts yuan, below it pieces: 两块蛋糕, 三百块."""


def pieces(text: str) -> list[str]:
    """A text cut before and behind every phrase of ours of three signs and more (没那么), which jieba may cut apart."""
    return [piece for piece in _phrases().split(text) if piece]


def joined(tokens: Sequence[str]) -> list[str]:
    """Tokens, those put together that make a phrase of ours (没, 那么 → 没那么)."""
    starts = _starts()
    result: list[str] = []
    place = 0
    while place < len(tokens):
        token, end = tokens[place], place + 1
        if token in starts:
            longer = token
            for after in range(place + 1, min(len(tokens), place + _LONGEST_PHRASE_TOKENS)):
                longer += tokens[after]
                if longer in SENSES:
                    token, end = longer, after + 1
                elif longer not in starts:
                    break
        result.append(token)
        place = end
    return result


def figure(token: str) -> str:
    """A number in words as digits (三百二十 → 320, 二零二五 → 2025); "" for anything else, single signs included."""
    if len(token) < 2 or token in _NO_NUMBER or token in SENSES or not _NUMERAL_SIGNS.issuperset(token):
        return ""
    if all(sign in _DIGITS for sign in token):
        # Two beside each other are a guess (六七个人), more are read out one by one.
        return "".join(str(_DIGITS[sign]) for sign in token) if len(token) > 2 else ""
    return str(_value(token)) if _NUMBER.fullmatch(token) else ""


def leading_number(token: str) -> str:
    """The number in words that a token begins with (三百 of 三百块), "" where there is none."""
    end = 0
    while end < len(token) and token[end] in _NUMERAL_SIGNS:
        end += 1
    return token[:end] if figure(token[:end]) else ""


def is_name(word: str, before: str, following: str) -> bool:
    """Whether a word belongs to somebody's name: 王 before 先生, 小 and 陈 in 小陈; but 老高 is very high."""
    if word in SURNAMES:
        return following in _TITLES or (before in _FAMILIAR and word not in _GRADED)
    return word in _FAMILIAR and following in SURNAMES - _GRADED


def is_familiar(token: str) -> bool:
    """Whether a token without a meaning of its own calls somebody by name: 小王."""
    return len(token) == 2 and token[0] in _FAMILIAR and token[1] in SURNAMES


def is_very(before: str, following: str) -> bool:
    """Whether a 好 between two words makes the second stronger; in 很好 it is good."""
    return following in _GRADED and before not in _DEGREES


def is_about(number: str, word: str) -> bool:
    """Whether a word after a number in digits only makes it rough: 100 多."""
    return word in _ABOUT and number[-1:].isdecimal()


def goes_on(number: str, word: str) -> bool:
    """Whether a number in words that was cut apart goes on with a word: 三百, 二十."""
    return (
        number[-1:] in _UNITS.keys() | _LARGE.keys()
        and _NUMERAL_SIGNS.issuperset(word)
        and bool(figure(number))
        and word not in _NO_NUMBER
        and bool(figure(number + word))
    )


def is_money(number: str, word: str) -> bool:
    """Whether a measure word after a number (digits or a numeral) counts yuan."""
    return word in _MONEY and number.isdecimal() and int(number[-9:]) >= _LEAST_SUM


def _value(token: str) -> int:
    total = part = digit = 0
    last_unit = 0
    for sign in token:
        if sign in _DIGITS:
            digit = _DIGITS[sign]
            last_unit = 1 if sign in "零〇" else last_unit
        elif sign in _UNITS:
            part += max(digit, 1) * _UNITS[sign]
            digit, last_unit = 0, _UNITS[sign]
        else:
            total = (total + part + digit or 1) * _LARGE[sign]
            part, digit, last_unit = 0, 0, _LARGE[sign]
    # 一百二 is 120: the last digit stands for the unit below the one just named, unless 零 stands between.
    return total + part + (digit * last_unit // 10 if last_unit > 10 else digit)


@lru_cache(maxsize=1)
def _phrases() -> re.Pattern[str]:
    """The phrases, longest first; not 不是很, which is half a question in 是不是很."""
    long = sorted(
        (word for word in SENSES if len(word) > 2 and not word.startswith("不是")), key=lambda w: (-len(w), w)
    )
    return re.compile(f"({'|'.join(long)})")


@lru_cache(maxsize=1)
def _starts() -> frozenset[str]:
    """Every beginning of a phrase of ours that is longer."""
    return frozenset(word[:end] for word in SENSES for end in range(1, len(word)))

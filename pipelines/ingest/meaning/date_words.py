"""Words in dates: months in seven languages, halves of the day, time zones."""

from __future__ import annotations

from datetime import timedelta

_MONTHS = (
    "jan january januar janvier enero gennaio janeiro januari ene gen janv jän jänner",
    "feb february februar février febrero febbraio fevereiro februari févr fev",
    "mar march märz mars marzo março maart mrz mrt",
    "apr april avril abril aprile avr abr",
    "may mai mayo maggio maio mei mag",
    "jun june juni juin junio giugno junho giu",
    "jul july juli juillet julio luglio julho juil lug",
    "aug august août agosto augustus ago aout",
    "sep september septembre septiembre settembre setembro sept set",
    "oct october oktober octobre octubre ottobre outubro okt ott out",
    "nov november novembre noviembre novembro",
    "dec december dezember décembre diciembre dicembre dezembro dez dic déc",
)
MONTHS = {word: number for number, words in enumerate(_MONTHS, start=1) for word in words.split()}

AFTERNOON = frozenset(("下午", "晚上", "傍晚", "晚", "午後", "오후", "p"))
MORNING = frozenset(("上午", "早上", "凌晨", "清晨", "早", "午前", "오전", "a"))
NOON = "中午"

_ZONE_HOURS = {
    "Z": 0, "UTC": 0, "GMT": 0, "WET": 0, "BST": 1, "CET": 1, "WEST": 1, "CEST": 2, "EET": 2, "SAST": 2, "EEST": 3,
    "MSK": 3, "IST": 5.5, "PKT": 5, "ICT": 7, "WIB": 7, "HKT": 8, "SGT": 8, "MYT": 8, "PHT": 8, "AWST": 8, "JST": 9,
    "KST": 9, "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13, "BRT": -3, "ART": -3, "AST": -4, "ADT": -3, "EST": -5,
    "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "AKST": -9, "AKDT": -8, "HST": -10,
    "北京时间": 8,
}  # fmt: skip
AMBIGUOUS_ZONES = frozenset(("CST", "IST", "BST", "AST"))
"""Names that stand for several zones; CST is China's or central North America's, by the file's language."""

CHINA_STANDARD_TIME = 8


def offset_of(zone: str | None, *, chinese: bool = False) -> timedelta:
    """A zone's distance from UTC, 0 without one; raises ValueError for an unknown name."""
    if not zone:
        return timedelta()
    name = zone.upper()
    if name == "CST" and chinese:
        return timedelta(hours=CHINA_STANDARD_TIME)
    if name in _ZONE_HOURS:
        return timedelta(hours=_ZONE_HOURS[name])
    name = name.removeprefix("GMT").removeprefix("UTC")
    digits = name[1:].replace(":", "")
    if name[:1] not in "+-" or not digits.isdigit():
        raise ValueError(zone)
    size = timedelta(hours=int(digits[:2]), minutes=int(digits[2:] or 0))
    return -size if name[0] == "-" else size


_DIGITS = dict(zip("〇零一二三四五六七八九", (0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9), strict=True))


def chinese_number(text: str) -> int:
    """二〇二四 → 2024, 十二 → 12, 二十三 → 23."""
    if "十" not in text:
        return int("".join(str(_DIGITS[char]) for char in text))
    tens, _, ones = text.partition("十")
    return 10 * (_DIGITS[tens] if tens else 1) + (_DIGITS[ones] if ones else 0)

"""E-mail addresses, @handles, and the names of people in chat programs."""

from __future__ import annotations

import re
from collections.abc import Iterator

Span = tuple[int, int]

_LOCAL = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._%+-")
_LONGEST_LOCAL = 64
_DOMAIN = re.compile(r"[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)+")
_TOP = re.compile(r"[A-Za-z]{2,24}(?![A-Za-z])")
# Between words that merely stand around an @, only a domain that everyone knows makes an address.
_KNOWN_TOP = "com|net|org|edu|gov|cn|uk|de|fr|it|es|nl|eu|jp|kr|tw|hk|ru|us|ca|au|io|me|info|biz|example"
_SPACED = re.compile(
    rf" ?([A-Za-z0-9\-]{{1,63}}(?: ?\. ?[A-Za-z0-9\-]{{1,63}}){{0,3}} ?\. ?(?:{_KNOWN_TOP}))(?![A-Za-z0-9/])", re.I
)
_SPELLED = re.compile(
    r"(?<![A-Za-z0-9._%+\-])[A-Za-z0-9._%+\-]{1,64}"
    r"(?: ?(?:[\[(<{] ?(?:at|@) ?[\])>}]|艾特) ?[A-Za-z0-9\-]{1,63}"
    rf" ?(?:[\[(<{{] ?(?:dot|\.) ?[\])>}}]|\.| dot |点) ?(?:{_KNOWN_TOP})"
    rf"| at [A-Za-z0-9\-]{{1,63}} dot (?:{_KNOWN_TOP})"
    r"|#(?:qq|163|126|gmail|foxmail|outlook|hotmail|sina)\.com)(?![A-Za-z0-9])",
    re.IGNORECASE,
)

_HANDLE = re.compile(r"(?<![A-Za-z0-9_.@])@+([^\W][\w\-]{1,63})")
_AMOUNT = re.compile(
    r"\d{1,4}(?:(?:am|pm|hrs?|h|k|x|st|nd|rd|th|usd|eur|gbp|rmb|cny|each|pcs?|kg|g|lbs?|oz|ml|l|cm|mm|km|mph|hz|mhz|ghz|w|v|mah)?"
    r"(?![A-Za-z0-9_])|(?:点|元|块|折|号|楼|年|月|日|时|分|秒|米|斤|克|个|件|人|星|倍|次)[\w]{0,60})",
    re.IGNORECASE,
)
_CHAT_NAME = re.compile(
    r"(?:(?<![A-Za-z])(?:QQ|wechat|weixin|whatsapp|telegram|skype|vx|wx|snapchat|instagram|line id)"
    r"|[加+][vV]|微信|薇信|企鹅号)"
    r"(?:群|号码?|號|id| id| number| no\.?)?(?:[:= ]|是|为|is ){0,3}([A-Za-z0-9][A-Za-z0-9_\-]{4,29})",
    re.IGNORECASE,
)


def emails(text: str) -> Iterator[Span]:
    """Addresses, also with spaces around the @."""
    at = text.find("@")
    while at >= 0:
        end = _domain_end(text, at + 1)
        if end and at and text[at - 1] in _LOCAL:
            yield _local_start(text, at), end
        else:
            spaced = _SPACED.match(text, at + 1)
            before = at - 1 if at and text[at - 1] == " " else at
            if spaced and before and text[before - 1] in _LOCAL:
                yield _local_start(text, before), spaced.end()
        at = text.find("@", at + 1)


def spelled_emails(text: str) -> Iterator[Span]:
    """Addresses with a word in the place of the @."""
    yield from (match.span() for match in _SPELLED.finditer(text))


def _local_start(text: str, end: int) -> int:
    start = end
    while start and end - start < _LONGEST_LOCAL and text[start - 1] in _LOCAL:
        start -= 1
    return start


def _domain_end(text: str, start: int) -> int:
    """Where the domain that starts here ends: behind its last label that can be a top level; 0 where there is none."""
    match = _DOMAIN.match(text, start)
    if match is None or match[0][0] == "-":
        return 0
    end, dot = 0, match[0].find(".")
    while dot >= 0:
        top = _TOP.match(text, start + dot + 1)
        if top:
            end = top.end()
        dot = match[0].find(".", dot + 1)
    return end


def handles(text: str) -> Iterator[Span]:
    """@names; not a price, a time or a face after an @."""
    for match in _HANDLE.finditer(text):
        name = match[1]
        if any(char.isalnum() for char in name) and not _AMOUNT.match(name) and not _is_year(name):
            yield match.span()


def _is_year(name: str) -> bool:
    return name.isdigit() and len(name) <= 4


def chat_names(text: str) -> Iterator[Span]:
    """What follows the name of a chat program and holds a digit."""
    for match in _CHAT_NAME.finditer(text):
        if sum(char.isdigit() for char in match[1]) >= 2:
            yield match.span(1)

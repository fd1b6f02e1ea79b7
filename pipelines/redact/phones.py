"""Phone numbers: mobiles and landlines of mainland China, international, North American, European and Asian forms."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipelines.redact.checked import windows

Span = tuple[int, int]

_MOBILE = re.compile(r"(?:00?86|86|0)?1[3-9][0-9]{9}")
# How people group the eleven digits; a country code before them makes a group or joins the first.
_MOBILE_SHAPES = {
    (11,), (3, 4, 4), (4, 3, 4), (4, 4, 3), (3, 3, 5), (5, 3, 3), (3, 8), (7, 4), (5, 6), (5, 5, 1),
    (3, 2, 2, 2, 2), (3, 2, 3, 3), (1,) * 11,
}  # fmt: skip
_SPELLED = re.compile(
    r"(?<![零〇一二三四五六七八九幺十])[一幺][三四五六七八九][零〇一二三四五六七八九幺]{9}(?![零〇一二三四五六七八九幺十])"
)

_S = r"(?: ?[\-./] ?| )"
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        # With a plus any country's number (E.164: at most 15 digits); a space behind the plus needs groups to follow.
        r"(?<![0-9])\+(?: (?=[0-9]{1,3}[ \-(]))?\(?[0-9]{1,4}\)?(?:[ \-./()]{0,3}[0-9]){6,14}(?![0-9])",
        r"(?<![0-9.,])00[1-9][0-9]{0,2}(?:[ \-./()]{1,2}[0-9]{1,5}){2,6}(?![0-9])",
        r"(?<![0-9.,])00[1-9][0-9]{10,13}(?![0-9])",
        # North America: an area code in brackets, or one mark throughout.
        r"(?<![0-9])(?:1[ \-.])?\([2-9][0-9]{2}\)[ \-.]?[2-9][0-9]{2}[ \-.][0-9]{4}(?![0-9])",
        r"(?<![0-9.,\-/])(?:1[\-.])?[2-9][0-9]{2}([\-.])[2-9][0-9]{2}\1[0-9]{4}(?![0-9\-/])",
        r"(?<![0-9.,\-/])1 [2-9][0-9]{2} [2-9][0-9]{2} [0-9]{4}(?![0-9])",
        r"(?<![0-9.,\-/])(?:1[\-.])?8(?:00|33|44|55|66|77|88)[\-.][0-9]{3}[\-.][0-9]{4}(?![0-9\-/])",
        # Mainland China: landlines with their area code, extensions, service numbers.
        r"(?<![0-9.,])\(?0(?:10|2[0-9]|[3-9][0-9]{2})\)?(?: ?- ?| |(?<=\)))[2-9][0-9]{2,3}[ \-]?[0-9]{4}"
        r"(?:(?:转| ?ext\.? ?|-)[0-9]{1,5})?(?![0-9])",
        r"(?<![0-9.,])0(?:10|2[0-9])[2-9][0-9]{7}(?![0-9])",
        r"(?<![0-9.,])0[3-9][0-9]{2}[2-9][0-9]{6,7}(?![0-9])",
        r"(?<![0-9.,\-])[48]00[ \-](?:[0-9]{3}[ \-][0-9]{4}|[0-9]{4}[ \-][0-9]{3})(?![0-9])",
        # A trunk 0: France in pairs, the Netherlands' mobiles, and Germany, Britain, Japan, Korea, Australia.
        r"(?<![0-9.,\-/:])0[1-9]([ .\-])[0-9]{2}(?:\1[0-9]{2}){3}(?![0-9])",
        r"(?<![0-9.,\-/:])06[ \-][0-9]{8}(?![0-9])",
        r"(?<![0-9.,\-/:])0[1-9]-[0-9]{4}-[0-9]{4}(?![0-9])",
        r"(?<![0-9.,\-/:])\(0[1-9]\) ?[0-9]{4} ?[0-9]{4}(?![0-9])",
        r"(?<![0-9.,\-/:])\([1-9][0-9]{1,2}\) ?9?[0-9]{4}-[0-9]{4}(?![0-9])",
        r"(?<![0-9.,\-/:])\+?34[ \-][6-9][0-9]{2}[ \-][0-9]{3}[ \-][0-9]{3}(?![0-9])",
    )
)
_TRUNK = re.compile(rf"(?<![0-9.,\-/:])\(?0[1-9][0-9]{{1,4}}\)?{_S}[0-9]{{2,8}}(?:[ \-][0-9]{{2,6}}){{0,4}}(?![0-9])")
# What stands before a number that has no form of its own.
_CALLED = re.compile(
    r"(?:电话|電話|手机号码?|座机|热线|專線|专线|联系方式|致电|拨打|来电|客服电话|传真|拨|"
    r"(?<![A-Za-z])(?:tel(?:ephone)?|phone(?: (?:number|no\.?))?|mobile (?:number|no\.?)|"
    r"cell(?:phone)?|fax|whatsapp|"
    r"dial|call(?:ed)?|text(?:ed)?|ring|contact|hotline|reach (?:me|us) (?:at|on))(?![A-Za-z]))"
    r"(?:[ :.#=(]|号码|号|是|为|me |us |him |her |them |at |on |is |was |number |no\. ){0,5}"
    r"(?P<number>[0-9]+(?:[ \-.][0-9]+){0,6})(?![0-9])",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"(?:19|20)[0-9]{2}[ \-./]?(?:0?[1-9]|1[0-2])[ \-./]?(?:0?[1-9]|[12][0-9]|3[01])(?![0-9])"
    r"|[0-3]?[0-9][ \-./][0-3]?[0-9][ \-./](?:19|20)[0-9]{2}(?![0-9])"
)
_MIN_DIGITS, _MAX_DIGITS = 7, 15


def mobiles(text: str) -> Iterator[Span]:
    """Mobile numbers of mainland China, spaced in any usual way, with or without the country's code."""
    done = 0
    for window in windows(text, range(11, 16), starts=frozenset("018")):
        if window.start < done or not _MOBILE.fullmatch(window.digits):
            continue
        extra = len(window.digits) - 11
        shape = window.shape
        if extra and shape[0] == extra:
            shape = shape[1:]
        elif extra:
            shape = (shape[0] - extra, *shape[1:])
        # Spaces alone between fours may be prices side by side.
        if shape not in _MOBILE_SHAPES or (shape == (4, 4, 3) and " " in window.separators):
            continue
        start = window.start - (text[window.start - 1 : window.start] == "+")
        done = window.end
        yield start, window.end


def spelled_mobiles(text: str) -> Iterator[Span]:
    """Mobile numbers written in Chinese numerals."""
    yield from (match.span() for match in _SPELLED.finditer(text))


def phones(text: str) -> Iterator[Span]:
    """Every other phone number."""
    spans = [match.span() for form in _FORMS for match in form.finditer(text)]
    spans += [match.span() for match in _TRUNK.finditer(text) if _is_trunk(match[0])]
    spans += [match.span("number") for match in _CALLED.finditer(text) if _is_called(match["number"])]
    yield from sorted(spans, key=lambda span: (span[0], -span[1]))


def _digits(text: str) -> int:
    return sum(char.isdigit() for char in text)


def _is_trunk(number: str) -> bool:
    # Three, four and three digits are a spare part's number.
    return 9 <= _digits(number) <= 12 and [len(group) for group in re.findall(r"[0-9]+", number)] != [3, 4, 3]


def _is_called(number: str) -> bool:
    """Whether a number behind "call" is a phone's: long enough, no date, no figures side by side."""
    if not _MIN_DIGITS <= _digits(number) <= _MAX_DIGITS or _DATE.match(number):
        return False
    groups = [len(group) for group in re.split(r"[ \-.]", number)]
    # 1999 2999 are prices, 256 512 1024 sizes; a phone in groups ends in three digits or more, and has no such four.
    return len(groups) == 1 or (("-" in number or "." in number or groups[0] <= 3) and groups[-1] >= 2)

"""Numbers that the word before them explains: orders, parcels, documents, accounts. The word stays, the number goes."""

from __future__ import annotations

import re
from collections.abc import Iterator

Span = tuple[int, int]

_ID = r"(?P<id>[A-Za-z0-9]+(?:[\-_/][A-Za-z0-9]+)*)"
_BETWEEN_ZH = r"(?:[ :=#(\[【\"“'‘]|是|为|為|號|No\.|no\.){0,5}"
_ORDER_ZH = re.compile(
    r"(?:(?:订|訂|运|運|快递|物流|交易|流水|预订|预定|发票|工单|包裹|售后|退款|退货|采购|发货|收货|货运|保单|訂購|订购|支付|商户)"
    r"(?:单|單|订单)?(?:号码|編號|编号|号|號|ID|id|Id)|单号|單號)" + _BETWEEN_ZH + _ID
)
_ORDER_EN = re.compile(
    r"(?<![A-Za-z])(?:order|purchase|booking|reservation|confirmation|reference|invoice|tracking|shipment|consignment|parcel|"
    r"ticket|case|transaction|receipt|rma|awb|waybill|ref|po)[ \-_]?"
    r"(?:numbers?(?![A-Za-z])|num(?![A-Za-z])|nr(?![A-Za-z])|no(?![A-Za-z])|id(?![A-Za-z])|code(?![A-Za-z])|ref(?![A-Za-z])|#)"
    r"(?:[ :#=.(\[\"“]|is |was |- ){0,5}" + _ID,
    re.IGNORECASE,
)
# Without "number" behind it the word says little: the number has to be long.
_ORDER_BARE = re.compile(
    r"(?:订单|訂單|运单|運單|(?<![A-Za-z])(?:order|tracking|booking|invoice|reference|confirmation))[ :#=]{0,4}"
    r"(?P<id>[A-Za-z]{0,4}[0-9]+(?:-[0-9]+)*)",
    re.IGNORECASE,
)
# Groups of four that go on behind the first.
_MORE_GROUPS = re.compile(r"(?: [0-9]{4}){1,8}(?: [0-9]{2})?(?![0-9])")
_PARCEL = re.compile(
    r"(?<![A-Za-z0-9])(?:1Z[0-9A-Z]{16}|[A-Z]{2}[0-9]{9}[A-Z]{2}|(?:SF|YT|JT|ZTO|STO|JD[A-Z]{0,2}|EMS|DPK|YZ|ZJS)[0-9]{12,15})"
    r"(?![A-Za-z0-9])"
)

_DOCUMENT = re.compile(
    r"(?:护照|護照|通行证|驾驶证|驾照|军官证|身份证|身份證|社保卡|医保卡|证件"
    r"|(?<![A-Za-z])(?:passport|driver'?s licen[cs]e|driving licen[cs]e|identity card|id card|national id|ssn|"
    r"social security))"
    r"(?:号码|号|號碼|號| ?numbers?| ?no\.?| ?#){0,2}(?:[ :=#(]|是|为|is |was ){0,4}"
    r"(?P<id>[A-Za-z]{0,3}[0-9][0-9 \-]{4,20}[0-9][Xx]?)",
    re.IGNORECASE,
)
_SOCIAL_SECURITY = re.compile(
    r"(?<![0-9A-Za-z\-.])(?!000|666|9)(?P<id>[0-9]{3}-(?!00)[0-9]{2}-(?!0000)[0-9]{4})(?![0-9A-Za-z\-])"
)
_BEHIND = (
    r"(?:号码|号|户| ?number| ?no\.?| ?#| ?code| ?id)(?:[ :=#(]|是|为|is |was ){0,4}"
    r"(?P<id>[0-9](?:[ \-]?[0-9]){5,24})(?![0-9])"
)
_CARD = re.compile(r"(?:卡|(?<![A-Za-z])card)" + _BEHIND, re.IGNORECASE)
_ACCOUNT = re.compile(
    r"(?:账|帐|支付宝|(?<![A-Za-z])(?:account|acct|iban|sort|routing|alipay))" + _BEHIND, re.IGNORECASE
)


def order_numbers(text: str) -> Iterator[Span]:
    """What follows 订单号, 运单号, order no., tracking number and their like."""
    spans: list[Span] = []
    for pattern, fewest in ((_ORDER_ZH, 4), (_ORDER_EN, 4), (_ORDER_BARE, 7)):
        for match in pattern.finditer(text):
            found, digits = match["id"], sum(char.isdigit() for char in match["id"])
            if digits >= fewest or (fewest == 4 and digits >= 2 and len(found) >= 6):
                start, end = match.span("id")
                more = _MORE_GROUPS.match(text, end) if found.isdigit() and len(found) == 4 else None
                spans.append((start, more.end() if more else end))
    yield from sorted(spans, key=lambda span: (span[0], -span[1]))


def parcels(text: str) -> Iterator[Span]:
    """Parcel numbers that need no word: UPS, the postal union's, and those of Chinese carriers."""
    yield from (match.span() for match in _PARCEL.finditer(text))


def documents(text: str) -> Iterator[Span]:
    """Passports, licences and identity numbers behind their word, and social security numbers by their form."""
    spans = [match.span("id") for match in _DOCUMENT.finditer(text) if sum(char.isdigit() for char in match["id"]) >= 6]
    yield from sorted([*spans, *(match.span("id") for match in _SOCIAL_SECURITY.finditer(text))])


def cards(text: str) -> Iterator[Span]:
    """Card numbers behind their word, whatever their check digit."""
    yield from (match.span("id") for match in _CARD.finditer(text))


def accounts(text: str) -> Iterator[Span]:
    """Account numbers behind their word."""
    yield from (match.span("id") for match in _ACCOUNT.finditer(text))

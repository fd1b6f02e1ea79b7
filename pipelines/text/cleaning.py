"""The form of a text that is embedded: what nobody would say aloud is taken off. The shown text stays as it is."""

from __future__ import annotations

import html
import re
import unicodedata

_TAGS = (
    "a|abbr|b|big|blockquote|body|br|button|center|code|dd|div|dl|dt|em|font|footer|form|h[1-6]|head|header|hr|html|i|"
    "iframe|img|input|label|li|link|meta|ol|p|pre|q|s|script|section|small|span|strike|strong|style|sub|sup|svg|table|"
    "tbody|td|th|thead|title|tr|tt|u|ul|video"
)
# Only known names, closed or followed by attributes: "a <b and c> d" is arithmetic, not HTML.
_HTML = re.compile(rf"<!--.*?-->|</?(?:{_TAGS})(?:\s+[\w:-]+\s*=[^<>]*|\s*/?)>", re.IGNORECASE | re.DOTALL)
_URL = re.compile(r"(?:https?://|www\.)[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+", re.IGNORECASE)
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b-\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffd]"
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_FULL_WIDTH = re.compile("[\uff01-\uff5e\uff61-\uff9f\uffe0-\uffe6]+")
_CHINESE_PUNCTUATION = "！，：；？（）～"
_DOTS = re.compile(r"\.{3,}|…{2,}|(?:。\s*){3,}")
_REPEATED_MARK = re.compile(r"([^\w\s.…])(?:\s*\1)+")
_REPEATED_LETTER = re.compile(r"([^\W\d])\1{3,}")
_SPACE = re.compile(r"\s+")


def clean(text: str) -> str:
    """A text for embedding: no HTML, links, invisible characters or full-width letters, marks once, single spaces.

    Never empty when the text holds anything visible: where cleaning would leave no letter of a text that has one,
    only spaces and invisible characters go.
    """
    plain = _INVISIBLE.sub("", _CONTROL.sub(" ", text))
    spoken = plain
    if "&" in spoken:
        # Exports of exports hold "&amp;lt;".
        spoken = html.unescape(html.unescape(spoken))
        spoken = _INVISIBLE.sub("", _CONTROL.sub(" ", spoken))
    if "<" in spoken:
        spoken = _HTML.sub(" ", spoken)
    if "://" in spoken or "www." in spoken.lower():
        spoken = _URL.sub(" ", spoken)
    spoken = _FULL_WIDTH.sub(_half_width, spoken)
    spoken = _DOTS.sub("…", spoken)
    spoken = _REPEATED_MARK.sub(r"\1", spoken)
    spoken = _REPEATED_LETTER.sub(r"\1\1\1", spoken)
    spoken = _SPACE.sub(" ", spoken).strip()
    if not spoken or (not _has_letter(spoken) and _has_letter(plain)):
        return _SPACE.sub(" ", plain).strip()
    return spoken


def _half_width(match: re.Match[str]) -> str:
    return "".join(
        mark if mark in _CHINESE_PUNCTUATION else unicodedata.normalize("NFKC", mark) for mark in match.group()
    )


def _has_letter(text: str) -> bool:
    return any(map(str.isalpha, text))

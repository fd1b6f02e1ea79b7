"""The form of a text that is embedded: what nobody would say aloud is taken off. The shown text stays as it is.

Sentiment reads this form too, so what carries feeling stays once: a mark, an emoji, a Weibo emoticon such as [泪] in
its brackets, a drawn-out letter three times.
"""

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
_HTML = re.compile(rf"<!--.{{0,2000}}?-->|</?(?:{_TAGS})(?:\s+[\w:-]+\s*=[^<>]*|\s*/?)>", re.IGNORECASE | re.DOTALL)
_ESCAPED_AMPERSANDS = re.compile(r"&(?:amp;)+")
_URL = re.compile(r"(?:https?://|www\.)[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+", re.IGNORECASE)
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b-\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffd]"
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
# Full width, half-width katakana, ligatures, units in one square, letters of mathematics; blank Hangul fillers.
_COMPATIBLE = re.compile(
    "[\uff01-\uff5e\uff61-\uff9f\uffe0-\uffe6\ufb00-\ufb06\u3300-\u33ff\U0001d400-\U0001d7ff\u3164\uffa0]+"
)
_FILLERS = "\u3164\uffa0"
_CHINESE_PUNCTUATION = "！，：；？（）～"
_DOTS = re.compile(r"\.{3,}|…{2,}|(?:。\s*){3,}")
_REPEATED_MARK = re.compile(r"([^\w\s.…])(?:\s*\1)+")
_REPEATED_LETTER = re.compile(r"([^\W\d])\1{3,}")
_HAN = re.compile("[\u3400-\u9fff]")

# Weibo: whom a comment answers or quotes, people called, #topic#, an emoticon in a row, what stands for a picture.
_ANSWERED = re.compile(r"(?:\bRT|回复|回覆|//)\s*@[\w\-·]{1,30}\s*[:：]|^(?:回复|回覆)\s*@[\w\-·]{1,30}(?=\s|$)")
_CALLED = re.compile(r"(?<![\w.])@[\w\-·]{1,30}(?:[:：]|(?=\s|$))")
_TOPIC = re.compile("#([^#]{0,40}[\u3400-\u9fff][^#]{0,40})#")
_EMOTICONS = re.compile(r"(\[\w{1,8}\])(?:\s*\1)+")
_PLACEHOLDER = re.compile(r"\[(?:图片|图片评论|组图|动图|视频|语音|链接)\]|O网页链接|(?:\.{3}|…)\s*展开(?:全文)?c?\s*$")
_MOST_PASSES = 8


def clean(text: str) -> str:
    """A text for embedding: no HTML, links, invisible characters or full-width letters, marks once, single spaces.

    Never empty when the text holds anything visible: where cleaning would leave no letter of a text that has one,
    only spaces and invisible characters go. Cleaning what is clean changes nothing.
    """
    cleaned = _cleaned_once(text)
    # Taking one thing off can uncover another: a link split by an invisible character, a mark beside its like.
    for _ in range(_MOST_PASSES):
        if cleaned == text:
            break
        text, cleaned = cleaned, _cleaned_once(cleaned)
    return cleaned


def _cleaned_once(text: str) -> str:
    plain = _visible(text)
    spoken = plain
    if "&" in spoken:
        # Exports of exports hold "&amp;lt;".
        spoken = _visible(html.unescape(html.unescape(_ESCAPED_AMPERSANDS.sub("&", spoken))))
    if "<" in spoken:
        spoken = _HTML.sub(" ", spoken)
    if "://" in spoken or "www." in spoken.lower():
        spoken = _URL.sub(" ", spoken)
    if not spoken.isascii():
        spoken = _COMPATIBLE.sub(_usual_width, spoken)
    spoken = _without_handles(spoken)
    spoken = _DOTS.sub("…", spoken)
    spoken = _REPEATED_MARK.sub(r"\1", spoken)
    spoken = _REPEATED_LETTER.sub(r"\1\1\1", spoken)
    spoken = " ".join(spoken.split())
    if not spoken or (not _has_letter(spoken) and _has_letter(plain)):
        return " ".join(plain.split())
    return spoken


def _visible(text: str) -> str:
    """Without control and invisible characters; accents joined to their letters."""
    if not text.isprintable():
        text = _INVISIBLE.sub("", _CONTROL.sub(" ", text))
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _without_handles(text: str) -> str:
    """Without what a microblog writes around the words: names answered or called, hashes, placeholders, repeats.

    An English handle (@airline) often names what the text is about and stays; in Chinese text it is a stranger's name.
    """
    if "@" in text:
        text = _ANSWERED.sub(" ", text)
        if not text.isascii() and _HAN.search(text):
            text = _CALLED.sub(" ", text)
    if not text.isascii():
        if "#" in text:
            text = _TOPIC.sub(r" \1 ", text)
        text = _PLACEHOLDER.sub(" ", text)
    return _EMOTICONS.sub(r"\1", text) if "]" in text else text


def _usual_width(match: re.Match[str]) -> str:
    return "".join(
        "" if mark in _FILLERS else mark if mark in _CHINESE_PUNCTUATION else unicodedata.normalize("NFKC", mark)
        for mark in match.group()
    )


def _has_letter(text: str) -> bool:
    return any(map(str.isalpha, text))

"""A merchant's reply that stands in the review's own cell, split off."""

from __future__ import annotations

import re

_WHO = (
    "酒店|商家|店主|店家|掌柜|掌柜的|客服|卖家|賣家|老板|管家|房东|官方|门店|餐厅|景区|景点|平台|商户|业主|品牌|小二|店长|店小二|"
    "经理|运营|开发者|开发商|飯店|店鋪|店铺|民宿|客栈|物业|医院|机构|主办方|旗舰店"
)
_DID = "回复|回覆|回應|回应|答复|答覆|解释|解釋|反馈"
_ENGLISH_WHO = (
    "owner|management|manager|seller|merchant|host|hotel|property|developer|restaurant|business|company|store|shop|vendor|"
    "staff|team|customer service|support"
)
_LABEL = re.compile(
    rf"(?P<brackets>[【\[［](?:{_WHO})的?(?:{_DID})(?:内容)?[】\]］]\s*[:：]?)"
    rf"|[(（「『](?:{_WHO})的?(?:{_DID})(?:内容)?[)）」』]\s*[:：]?"
    rf"|(?:{_WHO})的?(?:{_DID})(?:内容)?\s*[:：]"
    rf"|\b(?i:(?:response|reply|answer|comment)\s+from\s+(?:the\s+)?(?:{_ENGLISH_WHO})\b[^:：\n]{{0,60}}[:：\n])"
    rf"|\b(?i:(?:{_ENGLISH_WHO})(?:['’]?s)?\s+(?:response|reply|answer)(?:\s+\(?\d[^:：\n]{{0,30}})?\s*[:：])"
    r"|\b(?i:response|reply)\s+from\s+[A-Z][^:：\n]{1,60}(?:[:：]|\n)"
    r"|(?:オーナー|店舗|施設|ホテル)からの返信\s*[:：]?|(?:사장님|업체|호텔)\s*(?:답글|답변)\s*[:：]"
)
# What sets a reply apart: the start of a line, a bar, a rule, a tab, wide or several spaces.
_RULES = ("\n", "\r", "\t", "|", "｜", "\u3000", "---", "===", "——", "<br>", "<br/>", "<br />")
_SENTENCE_ENDS = tuple("。！？!?.…~～;；)）】]")
# After the end of a sentence a guest may quote a reply as well: it must greet or thank as merchants do.
_COURTESY = re.compile(
    r"\s*(?i:尊敬|亲爱|親愛|您好|你好|亲[，,～~!！ ]|感谢|感謝|谢谢|謝謝|非常感谢|衷心|很抱歉|非常抱歉|抱歉|对不起|"
    r"对于|贵宾|宾客|dear|thank|hi\b|hello|we\b|our\b|sorry|good (?:morning|day|afternoon))"
)
_HINTS = ("回复", "回覆", "回应", "回應", "答复", "答覆", "解释", "解釋", "反馈", "返信", "답글", "답변")
_ENGLISH_HINTS = ("espon", "ESPON", "eply", "EPLY", "nswer", "NSWER", "omment from")


def split_reply(text: str) -> tuple[str, str]:
    """The review and the merchant's reply in one cell; ("…", "") where there is none.

    A review that only mentions a reply, or quotes one in mid-sentence, stays whole.
    """
    hints = _ENGLISH_HINTS if text.isascii() else _HINTS + _ENGLISH_HINTS
    if not any(hint in text for hint in hints):
        return text, ""
    for match in _LABEL.finditer(text):
        if match.end() < len(text) and _stands_apart(text, match):
            return _trimmed(text[: match.start()]), text[match.end() :].strip()
    return text, ""


def _stands_apart(text: str, label: re.Match[str]) -> bool:
    before = text[: label.start()].rstrip(" \u00a0")
    gap = label.start() - len(before)
    if label["brackets"] or not before or gap >= 2 or before.endswith(_RULES):
        return True
    return before.endswith(_SENTENCE_ENDS) and bool(_COURTESY.match(text, label.end()))


def _trimmed(review: str) -> str:
    """Without the rule or spaces that stood before the reply."""
    while review and (review[-1].isspace() or review[-1] in "|｜=—-"):
        review = review.rstrip().rstrip("|｜=—-")
    for mark in ("<br>", "<br/>", "<br />"):
        review = review.removesuffix(mark)
    return review.strip()

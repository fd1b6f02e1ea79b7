"""A merchant's reply that stands in the review's own cell, split off."""

from __future__ import annotations

import re
from itertools import islice

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
# A heading within a review, "环境：" or "Room size:", at the start of a line, a sentence or a part; text follows it.
_HEADING = re.compile(
    r"(?:^|[\n\r\t|｜。；;！!\u3000]|\. |  |<br ?/?>)[ \d.、•*·-]{0,8}"
    r"(?P<name>[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{1,6}|[A-Za-z]{2,20}(?: [A-Za-z]{2,20}){0,2})"
    r" ?[:：](?!//)[ \t]{0,8}[^\s:：]"
)
_MOST_LABELS = 20
_CONTACT = re.compile(
    r".*(?:电话|電話|热线|熱線|微信|邮箱|地址|QQ)|(?i:phone|tel|e?mail|email us|contact us|call us|web)"
)
_BRACKETED = re.compile(r"(?P<name>【[^【】\n]{1,8}】|(?:^|(?<=\n))[\[［][^\[\]［］\n]{1,8}[\]］])")
_HINTS = ("回复", "回覆", "回应", "回應", "答复", "答覆", "解释", "解釋", "反馈", "返信", "답글", "답변")
_ENGLISH_HINTS = ("espon", "ESPON", "eply", "EPLY", "nswer", "NSWER", "omment from")


def split_reply(text: str) -> tuple[str, str]:
    """The review and the merchant's reply in one cell; ("…", "") where there is none.

    A review that only mentions a reply, or quotes one in mid-sentence, stays whole; so does a cell that begins with the
    label, and one whose label is one heading of several (口味：…, 商家回复：…, 环境：…): a guest judges replies.
    """
    hints = _ENGLISH_HINTS if text.isascii() else _HINTS + _ENGLISH_HINTS
    if not any(hint in text for hint in hints):
        return text, ""
    for match in islice(_LABEL.finditer(text), _MOST_LABELS):
        review, reply = _trimmed(text[: match.start()]), text[match.end() :].strip()
        if review and reply and _stands_apart(text, match) and not _is_one_of_several(text, match):
            return review, reply
    return text, ""


def _stands_apart(text: str, label: re.Match[str]) -> bool:
    before = text[: label.start()].rstrip(" \u00a0")
    gap = label.start() - len(before)
    if label["brackets"] or gap >= 2 or before.endswith(_RULES):
        return True
    return before.endswith(_SENTENCE_ENDS) and bool(_COURTESY.match(text, label.end()))


def _is_one_of_several(text: str, label: re.Match[str]) -> bool:
    """Whether a cell is written under headings, the label being one; a merchant's greeting after it says otherwise."""
    heading = _BRACKETED if label["brackets"] else _HEADING
    greets = bool(_COURTESY.match(text, label.end()))
    if heading.search(text, 0, label.start()) and not greets:
        return True
    later = [found for found in heading.finditer(text, label.end()) if not _LABEL.match(text, found.start("name"))]
    if greets and text[: label.start()].rstrip(" \u00a0").endswith(_RULES):
        # A merchant's own sentences may run into a colon as well (温馨提示：…); a line of its own is a heading.
        later = [found for found in later if found[0][0] in "\n\r|｜<" and not _CONTACT.fullmatch(found["name"])]
    return bool(later)


def _trimmed(review: str) -> str:
    """Without the rule or spaces that stood before the reply."""
    while review and (review[-1].isspace() or review[-1] in "|｜=—-"):
        review = review.rstrip().rstrip("|｜=—-")
    for mark in ("<br>", "<br/>", "<br />"):
        review = review.removesuffix(mark)
    return review.strip()

"""Which texts say nothing: empty, symbols, a lone letter, or what a platform put where a person wrote none."""

from __future__ import annotations

import re
import unicodedata

from pipelines.ingest.meaning.values import is_missing

_LONGEST = 80
_EMOJI_LIKE = {"So", "Sk", "Co"}
_MARKS = re.compile(r"[\W_]+")
_WHO = "(?:用户|用戶|买家|買家|顾客|顧客|客户|客戶|评价方|評價方|会员|會員|消费者|住客|评论者|评价人|作者|TA|他|她)"
_WROTE = "(?:填写|填寫|作出|做出|写下|写|發表|发表|留下|输入|提交|给出|进行|添加|撰写|编写)"
_WHAT = "(?:任何|文字|相关|具体|详细|评论|评价|点评|評價|評論|内容|內容|文本|留言|意见|的)+"
_CHINESE = re.compile(
    "(?!没写$)(?:好评|五星好评)?(?:"
    rf"(?:匿名)?(?:[此该本這该这]?(?:个|位)?{_WHO}|[此本该这])?(?:暂时?|还|尚)?(?:没有|未|没|並未|并未|沒有)(?:能)?(?:有)?(?:及时|及時)?"
    rf"(?:{_WROTE}{_WHAT}|{_WROTE}(?=$|系统|默认)|(?:文字)?(?:评价|评论|点评|評價|評論)(?:内容)?)"
    rf"|[此该这]?个?{_WHO}(?:很懒|太懒|比较懒)(?:什么|啥)?(?:都|也)?(?:没有?|未)?(?:写|留下|说)?(?:任何|评价|评论|内容)*"
    rf"|[此该]?{_WHO}(?:仅|只|只是)(?:进行)?(?:了)?(?:打了?分|评分|打了?星)"
    r"|(?:系统|系統|用户|平台|自动|自動)*(?:默认|預設|默認)(?:给出|为|好評|好评|评价|評價|五星好评|五星|的)*"
    r"|(?:\d+|十五|七|三十)天内(?:买家|用户|顾客)?未(?:及时)?[作做]?出?评价|系统自动(?:给出|生成)?(?:好评|评价|五星)"
    r"|(?:此|该|本)?(?:条|则)?(?:评价|评论|点评)?(?:暂)?(?:没有|无)(?:文字|评论|评价|点评)+(?:内容)?"
    r"|暂无(?:评价|评论|点评|内容|文字)+"
    r"|コメントなし|コメントはありません|評価のみ|内容없음|내용없음|작성된내용이없습니다"
    r"){1,3}"
)
_NOBODY = r"(?:this|the|a)?(?:user|customer|guest|reviewer|buyer|shopper|author|person|consumer)"
_ENGLISH = re.compile(
    rf"{_NOBODY}(?:has)?(?:did(?:nt|not)|has(?:nt|not)|hadnot|didnot)?(?:left|leave|wrote|write|written|provided?|add(?:ed)?|gave|"
    r"given?|submit(?:ted)?)(?:no|a|any|an|only)?(?:written|further|text)*(?:review|reviews|comment|comments|text|feedback|"
    r"justarating|rating|starsonly)(?:text)?(?:and(?:has)?(?:only)?(?:left|gave|given)?(?:just|only)?arating)?"
    rf"|{_NOBODY}(?:has)?(?:only|just)?(?:left|gave)(?:only|just)arating"
    r"|no(?:written|further|additional)?(?:comments?|text|review|reviewtext|feedback|content|description)"
    r"(?:left|provided|given|available|written|entered|submitted)?|(?:rating|ratings|stars?)only|(?:just|only)arating"
    r"|(?:this)?review(?:has|with|without)(?:no|out)?text|ratedwithout(?:a)?(?:comment|review)|withoutcomment"
    r"|therearenocomments(?:available)?(?:forthisreview)?|bewertungohnetext|keinkommentar|sanscommentaire|sincomentarios?"
)
NO_PART = re.compile(r"\s*no (?:positive|negative)s?\s*", re.IGNORECASE)
"""What Booking writes where a guest left one half of a review empty."""


def left_out_reason(text: str) -> str:
    """Why a review cannot take part: empty, too_short, symbols, default_praise; "" when it can.

    too_short is one letter that is no word of its own; "好", "6" (well done, in Chinese) and "👍" are. default_praise
    is what a platform wrote for somebody who wrote nothing.
    """
    if not text or text.isspace() or is_missing(text):
        return "empty"
    if len(text) > _LONGEST:
        return "" if any(map(_says_something, text)) else "symbols"
    if not any(map(_says_something, text)):
        return "symbols"
    if len(text) <= 8 and _is_too_short(text):
        return "too_short"
    bare = _MARKS.sub("", text)
    if _CHINESE.fullmatch(bare) or _ENGLISH.fullmatch(bare.casefold()):
        return "default_praise"
    return "default_praise" if NO_PART.fullmatch(text) else ""


def _says_something(char: str) -> bool:
    return char.isalnum() or unicodedata.category(char) in _EMOJI_LIKE


def _is_too_short(text: str) -> bool:
    said = [char for char in text if _says_something(char)]
    # A lone Chinese character or Korean syllable is a word; a lone letter or kana is a slip of the finger.
    return (
        len(said) == 1
        and said[0].isalpha()
        and not ("\u3400" <= said[0] <= "\u9fff" or "\uac00" <= said[0] <= "\ud7a3")
    )

"""What a question asks for, by rules in both languages: how many or what, of what, good or bad, by which column."""

from __future__ import annotations

import re

from pipelines.answer.columns import filters_in, group_in, stars_in
from pipelines.answer.types import Ask
from pipelines.store.reader import Bundle

_HAN = re.compile("[\u3400-\u9fff]")
_WHO_EN = (
    r"(?:reviews|reviewers|customers|people|users|guests|buyers|owners|complaints|comments|visitors|travell?ers|times)"
)
_SAY_EN = (
    r"(?:complain\w*|mention\w*|say\w*|talk\w*|speak\w*|prais\w*|lov\w+|lik\w+|hat\w+|report\w*|are|were|have|had|critici[sz]\w*|"
    r"find|found|dislike\w*|recommend\w*|want\w*|ask\w*|told)"
)
_WHO_ZH = (
    "(?:评论|点评|评价|客人|住客|旅客|用户|顾客|客户|人|买家|差评|好评|投诉|反馈|次|条|位|名|个|份|家庭|网友|吐槽)"
)
_COUNT = (
    re.compile(
        rf"\bhow many\b\s*(?:of\s+(?:the\s+|our\s+|them\b)?)?(?:[\w-]+\s+){{0,3}}?(?:{_WHO_EN}|{_SAY_EN})\b",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b(?:number|count|share|proportion|percentage|percent) of (?:\w+\s+){{0,2}}?{_WHO_EN}\b", re.IGNORECASE
    ),
    re.compile(r"\bhow (?:often|frequently) (?:do|does|are|is|did)\b", re.IGNORECASE),
    re.compile(rf"(?:多少|几)(?:{_WHO_ZH}|抱怨|投诉|吐槽|提到|提及|称赞|夸|不满|说)"),
    re.compile(
        rf"(?:占|有)?(?:多大|多少|什么)?(?:比例|占比)|百分之(?:几|多少)|{_WHO_ZH}(?:的)?(?:数量|条数|总数|人数)|统计(?:一下)?"
    ),
    re.compile(rf"{_WHO_ZH}.{{0,4}}有(?:多少|几)"),
    re.compile(r"(?:抱怨|投诉|吐槽|差评|好评|提到|提及|称赞|夸).{0,16}(?:有多少|有几|多不多|最多)"),
    re.compile(r"哪(?:个|家|些|一个|一家|款|种).{0,24}(?:抱怨|投诉|吐槽|差评|好评|提到|反映).{0,16}最(?:多|少)"),
    re.compile(
        rf"\bwhich\b.{{0,60}}\b(?:most|fewest|more)\b.{{0,30}}(?:complain\w*|{_WHO_EN}|prais\w*|mention\w*)",
        re.IGNORECASE,
    ),
    re.compile(r"\bwhich\b.{0,60}\b(?:complain\w*|prais\w*|mention\w*)\b.{0,40}\b(?:most|more)\b", re.IGNORECASE),
)
_MOST = re.compile(r"\b(?:most|more)\b|最多", re.IGNORECASE)
_BAD = re.compile(
    r"\bcomplain\w*|\bunhappy\b|\bdissatisf\w+|\bnegative(?:ly)?\b|\bcritici[sz]\w*|\bhate[sd]?\b|\bdislike[sd]?\b|"
    r"\bannoy\w*|\bfrustrat\w+|\bproblems?\b|\bissues?\b|抱怨|投诉|吐槽|不满意?|差评|嫌弃?|骂|埋怨|不喜欢|有意见",
    re.IGNORECASE,
)
_GOOD = re.compile(
    r"\bprais\w*|\bhappy with\b|\bsatisfied\b|\bpositive(?:ly)?\b|\bcompliment\w*|\blove[sd]?\b|"
    r"\blike (?:most )?about\b|\blike best\b|(?<!不)(?<!点)称赞|表扬|夸(?:奖|赞)?|好评|(?<!不)满意|(?<!不)喜欢",
    re.IGNORECASE,
)
_UNHAPPY = re.compile(
    r"(?:\b(?:do|did|does|are|were|is|was|would|could|have|has)\s*)?(?:\bnot|n['’]t|\bnever)\s+"
    r"(?:(?:people|customers|guests|users|they|really|very|so|that|all|entirely|completely|fully)\s+){0,2}"
    r"(?:happy|satisfied|pleased|like|liked|love|loved|enjoy|enjoyed|recommend)\b(?:\s+(?:about|with|by))?",
    re.IGNORECASE,
)
"""Praise that is denied is blame; it asks for those who blame, and not for all the others."""
_NO_EN = re.compile(
    r"(?:\b(?:do|did|does|have|has|had|are|were|is|was)\s*)?(?:\bnot|n['’]t|\bnever|\bwithout)\s+"
    r"(?:(?:ever|even|actually|really|a|any)\s+){0,2}"
    r"(?=(?:complain|mention|talk|speak|prais|report|critici[sz]|positive|negative))",
    re.IGNORECASE,
)
_NO_ZH = re.compile(
    "(?<!有)(?:并?没有?|并?未曾?|从未|从没|不曾|不是)(?=抱怨|投诉|吐槽|提到|提及|提过|说到|谈到|谈及|称赞|表扬|夸|反映|好评|差评)"
)
_SAID_BEFORE = re.compile(r"\b(?:complain|mention|sa[yi]|talk|prais|report)\w*|(?:抱怨|投诉|吐槽|提到|提及|反映|说)")
# What asks, from the longest on; what is left of a question is its subject.
_ASKING_EN = (
    r"how many(?: of(?: the| our| them)?)?|(?:(?:what|the) )*(?:number|count|share|proportion|percentage|percent) of|"
    r"how (?:often|frequently)(?: do| does| are| is| did)?",
    r"which|(?:gets?|has|have|receives?|draws?)(?= (?:the )?(?:most|more|fewest))|the (?:most|fewest)",
    r"what (?:goes|went|is|was) wrong with|how (?:long|much|hard|easy|easily|fast|quickly)(?: does| do| did| is| are)?",
    r"what (?:do|did|does|are|is|was|were|can|kind of|kinds of|sort of)|what's|why (?:do|does|did|are|is|were|was)|"
    r"how (?:do|does|did|are|is|was|were|good|bad|well)|"
    r"(?:is|are|do|does|did|was|were|can|should|has|have)(?= \w)|who|any good|when|where|"
    r"tell me|show me|summari[sz]e|please",
    rf"(?:the |our |your |some |any |most )?{_WHO_EN}\b",
    r"(?:say|says|said|saying|think|thinks|thought|feel|feels|talk|talks|talking|speak|speaks|write|writes|"
    r"mention|mentions|mentioned|"
    r"report|reports|reported|told (?:us|me)|"
    r"complain|complains|complained|complaining|praise|praises|praised|criticise|criticize|find|love|loves|like|likes|hate|"
    r"hates|dislike|dislikes|are|were|be|being|have|had|there|unhappy|happy|dissatisfied|satisfied|negative|positive|opinions?|feedback|problems?|issues?|complaints?|gets?|asks?)"
    r"(?: most| best| mostly)?(?: about| with| of| on| for| that| by| to| in)?",
    r"\b(?:with|about|of|on|regarding|concerning|the most|most|more|often|that|the|a|an|"
    r"there|their|our|its|it|and|or|in|at|for|from|with|by|to|do|does)\b",
)
_ASKING_ZH = (
    "(?:一共|总共|大概|到底|究竟|请问|想知道|帮我|请|统计一下|统计|看看|说说|总结一下|总结|告诉我|列出)",
    f"(?:有)?(?:多少|几)(?:条|个|位|名|次|份)?{_WHO_ZH}?",
    "(?:占|有)?(?:多大|多少|什么)?(?:的)?(?:比例|占比)|百分之(?:几|多少)|(?:的)?(?:数量|条数|总数|人数)",
    "哪(?:个|家|些|一个|一家|款|种)|最(?:多|少)",
    "(?:大家|客人|客人们|住客|旅客|用户|顾客|客户|人们|网友|买家|住过的人|评论里?|点评|评价|反馈|评论者)(?:们)?",
    "(?:对于|对|关于|有关|在)(?=.)",
    "为什么|为何|为啥",
    "(?:有)?(?:什么|哪些|啥|怎么|怎样|如何)(?:说|看|评价|样|办|回事)?(?:的)?",
    "是不是|难不难|有没有|好不好|多不多|行不行|怎么样|怎样|如何|吗|呢|么|？|\\?",
    "抱怨|投诉|吐槽|不满意?|差评|好评|埋怨|表扬|称赞|夸奖?|满意|喜欢|提到|提及|说到|谈到|反映|认为|觉得|意见|看法|印象|问题|情况|方面|说",
)
_EDGES = " \t,.;:!?，。；：！？、·\"'“”‘’()（）"
_GLUE_ZH = re.compile("^(?:的|是|有|在|了|都|会|和|与)+|(?:的|了|是|有|得|都|方面|最)+$")


_ASKS = re.compile(
    r"[?？]\s*$|^\s*(?:how|what|why|which|who|where|when|is|are|do|does|did|can|could|should|was|were|has|have|tell me|"
    r"summari[sz]e|count)\b|吗|呢|什么|怎么|怎样|如何|为何|为啥|多少|几个|几条|几人|哪[个家些里儿]|谁|是否|是不是|有没有|能不能|会不会|"
    r"好不好|多久|多不多|多大|占比|比例|统计|总结",
    re.IGNORECASE,
)


def asks(text: str) -> bool:
    """Whether a text is put as a question, and not as words to look for."""
    return bool(_ASKS.search(text))


def understand(bundle: Bundle, text: str) -> Ask:
    """A question about a bundle, understood by rules; whatever cannot be told is left open."""
    text = " ".join(text.split())
    han = len(_HAN.findall(text))
    language = "zh" if han and han * 3 >= len(re.findall(r"\w", text)) else "en"
    rest, stars = stars_in(bundle, text)
    happy, unhappy = _UNHAPPY.subn(" do ", rest)
    happy = " ".join(happy.split()) if unhappy else happy
    affirmed = _affirmed(happy)
    is_count = any(pattern.search(one) for pattern in _COUNT for one in (text, rest, affirmed))
    negated = is_count and affirmed != happy
    rest = affirmed if negated else happy
    bad, good = unhappy or _BAD.search(rest), _GOOD.search(rest)
    polarity = -1 if bad and not good else 1 if good and not bad else 0
    rest, group, period, unknown = group_in(bundle, rest) if is_count else (rest, "", "", "")
    rest, filters = filters_in(bundle, rest, group)
    subject = _subject(rest, language)
    return Ask(
        text, language, is_count, subject, polarity, group, period, (*stars, *filters), bool(_MOST.search(text)),
        unknown, negated and bool(subject or polarity),
    )  # fmt: skip


def _affirmed(text: str) -> str:
    """The question without the "not" before what reviews say; one in what they say stays ("say it does not work")."""
    match = _NO_EN.search(text) or _NO_ZH.search(text)
    if match is None or _SAID_BEFORE.search(text[: match.start()]):
        return text
    return f"{text[: match.start()]} {text[match.end() :]}"


def _subject(rest: str, language: str) -> str:
    found = rest
    if language == "zh":
        for pattern in _ASKING_ZH:
            found = re.sub(pattern, " ", found)
        parts = [_GLUE_ZH.sub("", part) for part in found.strip(_EDGES).split()]
        return " ".join(part.strip(_EDGES) for part in parts if part.strip(_EDGES))
    for pattern in _ASKING_EN[:-1]:
        found = re.sub(rf"\b(?:{pattern})(?![\w-])", " ", found, flags=re.IGNORECASE)
    found = " ".join(found.strip(_EDGES).split())
    # Function words at the ends alone: "out of order" keeps its middle.
    edge = re.compile(rf"^(?:{_ASKING_EN[-1]}|{_EDGE_SIGNS})+|(?:{_ASKING_EN[-1]}|{_EDGE_SIGNS})+$", re.IGNORECASE)
    while (shorter := edge.sub("", found)) != found:
        found = shorter
    return found.strip(_EDGES)


_EDGE_SIGNS = r"[\s,.;:!?\"'“”()]"

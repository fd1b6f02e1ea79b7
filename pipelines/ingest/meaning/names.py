"""What a column's name says about its role, in English and Chinese (and the commonest Japanese and Korean names)."""

from __future__ import annotations

import re
from functools import lru_cache

from pipelines.ingest.meaning import vocabulary as words

_MOST_TOKENS = 3
_MOST_CHARS = 300
DOUBTFUL = 0.25
"""Strength of a name that points to a role and, by a word beside it, to something else."""

_EXACT_ROLE = {name: role for role, listed in words.EXACT.items() for name in listed.split()}
_HEAD_ROLE = {word: role for role, listed in words.HEADS.items() for word in listed.split()}
_TAILS = {role: tuple(listed.split()) for role, listed in words.TAILS.items()}
_DOUBTS = {role: frozenset(listed.split()) for role, listed in words.DOUBTS.items()}
_ASPECTS, _SCORE_TAILS = frozenset(words.ASPECTS.split()), words.SCORE_TAILS.split()
# Aspects that are also what a column names: a product, a place.
_THINGS = frozenset(("product", "seller", "courier", "location", "size", "style", "room", "rooms", "seat", "fit"))
_NO_SCORE, _COUNTS = frozenset(words.NO_SCORE.split()), tuple(words.COUNTS.split())
_SECONDHAND, _SECONDHAND_CHINESE = frozenset(words.SECONDHAND.split()), words.SECONDHAND_CHINESE.split()
_SIDES = {**dict.fromkeys(words.PRAISE.split(), "praise"), **dict.fromkeys(words.COMPLAINT.split(), "complaint")}
_ABOUT_REVIEWS = re.compile(r"review|comment|评论|評論|评价|評價|点评|レビュー|리뷰")
_HAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_SENTENCE_END = re.compile(r"[.!?。！？…~～]\s*$")
_QUESTION_END = re.compile(r"[?？:：]\s*$")
_NUMBERED = re.compile(r"^\s*(?:[qQ]?\d{1,3}\s*[.、):：]|第?\d{1,3}题[:：.、]?|\(\d+\))\s*")
_ASIDE = re.compile(r"[（(\[【][^()（）\[\]【】]*[)）\]】]\s*$")
_WRAPPER = re.compile(r"(?:[./](?:label|value|text|_value|_text|\$t|\$|#text)|\$t|#text)$", re.I)

# Questions of a survey; the first that matches decides.
_QUESTIONS = {
    "text": re.compile(
        r"\bwhy\b|reason|comment|tell us|anything else|feedback|suggest|improve|describe|explain|elaborate|"
        r"like (?:most|best|least)|did you (?:dis)?like|in your own words|share your|other thoughts|"
        r"原因|理由|建议|意见|想说|补充|说明|请描述|请填写|为什么|哪些(?:方面|地方)|建議|意見|ご感想|의견",
        re.I,
    ),
    "rating": re.compile(
        r"how likely|how satisfied|how would you rate|rate (?:your|our|the|us)|"
        r"overall (?:satisfaction|experience|rating)|recommend .*(?:friend|colleague)|would you recommend|net promoter|"
        r"满意度|满意程度|是否满意|满意吗|多大可能|推荐.{0,12}(?:朋友|同事|亲友|他人)|打几分|打分|評分|滿意度|満足度|만족도",
        re.I,
    ),
}
# What a name says of its scale: lowest and highest score; the first that matches decides.
_SCALES = tuple(
    (re.compile(pattern, re.I), scale)
    for pattern, scale in {
        r"\bnps\b|net promoter|how likely|likel(?:y|ihood) to recommend|多大可能|愿意推荐|推荐可能": (0.0, 10.0),
        r"百分制|(?<!\d)0\s*[-–~到]\s*100|out of 100|/\s*100|满分\s*100": (0.0, 100.0),
        r"(?<!\d)0\s*[-–~到]\s*10(?!\d)": (0.0, 10.0),
        r"(?<!\d)1\s*[-–~到]\s*10(?!\d)|(?:十|10)分制|out of 10(?!\d)|/\s*10(?!\d)|满分\s*10(?!\d)": (1.0, 10.0),
        r"(?<!\d)[01]\s*[-–~到]\s*5(?!\d)|[五5]分制|out of 5(?!\d)|/\s*5(?!\d)|满分\s*5(?!\d)": (1.0, 5.0),
    }.items()
)


@lru_cache(maxsize=10_000)
def strengths(name: str) -> dict[str, float]:
    """How strongly a column's name points to each role, 0…1.05; roles that it does not point to are left out.

    A rating, date or title that says whose it is (review_date beside date) is a little above one that does not.
    """
    name = name[:_MOST_CHARS]
    inner = _unwrapped(name)
    return (strengths(inner) if inner != name else {}) or _strengths(name)


def _strengths(name: str) -> dict[str, float]:
    bare = _ASIDE.sub("", _NUMBERED.sub("", name)) or name
    compact = _compact(bare)
    role = _EXACT_ROLE.get(compact)
    if role is not None:
        reviews = role in {"rating", "date", "title"} and _ABOUT_REVIEWS.search(compact)
        return {role: 1.05 if reviews else 1.0}
    if compact == "name":
        return {"user": 0.5, "item": 0.5}  # the values decide
    if compact in {"desc", "description", "intro", "描述", "简介", "note", "notes"}:
        return {"text": 0.4}
    if side(name) is not None:
        return {"text": 0.5}
    if is_aspect(name):
        # Of aspects the thing itself comes nearest to an overall score.
        return {"rating": DOUBTFUL + (0.05 if re.match(r"商品|产品|product", compact) else 0.0)}
    tokens = _tokens(bare)
    asked = _asked(bare) if len(tokens) >= 4 or len(_HAN.findall(bare)) >= 8 else {}
    return asked or (_chinese(compact) if _HAN.search(compact) else _latin(tokens))


def is_known(name: str) -> bool:
    """Whether a cell reads like the name of a column with a role."""
    name = name.strip()
    if len(name) > 40 or (len(_tokens(name)) > _MOST_TOKENS and _compact(name) not in _EXACT_ROLE):
        return False  # "we love this product" ends in a role's word as well
    return any(strength >= 0.8 for strength in strengths(name).values())


def looks_named(row: list[str]) -> bool:
    """Whether a row reads like a header: short cells, one of them a role's name (two where cells repeat or lack)."""
    filled = [cell.strip() for cell in row if cell.strip()]
    # A survey's header asks questions beside columns with plain names.
    questions = [cell for cell in filled if _QUESTION_END.search(cell) and len(cell) <= 200]
    plain = [cell for cell in filled if cell not in questions]
    known = sum(map(is_known, plain))
    if any(len(cell) > 60 or _SENTENCE_END.search(cell) for cell in plain) or (questions and known < 2):
        return False
    complete = len(filled) >= len(row) - 1 and len(set(filled)) == len(filled)
    return known >= 1 if complete else known >= 2


@lru_cache(maxsize=10_000)
def is_secondhand(name: str) -> bool:
    """Whether a name says that its texts are a reply, a follow-up, or what a program made of the review."""
    name = _unwrapped(name)
    compact = _compact(name)
    if _EXACT_ROLE.get(compact) == "text":
        return False
    if _HAN.search(compact):
        return any(word in compact for word in _SECONDHAND_CHINESE)
    tokens = set(_tokens(name))
    # "Response" may be a survey's answer; somebody's response is a reply.
    answered = tokens & {"response", "responses", "responded"} and tokens & {
        "owner", "developer", "company", "management", "manager", "seller", "merchant", "host", "hotel", "business",
    }  # fmt: skip
    return bool(tokens & _SECONDHAND or answered)


@lru_cache(maxsize=10_000)
def side(name: str) -> str | None:
    """ "praise" or "complaint" where a column holds one half of a review that asks for good and bad apart."""
    name = _unwrapped(name)
    bare = _ASIDE.sub("", _NUMBERED.sub("", name)) or name
    compact = _compact(bare)
    known = _SIDES.get(compact)
    if known or _HAN.search(compact):
        return known
    tokens = _tokens(bare)
    if len(tokens) >= 4 or "?" in name:
        asked = " ".join(tokens)
        if re.search(r"\b(?:dislike[ds]?|like[ds]? (?:the )?least|improved?|do better|missing|worst)\b", asked):
            return "complaint"
        return "praise" if re.search(r"\b(?:like[ds]?|enjoy(?:ed)?|do well|best)\b(?! to\b)", asked) else None
    return None


@lru_cache(maxsize=10_000)
def is_aspect(name: str) -> bool:
    """Whether a column's name is one aspect of what is reviewed (service, 卫生), with or without a word for score."""
    name = _unwrapped(name)
    compact = _compact(_ASIDE.sub("", name) or name)
    if compact in _ASPECTS:
        return True
    if _HAN.search(compact):
        return any(compact.endswith(tail) and compact[: -len(tail)] in _ASPECTS for tail in _SCORE_TAILS)
    tokens = _tokens(name)
    if "overall" in tokens:
        return False
    if not _NO_SCORE.isdisjoint(tokens):
        return False
    scored = any(_HEAD_ROLE.get(token) == "rating" for token in tokens)
    if scored:
        return any(token in _ASPECTS for token in tokens)
    return 2 <= len(tokens) <= 3 and tokens[-1] in _ASPECTS - _THINGS  # customer service, work_life_balance


@lru_cache(maxsize=10_000)
def is_no_score(name: str) -> bool:
    """Whether a name says that its numbers are counts, ids, averages or a program's, not one person's score."""
    compact = _compact(name)
    if _HAN.search(compact):
        return compact.endswith(_COUNTS) or any(word in compact for word in _DOUBTS["rating"] if _HAN.search(word))
    return not _NO_SCORE.isdisjoint(_tokens(name))


@lru_cache(maxsize=10_000)
def scale(name: str) -> tuple[float, float] | None:
    """The lowest and highest score that a name tells of: "NPS" (0, 10), "满分10" (1, 10); None where it tells none."""
    return next((ends for pattern, ends in _SCALES if pattern.search(name)), None)


def _unwrapped(name: str) -> str:
    """A name without the last part that a feed or an API wraps its values in: "im:rating.label", "title.$t"."""
    return _WRAPPER.sub("", name) or name


def _compact(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).lower()


def _tokens(name: str) -> list[str]:
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name)
    return [token for token in re.split(r"[\W_]+|(?<=[a-z])(?=\d)", spaced.lower()) if token]


def _asked(question: str) -> dict[str, float]:
    return next(({role: 0.8} for role, pattern in _QUESTIONS.items() if pattern.search(question)), {})


def _latin(tokens: list[str]) -> dict[str, float]:
    while len(tokens) > 1 and tokens[-1] in {"utc", "gmt", "local", "en", "zh", "cn", "original", "raw"}:
        tokens = tokens[:-1]
    if not tokens:
        return {}
    head, beside = tokens[-1], tokens[:-1]
    if "of" in tokens[1:-1]:  # date of stay
        place = tokens.index("of", 1)
        head, beside = tokens[place - 1], [*tokens[: place - 1], *tokens[place + 1 :]]
    elif head.isdigit() and beside:  # review1, text_2
        head, beside = beside[-1], beside[:-1]
    role = _HEAD_ROLE.get(head)
    if (
        head in {"id", "name", "title", "no", "code", "key", "handle", "nickname"}
        and beside
        and _HEAD_ROLE.get(beside[-1]) in {"user", "item"}
    ):
        role = _HEAD_ROLE[beside[-1]]
    if role is None:
        return {}
    if any(token in _DOUBTS[role] for token in beside):
        return {role: DOUBTFUL}
    reviews = role in {"rating", "date", "title"} and any(_ABOUT_REVIEWS.search(token) for token in beside)
    return {role: 0.85 if reviews else 0.8}


def _chinese(name: str) -> dict[str, float]:
    if name.endswith(_COUNTS):
        return {}
    # Chinese compounds end in what they are: 评论时间 is a time, 评论内容 a content.
    stem = re.sub(r"(名称|名|标题|id|编号)$", "", name)
    for role, ends in _TAILS.items():
        if name.endswith(ends) or (role in {"user", "item"} and stem != name and stem.endswith(ends)):
            doubtful = any(word in name for word in _DOUBTS[role] if _HAN.search(word))
            reviews = role in {"rating", "date", "title"} and _ABOUT_REVIEWS.search(name)
            return {role: DOUBTFUL if doubtful else 0.85 if reviews else 0.8}
    return {}

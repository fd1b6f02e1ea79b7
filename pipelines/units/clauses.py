"""Where a clause begins in a sentence: at words that turn it (but, 但是); in English also at one with its own verb."""

from __future__ import annotations

import re

# Chinese clauses end at commas; spaces stand for commas in many Chinese reviews. 、 lists words, not clauses.
CHINESE_COMMA = re.compile(r"[，,～~]+(?!\d)|(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])")
NUMBERED = re.compile(r"(?:^|(?<=[\u3400-\u9fff\s，,。；;：:]))(?=(?:\d{1,2}[.、)）．]|[①-⑳])\s*[^\d\s])")

_CHINESE_TURN = re.compile(
    r"但是|但(?![凡愿求])|不过(?!如此|瘾|关|分|来|去)|可是(?!真)|然而|只是(?!因为|为了)|虽然|虽说|尽管|可惜|遗憾的是"
    r"|唯独|唯一(?:不足|缺点|的?遗憾|不好)|美中不足|缺点(?:是|就是)|不足(?:的是|之处)"
)
_ENGLISH_TURN = re.compile(
    r"(?<!\bnothing )(?<!\banything )(?<!\ball )(?<!\blast )(?<!\bcannot )(?<!\bcan't )(?<!\bhelp )"
    r"\bbut\b(?! (?:also|to|not least)\b)"
    r"|\bhowever\b(?! (?:hard|much|many|long|often)\b)"
    r"|\b(?:even )?(?:al)?though\b(?!\s*(?:[,.!?;)]|$))|\bexcept (?:that|for)\b"
    r"|\bunfortunately\b|\bsadly\b|\bnevertheless\b|\bwhereas\b|\bon the other hand\b|(?<=[,;] )yet\b",
    re.IGNORECASE,
)
# be, have, do and the words that go with a verb: a closed class, which marks nearly every finite clause of a review.
_VERB = re.compile(
    r"\b(?:is|are|was|were|am|has|have|had|does|do|did|can|could|will|would|should|must|might|cannot|"
    r"[a-z]+n['’]t|[a-z]+['’](?:s|re|ve|ll|d|m))\b",
    re.IGNORECASE,
)
# A subject that is no object as well says that a verb is there, whichever it is; "it" may be either, and does before a
# comma.
_SUBJECT = re.compile(r"(?:i|we|they|he|she|nobody|everybody|everyone|someone|somebody)\b", re.IGNORECASE)
_SUBJECT_BEFORE = re.compile(r"\b(?:i|we|they|he|she|it|nobody|everybody|everyone)\b", re.IGNORECASE)
# What begins after a comma or an "and" and is no clause of its own: it says more about what stands before.
_DEPENDS = re.compile(
    r"(?:which|who|whom|whose|that|where|when|while|as|if|because|since|so|until|unless|after|before|once|or|nor|"
    r"including|like|such|especially|not|then|too|only|just|is|are|was|were|has|have|had|does|do|did|can|could|will|"
    r"would|should)\b",
    re.IGNORECASE,
)
_COMMA = re.compile(r",\s+(?=\S)")
_AND = re.compile(
    r"\s+(?=and (?:the|my|our|their|his|her|its|it|they|we|he|she|i|this|that|these|those|there)\b)", re.IGNORECASE
)
_JOINT = re.compile(r"(?:and|but)\s+", re.IGNORECASE)
# Such a word at its beginning makes the whole first part wait for what follows the comma.
_WAITS = re.compile(
    r"\s*(?:(?:and|but)\s+)?(?:if|when|while|as|because|since|although|though|even though|after|before|once|until|"
    r"unless|despite|whenever|considering|no matter|however (?:hard|much|many|long|often))\b",
    re.IGNORECASE,
)


def chinese_cuts(clause: str) -> list[int]:
    """Where a Chinese clause turns: before 但是, 不过, 虽然, …; not before the turn that it begins with."""
    return [match.start() for match in _CHINESE_TURN.finditer(clause) if match.start()]


def english_cuts(sentence: str) -> list[int]:
    """Where a sentence turns, and where a clause with its own verb begins after a comma, or an "and" with a subject.

    "The room was clean, breakfast was awful and the staff were rude" has three; "the room, which was clean" and "when I
    called, they were rude" have one.
    """
    turns = [match.start() for match in _ENGLISH_TURN.finditer(sentence) if match.start()]
    cuts = set(turns)
    last = 0
    for match in sorted([*_COMMA.finditer(sentence), *_AND.finditer(sentence)], key=lambda one: one.start()):
        before = sentence[max([last, *(turn for turn in turns if turn <= match.start())]) : match.start()]
        after = _own(sentence[match.end() :])
        if _WAITS.match(before) or _DEPENDS.match(after):
            continue
        is_and = match.re is _AND
        begins = _VERB.search(after) or (not is_and and _SUBJECT.match(after))
        if begins and (is_and or _VERB.search(before) or _SUBJECT_BEFORE.search(before)):
            cuts.add(match.end())
            last = match.end()
    return sorted(cuts)


def _own(after: str) -> str:
    """What follows as far as the next comma, turn or "and", without the word that joins it."""
    after = _JOINT.sub("", after, count=1) if _JOINT.match(after) else after
    ends = [len(after)]
    for pattern in (_COMMA, _ENGLISH_TURN, _AND):
        match = pattern.search(after, 1)
        ends += [match.start()] if match else []
    return after[: min(ends)]

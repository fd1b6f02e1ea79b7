"""Whether a sentence that a model wrote may be shown: plain, citing what was given, and said by what it cites.

Nothing here asks a model. A sentence stands when the texts it names hold its words or its meaning, its figures, and
the same mood; what made the model write it does not matter, and so neither does what a review told it to write.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from pipelines.answer import words
from pipelines.answer.count import rows_of
from pipelines.answer.extract import best_pieces
from pipelines.answer.hostile import speaks_to_machine
from pipelines.answer.prompt import MOST_SENTENCES, Given
from pipelines.answer.types import Ask, Sentence
from pipelines.figures import heads
from pipelines.redact import redact
from pipelines.search import index_of, query_terms
from pipelines.sentiment import lexicon_en, lexicon_zh
from pipelines.store.reader import Bundle
from pipelines.text import clean
from pipelines.tracked import meaning
from pipelines.types import FloatArray
from pipelines.units.cutting import sentences as cut

MOST_CHARS = 300
MOSTLY_SAID, PARTLY_SAID, HARDLY_SAID = 0.6, 0.3, 0.1
"""Shares of a sentence's telling words, those of the question apart, that the cited texts hold."""
NEAR, NEARER, NEAREST = 0.5, 0.9, 0.98
"""The share of all reviews of the file that are less like the sentence than the likest one cited."""
CLEAR_MOOD = 0.35

_NOT_PLAIN = re.compile(
    r"https?:|www\.|://|\b[\w-]+\.(?:com|net|org|cn|io|ru|info|biz|xyz|top|example|invalid|test)\b|[<>{}`\[\]|\\*_#^~=]|"
    r"!\[|[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]|[\U000e0000-\U000e007f]",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_HAN = re.compile("[\u3400-\u9fff]")
_NAME = re.compile(r"\b(?:[A-Z][A-Za-z]*[A-Z]\w*|[A-Z]{2,}\w*|[A-Z][a-z]{2,}|[A-Za-z]+\d\w*)\b", re.ASCII)
_WHOLE = re.compile(
    r"\b(?:all|every|everyone|everybody|everywhere|always|never|none|nobody|no one|nothing|only|entirely|completely|"
    r"flawless\w*|perfect\w*|best|worst|no)\b|所有|全部|每个人|人人|从不|从来|总是|没有任何|没有人|只有|唯一|完全|全天|全都|完美|最好|最差|第一",
    re.IGNORECASE | re.ASCII,
)
_OF_TELLING = frozenset((
    "customer", "customers", "guest", "guests", "people", "user", "users", "reviewer", "reviewers",
    "review", "reviews", "buyer", "buyers", "owner", "owners", "several", "some", "many", "few", "most",
    "one", "two", "other", "others", "say", "says", "said", "report", "reports", "reported", "mention",
    "mentions", "mentioned", "complain", "complains", "complained", "complaint", "complaints", "praise",
    "praised", "find", "found", "describe", "described", "note", "noted", "experience", "experienced",
    "also", "however", "while", "especially", "particular", "客人", "顾客", "用户", "住客", "评论", "有人",
    "有的", "不少", "部分", "许多", "一些", "提到", "表示", "反映", "抱怨", "称赞", "认为", "觉得", "指出",
    "说", "还有", "也有", "有些", "几位", "多位",
))  # fmt: skip


@dataclass(frozen=True)
class Written:
    """What a model wrote: a sentence and the numbers it names."""

    text: str
    cites: tuple[int, ...]


def supported(
    bundle: Bundle, ask: Ask, written: Sequence[Written], given: Sequence[Given]
) -> tuple[list[Sentence], dict[str, int]]:
    """The sentences that stand, each with the citations that support it, and how many did not, by why.

    What only one review says is shown in that review's own words, in quotation marks.
    """
    return judged(bundle, ask, written, [one for one in given if not speaks_to_machine(one.text)])


def judged(
    bundle: Bundle, ask: Ask, written: Sequence[Written], given: Sequence[Given]
) -> tuple[list[Sentence], dict[str, int]]:
    """As `supported`, whoever the texts speak to."""
    by_number = {one.number: one for one in given}
    kept: list[Sentence] = []
    out: dict[str, int] = {}
    seen: set[str] = set()
    vectors = _vectors(bundle, [one.text for one in written])
    for place, one in enumerate(written):
        text = " ".join(one.text.split())
        cites = [by_number[number] for number in dict.fromkeys(one.cites) if number in by_number]
        why = _form(text, cites)
        if not why and (text.casefold() in seen or len(kept) == MOST_SENTENCES):
            why = words.REPEATED
        own_words = False
        if not why:
            cites, own_words, why = _said(bundle, ask, text, cites, None if vectors is None else vectors[place])
        shown = None if why else _shown(bundle, text, cites, own_words)
        if (
            shown is not None
            and shown.units
            and any(shown.units == other.units and other.by == "quote" for other in kept)
        ):
            why = words.REPEATED
        if why or shown is None:
            out[why] = out.get(why, 0) + 1
            continue
        seen.add(text.casefold())
        kept.append(shown)
    return kept, out


def _shown(bundle: Bundle, text: str, cites: Sequence[Given], own_words: bool) -> Sentence:
    """The model's sentence, or in its place the words of the one review that says it."""
    if own_words:
        return _sentence(bundle, text, cites)
    units = np.array([cites[0].unit])
    quote = best_pieces(bundle, text, [clean(str(bundle.points["text"].iloc[cites[0].unit]))])[0]
    return Sentence("quote", words.QUOTE, {"quote": quote}, rows=rows_of(bundle, units),
                    units=(int(bundle.points["unit_id"].iloc[cites[0].unit]),))  # fmt: skip


def lone_source(bundle: Bundle, text: str, reviews: Sequence[Given]) -> Given | None:
    """The cited review that alone in the file has a word of the sentence: what rests on that word rests on it."""
    index = index_of(bundle)
    same = heads(bundle.points)
    every = np.arange(len(same), dtype=np.int64)
    for term in query_terms(text):
        holding = every[index.holds(term, every)]
        if len(holding) and len(set(same[holding].tolist())) == 1:
            alone = next((one for one in reviews if same[one.unit] == same[holding[0]]), None)
            if alone is not None:
                return alone
    return None


def _form(text: str, cites: Sequence[Given]) -> str:
    if not text or len(text) > MOST_CHARS or _NOT_PLAIN.search(text) or redact(text) != text or speaks_to_machine(text):
        return words.NOT_PLAIN
    return "" if cites else words.NO_CITATION


def _said(
    bundle: Bundle, ask: Ask, text: str, cites: list[Given], vector: FloatArray | None
) -> tuple[list[Given], bool, str]:
    """(citations that support a sentence, whether its own words may be shown, or why it does not stand).

    No single review carries a model's words: taken away, the others must still say it. What one review alone says is
    quoted from it. A document speaks for itself.
    """
    alike = _Alike(bundle, text, vector)
    pieces = [one for one in cut(text) if query_terms(one)] or [text]
    asked = {*query_terms(ask.text)}

    def stands(some: Sequence[Given]) -> bool:
        return bool(some) and all(_stands(piece, asked, some, alike) for piece in pieces)

    agreeing = [one for one in cites if not _is_against(bundle, text, one)]
    if not agreeing:
        return [], False, words.AGAINST
    known = {*_NUMBER.findall(ask.text), *(number for one in agreeing for number in _NUMBER.findall(one.text))}
    if not {*_NUMBER.findall(text)} <= known:
        return [], False, words.NUMBER
    alone = [one for one in agreeing if stands([one])]
    if any(one.passage is not None for one in alone):
        return alone, True, ""
    lone = lone_source(bundle, text, agreeing)
    if lone is None and len(_distinct(bundle, alone)) > 1:
        return alone, True, ""
    together = [one for one in agreeing if _share(_telling(text, asked), [one]) >= HARDLY_SAID] if lone is None else []
    if len(_distinct(bundle, together)) > 2 and all(stands(_without(bundle, together, one)) for one in together):
        return together, True, ""
    if alone or stands(agreeing):
        best = max(alone or agreeing, key=lambda one: (one is lone, _share(_telling(text, asked), [one]), -one.number))
        return [best], False, ""
    return [], False, words.UNSUPPORTED


def _stands(text: str, asked: set[str], cites: Sequence[Given], alike: _Alike) -> bool:
    telling = _telling(text, asked)
    held = " ".join(one.text for one in cites)
    folded = held.casefold()
    if any(name.casefold() not in folded for name in _names(text)):
        return False
    # What is said of all, of none or of the best is more than a few reviews can tell, unless they say so themselves.
    if any(not any(word in one.text.casefold() for one in cites) for word in _whole_claims(text)):
        return False
    rank, share = alike.rank(cites), _share(telling, cites)
    if not alike.is_known:
        return bool(telling) and share >= MOSTLY_SAID
    if not telling:
        # All its words are the question's own: only the meaning tells.
        return rank >= NEARER
    if share >= MOSTLY_SAID:
        return rank >= NEAR
    if share >= PARTLY_SAID:
        return rank >= NEARER
    other_script = not any(bool(_HAN.search(text)) == bool(_HAN.search(one.text)) for one in cites)
    return rank >= NEAREST and (other_script or share >= HARDLY_SAID) and alike.is_clear(cites)


def _telling(text: str, asked: set[str]) -> set[str]:
    """The words of a sentence that say something: not the question's, nor those of telling (guests say, 有人提到)."""
    return {
        term for term, word in query_terms(text).items() if word not in _OF_TELLING and term not in _OF_TELLING
    } - asked


def _names(text: str) -> list[str]:
    """Words written as names inside a sentence: FastShip, PWNED, hotel8888."""
    found = _NAME.findall(text)
    first = re.match(r"\W*([A-Za-z]+)", text)
    ordinary = first is not None and first[1][1:].islower() and len(found) > 0 and found[0] == first[1]
    return found[1:] if ordinary else found


def _whole_claims(text: str) -> list[str]:
    return [word.casefold() for word in _WHOLE.findall(text)]


def _distinct(bundle: Bundle, cites: Sequence[Given]) -> set[int]:
    """The reviews among citations, those that say the same counted once."""
    same = heads(bundle.points)
    return {int(same[one.unit]) for one in cites if one.passage is None}


def _without(bundle: Bundle, cites: Sequence[Given], gone: Given) -> list[Given]:
    same = heads(bundle.points)
    return [one for one in cites if one.passage is not None or same[one.unit] != same[gone.unit]]


def _share(telling: set[str], cites: Sequence[Given]) -> float:
    if not telling:
        return 0.0
    held = {term for one in cites for term in query_terms(one.text)}
    return len(telling & held) / len(telling)


def _is_against(bundle: Bundle, text: str, one: Given) -> bool:
    """Whether a sentence is clearly praise and what it cites clearly blame, or the other way round."""
    mood = _mood(text)
    if one.passage is not None or abs(mood) < CLEAR_MOOD:
        return False
    label = str(bundle.points["sentiment_label"].iloc[one.unit])
    stars = float(bundle.points["rating"].iloc[one.unit]) if "rating" in bundle.points else float("nan")
    theirs = _mood(one.text)
    if mood > 0:
        return theirs < CLEAR_MOOD and (label == "negative" or stars <= 2)
    return theirs > -CLEAR_MOOD and label == "positive" and not stars <= 3


def _mood(text: str) -> float:
    return lexicon_zh.score(text) if _HAN.search(text) else lexicon_en.score(text)


class _Alike:
    """How like a sentence each review of the file is, and the texts it cites among them."""

    def __init__(self, bundle: Bundle, text: str, vector: FloatArray | None) -> None:
        self._bundle, self._text, self.is_known = bundle, text, vector is not None
        self._every = np.zeros(0) if vector is None else meaning.likeness(bundle, vector[None, :])[0]
        self._vector = vector
        self._passages: Mapping[str, float] = {}

    def _best(self, cites: Sequence[Given]) -> float:
        found = [float(self._every[one.unit]) for one in cites if one.passage is None]
        texts = [one.text for one in cites if one.passage is not None]
        if texts and self._vector is not None:
            from pipelines.documents.shelf import encode

            read = encode(self._bundle, texts)
            if read is not None:
                width = len(self._vector)
                part = read[:, :width] / np.maximum(np.linalg.norm(read[:, :width], axis=1, keepdims=True), 1e-9)
                found.append(float((part @ self._vector).max()))
        return max(found, default=-1.0)

    def rank(self, cites: Sequence[Given]) -> float:
        """Share of the file's reviews that are less like the sentence than the likest cited; 0 where not known."""
        return float((self._every < self._best(cites) + 1e-6).mean()) if self.is_known and len(self._every) else 0.0

    def is_clear(self, cites: Sequence[Given]) -> bool:
        """Whether the likest cited is more like it than chance reaches in this file."""
        return self.is_known and self._best(cites) >= meaning.chance(self._bundle, self._text)


def _vectors(bundle: Bundle, texts: Sequence[str]) -> FloatArray | None:
    return meaning.vectors_of(bundle, [text[:MOST_CHARS] or "." for text in texts]) if texts else None


def _sentence(bundle: Bundle, text: str, cites: Sequence[Given]) -> Sentence:
    units = [one.unit for one in cites if one.passage is None]
    return Sentence(
        "model",
        text=text,
        rows=tuple(dict.fromkeys(bundle.points["row_id"].to_numpy()[units].tolist())),
        units=tuple(bundle.points["unit_id"].to_numpy()[units].tolist()),
        passages=tuple(one.passage for one in cites if one.passage is not None),
    )

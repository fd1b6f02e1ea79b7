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
from pipelines.answer.hostile import speaks_to_machine
from pipelines.answer.prompt import MOST_SENTENCES, Given
from pipelines.answer.types import Ask, Sentence
from pipelines.redact import redact
from pipelines.search import query_terms
from pipelines.sentiment import lexicon_en, lexicon_zh
from pipelines.store.reader import Bundle
from pipelines.tracked import meaning
from pipelines.types import FloatArray

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


@dataclass(frozen=True)
class Written:
    """What a model wrote: a sentence and the numbers it names."""

    text: str
    cites: tuple[int, ...]


def supported(
    bundle: Bundle, ask: Ask, written: Sequence[Written], given: Sequence[Given]
) -> tuple[list[Sentence], dict[str, int]]:
    """The sentences that stand, each with the citations that support it, and how many did not, by why."""
    by_number = {one.number: one for one in given if not speaks_to_machine(one.text)}
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
        if not why:
            cites, why = _said(bundle, ask, text, cites, None if vectors is None else vectors[place])
        if why:
            out[why] = out.get(why, 0) + 1
            continue
        seen.add(text.casefold())
        kept.append(_sentence(bundle, text, cites))
    return kept, out


def _form(text: str, cites: Sequence[Given]) -> str:
    if not text or len(text) > MOST_CHARS or _NOT_PLAIN.search(text) or redact(text) != text or speaks_to_machine(text):
        return words.NOT_PLAIN
    return "" if cites else words.NO_CITATION


def _said(
    bundle: Bundle, ask: Ask, text: str, cites: list[Given], vector: FloatArray | None
) -> tuple[list[Given], str]:
    """The citations that support a sentence, or why it does not stand."""
    alike = _Alike(bundle, vector)
    asked = {*query_terms(ask.text)}
    telling = {*query_terms(text)} - asked
    # A citation that has nothing to do with it goes; what is left has to say it together.
    own = [one for one in cites if _share(telling, [one]) >= HARDLY_SAID or alike.rank([one]) >= NEARER or not telling]
    agreeing = [one for one in own if not _is_against(bundle, text, one)]
    if not own:
        return [], words.UNSUPPORTED
    if not agreeing:
        return [], words.AGAINST
    known = {*_NUMBER.findall(ask.text), *(number for one in agreeing for number in _NUMBER.findall(one.text))}
    if not {*_NUMBER.findall(text)} <= known:
        return [], words.NUMBER
    return (agreeing, "") if _stands(text, telling, agreeing, alike) else ([], words.UNSUPPORTED)


def _stands(text: str, telling: set[str], cites: Sequence[Given], alike: _Alike) -> bool:
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

    def __init__(self, bundle: Bundle, vector: FloatArray | None) -> None:
        self._bundle, self.is_known = bundle, vector is not None
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
        return self.is_known and self._best(cites) >= meaning.chance(self._bundle)


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

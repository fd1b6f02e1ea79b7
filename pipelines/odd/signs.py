"""The signs that an odd review bears: another language or subject, too short or long, machine-made, or merely far."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from pipelines.errors import N_
from pipelines.odd import machine
from pipelines.odd.usual import FEWEST, FEWEST_WORDS, Usual, usual
from pipelines.relabel import spoken
from pipelines.store.reader import Bundle
from pipelines.words import LANGUAGE_NAMES

MACHINE, LANGUAGE, SHORT, LONG, SUBJECT, FAR = KINDS = ("machine", "language", "short", "long", "subject", "far")
"""In the order in which they are told: an earlier one explains a later one."""

_SELDOM = 0.05
"""A language of fewer than this share of the texts is another one than the rest's."""
_LEAST_TO_TELL = 25.0
"""Letters (usual.sized) from which a text's language is taken for sure."""
_SAYS_LITTLE = 12.0
"""A text of fewer letters says too little to be near anything, whatever is usual."""
_GRAPH = "graph"
NEAREST = 3
"""Neighbours that are told of an odd review."""
_ALONE_SHARE = 1 / 3
"""Share of a text's words that no other holds, from which they are told as those of another subject."""
_RARE_WORDS = 5

IS_LANGUAGE = N_("Written in another language than the rest: {language}, as {share} of the texts.")
IS_SHORT = N_("Too short to say much (characters: {n}; half of the texts have {usual} or more).")
IS_LONG = N_("Much longer than the rest (characters: {n}; half of the texts have {usual} or fewer).")
IS_SUBJECT = N_(
    "Looks like another product or subject: {alone} of its {words} words stand in no other review, and it is only "
    "{near} alike to the nearest topic, “{topic}” (usual: {usual})."
)
IS_SUBJECT_BY_WORDS = N_(
    "Looks like another product or subject: {alone} of its {words} words stand in no other review, and no topic is "
    "near."
)
IS_MACHINE = N_("Looks machine-made: {mark}.")
IS_FAR = N_("No other sign: it is merely far from every other review.")


@dataclass(frozen=True)
class Sign:
    """kind: one of KINDS. template over values says it with its figures; words: those that no other review holds."""

    kind: str
    template: str
    values: Mapping[str, object] = field(default_factory=dict)
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Signs:
    """What is usual in a bundle, from which the signs of any of its units are read."""

    bundle: Bundle
    usual: Usual
    graph: Mapping[str, np.ndarray]
    _told: dict[int, tuple[Sign, ...]] = field(default_factory=dict, repr=False, compare=False)
    """Of units that were asked for before: a page asks for the same ones on every run."""

    def nearest(self, unit_id: int, k: int = NEAREST) -> list[tuple[int, float]]:
        """The k most similar distinct units of a unit and their cosine similarity; empty where the graph lacks it."""
        if "representatives" not in self.graph:
            return []
        representatives = self.graph["representatives"]
        at = int(np.searchsorted(representatives, unit_id))
        if at >= len(representatives) or representatives[at] != unit_id:
            return []
        found = zip(self.graph["indices"][at][:k], self.graph["similarity"][at][:k], strict=True)
        return [(int(representatives[i]), float(similarity)) for i, similarity in found]

    def of(self, unit_id: int) -> tuple[Sign, ...]:
        """The signs of one unit in the order of KINDS; FAR alone where there is no other."""
        if unit_id not in self._told:
            self._told[unit_id] = self._of(unit_id)
        return self._told[unit_id]

    def _of(self, unit_id: int) -> tuple[Sign, ...]:
        points = self.bundle.points
        text = str(points["text"].iloc[unit_id])
        language = str(points["language"].iloc[unit_id] or "und") if "language" in points else "und"
        found = [
            Sign(MACHINE, IS_MACHINE, {"mark": template, **values})
            for template, values in machine.marks(text, language)[:1]
        ]
        place = self.usual.place(unit_id)
        if place is not None and len(self.usual.units) >= FEWEST:
            found += [
                sign
                for sign in (self._language(place, language), self._length(place), self._subject(place))
                if sign is not None
            ]
        return tuple(found) or (Sign(FAR, IS_FAR),)

    def _language(self, place: int, language: str) -> Sign | None:
        share = self.usual.languages.get(language, 0.0)
        if language in ("", "und") or share >= _SELDOM or self.usual.size[place] < _LEAST_TO_TELL:
            return None
        return Sign(LANGUAGE, IS_LANGUAGE, {"language": language, "share": share})

    def _length(self, place: int) -> Sign | None:
        size = self.usual.size[place]
        values = {"n": int(self.usual.chars[place]), "usual": self.usual.middle_chars}
        if size < max(self.usual.short, _SAYS_LITTLE):
            return Sign(SHORT, IS_SHORT, values)
        return Sign(LONG, IS_LONG, values) if size > self.usual.long else None

    def _subject(self, place: int) -> Sign | None:
        """Both at once: words that are rare elsewhere, and no topic near; each as in a fifth of the texts at most."""
        known = self.usual
        if known.words[place] < FEWEST_WORDS or not known.rarity[place] >= known.rare:
            return None
        if known.alone[place] < _ALONE_SHARE * known.words[place]:
            return None
        values: dict[str, object] = {"alone": int(known.alone[place]), "words": int(known.words[place])}
        words = self._alone(place)
        topic = self._topic(int(known.nearest[place]))
        if known.nearest[place] < 0 or not topic:
            return Sign(SUBJECT, IS_SUBJECT_BY_WORDS, values, words)
        if known.near[place] > known.apart:
            return None
        values |= {"near": float(known.near[place]), "topic": topic, "usual": known.middle_near}
        return Sign(SUBJECT, IS_SUBJECT, values, words)

    def _topic(self, topic_id: int) -> str:
        for topic in self.bundle.summary["topics"]:
            if int(topic["id"]) == topic_id and not topic.get("hidden"):
                return str(topic["name"])
        return ""

    def _alone(self, place: int) -> tuple[str, ...]:
        """Some words of a text that no other holds, as they are written."""
        said = spoken(self.bundle)
        terms = said.term[said.start[place] : said.start[place + 1]].tolist()
        single = [term for term in terms if len(said.keys[term]) == 1 and self.usual.held[term] == 1]
        return tuple(said.surfaces[term] for term in single[:_RARE_WORDS])


def of(bundle: Bundle) -> Signs:
    """The signs of a bundle's units; what is usual in it is found once, here."""
    graph = bundle.state(_GRAPH) if _GRAPH in bundle.state_names else {}
    return Signs(bundle, usual(bundle), graph)


def say(sign: Sign, gettext: Callable[[str], str]) -> str:
    """The sign as a sentence, without the words that no other review holds."""
    values = {name: _readable(value) for name, value in sign.values.items()}
    if sign.kind == MACHINE:
        values["mark"] = gettext(str(sign.values["mark"])).format(**values)
    elif sign.kind == LANGUAGE:
        code = sign.values["language"]
        values["language"] = gettext(LANGUAGE_NAMES[code]) if code in LANGUAGE_NAMES else str(code)
    return gettext(sign.template).format(**values)


def _readable(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.1%}" if abs(value) < 0.1 else f"{value:.0%}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def kinds_of(signs: Sequence[Sign]) -> tuple[str, ...]:
    """Their kinds, each once."""
    return tuple(dict.fromkeys(sign.kind for sign in signs))

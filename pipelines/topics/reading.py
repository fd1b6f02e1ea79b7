"""The terms of each text, read once: what does not depend on topics, so that other topics need only a count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipelines.progress import Progress, silent
from pipelines.topics.terms import Key, extract

MANY_TEXTS = 1000
"""From so many texts on, a phrase that stands in one of them alone is not kept: it could name no topic."""

_TICK = 512
_FEWEST_DOINGS = 3


@dataclass(frozen=True)
class Terms:
    """What m texts say. Text i holds the terms `held[starts[i]:starts[i + 1]]`, each once, as places in `keys`.

    held (h,) int32, starts (m + 1,) int64; keys, surfaces (the form most often written) and doing are parallel.
    doing (t,) bool: English words that are mostly something done (to call) and not a thing (the call).
    """

    starts: NDArray[np.int64]
    held: NDArray[np.int32]
    keys: tuple[Key, ...]
    surfaces: tuple[str, ...]
    doing: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.starts) - 1

    def of(self, chosen: NDArray[np.integer]) -> Terms:
        """Those of some of the texts, in this order; a text may be chosen more than once."""
        lengths = np.diff(self.starts)[chosen]
        starts = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        within = np.arange(starts[-1]) - np.repeat(starts[:-1], lengths)
        held = self.held[np.repeat(self.starts[:-1][chosen], lengths) + within]
        return Terms(starts, held, self.keys, self.surfaces, self.doing)


def read_terms(texts: Sequence[str], languages: Sequence[str], progress: Progress = silent) -> Terms:
    """The terms of texts in clean form (pipelines.text.clean) and their languages (m each)."""
    places: dict[Key, int] = {}
    written: list[_Written] = []
    held: list[int] = []
    starts = [0]
    for done, (text, language) in enumerate(zip(texts, languages, strict=True)):
        if done % _TICK == 0:
            progress("topics", done, len(texts))
        for key, (surface, sense) in {term.key: (term.surface, term.sense) for term in extract(text, language)}.items():
            place = places.setdefault(key, len(written))
            if place == len(written):
                written.append(_Written(surface))
            else:
                written[place].note(surface)
            written[place].things += sense > 0
            written[place].doings += sense < 0
            held.append(place)
        starts.append(len(held))
    keys, surfaces = tuple(places), tuple(forms.commonest() for forms in written)
    doing = np.array([forms.is_doing() for forms in written], dtype=bool)
    terms = Terms(np.array(starts, dtype=np.int64), np.array(held, dtype=np.int32), keys, surfaces, doing)
    return _without_single_phrases(terms) if len(texts) >= MANY_TEXTS else terms


class _Written:
    """The forms of one term. Most have one: a counter for each of half a million would be slow and large."""

    __slots__ = ("doings", "first", "others", "things", "times")

    def __init__(self, first: str) -> None:
        self.first = first
        self.times = 1
        self.things = 0
        self.doings = 0
        self.others: Counter[str] | None = None

    def note(self, surface: str) -> None:
        if surface == self.first:
            self.times += 1
        else:
            self.others = self.others or Counter()
            self.others[surface] += 1

    def commonest(self) -> str:
        if not self.others:
            return self.first
        forms = {**self.others, self.first: self.times}
        return max(forms.items(), key=lambda form: (form[1], form[0]))[0]

    def is_doing(self) -> bool:
        return self.doings >= _FEWEST_DOINGS and self.doings > 1.5 * self.things


def _without_single_phrases(terms: Terms) -> Terms:
    lengths = np.array([len(key) for key in terms.keys], dtype=np.int32)
    kept = (lengths == 1) | (np.bincount(terms.held, minlength=len(lengths)) > 1)
    place = np.cumsum(kept) - 1
    stays = kept[terms.held]
    before = np.concatenate([[0], np.cumsum(stays)])
    chosen = np.flatnonzero(kept).tolist()
    return Terms(
        before[terms.starts],
        place[terms.held[stays]].astype(np.int32),
        tuple(terms.keys[i] for i in chosen),
        tuple(terms.surfaces[i] for i in chosen),
        terms.doing[kept],
    )

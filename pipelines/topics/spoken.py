"""Which terms each text holds: read once, so that other topics over the same texts are named by counting alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipelines.topics.terms import Key, extract

_END, _JOINT = "\n", "\x1f"
"""Between terms and between a term's words where they are kept as bytes; no word holds either."""
MANY_TEXTS = 1000
"""From so many texts on, a phrase that stands in one of them alone is not kept."""
_FEWEST_DOINGS = 3


@dataclass(frozen=True)
class Spoken:
    """The terms of m texts: those of text i are `term[start[i]:start[i + 1]]`, places in `keys` and `surfaces`.

    start (m + 1,) int64, term (e,) int32, each term once a text. surfaces: each key as the texts most often write it.
    doing (t,) bool: English words that are mostly something done (to call) and not a thing (the call).
    """

    start: NDArray[np.int64]
    term: NDArray[np.int32]
    keys: tuple[Key, ...]
    surfaces: tuple[str, ...]
    doing: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.start) - 1

    def take(self, texts: NDArray[np.integer]) -> Spoken:
        """Some of the texts, in this order."""
        lengths = np.diff(self.start)[texts]
        start = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        within = np.arange(start[-1]) - np.repeat(start[:-1], lengths)
        term = self.term[np.repeat(self.start[texts], lengths) + within]
        return Spoken(start, term, self.keys, self.surfaces, self.doing)

    def followed_by(self, other: Spoken) -> Spoken:
        """These texts, then the other ones."""
        place = {key: i for i, key in enumerate(self.keys)}
        fresh = [i for i, key in enumerate(other.keys) if key not in place]
        place |= {other.keys[i]: len(self.keys) + n for n, i in enumerate(fresh)}
        moved = np.array([place[key] for key in other.keys], dtype=np.int32)
        return Spoken(
            np.concatenate([self.start, self.start[-1] + other.start[1:]]),
            np.concatenate([self.term, moved[other.term]]),
            (*self.keys, *(other.keys[i] for i in fresh)),
            (*self.surfaces, *(other.surfaces[i] for i in fresh)),
            np.concatenate([self.doing, other.doing[fresh]]),
        )

    def counts(self, classes: NDArray[np.integer], count: int) -> tuple[NDArray[np.int64], NDArray[np.int64], Any]:
        """Texts and terms of each class 0…count−1, (count,) each, and the texts that hold each term, sparse by class.

        classes (m,): the class of each text.
        """
        from scipy.sparse import csr_array

        m, shape = len(self), (count, len(self.keys))
        holds = csr_array((np.ones(len(self.term), dtype=np.int32), self.term, self.start), shape=(m, shape[1]))
        member = csr_array((np.ones(m, dtype=np.int32), (classes, np.arange(m))), shape=(count, m))
        held = (member @ holds).tocsr()
        held.sum_duplicates()
        return np.bincount(classes, minlength=count), np.asarray(held.sum(axis=1)).ravel(), held

    def arrays(self) -> dict[str, np.ndarray]:
        """What `from_arrays` reads back; words as UTF-8 bytes, since nothing is pickled."""
        keys = _END.join(_JOINT.join(key) for key in self.keys)
        return {
            "start": self.start,
            "term": self.term,
            "keys": np.frombuffer(keys.encode(), dtype=np.uint8),
            "surfaces": np.frombuffer(_END.join(self.surfaces).encode(), dtype=np.uint8),
            "doing": self.doing,
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray]) -> Spoken:
        """The texts' terms from `arrays`."""
        keys = arrays["keys"].tobytes().decode()
        surfaces = arrays["surfaces"].tobytes().decode()
        return cls(
            arrays["start"].astype(np.int64),
            arrays["term"].astype(np.int32),
            tuple(tuple(key.split(_JOINT)) for key in keys.split(_END)) if keys else (),
            tuple(surfaces.split(_END)) if surfaces else (),
            arrays["doing"].astype(bool),
        )


def read(texts: Sequence[str], languages: Sequence[str], tick: Callable[[int], None] | None = None) -> Spoken:
    """The terms of m texts in clean form (pipelines.text.clean); tick is told how many are read.

    Of many texts, a phrase that stands in one of them alone is left out: it could name no topic.
    """
    place: dict[Key, int] = {}
    written: list[_Forms] = []
    start, term = [0], []
    for at, (text, language) in enumerate(zip(texts, languages, strict=True)):
        if tick is not None and at % 512 == 0:
            tick(at)
        for key, (surface, sense) in {one.key: (one.surface, one.sense) for one in extract(text, language)}.items():
            number = place.setdefault(key, len(written))
            if number == len(written):
                written.append(_Forms(surface))
            else:
                written[number].note(surface)
            written[number].things += sense > 0
            written[number].doings += sense < 0
            term.append(number)
        start.append(len(term))
    spoken = Spoken(
        np.array(start, dtype=np.int64),
        np.array(term, dtype=np.int32),
        tuple(place),
        tuple(forms.commonest() for forms in written),
        np.array([forms.is_doing() for forms in written], dtype=bool),
    )
    return _without_single_phrases(spoken) if len(texts) >= MANY_TEXTS else spoken


class _Forms:
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


def _without_single_phrases(spoken: Spoken) -> Spoken:
    lengths = np.array([len(key) for key in spoken.keys], dtype=np.int32)
    kept = (lengths == 1) | (np.bincount(spoken.term, minlength=len(lengths)) > 1)
    place = np.cumsum(kept) - 1
    stays = kept[spoken.term]
    before = np.concatenate([[0], np.cumsum(stays)])
    chosen = np.flatnonzero(kept).tolist()
    return Spoken(
        before[spoken.start],
        place[spoken.term[stays]].astype(np.int32),
        tuple(spoken.keys[i] for i in chosen),
        tuple(spoken.surfaces[i] for i in chosen),
        spoken.doing[kept],
    )

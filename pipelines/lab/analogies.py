"""Reckoning with words: which word is nearest to a − b + c, and how often that is right on our own small test.

3CosAdd of Mikolov et al. 2013, the asked words themselves left out. The word nearest to c alone stands beside it: where
that is right as often, the sum has added nothing (Linzen 2016, "Issues in evaluating semantic spaces using word
analogies").
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from pipelines.embed.base import normalise
from pipelines.figures import share_interval
from pipelines.lab.analogy_set import QUADS, Quad
from pipelines.lab.cooccurrence import WordSpace

AMONG = 5


@dataclass(frozen=True)
class Score:
    """Of `asked` analogies `answerable` have all four words; of these right, among the five best, and by c alone.

    low, high: the 95 % interval of the share right (Wilson). by_kind: kind → (right, answerable, asked). candidates:
    words that an answer was chosen from.
    """

    asked: int
    answerable: int
    right: int
    among_five: int
    by_c_alone: int
    low: float
    high: float
    by_kind: Mapping[str, tuple[int, int, int]]
    candidates: int

    @property
    def share(self) -> float:
        """Of the answerable ones."""
        return self.right / self.answerable if self.answerable else float("nan")


def answers(space: WordSpace, a: str, b: str, c: str, k: int = AMONG) -> list[tuple[str, float]] | None:
    """The k words nearest to a − b + c and their cosines; None where one of the three has no vector."""
    if any(word not in space.place for word in (a, b, c)):
        return None
    one, other, third = (space.matrix[space.place[word]] for word in (a, b, c))
    return _nearest(space, one - other + third, {a, b, c}, k)


def alike(space: WordSpace, word: str, k: int = AMONG) -> list[tuple[str, float]] | None:
    """The k words nearest to a word and their cosines; None where it has no vector."""
    return _nearest(space, space.matrix[space.place[word]], {word}, k) if word in space.place else None


def with_words(space: WordSpace, words: Sequence[str], matrix: np.ndarray) -> WordSpace:
    """A space and further words with their vectors (m, dim); those that are there already stay as they are."""
    new = [i for i, word in enumerate(words) if word not in space.place]
    if not new:
        return space
    every = (*space.words, *(words[i] for i in new))
    return WordSpace(every, np.concatenate([space.matrix, matrix[new]]), space.texts)


def missing(space: WordSpace, words: Iterable[str]) -> tuple[str, ...]:
    """Those that have no vector, each once."""
    return tuple(dict.fromkeys(word for word in words if word not in space.place))


def score(space: WordSpace, language: str, only: Sequence[Quad] | None = None) -> Score:
    """How often a : b = c : ? is answered with d. only: these analogies, so that two spaces answer the same ones."""
    wanted = None if only is None else set(only)
    right = five = alone = answerable = asked = 0
    by_kind = {}
    for kind, quads in QUADS[language].items():
        of_kind = [0, 0, 0]
        for quad in quads:
            if wanted is not None and quad not in wanted:
                continue
            of_kind[2] += 1
            if missing(space, quad):
                continue
            of_kind[1] += 1
            a, b, c, d = quad
            found = [word for word, _cosine in answers(space, b, a, c) or ()]
            by_c = _nearest(space, space.matrix[space.place[c]], {a, b, c}, 1)
            of_kind[0] += found[:1] == [d]
            five += d in found
            alone += by_c[:1] != [] and by_c[0][0] == d
        by_kind[kind] = (of_kind[0], of_kind[1], of_kind[2])
        right, answerable, asked = right + of_kind[0], answerable + of_kind[1], asked + of_kind[2]
    low, high = share_interval(right, answerable) if answerable else (float("nan"), float("nan"))
    return Score(asked, answerable, right, five, alone, low, high, by_kind, len(space.words))


def answerable(space: WordSpace, language: str) -> list[Quad]:
    """The analogies whose four words all have a vector."""
    return [quad for quads in QUADS[language].values() for quad in quads if not missing(space, quad)]


def _nearest(space: WordSpace, vector: np.ndarray, without: set[str], k: int) -> list[tuple[str, float]]:
    cosine = space.matrix @ normalise(vector[None, :])[0]
    for word in without:
        cosine[space.place[word]] = -np.inf
    order = np.lexsort((np.arange(len(cosine)), -np.round(cosine, 6)))[:k]
    return [(space.words[i], float(cosine[i])) for i in order if np.isfinite(cosine[i])]

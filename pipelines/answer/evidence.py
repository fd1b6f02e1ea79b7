"""What an answer may rest on: reviews that say or mean what is asked and differ from each other, and passages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pipelines import search
from pipelines.answer.hostile import speaks_to_machine
from pipelines.answer.types import Ask
from pipelines.documents.passages import Passage
from pipelines.documents.shelf import Shelf
from pipelines.embed.base import normalise
from pipelines.figures import heads
from pipelines.search.bm25 import build
from pipelines.store.reader import Bundle
from pipelines.tracked import meaning, scoring
from pipelines.types import BoolArray, FloatArray, IntArray
from pipelines.view import mask

REVIEWS, PASSAGES = 12, 3
LOOKED_AT = 120
"""Hits of the search that the chosen ones are taken from."""
BALANCE = 0.7
"""Relevance against difference from what is chosen already (λ of maximal marginal relevance)."""
SURE, NEAR = 1.15, 0.85
"""Strengths (_strength) from which on a review speaks of the question: chosen on the thirty questions of tests/answer
and fifteen that no review answers."""
_OF_BEST = 0.6
"""A passage says something of the question only where it says this share of what the best one does."""
_TERMS_HELD = 0.5
"""Share of the question's telling words that a passage holds, where it is found by words alone."""


@dataclass(frozen=True)
class Evidence:
    """units: positions in points, the most telling first. clear (m,): which of them clearly say or mean it.

    hostile: units that were found and speak to a machine. passages: of documents, the likest first.
    """

    units: IntArray
    clear: BoolArray
    hostile: IntArray
    passages: tuple[Passage, ...] = ()


def gather(
    bundle: Bundle, ask: Ask, matched: BoolArray, shelf: Shelf | None = None, allowed: BoolArray | None = None
) -> Evidence:
    """Reviews and passages for a question. matched (n,): units that count as being about it (count.about)."""
    points = bundle.points
    sight = mask(points, bundle.rows, ask.filters)
    if allowed is not None:
        sight = sight & allowed
    wanted = _in_mood(points["sentiment_label"].to_numpy(), ask, sight)
    asked = ask.subject or ask.text
    found = search.search(bundle, asked, allowed=wanted, limit=LOOKED_AT)
    texts = points["text"].tolist()
    hostile = np.array([place for place in found.positions if speaks_to_machine(str(texts[place]))], dtype=np.int64)
    keep = ~np.isin(found.positions, hostile) & _first_of_equals(points_heads=heads(points), positions=found.positions)
    places, similarity = found.positions[keep], found.similarity[keep]
    strength = _strength(bundle, places, similarity, found)
    clear = is_clear(strength) | matched[places]
    relevance = _relevance(found.score[keep], strength)
    chosen = diverse(np.asarray(bundle.vectors[places]), relevance, REVIEWS, BALANCE)
    return Evidence(places[chosen], clear[chosen], hostile, passages_for(bundle, ask, shelf))


def diverse(vectors: FloatArray, relevance: FloatArray, most: int, balance: float) -> IntArray:
    """Places of the `most` rows chosen one by one: balance · relevance − (1 − balance) · likeness to the likest chosen.

    Maximal marginal relevance (Carbonell & Goldstein 1998, "The use of MMR, diversity-based reranking").
    """
    chosen: list[int] = []
    left = np.ones(len(relevance), dtype=bool)
    nearest = np.zeros(len(relevance), dtype=np.float32)
    unit = normalise(vectors) if len(vectors) else vectors
    while left.any() and len(chosen) < most:
        worth = np.where(left, balance * relevance - (1 - balance) * nearest, -np.inf)
        best = int(np.argmax(worth))
        chosen.append(best)
        left[best] = False
        nearest = np.maximum(nearest, unit @ unit[best])
    return np.array(chosen, dtype=np.int64)


def passages_for(bundle: Bundle, ask: Ask, shelf: Shelf | None) -> tuple[Passage, ...]:
    """Passages that clearly say or mean what is asked, the likest first; those that speak to a machine left out."""
    if shelf is None or not shelf.passages:
        return ()
    texts = [one.read_as for one in shelf.passages]
    terms = search.query_terms(ask.subject or ask.text)
    index = build(texts)
    by_words = index.score(terms)
    every = np.arange(len(texts), dtype=np.int64)
    held = np.zeros(len(texts))
    for term in terms:
        held += index.holds(term, every)
    share = held / max(len(terms), 1)
    rank = _share_of_best(by_words)
    good = share >= _TERMS_HELD
    alike = _likeness(bundle, shelf, [ask.text, ask.subject or ask.text])
    if alike is not None:
        controls = _likeness(bundle, shelf, scoring.CONTROLS, each=True)
        chance = scoring.floor(controls.max(axis=1).tolist()) if controls is not None else 1.0
        good |= alike >= chance
        rank = rank + 2 * np.clip(alike, 0, None)
    order = np.lexsort((every, -rank))
    best = float(rank[order[0]])
    good &= rank >= _OF_BEST * best
    kept = [place for place in order.tolist() if good[place] and not speaks_to_machine(texts[place])]
    return tuple(shelf.passages[place] for place in kept[:PASSAGES])


def _likeness(bundle: Bundle, shelf: Shelf, questions: Sequence[str], *, each: bool = False) -> FloatArray | None:
    """(passages,) the better of some questions, or each one's (questions, passages); None without vectors."""
    if shelf.vectors is None:
        return None
    asked = meaning.vectors_of(bundle, questions)
    if asked is None:
        return None
    alike = asked @ normalise(shelf.vectors[:, : asked.shape[1]]).T
    return alike if each else np.asarray(alike.max(axis=0))


def _in_mood(labels: np.ndarray, ask: Ask, sight: BoolArray) -> BoolArray:
    """What sounds the other way is no evidence for a question about complaints, or about praise."""
    if not ask.polarity:
        return sight
    against = labels == ("positive" if ask.polarity < 0 else "negative")
    return sight & ~against


def _first_of_equals(points_heads: IntArray, positions: IntArray) -> BoolArray:
    """Of reviews that say the same the first one found."""
    _known, first = np.unique(points_heads[positions], return_index=True)
    kept = np.zeros(len(positions), dtype=bool)
    kept[first] = True
    return kept


def _strength(bundle: Bundle, places: IntArray, similarity: FloatArray, found: search.Found) -> FloatArray:
    """(m,) how much of the question a review says, by the worth of its words, plus how far its meaning reaches to
    what counts as clear: 1 is one of the two in full. A word that no review has is worth most."""
    index = search.index_of(bundle)
    n = len(bundle.points)
    every = np.arange(n, dtype=np.int64)
    said, worth = np.zeros(len(places)), 0.0
    for term in found.terms:
        holding = int(index.holds(term, every).sum())
        rare = float(np.log(1 + (n - holding + 0.5) / (holding + 0.5)))
        worth += rare
        said += rare * index.holds(term, places)
    by_words = said / worth if worth else said
    if np.isnan(found.cut):
        return np.asarray(2 * by_words, dtype=np.float32)
    return np.asarray(by_words + np.clip(similarity, 0, None) / max(found.cut, 1e-6), dtype=np.float32)


def is_clear(strength: FloatArray) -> BoolArray:
    """Which hits speak of the question: where one does beyond doubt, those that come near it too."""
    return strength >= (NEAR if (strength >= SURE).any() else SURE)


def _relevance(score: FloatArray, strength: FloatArray) -> FloatArray:
    """0…1: by rank and by strength."""
    return (0.5 * _share_of_best(score) + 0.5 * _share_of_best(strength)).astype(np.float32)


def _share_of_best(values: FloatArray) -> FloatArray:
    best = float(values.max()) if len(values) else 0.0
    return np.asarray(values / best if best > 0 else np.zeros_like(values), dtype=np.float32)

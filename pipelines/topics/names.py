"""Names and keywords of topics: a few phrases that do not repeat each other, unique over all topics."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from pipelines.topics.chinese import SLIGHT
from pipelines.topics.terms import GENERIC
from pipelines.topics.weights import Weighted

SEPARATOR = " · "
MOST_PHRASES = 3
LONGEST_NAME = 40
"""In half-width columns: a Chinese character takes two."""

_GENERIC_FACTOR = 0.3
"""Weight of a word that fits any topic."""

_DOING_FACTOR = 0.4
"""Weight of a verb alone: "call" names a topic less well than what is called."""

_LED_FACTOR = 0.4
"""A phrase's weight for each larger topic whose name it already leads."""

_PHRASE_SHARE = 0.3
"""A phrase stands for its word when it makes up this share of the word's texts."""


def keywords(terms: Sequence[Weighted], most: int) -> list[Weighted]:
    """The heaviest terms, each idea once: a phrase replaces its words where it covers enough of their texts."""
    chosen: list[Weighted] = []
    for term in _ranked(terms):
        if len(chosen) == most:
            break
        candidate = _best_phrase(term, terms)
        if not any(_same_idea(candidate, other) for other in chosen):
            chosen.append(candidate)
    return chosen


def names(keywords_of: Sequence[Sequence[Weighted]], fallback: Sequence[Sequence[str]]) -> list[str]:
    """One name per topic: its two or three best phrases; no two topics share a name.

    fallback: what a topic without keywords is called after (its commonest tokens); without any, "—" and its number.
    """
    taken: set[frozenset[str]] = set()
    leading: Counter[str] = Counter()
    found: list[str] = []
    for topic, terms in enumerate(keywords_of):
        phrases = _phrases(terms, taken, leading) or list(fallback[topic][:1])
        if not phrases or frozenset(phrases) in taken:
            phrases = [*phrases, f"—{topic + 1}"] if phrases else [f"—{topic + 1}"]
        taken.add(frozenset(phrases))
        leading[phrases[0]] += 1
        found.append(SEPARATOR.join(phrases))
    return found


def _phrases(terms: Sequence[Weighted], taken: set[frozenset[str]], leading: Counter[str]) -> list[str]:
    """The best phrases that are not yet a name; a phrase that leads another topic's name rarely leads again."""
    ordered = sorted(terms, key=lambda term: -_score(term) * _LED_FACTOR ** leading[term.surface])
    picked: list[Weighted] = []
    for term in ordered:
        if len(picked) == MOST_PHRASES:
            break
        if any(_overlaps(term, other) for other in picked):
            continue
        if len(picked) >= 2 and _score(term) < 0.4 * _score(picked[0]):
            break
        if picked and columns(SEPARATOR.join([*(p.surface for p in picked), term.surface])) > LONGEST_NAME:
            continue
        picked.append(term)
    surfaces = [term.surface for term in picked]
    if frozenset(surfaces) not in taken:
        return surfaces
    for term in ordered:
        for shorter in (surfaces[:2], surfaces[:1]):
            if term.surface not in surfaces and frozenset([*shorter, term.surface]) not in taken:
                return [*shorter, term.surface]
    return surfaces


def _ranked(terms: Sequence[Weighted]) -> list[Weighted]:
    return sorted(terms, key=lambda term: (-_score(term), term.key))


def _score(term: Weighted) -> float:
    """Weight, less for words that fit any topic, more for phrases: they are rarer and say more."""
    generic = sum(word in GENERIC or term.surface in GENERIC for word in term.key) / len(term.key)
    factor = (1.0 - (1.0 - _GENERIC_FACTOR) * generic) * (_DOING_FACTOR if term.doing else 1.0)
    return term.weight * factor * (1.0 if len(term.key) == 1 else 1.6)


def _best_phrase(term: Weighted, terms: Sequence[Weighted]) -> Weighted:
    """The commonest phrase that holds a single word, where it covers enough of the word's texts; else the term."""
    if len(term.key) > 1:
        return term
    holding = [
        other
        for other in terms
        if len(other.key) > 1 and term.key[0] in other.key and other.count >= _PHRASE_SHARE * term.count
    ]
    return max(holding, key=lambda other: (_score(other), other.key), default=term)


def _same_idea(term: Weighted, other: Weighted) -> bool:
    """Whether one holds the other's words, so that both in one list would be a repetition."""
    mine, its = _flat(term), _flat(other)
    if mine in its or its in mine:
        return True
    stems, others = {_stem(word) for word in term.key}, {_stem(word) for word in other.key}
    if stems <= others or others <= stems:
        return True
    # "worst customer" beside "customer service" is the rest of a longer phrase, no idea of its own.
    return len(term.key) > 1 and len(other.key) > 1 and bool(stems & others) and not GENERIC.isdisjoint(term.key)


def _overlaps(term: Weighted, other: Weighted) -> bool:
    """Whether two phrases share a word or, in Chinese, a telling character: no place for both in one name."""
    if {_stem(word) for word in term.key} & {_stem(word) for word in other.key}:
        return True
    mine, its = _flat(term), _flat(other)
    if mine.isascii() or its.isascii():
        return mine in its or its in mine
    return bool((set(mine) & set(its)) - SLIGHT)


def _flat(term: Weighted) -> str:
    return term.surface.replace(" ", "").replace("-", "").lower()


def _stem(word: str) -> str:
    """An English word without its commonest endings; for comparing only."""
    if not word.isascii():
        return word
    for ending in ("ations", "ation", "lation", "ings", "ing", "ers", "er", "ed", "es", "ly", "s", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            word = word[: -len(ending)]
            break
    return word[:-1] if len(word) > 4 and word[-1] == word[-2] else word


def columns(name: str) -> int:
    """How wide a name is: a Chinese character counts two."""
    return sum(1 if character < "\u2e80" else 2 for character in name)

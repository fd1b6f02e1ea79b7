"""Which units of a bundle belong to a tracked topic, how likely each does, and by what that was found."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pyarrow as pa

from pipelines.embed.base import normalise
from pipelines.figures import heads
from pipelines.store.reader import Bundle, Held
from pipelines.text import clean
from pipelines.tracked import learn, scoring
from pipelines.tracked import meaning as meaning_
from pipelines.tracked import words as words_
from pipelines.tracked.definition import Mark, Meaning, Tracked, digest_of
from pipelines.types import BoolArray, FloatArray, IntArray

BY_WORDS, BY_MEANING, BY_EXAMPLES, BY_ANSWERS = "words", "meaning", "examples", "answers"


@dataclass(frozen=True)
class Judged:
    """Of n units: probability (n,) 0…1, belongs (n,), matched (n,) how the words match, answered (positions). how: one
    of BY_*. lost: answers and examples whose review is not in this bundle."""

    probability: FloatArray
    belongs: BoolArray
    matched: FloatArray
    answered: IntArray
    how: str
    lost: int


def judge(bundle: Bundle, topic: Tracked) -> Judged:
    """Words and meaning of the phrases first; a classifier as soon as the answers are enough; answers themselves count
    as they were given, for every review that says the same."""
    return _judged(bundle.path.as_posix(), topic, Held(bundle))


@lru_cache(maxsize=128)
def _judged(path: str, topic: Tracked, held: Held) -> Judged:
    bundle = held.bundle
    n = len(bundle.points)
    matched, prior, how = _by_phrases(bundle, topic)
    yes, no, examples, lost = _positions(bundle, topic)
    probability = prior
    if n and learn.is_enough(len(yes), len(no), len(examples)):
        matrix, seed = np.asarray(bundle.vectors), int.from_bytes(topic.id.encode()[:4], "little")
        if not topic.phrases:
            prior = _by_examples(matrix, np.concatenate([examples, yes]))
        probability = learn.learned(matrix, matched, prior, yes, no, examples, seed)
        how = BY_ANSWERS if learn.is_enough(len(yes), len(no)) else BY_EXAMPLES
    elif n and len(examples) + len(yes) and not topic.phrases:
        probability, how = _by_examples(np.asarray(bundle.vectors), np.concatenate([examples, yes])), BY_EXAMPLES
    probability = probability.copy()
    heads = _heads(path, held)
    for positions, value in ((no, 0.0), (yes, 1.0)):
        probability[np.isin(heads, heads[positions])] = value
    return Judged(
        probability,
        probability >= topic.threshold,
        matched,
        np.flatnonzero(np.isin(heads, heads[np.concatenate([yes, no])])).astype(np.int64),
        how,
        lost,
    )


def _by_phrases(bundle: Bundle, topic: Tracked) -> tuple[FloatArray, FloatArray, str]:
    """Word matches, prior and how it came about."""
    n = len(bundle.points)
    matched, prior, how = np.zeros(n, np.float32), np.zeros(n, np.float32), BY_WORDS
    if not topic.phrases or not n:
        return matched, prior, how
    texts = folded_texts(bundle)
    for phrase, meant in zip(topic.phrases, _meanings(bundle, topic), strict=True):
        own = words_.match(texts, phrase)
        alike = None if meant is None else meaning_.likeness(bundle, meant.array()[None, :])[0]
        by_one = scoring.prior(own, alike, *((meant.cut, meant.scale) if meant else ()))
        matched, prior = np.maximum(matched, own), np.maximum(prior, by_one)
        how = BY_MEANING if meant is not None else how
    return matched, prior, how


def _meanings(bundle: Bundle, topic: Tracked) -> tuple[Meaning | None, ...]:
    """Those kept with the topic, on a bundle of the same reader; read anew on another."""
    reader = meaning_.reader_of(bundle)
    if all(meant is not None and meant.reader == reader for meant in topic.meanings):
        return topic.meanings
    return meaning_.read(bundle, topic.phrases)


def _by_examples(matrix: FloatArray, examples: IntArray) -> FloatArray:
    """(n,) by likeness to the middle of the examples: half sure where a quarter of them is farther off."""
    centre = normalise(np.asarray(matrix[examples], np.float32).mean(axis=0, keepdims=True))[0]
    alike = np.asarray(matrix @ centre)
    cut, best = float(np.quantile(alike[examples], 0.25)), float(alike[examples].max())
    scale = max(0.25 * (best - cut), 0.02)
    return (1.0 / (1.0 + np.exp(-np.clip((alike - cut) / scale, -30, 30)))).astype(np.float32)


def _positions(bundle: Bundle, topic: Tracked) -> tuple[IntArray, IntArray, IntArray, int]:
    """Where the reviews of yes, no and examples stand in this bundle, and how many are not there."""
    yes: list[int] = []
    no: list[int] = []
    lost = 0
    for answer in topic.answers:
        place = find(bundle, answer.mark, same=answer.bundle == bundle.id)
        lost += place is None
        if place is not None:
            (yes if answer.yes else no).append(place)
    shown = [find(bundle, mark, same=topic.bundle == bundle.id) for mark in topic.examples]
    answered = {*yes, *no}
    examples = sorted({place for place in shown if place is not None and place not in answered})
    arrays = [np.array(sorted(set(places)), dtype=np.int64) for places in (yes, no)]
    return arrays[0], arrays[1], np.array(examples, dtype=np.int64), lost + shown.count(None)


def find(bundle: Bundle, mark: Mark, *, same: bool) -> int | None:
    """The position of a marked unit: in its own bundle by its id, else by its words, best in the same row."""
    if same:
        return mark.unit if 0 <= mark.unit < len(bundle.points) else None
    known = _digests(bundle.path.as_posix(), Held(bundle)).get(mark.digest, ())
    rows = bundle.points["row_id"].to_numpy()
    return next((place for place in known if rows[place] == mark.row), known[0] if known else None)


@lru_cache(maxsize=4)
def _digests(path: str, held: Held) -> dict[str, tuple[int, ...]]:
    found: dict[str, tuple[int, ...]] = {}
    for place, text in enumerate(held.bundle.points["text"].tolist()):
        digest = digest_of(text)
        found[digest] = (*found.get(digest, ()), place)
    return found


def folded_texts(bundle: Bundle) -> pa.Array:
    """(n,) the units' texts as `words` searches them; kept for the last few bundles."""
    return _texts(bundle.path.as_posix(), Held(bundle))


@lru_cache(maxsize=4)
def _texts(path: str, held: Held) -> pa.Array:
    return words_.folded([clean(text) for text in held.bundle.points["text"].tolist()])


@lru_cache(maxsize=4)
def _heads(path: str, held: Held) -> IntArray:
    """(n,) the unit that stands for each: its own, or the one that it repeats."""
    return heads(held.bundle.points)

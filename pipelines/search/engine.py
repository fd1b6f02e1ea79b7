"""Search in a bundle by words and by meaning: what a person types, or more like one of the reviews."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from pipelines.errors import N_, UnusableInput
from pipelines.figures import heads
from pipelines.search import ranking
from pipelines.search.bm25 import WordIndex, build
from pipelines.search.found import Found, How, Mode
from pipelines.search.terms import query_terms
from pipelines.store.reader import Bundle, Held
from pipelines.tracked import meaning
from pipelines.tracked import words as literal
from pipelines.tracked.judge import folded_texts
from pipelines.types import BoolArray, FloatArray, IntArray

MOST_SHARED = 8
"""Words named at most as what a review shares with the one that it is like."""


def search(
    bundle: Bundle, text: str, *, mode: Mode = "fused", allowed: BoolArray | None = None, limit: int = 50
) -> Found:
    """The `limit` units that best hold or mean `text`, among those `allowed` (n,).

    fused: by words and by meaning together; by words alone (how: unread) where the embedder that read the
    reviews cannot be asked on this computer. vectors: raises UnusableInput there. A text without a word in it (😡, C++)
    is looked for letter for letter.
    """
    n = len(bundle.points)
    if not text.strip() or not n:
        return _nothing(mode)
    wanted = query_terms(text)
    index = index_of(bundle)
    by_words = index.score(wanted)
    clear = index.holds_all({word: term for term, word in reversed(wanted.items())}.values())
    if mode != "vectors" and _is_signs(wanted):
        clear = literal.holds(folded_texts(bundle), text)
        by_words = clear.astype(np.float32)
        # What is there letter for letter was meant so.
        mode = "words" if clear.any() else mode
    meant = meaning.read(bundle, [text])[0] if mode != "words" else None
    if meant is None and mode == "vectors":
        raise UnusableInput(
            N_("The embedder that read these reviews ({name}) cannot be asked here. Search by words instead."),
            name=bundle.identity.get("name", ""),
        )
    cut = float("nan") if meant is None else meant.cut
    alike = None if meant is None else meaning.likeness(bundle, meant.array()[None, :])[0]
    if alike is not None:
        clear = (clear & (mode != "vectors")) | (alike >= cut)
    if allowed is not None:
        clear = clear & allowed
    score = ranking.scores(by_words, alike, mode, allowed)
    how: How = mode if meant is not None or mode == "words" else "unread"
    return _found(index, ranking.best(score, limit, alike), score, alike, wanted, clear, cut, how)


def like(bundle: Bundle, unit_id: int, *, allowed: BoolArray | None = None, limit: int = 50) -> Found:
    """The `limit` units that are most like one in meaning, without itself and its repeats; nobody is asked.

    words: the rarest words that a hit shares with it. Raises UnusableInput for a unit that is not there.
    """
    places = np.flatnonzero(bundle.points["unit_id"].to_numpy() == unit_id)
    if not len(places):
        raise UnusableInput(N_("There is no review {unit} in this analysis."), unit=unit_id)
    place = int(places[0])
    alike = np.asarray(bundle.vectors @ bundle.vectors[place], dtype=np.float32)
    others = heads(bundle.points)
    score = ranking.within(alike, allowed)
    score[others == others[place]] = -np.inf
    index = index_of(bundle)
    wanted = query_terms(str(bundle.points["text"].iloc[place]))
    telling = sorted(wanted, key=index.rarity, reverse=True)[:MOST_SHARED]
    rarest = {term: word for term, word in wanted.items() if term in telling}
    none = np.zeros(len(score), dtype=bool)
    return _found(index, ranking.best(score, limit), score, alike, rarest, none, float("nan"), "vectors")


def index_of(bundle: Bundle) -> WordIndex:
    """The words of a bundle's units; made when first asked for, kept for the last few bundles."""
    return _index(bundle.path.as_posix(), Held(bundle))


@lru_cache(maxsize=4)
def _index(path: str, held: Held) -> WordIndex:
    return build(held.bundle.points["text"].tolist())


def _is_signs(wanted: dict[str, str]) -> bool:
    """Whether what was typed has no word that could be looked up: 😡, C++, 4.5."""
    return all(len(word) == 1 and word.isascii() for word in wanted.values())


def _found(
    index: WordIndex,
    positions: IntArray,
    score: FloatArray,
    alike: FloatArray | None,
    wanted: dict[str, str],
    clear: BoolArray,
    cut: float,
    how: How,
) -> Found:
    held: list[dict[str, None]] = [{} for _ in positions]
    for term, word in wanted.items():
        for hit in np.flatnonzero(index.holds(term, positions)).tolist():
            held[hit][word] = None
    similarity = np.full(len(positions), np.nan, dtype=np.float32) if alike is None else alike[positions]
    all_clear = np.flatnonzero(clear)
    order = np.argsort(-(score if alike is None else alike)[all_clear], kind="stable")
    return Found(
        positions,
        score[positions].astype(np.float32),
        similarity.astype(np.float32),
        tuple(tuple(words) for words in held),
        tuple(wanted),
        clear[positions],
        all_clear[order].astype(np.int64),
        cut,
        how,
    )


def _nothing(mode: Mode) -> Found:
    empty, nowhere = np.zeros(0, dtype=np.float32), np.zeros(0, dtype=np.int64)
    return Found(nowhere, empty, empty, (), (), np.zeros(0, dtype=bool), nowhere, float("nan"), mode)

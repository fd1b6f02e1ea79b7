"""Word vectors from a file's own reviews: words that keep the same company get like vectors.

Positive pointwise mutual information of words within a window, contexts smoothed, cut down by a singular value
decomposition: Levy, Goldberg & Dagan 2015, "Improving Distributional Similarity with Lessons Learned from Word
Embeddings" (after Levy & Goldberg 2014, who show that word2vec factorises much the same matrix). Here: window 5, nearer
words count more, context distribution smoothing 0.75, singular values to the power 0.5.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipelines.embed.base import normalise
from pipelines.text import STOPWORDS, detect_language, words
from pipelines.types import FloatArray

WINDOW = 5
SMOOTHING = 0.75
POWER = 0.5
DIMS = 100
LEAST_COUNT = 5
LEAST_WORDS = 50
MOST_WORDS = 20_000
MOST_TEXTS = 20_000


@dataclass(frozen=True)
class WordSpace:
    """Words and vectors (n, dim), rows of length 1. texts: how many they were learned from, 0 for a model's own."""

    words: tuple[str, ...]
    matrix: FloatArray
    texts: int = 0

    @cached_property
    def place(self) -> dict[str, int]:
        """Word → row."""
        return {word: i for i, word in enumerate(self.words)}


@dataclass(frozen=True)
class Told:
    """The words of texts: each text as a list, and how many texts have a word."""

    texts: list[list[str]]
    in_texts: dict[str, int]

    def commonest(self, count: int) -> tuple[str, ...]:
        """The words that stand in most texts, ties by the word."""
        ordered = sorted(self.in_texts.items(), key=lambda item: (-item[1], item[0]))
        return tuple(word for word, _n in ordered[:count])


def tell(texts: Sequence[str], languages: Sequence[str] | None = None, *, seed: int = 0) -> Told:
    """The content words of texts, MOST_TEXTS of them at random: without function words and numbers."""
    order: Iterable[int] = range(len(texts))
    if len(texts) > MOST_TEXTS:
        order = np.sort(np.random.default_rng(seed).permutation(len(texts))[:MOST_TEXTS]).tolist()
    function = STOPWORDS["en"] | STOPWORDS["zh"]
    found = []
    for i in order:
        language = languages[i] if languages is not None and languages[i] else detect_language(texts[i])
        found.append([word for word in words(texts[i], language) if word not in function and not word.isdigit()])
    counts = Counter(word for text in found for word in set(text))
    return Told(found, dict(counts))


def learn(told: Told, *, dims: int = DIMS, least: int = LEAST_COUNT, seed: int = 0) -> WordSpace | None:
    """Vectors of the words that come `least` times or more; None where they are fewer than LEAST_WORDS."""
    counts = Counter(word for text in told.texts for word in text)
    kept = sorted((word for word, n in counts.items() if n >= least), key=lambda word: (-counts[word], word))
    kept = kept[:MOST_WORDS]
    if len(kept) < LEAST_WORDS:
        return None
    place = {word: i for i, word in enumerate(kept)}
    texts = [[place[word] for word in text if word in place] for text in told.texts]
    from sklearn.utils.extmath import randomized_svd

    scores = _ppmi(texts, len(kept))
    wide = min(dims, len(kept) - 1)
    left, values, _right = randomized_svd(scores, n_components=wide, random_state=seed)
    matrix = normalise((left * values[None, :] ** POWER).astype(np.float32))
    return WordSpace(tuple(kept), matrix, len(told.texts))


def _ppmi(texts: Sequence[Sequence[int]], n: int) -> Any:
    """(n, n) sparse: max(0, log P(w, c) / (P(w) · P(c)^0.75 scaled))."""
    from scipy.sparse import coo_matrix, csr_matrix

    lengths = np.array([len(text) for text in texts], np.int64)
    ids: NDArray[np.int64] = np.fromiter((i for text in texts for i in text), np.int64, int(lengths.sum()))
    text_of = np.repeat(np.arange(len(texts)), lengths)
    counts = csr_matrix((n, n), dtype=np.float64)
    for step in range(1, WINDOW + 1):
        together = text_of[step:] == text_of[:-step]
        first, second = ids[:-step][together], ids[step:][together]
        weight = np.full(len(first), (WINDOW - step + 1) / WINDOW)
        counts = counts + coo_matrix((weight, (first, second)), shape=(n, n)).tocsr()
    counts = (counts + counts.T).tocoo()
    word = np.asarray(counts.sum(axis=1)).ravel()
    context = np.asarray(counts.sum(axis=0)).ravel() ** SMOOTHING
    context = context / max(context.sum(), 1e-12)
    with np.errstate(divide="ignore"):
        score = np.log(counts.data / (word[counts.row] * context[counts.col]))
    positive = score > 0
    return coo_matrix((score[positive], (counts.row[positive], counts.col[positive])), shape=(n, n)).tocsr()

"""How long a question takes after it is embedded, beside the plain way in the same run; for `benchmarks.search`."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np

from pipelines.embed.base import normalise
from pipelines.search.bm25 import K1, B, build
from pipelines.search.ranking import SAID, best, scores
from pipelines.search.terms import query_terms, terms
from pipelines.types import FloatArray

DIM, INNER_DIM, QUESTIONS, LIMIT = 384, 24, 20, 50


class Plain:
    """BM25 as rank_bm25 has it (a dict of counts a text, a loop over all of them a word), and a full sort."""

    def __init__(self, texts: Sequence[str]) -> None:
        cut = [terms(text) for text in texts]
        self.counts = [Counter(one) for one in cut]
        self.lengths = np.array([len(one) for one in cut], dtype=float)
        self.df = Counter(term for one in self.counts for term in one)

    def order(self, question: str, matrix: FloatArray, vector: FloatArray) -> np.ndarray:
        """The LIMIT best by both together."""
        n = len(self.counts)
        score, whole = np.zeros(n), 1e-9
        for term in query_terms(question):
            tf = np.array([one.get(term, 0) for one in self.counts])
            idf = np.log1p((n - self.df[term] + 0.5) / (self.df[term] + 0.5))
            whole += idf
            score += idf * tf * (K1 + 1) / (tf + K1 * (1 - B + B * self.lengths / self.lengths.mean()))
        alike = matrix @ vector
        usual = np.median(alike)
        return np.argsort(-((alike - usual) / (1 - usual) + SAID * score / whole), kind="stable")[:LIMIT]


def latency(sentences: Sequence[str], n: int, seed: int, *, index: bool) -> dict[str, object]:
    """Medians over QUESTIONS questions on n texts: ours and the plain way in turn; with `index` pynndescent too."""
    random = np.random.default_rng(seed)
    picked = random.integers(0, len(sentences), (n + QUESTIONS, 3))
    texts = [" ".join(sentences[i] for i in three) for three in picked[:n]]
    questions = [sentences[three[0]] for three in picked[n:]]
    # As vectors of texts are, they fill few of their dimensions.
    spread = random.normal(size=(INNER_DIM, DIM))
    matrix = normalise((random.normal(size=(n, INNER_DIM)) @ spread).astype(np.float32))
    vectors = normalise((random.normal(size=(QUESTIONS, INNER_DIM)) @ spread).astype(np.float32))
    began = time.perf_counter()
    ours = build(texts)
    built = time.perf_counter() - began
    plain = Plain(texts)

    def ask(question: str, vector: FloatArray) -> np.ndarray:
        alike = matrix @ vector
        return best(scores(ours.score(query_terms(question)), alike, "fused"), LIMIT, alike)

    def exact(vector: FloatArray) -> np.ndarray:
        return best(matrix @ vector, LIMIT)

    times: dict[str, list[float]] = {"ours": [], "plain": [], "exact vectors": []}
    for question, vector in zip(questions, vectors, strict=True):
        times["ours"].append(_ms(partial(ask, question, vector))[0])
        times["plain"].append(_ms(partial(plain.order, question, matrix, vector))[0])
        times["exact vectors"].append(_ms(partial(exact, vector))[0])
    middle = {name: float(np.median(values)) for name, values in times.items()}
    found: dict[str, object] = {
        "texts": n,
        "ms": {name: round(value, 2) for name, value in middle.items()},
        "plain over ours": round(middle["plain"] / middle["ours"], 1),
        "index built in s": round(built, 2),
    }
    return found | (_graph(matrix, vectors, middle["exact vectors"]) if index else {})


def _graph(matrix: FloatArray, vectors: FloatArray, exact_ms: float) -> dict[str, object]:
    """pynndescent over the same vectors: what building costs, what a question saves, and what it misses."""
    from pynndescent import NNDescent

    began = time.perf_counter()
    graph = NNDescent(matrix, metric="dot", random_state=0, n_jobs=1)
    graph.prepare()
    graph.query(vectors[:1], k=LIMIT)
    built = time.perf_counter() - began
    times, shares = [], []
    for vector in vectors:
        ms, (indices, _) = _ms(partial(graph.query, vector[None, :], k=LIMIT))
        times.append(ms)
        shares.append(len({*indices[0].tolist()} & {*best(matrix @ vector, LIMIT).tolist()}) / LIMIT)
    saved_ms = exact_ms - float(np.median(times))
    return {
        "graph": {
            "built in exact questions": round(1000 * built / exact_ms),
            "exact over graph": round(exact_ms / float(np.median(times)), 2),
            "share found": round(float(np.mean(shares)), 3),
            "pays after questions": round(1000 * built / saved_ms) if saved_ms > 0 else None,
        }
    }


def _ms(work: Callable[[], Any]) -> tuple[float, Any]:
    began = time.perf_counter()
    found = work()
    return 1000 * (time.perf_counter() - began), found

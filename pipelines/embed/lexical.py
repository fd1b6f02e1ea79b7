"""What a text is made of, sign by sign: character 1–3-grams, TF-IDF, reduced by SVD. Any language, no model.

Latent semantic analysis (Deerwester et al. 1990, "Indexing by latent semantic analysis"). Fitted on the file's own
texts; its state is plain arrays, so a query or an added review is embedded alike later.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from pipelines.embed import ngrams
from pipelines.embed.base import State, direct, normalise
from pipelines.errors import N_, DamagedBundle
from pipelines.types import FloatArray

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

MAX_TERMS = 20_000
MAX_FITTED = 20_000
"""Texts that are learned from, evenly taken from a larger file: of 3,000 reviews half sufficed."""
SMALL = 600
"""Up to this many texts the SVD is exact, through the n×n matrix of their products."""

_ITERATIONS, _SPARE = 2, 10
_NOTHING = 1e-9
"""A variance that is this small beside the largest is rounding."""


class LexicalEmbedder:
    """`lexical`: (n, dim) from character n-grams; columns that a small file cannot fill are zero.

    max_terms: most n-grams kept, the commonest of those in at least two texts (in one, where there are few).
    max_fitted: most texts learned from.
    """

    name = "lexical"
    max_batch = 4096
    paid = False
    remote = False
    per_text = False
    batch_dependent = False

    def __init__(self, dim: int = 256, *, max_terms: int = MAX_TERMS, max_fitted: int = MAX_FITTED) -> None:
        self.dim = dim
        self.tokens = 0
        self._max_terms = max_terms
        self._max_fitted = max_fitted
        self._state: dict[str, np.ndarray] | None = None

    def identity(self) -> dict[str, object]:
        """See Embedder; what was learned is not in it but in the state."""
        return {
            "name": self.name,
            "model": f"char 1-{ngrams.LONGEST}-gram TF-IDF, SVD",
            "dim": self.dim,
            "max_terms": self._max_terms,
            "max_fitted": self._max_fitted,
        }

    def plan(self, texts: Sequence[str]) -> list[list[int]]:
        """Fixed numbers of texts, in their order."""
        return [list(range(i, min(i + self.max_batch, len(texts)))) for i in range(0, len(texts), self.max_batch)]

    def fit(self, texts: Sequence[str]) -> dict[str, np.ndarray]:
        """Learn n-grams, their weights and the leading directions; returns vocabulary, idf, components."""
        texts = texts[:: -(-len(texts) // self._max_fitted)] if texts else texts
        vocabulary = ngrams.vocabulary(texts, self._max_terms)
        counts = ngrams.counts(texts, vocabulary)
        held_by = np.bincount(counts.indices, minlength=len(vocabulary))
        idf = (np.log((1 + len(texts)) / (1 + held_by)) + 1).astype(np.float32)
        self._take({"vocabulary": vocabulary, "idf": idf})
        components = _leading_directions(self._weighted(counts), self.dim)
        self._take({"vocabulary": vocabulary, "idf": idf, "components": components})
        assert self._state is not None
        return dict(self._state)

    def restore(self, state: State) -> None:
        """See KeptEmbedder; raises DamagedBundle when arrays are missing or do not fit each other."""
        try:
            vocabulary, idf, components = state["vocabulary"], state["idf"], state["components"]
        except KeyError as error:
            raise DamagedBundle(
                N_("The bundle's state lacks “{name}”: search by meaning is not possible. Run the analysis again."),
                name=error.args[0],
            ) from None
        if idf.shape != vocabulary.shape or components.shape != (self.dim, len(vocabulary)):
            raise DamagedBundle(
                N_("The bundle's state does not fit its embedder “{name}”. Run the analysis again."), name=self.name
            )
        self._take({"vocabulary": vocabulary, "idf": idf, "components": components})

    def embed_documents(self, texts: Sequence[str]) -> FloatArray:
        """(n, dim) float32, each of length 1; a text without any known n-gram gets the first axis.

        Before `fit` a text is compared by nothing: raises RuntimeError.
        """
        return direct(self.embed_parts(texts))

    def embed_parts(self, texts: Sequence[str]) -> FloatArray:
        """As embed_documents, but a text without any known n-gram is a row of zeros: silent in a combination."""
        if self._state is None or "components" not in self._state:
            raise RuntimeError("LexicalEmbedder.fit or restore comes before embedding")
        if not len(texts):
            return np.zeros((0, self.dim), np.float32)
        weighted = self._weighted(ngrams.counts(texts, self._state["vocabulary"]))
        return normalise(weighted @ self._state["components"].T.astype(np.float64))

    def embed_query(self, text: str) -> FloatArray:
        """(dim,) float32 of length 1."""
        return self.embed_documents([text])[0]

    def _take(self, state: Mapping[str, np.ndarray]) -> None:
        self._state = dict(state)

    def _weighted(self, counts: csr_matrix) -> csr_matrix:
        """TF-IDF with logarithmic counts, rows of length 1, float64."""
        assert self._state is not None
        result = counts.astype(np.float64)
        result.sort_indices()
        result.data = (1 + np.log(result.data)) * self._state["idf"][result.indices].astype(np.float64)
        rows = np.repeat(np.arange(result.shape[0]), np.diff(result.indptr))
        length = np.sqrt(np.bincount(rows, weights=result.data**2, minlength=result.shape[0]))
        result.data /= length[rows]
        return result


def _leading_directions(weighted: csr_matrix, dim: int) -> FloatArray:
    """(dim, terms): the leading right singular vectors with a fixed sign; missing ones are rows of zeros."""
    texts, terms = weighted.shape
    result = np.zeros((dim, terms), np.float32)
    if not texts or not terms or not weighted.nnz:
        return result
    found = _exact(weighted, dim) if texts <= SMALL else _by_iteration(weighted, dim)
    strongest = np.argmax(np.abs(found), axis=1)
    signs = np.sign(found[np.arange(len(found)), strongest])
    result[: len(found)] = found * signs[:, np.newaxis]
    return result


def _exact(weighted: csr_matrix, dim: int) -> np.ndarray:
    values, left = np.linalg.eigh((weighted @ weighted.T).toarray())
    keep = np.flatnonzero(values > max(values[-1], 0) * _NOTHING)[::-1][:dim]
    found: np.ndarray = (weighted.T @ (left[:, keep] / np.sqrt(values[keep]))).T
    return found


def _by_iteration(weighted: csr_matrix, dim: int) -> np.ndarray:
    """Subspace iteration from a random start (Halko, Martinsson & Tropp 2011): sparse products and small matrices.

    Bases are made orthogonal through their l×l products: a fifth of the time of QR and SVD of tall matrices.
    """
    across = weighted.T.tocsr()
    start = np.random.default_rng(0).standard_normal((weighted.shape[1], min(dim + _SPARE, *weighted.shape)))
    basis = _orthogonal(start)
    for _ in range(_ITERATIONS):
        basis = _orthogonal(across @ (weighted @ basis))
    reached = weighted @ basis
    values, turn = np.linalg.eigh(reached.T @ reached)
    keep = np.flatnonzero(values > max(values[-1], 0) * _NOTHING)[::-1][:dim]
    found: np.ndarray = (basis @ turn[:, keep]).T
    return found


def _orthogonal(basis: np.ndarray) -> np.ndarray:
    """Columns of length 1 at right angles that span what those of `basis` span."""
    values, turn = np.linalg.eigh(basis.T @ basis)
    keep = values > max(values[-1], 0) * _NOTHING
    result: np.ndarray = basis @ (turn[:, keep] / np.sqrt(values[keep]))
    return result

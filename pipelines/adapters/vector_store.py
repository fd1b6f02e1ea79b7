"""A bundle as a LangChain vector store: its reviews found by meaning, each a Document with what the map knows of it.

A bundle never changes. What a program adds lives beside it in memory, what it deletes is only hidden from this store;
both are gone with the store (`python -m pipelines add` makes a new bundle).
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_core.vectorstores import VectorStore
from langchain_core.vectorstores.utils import maximal_marginal_relevance

from pipelines.adapters.documents import Documents, agrees
from pipelines.adapters.embeddings import ReviewscapeEmbeddings, compared
from pipelines.embed.base import direct
from pipelines.errors import N_, UnusableInput
from pipelines.store.reader import Bundle, open_bundle
from pipelines.types import BoolArray, FloatArray, IntArray

Filter = Mapping[str, object] | Callable[[Document], bool]
"""{"topic": "…", "rating": 1.0}: all of these metadata equal; or a function that is asked document by document."""


class BundleStore(VectorStore):
    """The reviews of a bundle by cosine, exactly (no index), and documents that a program adds in memory.

    A document's id is its unit_id as text; its metadata are documents.Documents' (topic, sentiment, rating, the
    upload's own columns, …). embeddings: in place of the embedder that made the bundle, for vectors of a person's own.
    """

    def __init__(self, bundle: Bundle, embeddings: Embeddings | None = None) -> None:
        self.bundle = bundle
        self._embeddings = embeddings or ReviewscapeEmbeddings.of(bundle)
        self._documents = Documents(bundle)
        self._is_hidden: BoolArray = np.zeros(len(self._documents), dtype=bool)
        self._matrix: FloatArray | None = None
        self._added: dict[str, tuple[Document, FloatArray]] = {}

    @classmethod
    def open(cls, folder: str | Path, *, allow_paid: bool = False) -> BundleStore:
        """The bundle in a folder. Raises DamagedBundle, and as ReviewscapeEmbeddings.of."""
        bundle = open_bundle(folder)
        return cls(bundle, ReviewscapeEmbeddings.of(bundle, allow_paid=allow_paid))

    @classmethod
    def from_texts(
        cls, texts: list[str], embedding: Embeddings, metadatas: list[dict[str, Any]] | None = None, **kwargs: Any
    ) -> BundleStore:
        """The store of `bundle` (a keyword) with these texts added in memory. Raises TypeError without a bundle."""
        if not isinstance(kwargs.get("bundle"), Bundle):
            raise TypeError("from_texts needs bundle=…: a bundle is made by `python -m pipelines analyze`")
        store = cls(kwargs.pop("bundle"), embedding)
        store.add_texts(texts, metadatas, **kwargs)
        return store

    @property
    def embeddings(self) -> Embeddings:
        """What questions and added documents are embedded by."""
        return self._embeddings

    def __len__(self) -> int:
        return int(len(self._is_hidden) - self._is_hidden.sum()) + len(self._added)

    def add_texts(
        self,
        texts: Iterable[str],
        metadatas: list[dict[str, Any]] | None = None,
        *,
        ids: list[str] | None = None,
        **kwargs: Any,
    ) -> list[str]:
        """Add documents to this store, in memory; their ids. One with an id that is there takes its place."""
        told = list(texts)
        described = [{} for _ in told] if metadatas is None else metadatas
        named = [None] * len(told) if ids is None else ids
        if not len(told) == len(described) == len(named):
            raise ValueError(f"{len(told)} texts, {len(described)} metadatas and {len(named)} ids must be as many")
        vectors = _rows(self._embeddings.embed_documents(told))
        found = [str(uuid.uuid4()) if name is None else str(name) for name in named]
        for name, text, metadata, vector in zip(found, told, described, vectors, strict=True):
            self._hide([name])
            self._added[name] = (Document(page_content=text, metadata=dict(metadata), id=name), vector)
        return found

    def delete(self, ids: list[str] | None = None, **kwargs: Any) -> bool:
        """Hide documents from this store; the bundle on the disk keeps its reviews. ids: None for all of them."""
        if ids is None:
            self._is_hidden[:] = True
            self._added.clear()
        else:
            self._hide(ids)
            for name in ids:
                self._added.pop(name, None)
        return True

    def get_by_ids(self, ids: Sequence[str], /) -> list[Document]:
        """The documents of these ids, in their order; unknown ones are left out."""
        found = []
        for name in ids:
            position = self._position(name)
            if name in self._added:
                found.append(_copy(self._added[name][0]))
            elif position is not None and not self._is_hidden[position]:
                found.append(self._documents.at(position))
        return found

    def similarity_search(self, query: str, k: int = 4, **kwargs: Any) -> list[Document]:
        """The k documents likest in meaning, best first. filter: see Filter."""
        return [document for document, _ in self.similarity_search_with_score(query, k, **kwargs)]

    def similarity_search_with_score(
        self, query: str, k: int = 4, *, filter: Filter | None = None, **kwargs: Any  # noqa: A002  (LangChain's word)
    ) -> list[tuple[Document, float]]:  # fmt: skip
        """As similarity_search, each with its cosine, −1…1."""
        found = self._nearest(self._embeddings.embed_query(query), k, filter)
        return [(document, likeness) for document, likeness, _ in found]

    def similarity_search_by_vector(
        self, embedding: list[float], k: int = 4, *, filter: Filter | None = None, **kwargs: Any  # noqa: A002
    ) -> list[Document]:  # fmt: skip
        """The k documents nearest to a vector."""
        return [document for document, _, _ in self._nearest(embedding, k, filter)]

    def max_marginal_relevance_search(
        self, query: str, k: int = 4, fetch_k: int = 20, lambda_mult: float = 0.5, **kwargs: Any
    ) -> list[Document]:
        """k of the fetch_k likest documents that differ from each other (Carbonell & Goldstein 1998)."""
        embedding = self._embeddings.embed_query(query)
        return self.max_marginal_relevance_search_by_vector(embedding, k, fetch_k, lambda_mult, **kwargs)

    def max_marginal_relevance_search_by_vector(
        self, embedding: list[float], k: int = 4, fetch_k: int = 20, lambda_mult: float = 0.5,
        *, filter: Filter | None = None, **kwargs: Any,  # noqa: A002
    ) -> list[Document]:  # fmt: skip
        """As max_marginal_relevance_search, from a vector."""
        found = self._nearest(embedding, fetch_k, filter)
        vectors: Any = [vector for _, _, vector in found]
        chosen = maximal_marginal_relevance(np.asarray(embedding, np.float32), vectors, lambda_mult, k)
        return [found[i][0] for i in chosen]

    def _select_relevance_score_fn(self) -> Callable[[float], float]:
        # Relevance is 0…1 for LangChain; what points the other way is no more relevant than what is at right angles.
        return lambda likeness: min(1.0, max(0.0, likeness))

    def _nearest(
        self, embedding: Sequence[float], k: int, wanted: Filter | None
    ) -> list[tuple[Document, float, FloatArray]]:
        """The k nearest, best first: of the bundle in upload order where alike, then the added."""
        if k < 1:
            raise ValueError(f"k must be at least 1, not {k}")
        query = _rows([embedding])[0]
        matrix = self._vectors(len(query))
        is_in = self._allowed(wanted)
        positions = np.flatnonzero(is_in)
        likeness = matrix[positions] @ query if len(positions) < len(is_in) / 2 else (matrix @ query)[positions]
        best = _top(likeness, k)
        found = [
            (self._documents.at(int(positions[i])), float(likeness[i]), matrix[positions[i]]) for i in best.tolist()
        ]
        for document, vector in self._added.values():
            if _agrees(document, wanted):
                found.append((_copy(document), float(vector @ query), vector))
        return sorted(found, key=lambda one: -one[1])[:k]

    def _vectors(self, dim: int) -> FloatArray:
        """(n, dim) the bundle's vectors as far as questions are compared with them."""
        if self._matrix is None or self._matrix.shape[1] != dim:
            if len(self.bundle.vectors) and self.bundle.vectors.shape[1] < dim:
                raise UnusableInput(
                    N_("The question has {dim} numbers and the bundle's vectors {found}: it is another embedder's."),
                    dim=dim,
                    found=self.bundle.vectors.shape[1],
                )
            self._matrix = (
                compared(self.bundle.vectors, dim) if len(self.bundle.vectors) else np.zeros((0, dim), np.float32)
            )
        return self._matrix

    def _allowed(self, wanted: Filter | None) -> BoolArray:
        if wanted is None:
            return ~self._is_hidden
        if not callable(wanted):
            return self._documents.equal(wanted) & ~self._is_hidden
        is_in = np.zeros(len(self._is_hidden), dtype=bool)
        for position in np.flatnonzero(~self._is_hidden).tolist():
            is_in[position] = bool(wanted(self._documents.at(position)))
        return is_in

    def _hide(self, ids: Iterable[str]) -> None:
        for name in ids:
            position = self._position(name)
            if position is not None:
                self._is_hidden[position] = True

    def _position(self, name: str) -> int | None:
        is_ours = name.isascii() and name.isdigit() and str(int(name)) == name and int(name) < len(self._is_hidden)
        return int(name) if is_ours else None


def _rows(vectors: Sequence[Sequence[float]]) -> FloatArray:
    """(n, dim) float32 of length 1 from LangChain's lists."""
    matrix = np.asarray(vectors, np.float32)
    return direct(matrix) if len(matrix) else np.zeros((0, 0), np.float32)


def _top(likeness: FloatArray, k: int) -> IntArray:
    """Places of the k largest, largest first, the earlier one where two are alike."""
    if k < len(likeness):
        # All that reach the k-th largest, so that of equal ones the earliest are taken.
        cut = -np.partition(-likeness, k - 1)[k - 1]
        near = np.flatnonzero(likeness >= cut)
    else:
        near = np.arange(len(likeness))
    return near[np.argsort(-likeness[near], kind="stable")][:k].astype(np.int64)


def _agrees(document: Document, wanted: Filter | None) -> bool:
    if wanted is None:
        return True
    if callable(wanted):
        return bool(wanted(document))
    return all(agrees(document.metadata.get(name), value) for name, value in wanted.items())


def _copy(document: Document) -> Document:
    return Document(page_content=document.page_content, metadata=dict(document.metadata), id=document.id)

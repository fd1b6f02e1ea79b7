"""An embedder of ours, as LangChain asks for one: by its name, or the one that made a bundle."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from langchain_core.embeddings import Embeddings

from pipelines import embed
from pipelines.embed.base import Embedder, direct, is_combined, learns
from pipelines.embed.preview import check_agreed
from pipelines.errors import N_, DamagedBundle, UnusableInput
from pipelines.store.reader import Bundle, open_bundle
from pipelines.types import FloatArray

_STATE = "embedder"
_OWN = "own"


class ReviewscapeEmbeddings(Embeddings):
    """Vectors of length 1 from any embedder of the registry (`pipelines.embed.NAMES`; `auto` takes what is here).

    Documents and queries have the same dimension and compare by their inner product. allow_paid: agree to what a paid
    provider costs. Safe to share between threads, as LangChain's asynchronous methods do. Raises as `embed.resolve`;
    embedding raises ProviderFailed, MissingKey, UnusableInput (a paid embedder nobody agreed to).
    """

    def __init__(
        self,
        name: str = "auto",
        *,
        dim: int | None = None,
        prompts: embed.Prompts | None = None,
        allow_paid: bool = False,
    ) -> None:
        self._take(embed.resolve(name, dim=dim, prompts=prompts).embedder, allow_paid)
        if _learns(self.embedder):
            raise UnusableInput(
                N_("“{name}” learns from a file first: analyse one, and take the embedder of its bundle."), name=name
            )

    @classmethod
    def of(cls, bundle: Bundle | str | Path, *, allow_paid: bool = False) -> ReviewscapeEmbeddings:
        """The embedder that made a bundle's vectors, as it learned from its file.

        Raises UnusableInput where the model is not on this computer, or where a person gave vectors of their own.
        """
        bundle = bundle if isinstance(bundle, Bundle) else open_bundle(bundle)
        if bundle.identity.get("name") == _OWN:
            raise UnusableInput(
                N_("The vectors of {path} come from a file of yours: give the model that made them."), path=bundle.path
            )
        state = bundle.state(_STATE) if _STATE in bundle.state_names else {}
        restored = embed.restore(bundle.identity, {name: state[name] for name in state if name != "query_dim"})
        made = cls.__new__(cls)
        made._take(restored, allow_paid)
        return made

    @property
    def dim(self) -> int:
        """Length of every vector given; 0 while a provider has not told yet, and it may load a local model."""
        return self.embedder.query_dim if is_combined(self.embedder) else self.embedder.dim

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """One vector a text, in their order."""
        return [] if not texts else self.rows(texts).tolist()

    def embed_query(self, text: str) -> list[float]:
        """The vector of a question, with the prompt that the model wants before one."""
        return self.question(text).tolist()

    def rows(self, texts: Sequence[str]) -> FloatArray:
        """(n, dim) float32, rows of length 1."""
        self._check_agreed(texts)
        with self._one_at_a_time:
            return compared(self.embedder.embed_documents(list(texts)), self.dim)

    def question(self, text: str) -> FloatArray:
        """(dim,) float32 of length 1."""
        self._check_agreed([text])
        with self._one_at_a_time:
            return compared(np.asarray(self.embedder.embed_query(text), np.float32)[np.newaxis], self.dim)[0]

    def _take(self, embedder: Embedder, allow_paid: bool) -> None:
        self.embedder = embedder
        self._allow_paid = allow_paid
        self._one_at_a_time = threading.Lock()

    def _check_agreed(self, texts: Sequence[str]) -> None:
        if self.embedder.paid and not self._allow_paid:
            raise UnusableInput(
                N_("“{name}” costs money: agree to that with allow_paid=True. Nothing was sent."),
                name=self.embedder.name,
            )
        check_agreed(self.embedder, texts, agreed=self._allow_paid)


def compared(matrix: FloatArray, dim: int) -> FloatArray:
    """The part of vectors (n, more) that queries of `dim` numbers are compared with, each of length 1 again."""
    if matrix.shape[1] < dim:
        raise DamagedBundle(
            N_("The vectors have {found} numbers, their embedder gives {wanted}. Run the analysis again."),
            found=matrix.shape[1],
            wanted=dim,
        )
    return direct(matrix[:, :dim] if dim else matrix)


def _learns(embedder: Embedder) -> bool:
    return learns(embedder) or (is_combined(embedder) and any(map(_learns, embedder.parts)))

"""What all embedders behind HTTP share: small batches in order, patience, checked answers, keys read per call."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Sequence
from urllib.parse import urlsplit, urlunsplit

import numpy as np

from pipelines import settings
from pipelines.embed.base import chunks, normalise
from pipelines.embed.retry import TRANSIENT_STATUS, Patience, TransientError, persevere
from pipelines.errors import N_, MissingKey, ProviderFailed, UnusableInput
from pipelines.types import FloatArray


class RemoteEmbedder:
    """Base of the providers; a subclass gives `_request` and `provider`. Texts leave this process.

    dim: the dimension asked for, else the model's own where known, else 0 until the first answer.
    """

    provider: str
    max_batch = 16
    max_chars = 16_000
    paid = True
    remote = True
    per_text = True
    batch_dependent = False

    def __init__(
        self, name: str, model: str, *, dim: int | None, native_dim: int | None, patience: Patience | None
    ) -> None:
        self.name = name
        self.model = model
        self.tokens = 0
        self._asked_dim = dim
        self._native_dim = native_dim
        self._seen_dim: int | None = None
        self._patience = patience or Patience.from_settings()
        self._timeout_s = settings.get_float("provider_timeout_s")

    @property
    def dim(self) -> int:
        """See Embedder."""
        return self._expected_dim or 0

    @property
    def _expected_dim(self) -> int | None:
        return self._asked_dim or self._native_dim or self._seen_dim

    def identity(self) -> dict[str, object]:
        """See Embedder."""
        return {
            "name": self.name,
            "provider": self.provider,
            "model": self.model,
            "endpoint": self._endpoint(),
            "dim": self._asked_dim or self._native_dim,
            "prompts": self._prompts(),
        }

    def plan(self, texts: Sequence[str]) -> list[list[int]]:
        """Batches in the order of the texts, within the provider's limits."""
        return chunks(texts, self.max_batch, self.max_chars)

    def embed_documents(self, texts: Sequence[str]) -> FloatArray:
        """(n, dim) float32, each of length 1. Raises ProviderFailed, UnusableInput, MissingKey."""
        if not len(texts):
            return np.zeros((0, self.dim), np.float32)
        return np.concatenate(
            [self._ask([sendable(texts[i]) for i in batch], query=False) for batch in self.plan(texts)]
        )

    def embed_query(self, text: str) -> FloatArray:
        """(dim,) float32 of length 1. Raises as embed_documents."""
        return self._ask([sendable(text)], query=True)[0]

    def _ask(self, texts: list[str], *, query: bool) -> FloatArray:
        matrix = persevere(lambda: self._request(texts, query=query), self.name, self._patience)
        self._seen_dim = matrix.shape[1]
        return normalise(matrix)

    def _request(self, texts: list[str], *, query: bool) -> FloatArray:
        """One attempt. Raises TransientError where asking again may help, else an error for people."""
        raise NotImplementedError

    def _endpoint(self) -> str:
        raise NotImplementedError

    def _prompts(self) -> dict[str, str]:
        return {}


def sendable(text: str) -> str:
    """A text that JSON in UTF-8 can carry: lone surrogates become question marks; an empty text becomes a space."""
    return text.encode("utf-8", "replace").decode("utf-8") or " "


def key_from(variable: str, provider: str) -> str:
    """A key out of the environment, read anew at each call; raises MissingKey."""
    key = os.environ.get(variable, "").strip()
    if not key:
        raise MissingKey(
            N_("{provider} needs a key: set the environment variable {variable}."), provider=provider, variable=variable
        )
    return key


def raise_for_status(
    status: int, code: str, provider: str, *, variable: str | None, model: str, retry_after_s: float | None, advice: str
) -> None:
    """Turn a refusing HTTP status into an error: transient, about the key, about the model, or final.

    Only the provider's short code is told, never its message: messages can quote a text or a key.
    """
    told = f"HTTP {status}" + (f" {code}" if code else "")
    if status in TRANSIENT_STATUS:
        raise TransientError(told, retry_after_s)
    if status in (401, 403) and variable is not None:
        raise MissingKey(
            N_("{provider} refused the key in {variable} ({detail}). Check the key and what it may use."),
            provider=provider,
            variable=variable,
            detail=told,
        )
    if status == 404:
        raise UnusableInput(
            N_("{provider} does not have the model “{model}” ({detail}). {advice}"),
            provider=provider,
            model=model,
            detail=told,
            advice=advice,
        )
    raise ProviderFailed(
        N_("{provider} refused the request ({detail}). Finished texts are kept."), provider=provider, detail=told
    )


def is_loopback(url: str) -> bool:
    """Whether an address points at this computer, so that nothing leaves it and no proxy may be asked."""
    host = urlsplit(url if "://" in url else f"http://{url}").hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def without_credentials(url: str) -> str:
    """An address without user, password and query, fit for identities and messages."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit((parts.scheme, host, parts.path.rstrip("/"), "", ""))


def checked_dim(dim: int | None, native: int | None, name: str) -> int | None:
    """A wanted dimension if the model can give it (2…native); raises UnusableInput."""
    if dim is not None and (dim < 2 or (native is not None and dim > native)):
        raise UnusableInput(
            N_("“{name}” has {native} dimensions; --dim {dim} is not possible."), name=name, native=native, dim=dim
        )
    return dim

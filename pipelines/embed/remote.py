"""What all embedders behind HTTP share: small batches in order, patience, checked answers, one bad text set apart."""

from __future__ import annotations

import ipaddress
import logging
import threading
from collections.abc import Callable, Sequence
from typing import NoReturn
from urllib.parse import urlsplit

import numpy as np

from pipelines import settings
from pipelines.embed import checks
from pipelines.embed.base import Allowed, chunks, normalise
from pipelines.embed.deadline import within
from pipelines.embed.prompts import MODELS_OWN, Prompts, default_prompts
from pipelines.embed.refusals import Asked, BatchRefusedError, DimensionRefusedError, Kind, raise_for_refusal
from pipelines.embed.retry import MalformedError, Patience, persevere
from pipelines.embed.tokens import estimate
from pipelines.errors import N_, ProviderFailed, UnusableInput
from pipelines.types import FloatArray, Warning_

log = logging.getLogger(__name__)

PROBE = "ok"
"""A text that no model finds too long and no filter minds."""

AT_ONCE = 4
"""Requests under way to a service: most of the time of each is the way."""

_KEPT_SHARE = 0.7
_MOST_CUTS = 14


class RemoteEmbedder:
    """Base of the providers; a subclass gives `_request`, `_endpoint`, `provider` and `key_variable`. Texts leave.

    dim: the dimension asked for, else the model's own where known, else 0 until the first answer. prompts: those of the
    model's family unless given. max_tokens: the longest text that the model reads.
    """

    provider: str
    key_variable: str
    max_batch = 16
    max_chars = 16_000
    max_tokens = 8192
    paid = True
    remote = True
    per_text = True
    batch_dependent = False
    patience_factor = 1.0
    """How many times longer than the setting an answer may take."""

    def __init__(
        self,
        name: str,
        model: str,
        *,
        dim: int | None,
        native_dim: int | None,
        prompts: Prompts | None,
        patience: Patience | None,
    ) -> None:
        self.name = name
        self.model = model
        self.tokens = 0
        self._counting = threading.Lock()
        self.prompts = (prompts or MODELS_OWN).over(default_prompts(model))
        self._asked_dim = dim
        self._native_dim = native_dim
        self._seen_dim: int | None = None
        self._dim_to_send = dim
        self._shortened: set[str] = set()
        self._patience = patience or Patience.from_settings()
        self._timeout_s = settings.get_float("provider_timeout_s") * self.patience_factor

    @property
    def dim(self) -> int:
        """See Embedder."""
        return self._asked_dim or self._native_dim or self._seen_dim or 0

    @property
    def at_once(self) -> int:
        """Batches to have under way: several to a service that is paid, one to a computer of one's own."""
        return AT_ONCE if self.paid and not is_loopback(self._endpoint()) else 1

    def identity(self) -> dict[str, object]:
        """See Embedder."""
        return {
            "name": self.name,
            "provider": self.provider,
            "model": self.model,
            "endpoint": self._endpoint(),
            "dim": self._asked_dim or self._native_dim,
            "prompts": self.prompts.as_dict(),
        }

    def plan(self, texts: Sequence[str]) -> list[list[int]]:
        """Batches in the order of the texts, within the provider's limits."""
        return chunks(texts, self.max_batch, self.max_chars)

    def embed_documents(self, texts: Sequence[str]) -> FloatArray:
        """(n, dim) float32, each of length 1. Raises ProviderFailed (a refused text), UnusableInput, MissingKey."""
        allowed = self.embed_allowed(texts)
        if allowed.refused:
            raise refused_all(self.provider, len(allowed.refused), len(texts), next(iter(allowed.refused.values())))
        return allowed.matrix

    def embed_allowed(self, texts: Sequence[str]) -> Allowed:
        """Vectors of the texts that the provider takes; those it refuses are told apart. Raises as embed_documents."""
        vectors: dict[int, FloatArray] = {}
        refused: dict[int, str] = {}
        for batch in self.plan(texts):
            self._settle(texts, batch, vectors, refused)
        matrix = np.zeros((len(texts), self.dim), np.float32)
        for i, vector in vectors.items():
            matrix[i] = vector
        return Allowed(matrix, refused)

    def embed_query(self, text: str) -> FloatArray:
        """(dim,) float32 of length 1. Raises as embed_documents."""
        try:
            try:
                return self._ask([text], query=True)[0]
            except BatchRefusedError as error:
                if error.kind != "too_long":
                    raise
                return self._cut_until_taken(text, query=True)
        except BatchRefusedError as error:
            raise refused_all(self.provider, 1, 1, error.kind) from None

    def cut_off(self, texts: Sequence[str]) -> list[int]:
        """Indices of texts of which the model reads the beginning only: told by the provider, else estimated."""
        return [
            i
            for i, text in enumerate(texts)
            # A byte-pair token is a byte at least, so a short text needs no estimate.
            if text in self._shortened
            or (len(text.encode("utf-8", "replace")) > self.max_tokens and estimate(text) > self.max_tokens)
        ]

    def notes(self) -> tuple[Warning_, ...]:
        """What a person should know of how the provider answered."""
        if self._asked_dim is None or self._seen_dim in (None, self._asked_dim):
            return ()
        note = N_(
            "“{name}” does not give {dim} dimensions itself: the first {dim} of {native} were kept "
            "and scaled to length 1."
        )
        return (Warning_(note, {"name": self.name, "dim": self._asked_dim, "native": self._seen_dim}),)

    def _settle(
        self, texts: Sequence[str], batch: list[int], vectors: dict[int, FloatArray], refused: dict[int, str]
    ) -> None:
        """Embed a batch; one that is refused is halved until the text at fault stands alone."""
        try:
            rows = self._ask([texts[i] for i in batch], query=False)
        except BatchRefusedError as error:
            if error.kind == "unknown":
                self._blame_texts(error)
            self._halve(texts, batch, vectors, refused, error.kind)
            if error.kind == "too_long" and all(i in vectors and texts[i] not in self._shortened for i in batch):
                # No text was too long alone, so the batch was; a vector does not depend on the batch it came in.
                self.max_batch = max(1, (len(batch) + 1) // 2)
        else:
            vectors.update(zip(batch, rows, strict=True))

    def _halve(
        self,
        texts: Sequence[str],
        batch: list[int],
        vectors: dict[int, FloatArray],
        refused: dict[int, str],
        kind: Kind,
    ) -> None:
        if len(batch) == 1:
            try:
                if kind != "too_long":
                    raise BatchRefusedError(kind, "")
                vectors[batch[0]] = self._cut_until_taken(texts[batch[0]], query=False)
            except BatchRefusedError as error:
                log.warning("%s refused a text (%s)", self.name, error.kind)
                refused[batch[0]] = error.kind
            return
        for half in (batch[: len(batch) // 2], batch[len(batch) // 2 :]):
            try:
                rows = self._ask([texts[i] for i in half], query=False)
            except BatchRefusedError as error:
                self._halve(texts, half, vectors, refused, error.kind)
            else:
                vectors.update(zip(half, rows, strict=True))

    def _blame_texts(self, error: BatchRefusedError) -> None:
        """Make sure that a refusal is about the texts: a harmless one must be taken."""
        try:
            self._ask([PROBE], query=False)
        except BatchRefusedError:
            raise ProviderFailed(
                N_("{provider} refused the request ({detail}). Finished texts are kept."),
                provider=self.provider,
                detail=error.told,
            ) from None

    def _cut_until_taken(self, text: str, *, query: bool) -> FloatArray:
        """The vector of as much of a text's beginning as the model takes, by steps that depend on the text alone.

        Raises BatchRefusedError where the beginning is refused for another reason, or for ever.
        """
        kept = text
        told = ""
        for _ in range(_MOST_CUTS):
            kept = kept[: int(len(kept) * _KEPT_SHARE)]
            if not kept.strip():
                break
            try:
                vector = self._ask([kept], query=query)[0]
            except BatchRefusedError as error:
                if error.kind != "too_long":
                    raise
                told = error.told
            else:
                self._shortened.add(text)
                return vector
        refusal = BatchRefusedError("unknown", told)
        self._blame_texts(refusal)
        raise refusal

    def _ask(self, texts: Sequence[str], *, query: bool) -> FloatArray:
        """(n, dim), each of length 1: the answer, checked, asked for with patience. Raises BatchRefusedError, too."""
        marked = [sendable(self._marked(text, query=query)) for text in texts]
        return normalise(self._persevere(lambda: self._fitted(self._call(marked, query=query), len(texts))))

    def _call(self, marked: list[str], *, query: bool) -> object:
        try:
            return self._request(marked, query=query)
        except DimensionRefusedError:
            self._dim_to_send = None
            return self._request(marked, query=query)

    def _fitted(self, rows: object, count: int) -> FloatArray:
        """The rows as a matrix of the dimension expected, cut to the one asked for where the provider did not."""
        matrix = checks.as_matrix(rows, count)
        width = matrix.shape[1]
        wanted = self._asked_dim
        if self._seen_dim is None and wanted is not None and width > wanted:
            self._confirm_native(width)
        elif self._seen_dim is None:
            checks.has_dimension(matrix, wanted or self._native_dim or width)
        else:
            checks.has_dimension(matrix, self._seen_dim)
        self._seen_dim = width
        return matrix[:, :wanted] if wanted is not None else matrix

    def _confirm_native(self, width: int) -> None:
        """An answer wider than asked for is the model's whole vector, or it is wrong: ask for a whole one to know."""
        if self._native_dim is None:
            sent, self._dim_to_send = self._dim_to_send, None
            whole = checks.as_matrix(self._request([PROBE], query=False), 1)
            self._dim_to_send = sent
            self._native_dim = whole.shape[1]
        if width != self._native_dim:
            raise MalformedError(f"an embedding has {width} dimensions instead of {self._asked_dim}")

    def _persevere(self, ask: Callable[[], FloatArray]) -> FloatArray:
        return persevere(lambda: within(self._timeout_s, ask), self.name, self._patience)

    def _count(self, tokens: int) -> None:
        with self._counting:
            self.tokens += tokens

    def _marked(self, text: str, *, query: bool) -> str:
        """A text as the model wants it, with its prompt."""
        return (self.prompts.query if query else self.prompts.document) + text

    def _refuse(self, status: int, headers: dict[str, str], body: str) -> NoReturn:
        asked = Asked(
            provider=self.provider,
            variable=self.key_variable,
            model=self.model,
            endpoint=self._endpoint(),
            advice=self._advice(),
            with_dimension=self._dim_to_send is not None,
        )
        raise_for_refusal(status, headers, body, asked)

    def _request(self, texts: list[str], *, query: bool) -> object:
        """One attempt: a list of vectors in order. Raises TransientError where asking again may help."""
        raise NotImplementedError

    def _endpoint(self) -> str:
        raise NotImplementedError

    def _advice(self) -> str:
        return "Check the model's name and the address."


def refused_all(provider: str, count: int, total: int, kind: str) -> ProviderFailed:
    """The error for texts without which nothing can go on."""
    if kind == "content":
        return ProviderFailed(
            N_("The content filter of {provider} refused {count} of {total} texts. Choose another embedder for them."),
            provider=provider,
            count=count,
            total=total,
        )
    return ProviderFailed(
        N_("{provider} refused {count} of {total} texts. Choose another embedder for them."),
        provider=provider,
        count=count,
        total=total,
    )


def sendable(text: str) -> str:
    """A text that JSON in UTF-8 can carry: lone surrogates become question marks; a blank text becomes a full stop."""
    sound = text.encode("utf-8", "replace").decode("utf-8")
    return sound if sound.strip() else "."


def is_loopback(url: str) -> bool:
    """Whether an address points at this computer, so that nothing leaves it and no proxy may be asked."""
    host = urlsplit(url if "://" in url else f"http://{url}").hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def checked_url(url: str, name: str, example: str) -> str:
    """An http(s) address without credentials or query; raises UnusableInput, which does not quote those."""
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        usable = False
    if not usable:
        raise UnusableInput(
            N_("The address of “{name}” is none: write one such as {example}."), name=name, example=example
        )
    if parts.username or parts.password or parts.query or parts.fragment:
        # An address is kept in settings, identities and bundles; a key is not.
        raise UnusableInput(
            N_("The address of “{name}” holds a user, password or query: leave it out and give the key apart from it."),
            name=name,
        )
    return url.rstrip("/")


def checked_dim(dim: int | None, native: int | None, name: str) -> int | None:
    """A wanted dimension if the model can give it (2…native); raises UnusableInput."""
    if dim is not None and native is None and dim < 2:
        raise UnusableInput(N_("“{name}”: a vector has at least 2 dimensions, not {dim}."), name=name, dim=dim)
    if dim is not None and (dim < 2 or (native is not None and dim > native)):
        raise UnusableInput(
            N_("“{name}” has {native} dimensions; --dim {dim} is not possible."), name=name, native=native, dim=dim
        )
    return dim

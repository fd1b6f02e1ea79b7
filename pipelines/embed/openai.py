"""Any endpoint that speaks OpenAI's embeddings format: `openai:<model>@<base url>`, by plain HTTP."""

from __future__ import annotations

import base64
import binascii
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from pipelines.embed import checks, keys, reach, sessions
from pipelines.embed.prompts import Prompts
from pipelines.embed.remote import RemoteEmbedder, checked_dim, checked_url, is_loopback
from pipelines.embed.retry import MalformedError, Patience
from pipelines.errors import N_, UnusableInput

if TYPE_CHECKING:
    import requests

KEY_VARIABLE = "OPENAI_API_KEY"
DEFAULT_URL = "https://api.openai.com/v1"
EXAMPLE = "openai:bge-m3@http://127.0.0.1:8080/v1"


class OpenAIEmbedder(RemoteEmbedder):
    """POST {base url}/embeddings, 64 texts a request; 16, no key and no price where the server is on this computer."""

    provider = "OpenAI endpoint"
    key_variable = KEY_VARIABLE

    def __init__(
        self,
        model: str,
        base_url: str | None = None,
        *,
        dim: int | None = None,
        prompts: Prompts | None = None,
        patience: Patience | None = None,
    ) -> None:
        if not model.strip():
            raise UnusableInput(N_("The model before @ is missing: write one such as {example}."), example=EXAMPLE)
        self._base_url = checked_url(base_url or DEFAULT_URL, f"openai:{model}", EXAMPLE)
        self._guarded = self._base_url != DEFAULT_URL and reach.is_guarded(self._base_url)
        name = f"openai:{model}@{self._base_url}"
        checked_dim(dim, None, name)
        super().__init__(name, model, dim=dim, native_dim=None, prompts=prompts, patience=patience)
        self._local = is_loopback(self._base_url)
        self.paid = not self._local
        if not self._local:
            # A service far away takes longer for the way than for the work.
            self.max_batch, self.max_chars = 64, 64_000

    @cached_property
    def _session(self) -> requests.Session:
        return sessions.open_session(self, self._refuse, local=self._local, guarded=self._guarded)

    def _endpoint(self) -> str:
        return self._base_url

    def _request(self, texts: list[str], *, query: bool) -> object:
        import requests

        payload: dict[str, Any] = {"model": self.model, "input": texts, "encoding_format": "float"}
        if self._dim_to_send is not None:
            payload["dimensions"] = self._dim_to_send
        key = keys.find(KEY_VARIABLE) if self._local else keys.key_from(KEY_VARIABLE, self.provider)
        try:
            answer = self._session.post(
                f"{self._base_url}/embeddings", json=payload, auth=sessions.bearer(key), timeout=self._timeout_s
            )
        except requests.exceptions.RequestException as error:
            raise sessions.told(error, self._base_url) from None
        try:
            body = answer.json()
        except ValueError:
            raise MalformedError("the answer is no JSON") from None
        if not isinstance(body, dict):
            raise MalformedError("the answer is no JSON object")
        rows = checks.in_order(body.get("data"), "index", len(texts))
        self._count(checks.token_count(body.get("usage"), "total_tokens"))
        return [_decoded(row) for row in rows]


def _decoded(row: object) -> object:
    """A vector written as base64 float32, as some servers do whatever they are asked, in numbers."""
    if not isinstance(row, str):
        return row
    try:
        return np.frombuffer(base64.b64decode(row, validate=True), "<f4").tolist()
    except (binascii.Error, ValueError):
        raise MalformedError("the embeddings are not numbers of one dimension") from None

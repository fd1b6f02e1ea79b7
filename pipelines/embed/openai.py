"""Any endpoint that speaks OpenAI's embeddings format: `openai:<model>@<base url>`, by plain HTTP."""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import urlsplit

from pipelines.embed import checks
from pipelines.embed.remote import RemoteEmbedder, is_loopback, key_from, raise_for_status, without_credentials
from pipelines.embed.retry import MalformedError, Patience, TransientError, retry_after_s
from pipelines.errors import N_, UnusableInput
from pipelines.types import FloatArray

KEY_VARIABLE = "OPENAI_API_KEY"
DEFAULT_URL = "https://api.openai.com/v1"


class OpenAIEmbedder(RemoteEmbedder):
    """POST {base url}/embeddings, 16 texts a request. A server on this computer costs nothing and needs no key."""

    provider = "OpenAI endpoint"

    def __init__(
        self, model: str, base_url: str | None = None, *, dim: int | None = None, patience: Patience | None = None
    ) -> None:
        self._base_url = (base_url or DEFAULT_URL).rstrip("/")
        parts = urlsplit(self._base_url)
        if parts.scheme not in ("http", "https") or not parts.hostname or not model:
            raise UnusableInput(
                N_("“{name}” is no endpoint: write openai:<model>@<base url>, such as openai:{example}."),
                name=f"openai:{model}@{without_credentials(self._base_url)}",
                example="bge-m3@http://127.0.0.1:8080/v1",
            )
        super().__init__(f"openai:{model}@{self._endpoint()}", model, dim=dim, native_dim=None, patience=patience)
        self._local = is_loopback(self._base_url)
        self.paid = not self._local

    def _endpoint(self) -> str:
        return without_credentials(self._base_url)

    def _request(self, texts: list[str], *, query: bool) -> FloatArray:
        import requests

        payload: dict[str, Any] = {"model": self.model, "input": texts, "encoding_format": "float"}
        if self._asked_dim is not None:
            payload["dimensions"] = self._asked_dim
        key = os.environ.get(KEY_VARIABLE, "").strip() if self._local else key_from(KEY_VARIABLE, self.provider)
        with requests.Session() as session:
            # A proxy set for the outside must not be asked for this computer's own servers.
            session.trust_env = not self._local
            try:
                answer = session.post(
                    f"{self._base_url}/embeddings",
                    json=payload,
                    headers={"Authorization": f"Bearer {key}"} if key else {},
                    timeout=self._timeout_s,
                    # A redirect would carry texts to an address that nobody chose.
                    allow_redirects=False,
                )
            except requests.exceptions.RequestException as error:
                raise TransientError(f"no answer from {self._endpoint()} ({type(error).__name__})") from None
        if answer.status_code != 200:
            raise_for_status(
                answer.status_code,
                "",
                self.provider,
                variable=KEY_VARIABLE,
                model=self.model,
                retry_after_s=retry_after_s(answer.headers.get("retry-after")),
                advice="Check the model's name and the base URL.",
            )
        try:
            body = answer.json()
        except ValueError:
            raise MalformedError("the answer is no JSON") from None
        if not isinstance(body, dict):
            raise MalformedError("the answer is no JSON object")
        matrix = checks.as_matrix(
            checks.in_order(body.get("data"), "index", len(texts)), len(texts), self._expected_dim
        )
        usage = body.get("usage")
        self.tokens += int(usage.get("total_tokens") or 0) if isinstance(usage, dict) else 0
        return matrix

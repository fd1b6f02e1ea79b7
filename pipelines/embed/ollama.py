"""Ollama's embedding models through langchain-ollama, in small requests with a time-out and checked answers."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import Any

from pipelines.embed import checks
from pipelines.embed.remote import RemoteEmbedder, checked_dim, is_loopback, raise_for_status, without_credentials
from pipelines.embed.retry import MalformedError, Patience, TransientError, retry_after_s
from pipelines.types import FloatArray

DEFAULT_URL = "http://127.0.0.1:11434"
NATIVE_DIM: Mapping[str, int] = {
    "qwen3-embedding:0.6b": 1024,
    "qwen3-embedding:4b": 2560,
    "qwen3-embedding:8b": 4096,
}
QWEN_TASK = "Given a question about customer reviews, retrieve the reviews that answer it"


class OllamaEmbedder(RemoteEmbedder):
    """`ollama:<model>`: at most 16 texts and 16,000 characters a request. Costs nothing; texts go to the server.

    The server is base_url, else OLLAMA_HOST, else this computer's.
    """

    provider = "Ollama"
    paid = False

    def __init__(
        self, model: str, *, dim: int | None = None, base_url: str | None = None, patience: Patience | None = None
    ) -> None:
        native = NATIVE_DIM.get(model)
        # The server ignores a dimension above the native one without a word.
        checked_dim(dim, native, f"ollama:{model}")
        super().__init__(f"ollama:{model}", model, dim=dim, native_dim=native, patience=patience)
        host = base_url or os.environ.get("OLLAMA_HOST") or DEFAULT_URL
        self._base_url = host if "://" in host else f"http://{host}"

    def _endpoint(self) -> str:
        return without_credentials(self._base_url)

    def _prompts(self) -> dict[str, str]:
        return {"query": f"Instruct: {QWEN_TASK}\nQuery:"} if self.model.startswith("qwen3-embedding") else {}

    def _request(self, texts: list[str], *, query: bool) -> FloatArray:
        import httpx
        from langchain_ollama import OllamaEmbeddings
        from ollama import ResponseError
        from pydantic import ValidationError

        asked_to_wait: list[str | None] = []

        def note_wait(response: Any) -> None:
            asked_to_wait.append(response.headers.get("retry-after"))

        door = OllamaEmbeddings(
            model=self.model,
            base_url=self._base_url,
            dimensions=self._asked_dim,
            sync_client_kwargs={
                "timeout": self._timeout_s,
                "trust_env": not is_loopback(self._base_url),
                "event_hooks": {"response": [note_wait]},
            },
        )
        prompt = self._prompts().get("query", "") if query else ""
        try:
            rows = door.embed_documents([prompt + text for text in texts])
        except ResponseError as error:
            raise_for_status(
                error.status_code,
                "",
                self.provider,
                variable=None,
                model=self.model,
                retry_after_s=retry_after_s(asked_to_wait[-1] if asked_to_wait else None),
                advice=f"Run `ollama pull {self.model}`.",
            )
            raise
        except (json.JSONDecodeError, UnicodeDecodeError, ValidationError, TypeError):
            # TypeError: the client spreads the answer as keywords, which a JSON list is not.
            raise MalformedError("the answer is no list of embeddings") from None
        except (ConnectionError, httpx.HTTPError) as error:
            reason = "the server does not answer; start it with `ollama serve`"
            raise TransientError(f"{reason} ({type(error).__name__})") from None
        return checks.as_matrix([list(row) for row in rows or ()], len(texts), self._expected_dim)

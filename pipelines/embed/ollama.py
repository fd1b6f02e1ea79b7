"""Ollama's embedding models through langchain-ollama, in small requests with a time-out and checked answers.

`OllamaEmbeddings` sends all texts at once with no time-out, follows redirects, and cannot say whether the server may
cut a text, which it then does in silence. So its client is given a time-out and a door of ours that forbids the cut:
the server refuses a text too long for it, and its beginning is sent instead and counted.
"""

from __future__ import annotations

import json
import os
import weakref
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from pipelines.embed import checks, keys
from pipelines.embed.prompts import Prompts
from pipelines.embed.remote import RemoteEmbedder, checked_dim, checked_url, is_loopback
from pipelines.embed.retry import MalformedError, Patience, TransientError, UnreachableError
from pipelines.embed.sessions import Refuse

if TYPE_CHECKING:
    import httpx
    from langchain_ollama import OllamaEmbeddings

KEY_VARIABLE = "OLLAMA_API_KEY"
DEFAULT_URL = "http://127.0.0.1:11434"
PORT = 11434
NATIVE_DIM: Mapping[str, int] = {
    "qwen3-embedding:0.6b": 1024,
    "qwen3-embedding:4b": 2560,
    "qwen3-embedding:8b": 4096,
}


class OllamaEmbedder(RemoteEmbedder):
    """`ollama:<model>`: at most 16 texts and 16,000 characters a request. Costs nothing; texts go to the server.

    A server behind a guard gets the key in OLLAMA_API_KEY; most need none. The server is base_url, else OLLAMA_HOST,
    else this computer's. It may take five times the setting provider_timeout_s: it loads a model of gigabytes first,
    and may have no graphics card.
    """

    provider = "Ollama"
    key_variable = KEY_VARIABLE
    paid = False
    patience_factor = 5.0
    max_tokens = 4096
    """What servers give a model by default; it can read more when the server is told so."""

    def __init__(
        self,
        model: str,
        *,
        dim: int | None = None,
        base_url: str | None = None,
        prompts: Prompts | None = None,
        patience: Patience | None = None,
    ) -> None:
        name = f"ollama:{model}"
        native = NATIVE_DIM.get(model)
        # The server ignores a dimension above the native one without a word.
        checked_dim(dim, native, name)
        super().__init__(name, model, dim=dim, native_dim=native, prompts=prompts, patience=patience)
        self._base_url = address(base_url, name)

    def _endpoint(self) -> str:
        return self._base_url

    def _advice(self) -> str:
        return f"Run `ollama pull {self.model}`."

    @cached_property
    def _door(self) -> OllamaEmbeddings:
        """Made once: each one reads all certificates anew, and its connections are worth keeping."""
        from langchain_ollama import OllamaEmbeddings

        door = OllamaEmbeddings(
            model=self.model,
            base_url=self._base_url,
            sync_client_kwargs=client_settings(self._refuse, self._base_url, self._timeout_s),
        )
        inner: Any = door._client
        weakref.finalize(self, inner.close)
        door._client = _Client(inner)  # type: ignore[assignment]
        return door

    def _request(self, texts: list[str], *, query: bool) -> object:
        import httpx
        from pydantic import ValidationError

        door = self._door
        door.dimensions = self._dim_to_send
        try:
            rows = door.embed_documents(texts)
        except (json.JSONDecodeError, UnicodeDecodeError, ValidationError, TypeError, KeyError):
            # TypeError: the client spreads the answer as keywords, which a JSON list is not.
            raise MalformedError("the answer is no list of embeddings") from None
        except (ConnectionError, httpx.ConnectError):
            raise UnreachableError(
                f"nobody answers at {self._base_url}; start the server with `ollama serve`"
            ) from None
        except httpx.HTTPError as error:
            raise TransientError(f"no answer from {self._base_url} ({type(error).__name__})") from None
        client: Any = door._client
        self._count(client.take_tokens())
        return [list(row) for row in rows or ()]


@dataclass
class _Client:
    """Stands where OllamaEmbeddings keeps its client: the same call, with truncation forbidden and tokens counted."""

    inner: Any
    tokens: int = 0

    def embed(self, model: str, texts: list[str], **options: Any) -> Any:
        answer = self.inner.embed(model, texts, truncate=False, **options)
        self.tokens += checks.token_count(dict(answer), "prompt_eval_count")
        return answer

    def take_tokens(self) -> int:
        """Tokens since the last time this was asked."""
        tokens, self.tokens = self.tokens, 0
        return tokens


def address(base_url: str | None = None, name: str = "ollama") -> str:
    """Where the server is: base_url, else OLLAMA_HOST, else this computer; raises UnusableInput for no address."""
    return checked_url(_address(base_url or os.environ.get("OLLAMA_HOST") or ""), name, DEFAULT_URL)


def _address(host: str) -> str:
    """An address out of OLLAMA_HOST's many forms: a scheme, a port, and a place to connect to, not to listen at."""
    if not host:
        return DEFAULT_URL
    address = host if "://" in host else f"http://{host}"
    scheme, _, rest = address.partition("://")
    place, slash, path = rest.partition("/")
    if scheme == "http" and not place.rpartition("]")[2].rpartition(":")[1]:
        place = f"{place}:{PORT}"
    for listening, connecting in (("0.0.0.0:", "127.0.0.1:"), ("[::]:", "[::1]:")):
        if place.startswith(listening):
            place = connecting + place.removeprefix(listening)
    return f"{scheme}://{place}{slash}{path}"


def client_settings(refuse: Refuse, base_url: str, timeout_s: float) -> dict[str, Any]:
    """How a client of the ollama package reaches a server: a time-out, no redirects, the key of each moment.

    refuse: a method that raises what an answer other than 200 means; its owner may go before the client does.
    """
    weak_refuse = weakref.WeakMethod(refuse)
    # The client takes this variable once, as it is; a key that no header carries must be told before.
    keys.find(KEY_VARIABLE)

    def sign(request: httpx.Request) -> None:
        key = keys.find(KEY_VARIABLE)
        request.headers.pop("authorization", None)
        if key:
            request.headers["authorization"] = f"Bearer {key}"

    def check(response: httpx.Response) -> None:
        still_there = weak_refuse()
        if response.status_code != 200 and still_there is not None:
            response.read()
            still_there(response.status_code, dict(response.headers), response.text)

    return {
        "timeout": timeout_s,
        "trust_env": not is_loopback(base_url),
        "follow_redirects": False,
        "event_hooks": {"request": [sign], "response": [check]},
    }

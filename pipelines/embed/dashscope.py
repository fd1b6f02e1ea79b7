"""DashScope's text-embedding-v4 through langchain-community, its traps closed at the one door it has: its client.

`DashScopeEmbeddings` ignores `text_index` (a reordered answer attaches vectors to the wrong texts), accepts short
answers, cannot ask for a dimension, an address or a time-out, retries 403 and never time-outs, and writes the key into
a process-wide variable. So it is built without its validator and given a client of ours, which asks the SDK with all of
these, checks the answer and hands it on in order. The SDK's own log quotes requests and errors: it is kept silent.
"""

from __future__ import annotations

import logging
import os
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from pipelines.embed import checks, keys, sessions
from pipelines.embed.prompts import Prompts
from pipelines.embed.remote import RemoteEmbedder, checked_dim, checked_url, is_loopback
from pipelines.embed.retry import MalformedError, Patience

if TYPE_CHECKING:
    import requests
    from langchain_community.embeddings.dashscope import DashScopeEmbeddings

KEY_VARIABLE = "DASHSCOPE_API_KEY"
URL_VARIABLE = "DASHSCOPE_HTTP_BASE_URL"
DEFAULT_URL = "https://dashscope.aliyuncs.com/api/v1"

NATIVE_DIM: Mapping[str, int] = {"text-embedding-v3": 1024, "text-embedding-v4": 1024}
"""What a model gives when no dimension is asked for."""

DIMENSIONS: Mapping[str, tuple[int, ...]] = {
    "text-embedding-v3": (1024, 768, 512, 256, 128, 64),
    "text-embedding-v4": (2048, 1536, 1024, 768, 512, 256, 128, 64),
}


class DashScopeEmbedder(RemoteEmbedder):
    """`dashscope:<model>`, 10 texts a request; the key comes from DASHSCOPE_API_KEY at each call.

    A prompt travels as `instruct`, which the service heeds for queries alone: documents that have one go as queries.
    """

    provider = "DashScope"
    key_variable = KEY_VARIABLE
    max_batch = 10
    max_chars = 60_000

    def __init__(
        self,
        model: str,
        *,
        dim: int | None = None,
        base_url: str | None = None,
        prompts: Prompts | None = None,
        patience: Patience | None = None,
    ) -> None:
        name = f"dashscope:{model}"
        allowed = DIMENSIONS.get(model, ())
        checked_dim(dim, max(allowed, default=None), name)
        # A dimension between those that the service gives is cut here from the next larger one.
        larger = None if dim is None or dim in allowed else min((one for one in allowed if one > dim), default=None)
        native = larger or NATIVE_DIM.get(model)
        super().__init__(name, model, dim=dim, native_dim=native, prompts=prompts, patience=patience)
        self._dim_to_send = larger or dim
        self._base_url = checked_url(base_url or os.environ.get(URL_VARIABLE) or DEFAULT_URL, name, DEFAULT_URL)

    @cached_property
    def _session(self) -> requests.Session:
        return sessions.open_session(self, self._refuse, local=is_loopback(self._base_url))

    def _endpoint(self) -> str:
        return self._base_url

    def _advice(self) -> str:
        return "Choose text-embedding-v4."

    def _marked(self, text: str, *, query: bool) -> str:
        return text

    def _request(self, texts: list[str], *, query: bool) -> object:
        instruct = self.prompts.query if query else self.prompts.document
        client = _Client(
            key=keys.key_from(KEY_VARIABLE, self.provider),
            base_url=self._base_url,
            dim=self._dim_to_send,
            timeout_s=self._timeout_s,
            instruct=instruct,
            session=self._session,
        )
        # model_construct passes by the validator, which would set a process-wide key; one try: patience is ours.
        door = _door_class().model_construct(client=client, model=self.model, max_retries=1)
        rows: list[Any] = [door.embed_query(texts[0])] if query else door.embed_documents(texts)
        self._count(client.tokens)
        return rows


@lru_cache(maxsize=1)
def _door_class() -> type[DashScopeEmbeddings]:
    with warnings.catch_warnings():
        # The package warns of its own retirement on import; it is kept behind this file on purpose.
        warnings.simplefilter("ignore", DeprecationWarning)
        from langchain_community.embeddings.dashscope import DashScopeEmbeddings
    return DashScopeEmbeddings


@dataclass
class _Client:
    """Stands where DashScopeEmbeddings expects `dashscope.TextEmbedding`: same call, every argument given, checked."""

    key: str
    base_url: str
    dim: int | None
    timeout_s: float
    instruct: str
    session: requests.Session
    tokens: int = 0

    def call(self, *, model: str, input: str | list[str], text_type: str) -> Any:  # noqa: A002  (the SDK's own word)
        import dashscope
        import requests

        logging.getLogger("dashscope").setLevel(logging.CRITICAL + 1)
        count = 1 if isinstance(input, str) else len(input)
        try:
            answer = dashscope.TextEmbedding.call(
                model=model,
                input=input,
                text_type="query" if self.instruct else text_type,
                dimension=self.dim,
                instruct=self.instruct or None,
                api_key=self.key,
                base_address=self.base_url,
                request_timeout=self.timeout_s,
                session=self.session,
            )
        except requests.exceptions.JSONDecodeError:
            raise MalformedError("the answer is no JSON") from None
        except requests.exceptions.RequestException as error:
            raise sessions.told(error, self.base_url) from None
        except (ValueError, TypeError, AttributeError):
            # The SDK takes any JSON for an object.
            raise MalformedError("the answer is no JSON object") from None
        output = answer.output if isinstance(answer.output, Mapping) else {}
        rows = checks.in_order(output.get("embeddings"), "text_index", count)
        self.tokens += checks.token_count(answer.usage, "total_tokens")
        answer.output = {"embeddings": [{"text_index": i, "embedding": row} for i, row in enumerate(rows)]}
        return answer

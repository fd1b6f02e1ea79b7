"""DashScope's text-embedding-v4 through langchain-community, its traps closed at the one door it has: its client.

`DashScopeEmbeddings` ignores `text_index` (a reordered answer attaches vectors to the wrong texts), accepts short
answers, cannot ask for a dimension, an address or a time-out, retries 403 and never time-outs, and writes the key into
a process-wide variable. So it is built without its validator and given a client of ours, which asks the SDK with all of
these, checks the answer and hands it on in order.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pipelines.embed import checks
from pipelines.embed.remote import RemoteEmbedder, is_loopback, key_from, raise_for_status, without_credentials
from pipelines.embed.retry import MalformedError, Patience, TransientError, retry_after_s
from pipelines.errors import N_, UnusableInput
from pipelines.types import FloatArray

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
    """`dashscope:<model>`, 10 texts a request; the key comes from DASHSCOPE_API_KEY at each call."""

    provider = "DashScope"
    max_batch = 10
    max_chars = 60_000

    def __init__(
        self, model: str, *, dim: int | None = None, base_url: str | None = None, patience: Patience | None = None
    ) -> None:
        allowed = DIMENSIONS.get(model)
        if dim is not None and allowed is not None and dim not in allowed:
            raise UnusableInput(
                N_("“{name}” cannot give {dim} dimensions; choose one of: {allowed}."),
                name=f"dashscope:{model}",
                dim=dim,
                allowed=", ".join(map(str, allowed)),
            )
        super().__init__(f"dashscope:{model}", model, dim=dim, native_dim=NATIVE_DIM.get(model), patience=patience)
        self._base_url = base_url or os.environ.get(URL_VARIABLE) or DEFAULT_URL

    def _endpoint(self) -> str:
        return without_credentials(self._base_url)

    def _request(self, texts: list[str], *, query: bool) -> FloatArray:
        with warnings.catch_warnings():
            # The package warns of its own retirement on import; it is kept behind this file on purpose.
            warnings.simplefilter("ignore", DeprecationWarning)
            from langchain_community.embeddings.dashscope import DashScopeEmbeddings
        client = _Client(key_from(KEY_VARIABLE, self.provider), self._base_url, self._asked_dim, self._timeout_s)
        # model_construct passes by the validator, which would set a process-wide key; one try: patience is ours.
        door = DashScopeEmbeddings.model_construct(client=client, model=self.model, max_retries=1)
        rows = [door.embed_query(texts[0])] if query else door.embed_documents(texts)
        matrix = checks.as_matrix(rows, len(texts), self._expected_dim)
        self.tokens += client.tokens
        return matrix


@dataclass
class _Client:
    """Stands where DashScopeEmbeddings expects `dashscope.TextEmbedding`: same call, every argument given, checked."""

    key: str
    base_url: str
    dim: int | None
    timeout_s: float
    tokens: int = 0

    def call(self, *, model: str, input: str | list[str], text_type: str) -> Any:  # noqa: A002  (the SDK's own word)
        import dashscope
        import requests

        count = 1 if isinstance(input, str) else len(input)
        with requests.Session() as session:
            # A proxy set for the outside must not be asked for this computer's own servers.
            session.trust_env = not is_loopback(self.base_url)
            try:
                answer = dashscope.TextEmbedding.call(
                    model=model,
                    input=input,
                    text_type=text_type,
                    dimension=self.dim,
                    api_key=self.key,
                    base_address=self.base_url,
                    request_timeout=self.timeout_s,
                    session=session,
                )
            except requests.exceptions.JSONDecodeError:
                raise MalformedError("the answer is no JSON") from None
            except requests.exceptions.RequestException as error:
                raise TransientError(f"no answer ({type(error).__name__})") from None
            except ValueError:
                raise MalformedError("the answer is no JSON") from None
        if answer.status_code != 200:
            headers = {name.lower(): value for name, value in (answer.headers or {}).items()}
            raise_for_status(
                int(answer.status_code),
                _short_code(answer.code),
                "DashScope",
                variable=KEY_VARIABLE,
                model=model,
                retry_after_s=retry_after_s(headers.get("retry-after")),
                advice="Choose text-embedding-v4.",
            )
        output = answer.output if isinstance(answer.output, Mapping) else {}
        rows = checks.in_order(output.get("embeddings"), "text_index", count)
        usage = answer.usage if isinstance(answer.usage, Mapping) else {}
        self.tokens += int(usage.get("total_tokens") or 0)
        answer.output = {"embeddings": [{"text_index": i, "embedding": row} for i, row in enumerate(rows)]}
        return answer


def _short_code(code: object) -> str:
    """A provider's error code, when it is a plain short word."""
    text = str(code or "")
    return text if len(text) <= 60 and text.replace(".", "").replace("_", "").isalnum() else ""

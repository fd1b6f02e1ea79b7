"""DashScope's chat models (qwen-plus, qwen-turbo, …) through langchain-community's ChatTongyi.

It takes the key once into itself, knows no address and no time-out, and its errors quote what the service said. So it
is built for each request without its validator and given a client of ours, as the embedder is.
"""

from __future__ import annotations

import logging
import os
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from pipelines.ask.base import ANSWER_TOKENS, ChatModel, Schema, as_text
from pipelines.embed import checks, keys, sessions
from pipelines.embed.dashscope import DEFAULT_URL, KEY_VARIABLE, URL_VARIABLE
from pipelines.embed.remote import checked_url, is_loopback
from pipelines.embed.retry import MalformedError, Patience

if TYPE_CHECKING:
    import requests


class DashScopeChat(ChatModel):
    """`dashscope:<model>`; the key comes from DASHSCOPE_API_KEY at each call."""

    provider = "DashScope"
    key_variable = KEY_VARIABLE

    def __init__(self, model: str, *, base_url: str | None = None, patience: Patience | None = None) -> None:
        super().__init__(f"dashscope:{model}", model, patience=patience)
        self._base_url = checked_url(base_url or os.environ.get(URL_VARIABLE) or DEFAULT_URL, self.name, DEFAULT_URL)

    @property
    def endpoint(self) -> str:
        """See ChatModel."""
        return self._base_url

    def _advice(self) -> str:
        return "Choose qwen-plus."

    @cached_property
    def _session(self) -> requests.Session:
        return sessions.open_session(self, self._refuse, local=is_loopback(self._base_url))

    def _request(self, rules: str, question: str, schema: Schema, seed: int) -> str:
        key = keys.key_from(KEY_VARIABLE, self.provider)
        client = _Client(key, self._base_url, self._timeout_s, self._session)
        options = {
            "temperature": 0.01,
            "seed": seed,
            "max_tokens": ANSWER_TOKENS,
            "enable_thinking": False,
            "response_format": {"type": "json_object"},
        }
        # model_construct passes by the validator, which wants the key for itself; one try: patience is ours.
        door = _door_class().model_construct(
            client=client, model_name=self.model, model_kwargs=options, max_retries=1, streaming=False, top_p=0.8
        )
        told = door.invoke([("system", rules), ("human", question)])
        self._count(client.tokens)
        return as_text(told.content)


@lru_cache(maxsize=1)
def _door_class() -> type[Any]:
    with warnings.catch_warnings():
        # The package warns of its own retirement on import; it is kept behind this file on purpose.
        warnings.simplefilter("ignore", DeprecationWarning)
        from langchain_community.chat_models.tongyi import ChatTongyi

    class Door(ChatTongyi):
        @property
        def _default_params(self) -> dict[str, Any]:
            # The parent's own puts the key here, from where callbacks and traces could take it.
            return {"model": self.model_name, "top_p": self.top_p, "result_format": "message", **self.model_kwargs}

    return Door


@dataclass
class _Client:
    """Stands where ChatTongyi expects `dashscope.Generation`: same call, every argument given, the answer checked."""

    key: str
    base_url: str
    timeout_s: float
    session: requests.Session
    tokens: int = 0

    def call(self, **params: Any) -> Any:
        import dashscope
        import requests

        logging.getLogger("dashscope").setLevel(logging.CRITICAL + 1)
        try:
            answer: Any = dashscope.Generation.call(
                **params,
                api_key=self.key,
                base_address=self.base_url,
                request_timeout=self.timeout_s,
                session=self.session,
            )
        except requests.exceptions.JSONDecodeError:
            raise MalformedError("the answer is no JSON") from None
        except requests.exceptions.RequestException as error:
            raise sessions.told(error, self.base_url) from None
        except (ValueError, TypeError, AttributeError, KeyError):
            # The SDK takes any JSON for an object.
            raise MalformedError("the answer is no JSON object") from None
        output = answer.output if isinstance(answer.output, Mapping) else {}
        choices = output.get("choices")
        first = choices[0] if isinstance(choices, list) and choices else None
        message = first.get("message") if isinstance(first, Mapping) else None
        if not isinstance(message, Mapping):
            raise MalformedError("the answer is no chat message")
        self.tokens += checks.token_count(answer.usage, "total_tokens")
        # Only what is needed goes on: the rest of an answer takes any form.
        text = as_text(message.get("content"))
        kept = {"message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
        return {"status_code": 200, "request_id": "", "output": {"choices": [kept]}, "usage": {}}

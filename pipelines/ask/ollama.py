"""Ollama's chat models through langchain-ollama, with a time-out, no redirects and a window large enough.

`ChatOllama` leaves the size of the model's window to the server, which cuts a longer question in silence.
"""

from __future__ import annotations

import json
import weakref
from functools import cached_property
from typing import TYPE_CHECKING, Any

from pipelines.ask.base import ANSWER_TOKENS, ChatModel, Schema, as_text, tokens_of
from pipelines.embed.ollama import KEY_VARIABLE, address, client_settings
from pipelines.embed.retry import MalformedError, Patience, TransientError, UnreachableError

if TYPE_CHECKING:
    from langchain_ollama import ChatOllama

_LEAST_WINDOW = 4096
_SLACK = 1.3
"""An estimate of tokens may be too low."""


class OllamaChat(ChatModel):
    """`ollama:<model>` at base_url, else OLLAMA_HOST, else this computer. Costs nothing."""

    provider = "Ollama"
    key_variable = KEY_VARIABLE
    patience_factor = 5.0

    def __init__(self, model: str, *, base_url: str | None = None, patience: Patience | None = None) -> None:
        super().__init__(f"ollama:{model}", model, patience=patience)
        self._base_url = address(base_url, self.name)
        self.paid = False

    @property
    def endpoint(self) -> str:
        """See ChatModel."""
        return self._base_url

    def _advice(self) -> str:
        return f"Run `ollama pull {self.model}`."

    @cached_property
    def _door(self) -> ChatOllama:
        from langchain_ollama import ChatOllama

        door = ChatOllama(
            model=self.model,
            base_url=self._base_url,
            temperature=0.0,
            num_predict=ANSWER_TOKENS,
            # Models that think aloud first would spend the answer's tokens on it.
            reasoning=False,
            sync_client_kwargs=client_settings(self._refuse, self._base_url, self._timeout_s),
        )
        inner: Any = door._client
        weakref.finalize(self, inner.close)
        return door

    def _request(self, rules: str, question: str, schema: Schema, seed: int) -> str:
        import httpx
        from ollama import ResponseError
        from pydantic import ValidationError

        window = max(_LEAST_WINDOW, int(_SLACK * tokens_of(rules, question)) + ANSWER_TOKENS)
        options = {"temperature": 0.0, "num_predict": ANSWER_TOKENS, "num_ctx": window, "seed": seed}
        try:
            told = self._door.invoke(
                [("system", rules), ("human", question)], format=dict(schema), options=options, stream=False
            )
        except (json.JSONDecodeError, UnicodeDecodeError, ValidationError, TypeError, KeyError, AttributeError):
            raise MalformedError("the answer is no chat message") from None
        except ResponseError:
            raise MalformedError("the answer is an error in the place of a message") from None
        except (ConnectionError, httpx.ConnectError):
            raise UnreachableError(
                f"nobody answers at {self._base_url}; start the server with `ollama serve`"
            ) from None
        except httpx.HTTPError as error:
            raise TransientError(f"no answer from {self._base_url} ({type(error).__name__})") from None
        self._count(told.usage_metadata["total_tokens"] if told.usage_metadata else 0)
        return as_text(told.content)

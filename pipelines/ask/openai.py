"""Any endpoint that speaks OpenAI's chat format: `openai:<model>@<base url>`, by plain HTTP."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from pipelines.ask.base import ANSWER_TOKENS, ChatModel, Schema, as_text
from pipelines.embed import checks, keys, reach, sessions
from pipelines.embed.openai import DEFAULT_URL, KEY_VARIABLE
from pipelines.embed.remote import checked_url, is_loopback
from pipelines.embed.retry import MalformedError, Patience
from pipelines.errors import N_, UnusableInput

if TYPE_CHECKING:
    import requests

EXAMPLE = "openai:qwen3@http://127.0.0.1:8080/v1"


class OpenAIChat(ChatModel):
    """POST {base url}/chat/completions; no key and no price where the server is on this computer."""

    provider = "OpenAI endpoint"
    key_variable = KEY_VARIABLE

    def __init__(self, model: str, base_url: str | None = None, *, patience: Patience | None = None) -> None:
        if not model.strip():
            raise UnusableInput(N_("The model before @ is missing: write one such as {example}."), example=EXAMPLE)
        self._base_url = checked_url(base_url or DEFAULT_URL, f"openai:{model}", EXAMPLE)
        self._guarded = self._base_url != DEFAULT_URL and reach.is_guarded(self._base_url)
        super().__init__(f"openai:{model}@{self._base_url}", model, patience=patience)
        self._local = is_loopback(self._base_url)
        self.paid = not self._local

    @property
    def endpoint(self) -> str:
        """See ChatModel."""
        return self._base_url

    @cached_property
    def _session(self) -> requests.Session:
        return sessions.open_session(self, self._refuse, local=self._local, guarded=self._guarded)

    def _request(self, rules: str, question: str, schema: Schema, seed: int) -> str:
        import requests

        key = keys.find(KEY_VARIABLE) if self._local else keys.key_from(KEY_VARIABLE, self.provider)
        payload: dict[str, Any] = {
            "model": self.model,
            "messages": [{"role": "system", "content": rules}, {"role": "user", "content": question}],
            "temperature": 0,
            "seed": seed,
            "max_tokens": ANSWER_TOKENS,
            # json_object is what nearly all servers know; the schema itself stands in the rules.
            "response_format": {"type": "json_object"},
        }
        try:
            answer = self._session.post(
                f"{self._base_url}/chat/completions", json=payload, auth=sessions.bearer(key), timeout=self._timeout_s
            )
        except requests.exceptions.RequestException as error:
            raise sessions.told(error, self._base_url) from None
        try:
            body = answer.json()
            content = body["choices"][0]["message"]["content"]
        except (ValueError, KeyError, IndexError, TypeError):
            raise MalformedError("the answer is no chat message") from None
        self._count(checks.token_count(body.get("usage"), "total_tokens"))
        return as_text(content)

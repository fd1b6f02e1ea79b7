"""What all chat models share: patience with the provider, a limit on the whole answer, and a check of what came."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any, NoReturn, TypeVar

from pipelines import settings
from pipelines.ask import refused
from pipelines.embed.deadline import within
from pipelines.embed.remote import is_loopback, sendable
from pipelines.embed.retry import MalformedError, Patience, persevere
from pipelines.embed.tokens import estimate

T = TypeVar("T")
Schema = Mapping[str, Any]
"""A JSON schema (the part of it that providers agree on: object, array, string, integer, enum)."""

ANSWER_TOKENS = 2048
"""The longest answer asked for."""


class ChatModel:
    """Base of the providers; a subclass gives `_request`, `endpoint`, `provider`, `key_variable`.

    paid: whether an answer costs money. tokens: those of all answers so far, where the provider counts them.
    """

    provider: str
    key_variable: str
    patience_factor = 2.0
    """How many times longer than the setting provider_timeout_s an answer may take: it is written word by word."""

    def __init__(self, name: str, model: str, *, patience: Patience | None = None) -> None:
        self.name = name
        self.model = model
        self.paid = True
        self.tokens = 0
        self._counting = threading.Lock()
        self._patience = patience or Patience.from_settings()
        self._timeout_s = settings.get_float("provider_timeout_s") * self.patience_factor

    @property
    def endpoint(self) -> str:
        """The address that questions go to, without anything secret."""
        raise NotImplementedError

    @property
    def leaves(self) -> bool:
        """Whether questions go to another computer than this one."""
        return not is_loopback(self.endpoint)

    def answer(self, rules: str, question: str, schema: Schema, read: Callable[[str], T]) -> T:
        """The answer to `question` under `rules` (the system's message), as `read` understands its text.

        read raises MalformedError for a text that is no answer; it is then asked again, three times in all. Raises
        ProviderFailed, MissingKey, UnusableInput (no such model, a bad address).
        """
        tries = 0

        def ask() -> T:
            nonlocal tries
            tries += 1
            return read(self._request(sendable(rules), sendable(question), schema, tries))

        return persevere(lambda: within(self._timeout_s, ask), self.name, self._patience)

    def _request(self, rules: str, question: str, schema: Schema, seed: int) -> str:
        """One attempt; seed differs with each, since the same one would bring the same malformed answer again."""
        raise NotImplementedError

    def _advice(self) -> str:
        return "Check the model's name and the address."

    def _refuse(self, status: int, headers: dict[str, str], body: str) -> NoReturn:
        refused.raise_for_refusal(
            status, headers, body, provider=self.provider, variable=self.key_variable, model=self.model,
            endpoint=self.endpoint, advice=self._advice(),
        )  # fmt: skip

    def _count(self, tokens: int) -> None:
        with self._counting:
            self.tokens += tokens


def tokens_of(rules: str, question: str) -> int:
    """Tokens of a request, estimated."""
    return estimate(rules) + estimate(question)


def as_text(answer: object) -> str:
    """The text of an answer; raises MalformedError for another thing, or nothing."""
    if not isinstance(answer, str) or not answer.strip():
        raise MalformedError("the answer is empty")
    return answer

"""What a chat model would be sent, told before anything is sent."""

from __future__ import annotations

from dataclasses import dataclass

from pipelines import settings
from pipelines.ask.base import ANSWER_TOKENS
from pipelines.errors import N_, UnusableInput


@dataclass(frozen=True)
class Sending:
    """What every question to a model tells of itself; a subclass adds what it is made of.

    rules: the system's message. tokens: of all that would be sent, estimated, answers apart. leaves: whether it goes to
    another computer; paid: whether that costs money.
    """

    name: str
    endpoint: str
    leaves: bool
    paid: bool
    rules: str
    tokens: int

    @property
    def needs_consent(self) -> bool:
        """Whether nothing may be sent before a person agreed."""
        return self.leaves or self.paid


def check_budget(told: Sending, answers: int) -> None:
    """Raise UnusableInput where what is sent and `answers` answers would cost more tokens than the setting allows."""
    most = settings.get_int("embed_max_paid_tokens")
    if told.paid and most and told.tokens + ANSWER_TOKENS * answers > most:
        raise UnusableInput(
            N_("“{name}” would be sent about {tokens} tokens, more than the {most} allowed. Raise {variable}."),
            name=told.name,
            tokens=told.tokens,
            most=most,
            variable="REVIEWSCAPE_EMBED_MAX_PAID_TOKENS",
        )

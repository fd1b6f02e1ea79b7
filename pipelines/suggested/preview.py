"""What asking for names would send, before anything is sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.ask.base import ChatModel, tokens_of
from pipelines.ask.sending import Sending, check_budget
from pipelines.errors import N_, UnusableInput
from pipelines.suggested.evidence import Evidence
from pipelines.suggested.prompt import RULES, batches, question


@dataclass(frozen=True)
class Preview(Sending):
    """requests: the documents as they would go, each after the same rules."""

    topics: int
    quotes: int
    requests: tuple[str, ...]


def preview(model: ChatModel, evidence: Sequence[Evidence]) -> Preview:
    """Asks the network nothing. Topics without an answer are asked about once more, which is not counted here."""
    requests = tuple(question(batch) for batch in batches(evidence))
    return Preview(
        name=model.name,
        endpoint=model.endpoint,
        leaves=model.leaves,
        paid=model.paid,
        topics=len(evidence),
        quotes=sum(len(one.quotes) for one in evidence),
        rules=RULES,
        requests=requests,
        tokens=sum(tokens_of(RULES, request) for request in requests),
    )


def check_agreed(told: Preview, *, agreed: bool) -> None:
    """Raise UnusableInput where something would go to another computer and nobody agreed, or it is over the budget."""
    check_budget(told, len(told.requests))
    if told.needs_consent and not agreed:
        raise UnusableInput(
            N_(
                "Keywords and {quotes} masked quotes of {topics} topics ({n} requests, about {tokens} tokens) would go "
                "to {endpoint}. Repeat with --yes to agree."
            ),
            quotes=told.quotes,
            topics=told.topics,
            n=len(told.requests),
            tokens=told.tokens,
            endpoint=told.endpoint,
        )

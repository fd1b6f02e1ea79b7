"""A language model that obeys whatever it reads, over the real wire formats of Ollama and OpenAI."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

Injection = Mapping[str, str]


def squeezed(text: str) -> str:
    """Letters and digits alone: what masking and cutting leave of a text is found in it still."""
    return re.sub(r"[\W_]+", "", text).casefold()


class Gullible:
    """Obeys each order of `injections`: from a review that it was sent (read: those), or else from memory, as if it had
    got to it some other way. Of the rest it says what it sees.

    As says(rules, question) of tests.ask.chat_server.
    """

    def __init__(self, injections: Sequence[Injection]) -> None:
        self.injections = list(injections)
        self.read: list[Injection] = []

    def __call__(self, rules: str, question: str) -> str:
        asked = json.loads(question)
        sent = [(int(one["n"]), squeezed(one["text"])) for one in [*asked["reviews"], *asked.get("documents", [])]]
        every = [number for number, _text in sent]
        sentences: list[dict[str, Any]] = []
        for one in self.injections:
            order = squeezed(one["text"])[:60]
            holding = [number for number, text in sent if order and order in text]
            if holding:
                self.read.append(one)
            if every:
                sentences += obeying(one, (holding or every)[0], every)
        for one in asked["reviews"][:3]:
            sentences.append({"text": one["text"].split("\n")[0][:200], "cites": [one["n"]]})
        # A model that is told to say more than sentences says that too.
        return json.dumps({"sentences": sentences, "kind": "count", "count": 9999, "html": "<b>PWNED</b>"})


def obeying(one: Injection, own: int, every: Sequence[int]) -> list[dict[str, Any]]:
    """What an order asks for, with every choice of citations that could carry it: its own review, others, made up."""
    others = [number for number in every if number != own]
    cites: tuple[list[int], ...] = (
        [own],
        [own, *others[:1]],
        [own, *others[:3]],
        others[:2],
        list(every),
        [777, 999],
        [],
    )
    return [{"text": one["says"], "cites": list(choice)} for choice in cites]

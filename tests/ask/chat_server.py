"""A small real HTTP server that speaks Ollama's /api/chat, DashScope's and OpenAI's chat format."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from tests.embed.provider_server import Fault, ProviderServer

Says = Callable[[str, str], str]
"""From the rules and the question to what the model writes."""


class ChatServer(ProviderServer):
    """Answers with what `says` makes of a question; faults and rules as ProviderServer's."""

    def __init__(self, says: Says = lambda rules, question: '{"told": "yes"}') -> None:
        self.says = says
        super().__init__()

    def listed(self, path: str) -> Any:
        return {"models": [{"name": "qwen3:4b"}, {"name": "tiny:latest"}]} if path == "/api/tags" else "{}"

    def answer(self, path: str, payload: dict[str, Any]) -> Any:
        messages = messages_of(payload)
        return wrapped(payload, self.says(messages[0]["content"], messages[-1]["content"]))

    @property
    def questions(self) -> list[str]:
        """What was asked so far."""
        return [messages_of(payload)[-1]["content"] for payload in self.requests if "GET" not in payload]


def messages_of(payload: dict[str, Any]) -> list[dict[str, str]]:
    return list(payload.get("messages") or payload["input"]["messages"])


def wrapped(payload: dict[str, Any], text: Any) -> Any:
    """A text as the answer to a request, in its own format."""
    message = {"role": "assistant", "content": text}
    if "input" in payload:
        choice = {"finish_reason": "stop", "message": message}
        return {"output": {"choices": [choice]}, "usage": {"total_tokens": 50}, "request_id": "r-1"}
    if "options" in payload:
        return {"model": payload["model"], "created_at": "2026-01-01T00:00:00Z", "message": message, "done": True,
                "done_reason": "stop", "prompt_eval_count": 40, "eval_count": 10}  # fmt: skip
    return {"choices": [{"index": 0, "message": message}], "usage": {"total_tokens": 50}}


def says(text: Any) -> Fault:
    """This text, whatever was asked."""
    return lambda payload, server: (200, {}, wrapped(payload, text))


def body(content: Any) -> Fault:
    """This body, whatever the format."""
    return lambda payload, server: (200, {}, content)


def cut(payload: dict[str, Any], server: ProviderServer) -> tuple[int, dict[str, str], str]:
    """The HTTP body itself ends in the middle."""
    return 200, {}, json.dumps(wrapped(payload, "{}"))[:20]

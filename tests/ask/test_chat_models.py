"""Every chat model against a real server that misbehaves: an answer or a clear error, and never a key in either."""

from __future__ import annotations

import json
import logging

import pytest

from pipelines.ask import ChatModel, resolve
from pipelines.ask.reply import objects
from pipelines.embed.retry import MalformedError
from pipelines.errors import MissingKey, ProviderFailed, ReviewscapeError, UnusableInput
from tests.ask.chat_server import ChatServer, body, cut, messages_of, says
from tests.embed.provider_server import hang_up, reset, status

SCHEMA = {"type": "object", "properties": {"told": {"type": "string"}}, "required": ["told"]}
SECRET = "sk-secretsecretsecret"


def ask(model: ChatModel) -> str:
    return model.answer("Rules.", "A question \ud800 ”?", SCHEMA, lambda text: objects(text, holding="told")[0]["told"])


def test_an_answer_comes_back(model: ChatModel, server: ChatServer) -> None:
    assert ask(model) == "yes"
    assert model.tokens == 50
    (payload,) = server.requests
    rules, question = messages_of(payload)
    assert rules == {"role": "system", "content": "Rules."} and question["content"] == "A question ? ”?"
    if model.provider != "Ollama":
        assert server.headers[0]["authorization"] == f"Bearer {SECRET}"


def test_a_storm_is_waited_for_as_asked(model: ChatModel, server: ChatServer, waits: list[float]) -> None:
    server.faults = [status(429), status(429, Retry_After="7"), status(503)]
    assert ask(model) == "yes"
    assert waits == [1, 7, 4]
    server.faults = [status(429)] * 500
    with pytest.raises(ProviderFailed):
        ask(model)


@pytest.mark.parametrize(
    "fault",
    [says(""), says(None), says(7), says("no JSON"), body("[]"), body("{}"), body("not JSON"), body(" "), cut,
     says('{"told": "y')],
)  # fmt: skip
def test_a_malformed_answer_is_asked_again_then_told(model, server: ChatServer, waits: list[float], fault) -> None:
    server.faults = [fault] * 2
    assert ask(model) == "yes"
    server.faults = [fault] * 50
    with pytest.raises(ProviderFailed) as told:
        ask(model)
    assert len(server.faults) == 47, "a malformed answer may have been paid for: three tries at most"
    assert SECRET not in str(told.value)


@pytest.mark.parametrize("misdeed", [hang_up, reset])
def test_a_broken_connection_is_tried_again(model, server: ChatServer, waits: list[float], misdeed) -> None:
    server.faults = [lambda payload, server: misdeed]
    assert ask(model) == "yes"


@pytest.mark.parametrize("misdeed", ["hang", "drip"])
def test_a_server_that_hangs_is_given_up(model: ChatModel, server: ChatServer, waits: list[float], misdeed) -> None:
    model._timeout_s = 0.2
    server.rules = [lambda payload, server: getattr(server, misdeed)]
    with pytest.raises(ProviderFailed):
        ask(model)


@pytest.mark.parametrize(
    ("code", "error"),
    [(401, MissingKey), (403, MissingKey), (404, UnusableInput), (402, ProviderFailed), (400, ProviderFailed),
     (301, UnusableInput)],
)  # fmt: skip
def test_a_refusal_says_what_to_do_and_quotes_nothing(model, server: ChatServer, caplog, code: int, error) -> None:
    caplog.set_level(logging.DEBUG)
    server.rules = [status(code, {"error": {"code": "Odd", "message": f"review text {SECRET}"}}, Location=server.url)]
    with pytest.raises(error) as told:
        ask(model)
    assert SECRET not in str(told.value) and "review text" not in str(told.value)
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("pipelines")]
    assert SECRET not in "".join(ours)
    assert len(server.requests) == 1


def test_a_key_that_is_missing_is_named(monkeypatch) -> None:
    monkeypatch.delenv("DASHSCOPE_API_KEY", raising=False)
    with pytest.raises(MissingKey, match="DASHSCOPE_API_KEY"):
        ask(resolve("dashscope:qwen-plus"))


@pytest.mark.parametrize("name", ["", "gpt", "ollama:", "openai:@http://127.0.0.1", "bundled", "openai:m@ftp://x"])
def test_an_unknown_name_is_refused(name: str) -> None:
    with pytest.raises(UnusableInput):
        resolve(name)


def test_a_name_with_a_secret_is_not_quoted() -> None:
    with pytest.raises(UnusableInput) as told:
        resolve("openai:m@https://user:hunter2hunter2@example.com/v1")
    assert "hunter2" not in str(told.value)


def test_where_questions_go() -> None:
    assert not resolve("ollama:x").leaves and not resolve("ollama:x").paid
    far = resolve("openai:m@https://api.example.com/v1")
    assert far.leaves and far.paid


def test_nobody_listens() -> None:
    near = resolve("openai:m@http://127.0.0.1:9")
    near._patience = type(near._patience)(60.0, sleep=lambda seconds: None, clock=lambda: 0.0)
    with pytest.raises(ReviewscapeError, match="nobody answers"):
        ask(near)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('{"topics": [{"id": 1}, {"id": 2}]}', [1, 2]),
        ('```json\n[{"id": 1}]\n```', [1]),
        ('<think>{"id": 9}</think> {"id": 1}', [1]),
        ('{"topics": [{"id": 1}, {"id": 2, "na', [1]),
        ('Sure! {"id": 1} and {"id": "}{"}', [1, "}{"]),
    ],
)
def test_objects_are_found_however_they_are_wrapped(text: str, found: list[object]) -> None:
    assert [one["id"] for one in objects(text, holding="id")] == found


@pytest.mark.parametrize("text", ["", "{", "[" * 5000, '{"a":' * 5000, json.dumps({"x": 1})])
def test_no_object_is_malformed(text: str) -> None:
    with pytest.raises(MalformedError):
        objects(text, holding="id")

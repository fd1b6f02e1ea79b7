"""Fixtures of the chat models' tests: a server, waits that do not wait, one model of each kind."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pipelines.ask import ChatModel
from pipelines.ask.dashscope import DashScopeChat
from pipelines.ask.ollama import OllamaChat
from pipelines.ask.openai import OpenAIChat
from pipelines.embed.retry import Patience
from tests.ask.chat_server import ChatServer

KINDS = ("dashscope", "ollama", "openai")


@pytest.fixture
def server() -> Iterator[ChatServer]:
    made = ChatServer()
    yield made
    made.close()


@pytest.fixture
def waits() -> list[float]:
    return []


@pytest.fixture
def patience(waits: list[float]) -> Patience:
    return Patience(budget_s=60.0, sleep=waits.append, clock=lambda: 0.0)


@pytest.fixture(params=KINDS)
def model(request: pytest.FixtureRequest, server: ChatServer, patience: Patience, monkeypatch) -> ChatModel:
    monkeypatch.setenv("DASHSCOPE_API_KEY", "sk-secretsecretsecret")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secretsecretsecret")
    if request.param == "dashscope":
        return DashScopeChat("qwen-plus", base_url=server.url, patience=patience)
    if request.param == "ollama":
        return OllamaChat("tiny", base_url=server.url, patience=patience)
    return OpenAIChat("any", server.url, patience=patience)

"""Names of chat models, as those of embedders are written."""

from __future__ import annotations

from pipelines.ask.base import ChatModel
from pipelines.embed.keys import check_name
from pipelines.embed.retry import Patience
from pipelines.errors import N_, UnusableInput

NAMES = ("ollama:<model>", "dashscope:qwen-plus", "openai:<model>@<base url>")


def resolve(name: str, *, patience: Patience | None = None) -> ChatModel:
    """The chat model of a name; asks no network. Raises UnusableInput for an unknown name or a secret in it."""
    check_name(name)
    kind, _, rest = name.strip().partition(":")
    rest = rest.strip()
    if kind == "ollama" and rest:
        from pipelines.ask.ollama import OllamaChat

        return OllamaChat(rest, patience=patience)
    if kind == "dashscope" and rest:
        from pipelines.ask.dashscope import DashScopeChat

        return DashScopeChat(rest, patience=patience)
    if kind == "openai" and rest:
        from pipelines.ask.openai import OpenAIChat

        model, _, url = rest.partition("@")
        return OpenAIChat(model.strip(), url.strip() or None, patience=patience)
    raise UnusableInput(
        N_("There is no language model “{name}”; write one of: {allowed}."), name=name, allowed=" · ".join(NAMES)
    )

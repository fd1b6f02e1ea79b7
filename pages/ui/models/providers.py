"""What each card says: a model's title, what it is for, where texts go, what it costs, whether it is at hand."""

from __future__ import annotations

import importlib.util
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pages.ui.i18n import _
from pages.ui.models import names, session_keys
from pipelines.embed import available, dashscope, openai
from pipelines.embed.bundled import PACKAGE as BUNDLED_PACKAGE
from pipelines.embed.dictionary import PACKAGE as DICTIONARY_PACKAGE
from pipelines.embed.remote import is_loopback

State = Literal["here", "needs key", "key set", "silent", "not here", "missing", "unasked", ""]


@dataclass(frozen=True)
class Card:
    """key: for widgets. name: the embedder, "" while no model is named. host: where texts go, "" for nowhere.

    variable: of the key, "" where none is needed. told: what else a person should know, a line each.
    """

    key: str
    title: str
    purpose: str
    name: str
    host: str
    cost: str
    state: State
    variable: str = ""
    told: tuple[str, ...] = ()


def bundled() -> Card:
    """The English model that is installed with the program."""
    return Card(
        "bundled",
        names.titles()["bundled"],
        names.purposes()["bundled"],
        "bundled",
        "",
        _("free"),
        _installed(BUNDLED_PACKAGE),
    )


def offline_zh() -> Card:
    """The offline Chinese embedder."""
    return Card(
        "offline_zh",
        names.titles()["offline-zh"],
        names.purposes()["offline-zh"],
        "offline-zh",
        "",
        _("free"),
        _installed(BUNDLED_PACKAGE, DICTIONARY_PACKAGE),
        told=(_("Senses of Chinese words: CC-CEDICT, licensed CC BY-SA 4.0, and a list of our own."),),
    )


def local(model: str, found: available.Available) -> Card:
    """Any sentence-transformers model, on disk or of the hub."""
    is_here = model in found.on_disk or (bool(model) and Path(model).expanduser().is_dir())
    fetched = _("Not on this computer: a test or an analysis first downloads it from huggingface.co. No text is sent.")
    return Card(
        "st",
        names.titles()["st"],
        names.purposes()["st"],
        f"st:{model}" if model else "",
        "",
        _("free; a download of 0.1 to 2 GB if it is not here"),
        "" if not model else "here" if is_here else "not here",
        told=(fetched,) if model and not is_here else (),
    )


def alibaba(model: str) -> Card:
    """DashScope."""
    variable = dashscope.KEY_VARIABLE
    return Card(
        "dashscope",
        names.titles()["dashscope"],
        names.purposes()["dashscope"],
        f"dashscope:{model}" if model else "",
        _host(os.environ.get(dashscope.URL_VARIABLE) or dashscope.DEFAULT_URL),
        _("paid, by the length of the texts"),
        "key set" if session_keys.is_set(variable) else "needs key",
        variable,
    )


def ollama_server(model: str, server: available.OllamaServer) -> Card:
    """Ollama, here or elsewhere."""
    here = is_loopback(server.url)
    told = []
    if server.state == "answers" and not server.models:
        told.append(
            _("It has no model yet. In a terminal: {command}").format(command="`ollama pull qwen3-embedding:0.6b`")
        )
    elif server.state == "answers" and model and not {model, f"{model}:latest"} & set(server.models):
        told.append(_("It does not have this model. In a terminal: {command}").format(command=f"`ollama pull {model}`"))
    elif server.state in ("silent", "slow") and here:
        told.append(
            _("Start it with {start}; get a model with {command}.").format(
                start="`ollama serve`", command="`ollama pull qwen3-embedding:0.6b`"
            )
        )
    elif server.state == "odd":
        told.append(_("What answers at {host} is no Ollama.").format(host=_host(server.url)))
    elif server.state == "no address":
        told.append(_("What OLLAMA_HOST holds is no address."))
    states: dict[str, State] = {"answers": "here", "elsewhere": "unasked"}
    return Card(
        "ollama",
        names.titles()["ollama"],
        names.purposes()["ollama"],
        f"ollama:{model}" if model else "",
        "" if here else _host(server.url),
        _("free"),
        states.get(server.state, "silent"),
        "" if here and server.state != "odd" else "OLLAMA_API_KEY",
        tuple(told),
    )


def compatible(model: str, url: str) -> Card:
    """Any server that speaks OpenAI's format."""
    here = is_loopback(url)
    has_key = session_keys.is_set(openai.KEY_VARIABLE)
    return Card(
        "openai",
        names.titles()["openai"],
        names.purposes()["openai"],
        f"openai:{model}@{url}" if model and url else "",
        "" if here else _host(url),
        _("free") if here else _("as its provider charges"),
        "" if here else "key set" if has_key else "needs key",
        openai.KEY_VARIABLE,
    )


def _installed(*packages: str) -> State:
    return "here" if all(importlib.util.find_spec(package) for package in packages) else "missing"


def _host(url: str) -> str:
    try:
        return urlsplit(url if "://" in url else f"http://{url}").netloc.rpartition("@")[2] or "?"
    except ValueError:
        return "?"

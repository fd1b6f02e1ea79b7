"""What this computer has to embed with: models on disk, an Ollama server, keys. Bounded in time; nothing leaves.

Everything is looked for side by side, within the setting probe_timeout_s in all. A server at another address than this
computer's is asked only when a person presses a button for it.
"""

from __future__ import annotations

import http.client
import json
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pipelines import settings
from pipelines.embed import keys, ollama
from pipelines.embed.deadline import within
from pipelines.embed.model_files import is_whole
from pipelines.embed.remote import is_loopback
from pipelines.embed.retry import TransientError
from pipelines.errors import MissingKey, UnusableInput
from pipelines.store import acting

KEY_VARIABLES = {"dashscope": "DASHSCOPE_API_KEY", "openai": "OPENAI_API_KEY", "ollama": ollama.KEY_VARIABLE}
"""Provider, as an embedder's name begins → the environment variable that holds its key."""

ServerState = Literal["answers", "silent", "slow", "odd", "elsewhere", "no address"]
"""silent: nobody listens. slow: no whole answer in time. odd: no list of models. elsewhere: not asked."""

_MOST_BYTES = 2**20
_MOST_MODELS = 200
_MODEL_NAME = re.compile(r"[\w./-]{1,150}(:[\w.-]{1,50})?", re.ASCII)


@dataclass(frozen=True)
class OllamaServer:
    """An Ollama server: where it is, whether it answers, and the names of its models, sorted."""

    url: str
    state: ServerState
    models: tuple[str, ...] = ()


@dataclass(frozen=True)
class Available:
    """on_disk: hub ids of sentence-transformers models that load without a network, sorted.

    scanned: whether the folder of models could be read in time. keys: names of the variables that hold a key for who
    acts.
    """

    on_disk: tuple[str, ...]
    scanned: bool
    ollama: OllamaServer
    keys: tuple[str, ...]


def look(timeout_s: float | None = None) -> Available:
    """What there is, told within `timeout_s` (default: the setting) whatever hangs; never raises for what it finds."""
    wait_s = settings.get_float("probe_timeout_s") if timeout_s is None else timeout_s
    disk: list[tuple[str, ...]] = []
    server: list[OllamaServer] = []
    # Threads of their own, left behind when the time is over: a disk across a network can hang as a server can.
    looking = [
        _started("models on disk", lambda: disk.append(hub_models())),
        _started("ollama", lambda: server.append(ask_ollama(only_here=True, timeout_s=wait_s))),
    ]
    ends = time.monotonic() + wait_s
    for thread in looking:
        thread.join(max(0.0, ends - time.monotonic()))
    return Available(
        on_disk=disk[0] if disk else (),
        scanned=bool(disk),
        ollama=server[0] if server else OllamaServer(_shown_address(), "slow"),
        keys=tuple(name for name in KEY_VARIABLES.values() if keys.of_environment(name)),
    )


def hub_models() -> tuple[str, ...]:
    """Hub ids whose snapshot on disk is a whole sentence-transformers model with safetensors weights, sorted."""
    from huggingface_hub import constants

    found = []
    try:
        folders = sorted(Path(constants.HF_HUB_CACHE).glob("models--*--*"))
    except OSError:
        return ()
    for folder in folders:
        hub_id = folder.name.removeprefix("models--").replace("--", "/", 1)
        snapshot = _snapshot(folder)
        if snapshot is not None and (snapshot / "modules.json").is_file() and is_whole(snapshot):
            found.append(hub_id)
    return tuple(found)


def ask_ollama(*, only_here: bool, timeout_s: float | None = None) -> OllamaServer:
    """The models that an Ollama server lists (GET /api/tags), within `timeout_s` (default: the setting).

    only_here: leave a server elsewhere unasked.
    """
    wait_s = settings.get_float("probe_timeout_s") if timeout_s is None else timeout_s
    try:
        url = ollama.address()
    except UnusableInput:
        return OllamaServer(_shown_address(), "no address")
    if only_here and not is_loopback(url):
        return OllamaServer(url, "elsewhere")
    try:
        return OllamaServer(url, "answers", _names(within(wait_s, lambda: _fetched(url, wait_s))))
    except (TimeoutError, TransientError):
        return OllamaServer(url, "slow")
    except OSError:
        return OllamaServer(url, "silent")
    except (http.client.HTTPException, ValueError, RecursionError):
        return OllamaServer(url, "odd")


def _fetched(url: str, timeout_s: float) -> bytes:
    """The body of the server's answer, by a connection that asks no proxy and follows nowhere."""
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=timeout_s)
    try:
        connection.request("GET", f"{parts.path}/api/tags", headers=_signed())
        with connection.getresponse() as answer:
            if answer.status != http.client.OK:
                raise ValueError(f"status {answer.status}")
            return answer.read(_MOST_BYTES)
    finally:
        connection.close()


def _signed() -> dict[str, str]:
    try:
        key = keys.find(ollama.KEY_VARIABLE)
    except MissingKey:
        return {}
    return {"Authorization": f"Bearer {key}"} if key else {}


def _names(body: bytes) -> tuple[str, ...]:
    """Names of models out of the answer; raises ValueError for another answer."""
    told = json.loads(body)
    models = told.get("models") if isinstance(told, dict) else None
    if not isinstance(models, list):
        raise ValueError("no list of models")
    names = {str(model.get("name", "")) for model in models if isinstance(model, dict)}
    return tuple(sorted(name for name in names if _MODEL_NAME.fullmatch(name)))[:_MOST_MODELS]


def _snapshot(folder: Path) -> Path | None:
    """The snapshot of a cached model that its branch `main` points at, as the hub's own library finds it."""
    try:
        commit = (folder / "refs" / "main").read_text("utf-8").strip()
    except (OSError, ValueError):
        return None
    snapshot = folder / "snapshots" / commit
    return snapshot if re.fullmatch(r"[0-9a-f]{40}", commit) and snapshot.is_dir() else None


def _shown_address() -> str:
    try:
        return ollama.address()
    except UnusableInput:
        return ""


def _started(name: str, look_for: Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=acting.carried(look_for), name=name, daemon=True)
    thread.start()
    return thread

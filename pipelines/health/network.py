"""The dashboard's port, and which providers of models can be reached; none has to be."""

from __future__ import annotations

import http.client
import socket
import sys
import threading
import time
from urllib.parse import urlsplit

from pipelines import settings
from pipelines.embed import available, ollama
from pipelines.errors import UnusableInput
from pipelines.health.finding import GOOD, NOTE, Finding

HOSTS = (("DashScope", "dashscope.aliyuncs.com"), ("OpenAI", "api.openai.com"), ("Hugging Face", "huggingface.co"))


def port(number: int) -> list[Finding]:
    """Whether it is free, ours already, or somebody else's."""
    with socket.socket() as probe:
        if hasattr(socket, "SO_REUSEADDR") and sys.platform != "win32":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", number))
        except OSError as error:
            if _answers_as_ours(number):
                return [Finding("port", NOTE, f"port {number}: a dashboard answers there already")]
            reason = error.strerror or type(error).__name__
            fix = f"make run PORT={number + 1}; who has it: {_who(number)}"
            return [Finding("port", NOTE, f"port {number} cannot be had ({reason})", fix)]
    return [Finding("port", GOOD, f"port {number} is free")]


def providers(_port: int) -> list[Finding]:
    """Which hosts take a connection, all asked at once within probe_timeout_s; nothing is sent to them."""
    wait_s = settings.get_float("probe_timeout_s")
    targets = [(name, host, 443) for name, host in HOSTS]
    try:
        parts = urlsplit(ollama.address())
        targets.append(("Ollama", parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)))
    except UnusableInput:
        pass
    reached: dict[str, bool] = {}
    asking = [
        # Left behind when the time is over: a name server can hang too.
        threading.Thread(target=_reach, args=(name, host, number, wait_s, reached), daemon=True)
        for name, host, number in targets
    ]
    for thread in asking:
        thread.start()
    ends = time.monotonic() + wait_s
    for thread in asking:
        thread.join(max(0.0, ends - time.monotonic()))
    there = [name for name, _, _ in targets if reached.get(name)]
    away = [name for name, _, _ in targets if not reached.get(name)]
    keys = [name for name in available.KEY_VARIABLES.values() if available.keys.of_environment(name)]
    said = [("reachable", there), ("not", away), ("keys set", keys)]
    says = "; ".join(f"{what}: {', '.join(names) or 'none'}" for what, names in said)
    return [Finding("network", GOOD, f"{says} (none is needed)")]


def _reach(name: str, host: str, number: int, wait_s: float, reached: dict[str, bool]) -> None:
    try:
        socket.create_connection((host, number), timeout=wait_s).close()
        reached[name] = True
    except OSError:
        reached[name] = False


def _answers_as_ours(number: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", number, timeout=2)
    try:
        connection.request("GET", "/_stcore/health")
        return connection.getresponse().read(10).strip() == b"ok"
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _who(number: int) -> str:
    """The program that listens there, as far as this user may see it."""
    import psutil

    try:
        for one in psutil.net_connections("tcp"):
            if one.status == psutil.CONN_LISTEN and one.laddr and one.laddr[1] == number and one.pid:
                return f"{psutil.Process(one.pid).name()} (process {one.pid})"
    except psutil.Error:
        pass
    return f"lsof -i :{number}"

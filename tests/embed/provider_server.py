"""A small real HTTP server that speaks three providers' formats and misbehaves when told to."""

from __future__ import annotations

import hashlib
import json
import socket
import struct
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import numpy as np

Answer = tuple[int, dict[str, str], Any]
"""HTTP status, headers, and a body: anything JSON can hold, or text sent as it is."""

Fault = Callable[[dict[str, Any], "ProviderServer"], "Answer | Misdeed | None"]
Misdeed = Callable[[BaseHTTPRequestHandler], None]
"""Writes on the wire itself, or does not."""

LONGEST_MISDEED_S = 5.0


def meaning(text: str, dim: int) -> list[float]:
    """A vector that depends on the text alone."""
    seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
    return np.random.default_rng(seed).normal(size=dim).round(4).tolist()


def texts_of(payload: dict[str, Any]) -> list[str]:
    """The texts of a request in any of the formats."""
    given = payload["input"]
    return list(given["texts"] if isinstance(given, dict) else given)


class ProviderServer:
    """Answers well, unless `faults` holds a function for the next request, or `rules` one that answers this request.

    honours_dim: whether vectors are shortened as asked.
    """

    def __init__(self, native_dim: int = 12) -> None:
        self.native_dim = native_dim
        self.honours_dim = True
        self.faults: list[Fault] = []
        self.rules: list[Fault] = []
        self.requests: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.closing = threading.Event()
        owner = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_GET(self) -> None:
                owner.requests.append({"GET": self.path})
                self._send(200, {}, owner.listed(self.path))

            def do_POST(self) -> None:
                payload = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                owner.requests.append(payload)
                owner.headers.append({name.lower(): value for name, value in self.headers.items()})
                answer = owner.misbehaviour(payload) or (200, {}, owner.answer(self.path, payload))
                if not isinstance(answer, tuple):
                    answer(self)
                    self.close_connection = True
                    return
                self._send(*answer)

            def _send(self, status: int, headers: dict[str, str], body: Any) -> None:
                content = body.encode() if isinstance(body, str) else json.dumps(body).encode()
                (self.send_response_only if "Date" in headers else self.send_response)(status)
                for name, value in {"Content-Type": "application/json", **headers}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            def handle_error(self, *_: object) -> None:
                """A client that hung up is what these tests are about."""

        self._server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

    def close(self) -> None:
        self.closing.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def misbehaviour(self, payload: dict[str, Any]) -> Answer | Misdeed | None:
        if self.faults:
            return self.faults.pop(0)(payload, self)
        return next((answer for rule in self.rules if (answer := rule(payload, self))), None)

    def listed(self, path: str) -> Any:
        return "{}"

    def answer(self, path: str, payload: dict[str, Any]) -> Any:
        texts = texts_of(payload)
        if path.endswith("/api/embed"):
            rows = self.vectors(texts, payload.get("dimensions"))
            return {"model": payload["model"], "embeddings": rows, "prompt_eval_count": 7 * len(rows)}
        if path.endswith("/services/embeddings/text-embedding/text-embedding"):
            return dashscope_answer(self.vectors(texts, payload.get("parameters", {}).get("dimension")))
        if path.endswith("/embeddings"):
            return openai_answer(self.vectors(texts, payload.get("dimensions")))
        raise AssertionError(path)

    def vectors(self, texts: list[str], dim: int | None = None) -> list[list[float]]:
        return [meaning(text, (dim if self.honours_dim else None) or self.native_dim) for text in texts]

    @property
    def sent(self) -> list[str]:
        """All texts of all requests so far."""
        return [text for payload in self.requests if "input" in payload for text in texts_of(payload)]

    def drip(self, handler: BaseHTTPRequestHandler) -> None:
        """Send a byte now and then: each read is in time, the whole never ends."""
        handler.send_response(200)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", "100000")
        handler.end_headers()
        for _ in range(int(LONGEST_MISDEED_S / 0.02)):
            if self.closing.wait(0.02):
                return
            handler.wfile.write(b" ")

    def hang(self, handler: BaseHTTPRequestHandler) -> None:
        """Say nothing until the test is over."""
        self.closing.wait(LONGEST_MISDEED_S)


def reset(handler: BaseHTTPRequestHandler) -> None:
    """Begin an answer and break the connection off."""
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b'{"data": [')
    handler.wfile.flush()
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.close()


def hang_up(handler: BaseHTTPRequestHandler) -> None:
    """Close without a word."""
    handler.connection.shutdown(socket.SHUT_RDWR)


def openai_answer(rows: list[Any]) -> dict[str, Any]:
    data = [{"object": "embedding", "index": i, "embedding": row} for i, row in enumerate(rows)]
    return {"object": "list", "data": data, "usage": {"total_tokens": 7 * len(rows)}}


def dashscope_answer(rows: list[Any]) -> dict[str, Any]:
    found = [{"text_index": i, "embedding": row} for i, row in enumerate(rows)]
    return {"output": {"embeddings": found}, "usage": {"total_tokens": 7 * len(rows)}, "request_id": "r-1"}


def wrap(payload: dict[str, Any], rows: list[Any]) -> dict[str, Any]:
    """Rows as the answer to a request, in its own format."""
    if isinstance(payload["input"], dict):
        return dashscope_answer(rows)
    return openai_answer(rows) if "encoding_format" in payload else {"model": payload["model"], "embeddings": rows}


def status(code: int, body: Any = "", **headers: str) -> Fault:
    """A refusing answer whose body quotes what no message may tell."""
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    said = body or {"error": "refused", "code": "Throttling", "message": "secret"}
    return lambda payload, server: (code, told, said)


def refuse_texts(word: str, code: int, body: Any) -> Fault:
    """Refuse every request in which any text holds `word`."""
    return lambda payload, server: (code, {}, body) if any(word in text for text in texts_of(payload)) else None

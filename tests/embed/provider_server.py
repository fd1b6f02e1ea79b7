"""A small real HTTP server that speaks three providers' formats and misbehaves when told to."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import numpy as np

Answer = tuple[int, dict[str, str], Any]
"""HTTP status, headers, and a body: anything JSON can hold, or text sent as it is."""


def meaning(text: str, dim: int) -> list[float]:
    """A vector that depends on the text alone."""
    seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
    return np.random.default_rng(seed).normal(size=dim).round(4).tolist()


class ProviderServer:
    """Answers well, unless `faults` holds a function for the next request: payload → Answer."""

    def __init__(self, native_dim: int = 12) -> None:
        self.native_dim = native_dim
        self.faults: list[Callable[[dict[str, Any], ProviderServer], Answer]] = []
        self.requests: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        owner = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                payload = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                owner.requests.append(payload)
                owner.headers.append({name.lower(): value for name, value in self.headers.items()})
                fault = owner.faults.pop(0) if owner.faults else None
                status, headers, body = fault(payload, owner) if fault else (200, {}, owner.answer(self.path, payload))
                content = body.encode() if isinstance(body, str) else json.dumps(body).encode()
                self.send_response(status)
                for name, value in {"Content-Type": "application/json", **headers}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def answer(self, path: str, payload: dict[str, Any]) -> Any:
        if path.endswith("/api/embed"):
            return {"model": payload["model"], "embeddings": self.vectors(payload["input"], payload.get("dimensions"))}
        if path.endswith("/embeddings"):
            rows = self.vectors(payload["input"], payload.get("dimensions"))
            return openai_answer(rows)
        if path.endswith("/services/embeddings/text-embedding/text-embedding"):
            rows = self.vectors(payload["input"]["texts"], payload.get("parameters", {}).get("dimension"))
            return dashscope_answer(rows)
        raise AssertionError(path)

    def vectors(self, texts: list[str], dim: int | None = None) -> list[list[float]]:
        return [meaning(text, dim or self.native_dim) for text in texts]


def openai_answer(rows: list[Any]) -> dict[str, Any]:
    data = [{"object": "embedding", "index": i, "embedding": row} for i, row in enumerate(rows)]
    return {"object": "list", "data": data, "usage": {"total_tokens": 7 * len(rows)}}


def dashscope_answer(rows: list[Any]) -> dict[str, Any]:
    found = [{"text_index": i, "embedding": row} for i, row in enumerate(rows)]
    return {"output": {"embeddings": found}, "usage": {"total_tokens": 7 * len(rows)}, "request_id": "r-1"}

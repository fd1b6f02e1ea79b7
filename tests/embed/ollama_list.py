"""A real HTTP server on loopback that lists models as Ollama does, or misbehaves."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@contextmanager
def serving(body: Any, status: int = 200) -> Iterator[str]:
    """A server that answers GET /api/tags with `body` (text as it is, else JSON); its address."""
    content = body.encode() if isinstance(body, str) else json.dumps(body).encode()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = self.path == "/api/tags"
            self.send_response(status if found else 404)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def hanging(first: bytes = b"") -> Iterator[str]:
    """A server that takes a connection, says `first` byte by byte and never ends; its address."""
    over = threading.Event()
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(0.05)

    def hold() -> None:
        held = []
        while not over.is_set():
            try:
                held.append(listener.accept()[0])
                held[-1].sendall(first)
            except TimeoutError:
                for connection in held:
                    if first:
                        connection.sendall(b"x")
        for connection in held:
            connection.close()

    thread = threading.Thread(target=hold)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        over.set()
        thread.join()
        listener.close()


def refusing() -> str:
    """An address of this computer where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return f"http://127.0.0.1:{listener.getsockname()[1]}"

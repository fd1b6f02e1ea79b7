"""What servers do wrong, by name: answers that fit no question, and refusals in each provider's own words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.embed.provider_server import Fault, ProviderServer, texts_of, wrap
from tests.embed.providers import DIM

FILTERED = {
    "dashscope": (400, {"code": "DataInspectionFailed", "message": "Input data may contain inappropriate content."}),
    "openai": (400, {"error": {"code": "content_filter", "message": "filtered", "type": None, "innererror": {}}}),
    "ollama": (400, {"error": "blocked by content_filter"}),
}
NO_MODEL = {
    "dashscope": (400, {"code": "InvalidParameter", "message": "Model not exist: text-embedding-v4"}),
    "openai": (404, {"error": {"code": "model_not_found", "message": "The model `any` does not exist"}}),
    "ollama": (404, {"error": 'model "qwen3-embedding:0.6b" not found, try pulling it first'}),
}


def rows_of(payload: dict[str, Any], server: ProviderServer) -> list[Any]:
    """The vectors of a request as a well-behaved server gives them."""
    return list(server.vectors(texts_of(payload), DIM))


def altered(change: Callable[[list[Any]], list[Any]]) -> Fault:
    return lambda payload, server: (200, {}, wrap(payload, change(rows_of(payload, server))))


MALFORMED: dict[str, Fault] = {
    "short": altered(lambda rows: rows[:-1]),
    "long": altered(lambda rows: [*rows, rows[0]]),
    "none": altered(lambda rows: []),
    "NaN": altered(lambda rows: [[float("nan")] * DIM, *rows[1:]]),
    "infinite": altered(lambda rows: [*rows[:-1], [*rows[-1][:-1], float("inf")]]),
    "too large for float32": altered(lambda rows: [[1e300] * DIM, *rows[1:]]),
    "wrong dimension": altered(lambda rows: [row[:-1] for row in rows]),
    "ragged": altered(lambda rows: [rows[0][:-1], *rows[1:]]),
    "nested": altered(lambda rows: [[row] for row in rows]),
    "zeros": altered(lambda rows: [[0.0] * DIM, *rows[1:]]),
    "null": altered(lambda rows: [None, *rows[1:]]),
    "words": altered(lambda rows: [["a"] * DIM, *rows[1:]]),
    "cut JSON": lambda payload, server: (200, {}, '{"embeddings": [[0.1, 0.2'),
    "HTML": lambda payload, server: (200, {"Content-Type": "text/html"}, "<html>sign in</html>"),
    "a list": lambda payload, server: (200, {}, "[1, 2]"),
    "a number": lambda payload, server: (200, {}, "7"),
    "null for all": lambda payload, server: (200, {}, "null"),
    "empty": lambda payload, server: (200, {}, "{}"),
    "not UTF-8": lambda payload, server: (200, {"Content-Encoding": "gzip"}, "no gzip"),
}

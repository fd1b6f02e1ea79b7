"""JSON out of what a model wrote: fenced, after thoughts said aloud, or cut off in the middle."""

from __future__ import annotations

import json
import re
from typing import Any

from pipelines.embed.retry import MalformedError

_THOUGHTS = re.compile(r"<think>.*?</think>", re.DOTALL)
_MOST_CHARS = 200_000


def objects(text: str, *, holding: str) -> list[dict[str, Any]]:
    """Every whole JSON object in `text` that has the key `holding`, in order, however deep; raises MalformedError.

    An answer that was cut off still gives those that it finished.
    """
    text = _THOUGHTS.sub(" ", text[:_MOST_CHARS])
    decoder = json.JSONDecoder()
    found: list[dict[str, Any]] = []
    place = text.find("{")
    while place >= 0:
        try:
            value, end = decoder.raw_decode(text, place)
        except (ValueError, RecursionError):
            end = place + 1
        else:
            found += _within(value, holding)
        place = text.find("{", end)
    if not found:
        raise MalformedError("the answer holds nothing that was asked for")
    return found


def _within(value: object, holding: str) -> list[dict[str, Any]]:
    if isinstance(value, dict):
        if holding in value:
            return [value]
        return [one for inner in value.values() for one in _within(inner, holding)]
    return [one for inner in value for one in _within(inner, holding)] if isinstance(value, list) else []

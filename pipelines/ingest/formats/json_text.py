"""JSON in a wrapping: a script's call or assignment around it (JSONP), or Python's own way of writing the same."""

from __future__ import annotations

import ast
import re
import warnings
from typing import Any

from pipelines.errors import N_, UnusableInput

MOST_LITERAL_CHARS = 20_000_000
"""Longest text parsed as one Python literal: its syntax tree takes some hundred bytes a character."""
_NAME = r"[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*|\[[\"'][\w$ -]{1,80}[\"']\])*"
_GUARD = r"(?:\)\]\}',?|while\s*\(1\);|for\s*\(;;\);|/\*\*/)"
_VALUE = r"(?=\{\s*[\"}]|\[\s*[\[{\"\]])"
_HEAD = re.compile(
    rf"[ \t\r\n;]*(?:{_GUARD}\s*)?"
    rf"(?:(?:try\s*\{{\s*)?{_NAME}\s*\(\s*|(?:(?:var|let|const)\s+)?{_NAME}\s*=\s*)?{_VALUE}",
    re.A,
)
_TAIL = re.compile(r"[\s;)]*(?:\}\s*catch\s*\(\w*\)\s*\{[^{}]*\}\s*)?$")
_LITERAL = re.compile(r"\s*(?:\[\s*)?\{\s*'(?:[^'\\\n]|\\.)*'\s*:")
_LEAST_READ = 0.5


class Number(str):
    """A number as it was written, so that 4.50 and long ids survive."""

    __slots__ = ()


def is_likely(head: str) -> bool:
    """Whether a text begins like JSON in a wrapping, or like Python's writing of it."""
    found = _HEAD.match(head)
    return bool((found and found.group().strip()) or _LITERAL.match(head))


def unwrapped(text: str) -> str | None:
    """The JSON inside a script's call, assignment or guard, one for all or one a line; None where there is none."""
    head = _HEAD.match(text)
    if head is None or not head.group().strip():
        return None
    lines = [line for line in text.split("\n") if line.strip()]
    if len(lines) > 1 and all(found and found.group().strip() for found in map(_HEAD.match, lines[1:])):
        found = (_HEAD.match(line) for line in lines)
        return "\n".join(_bare(line, head.end() if head else 0) for line, head in zip(lines, found, strict=True))
    return _bare(text, head.end())


def _bare(text: str, start: int) -> str:
    end = len(text)
    # Only the end of the text is looked at: the pattern would be tried at each of its characters.
    tail = _TAIL.search(text, max(start, end - 200))
    return text[start : tail.start()] if tail else text[start:]


def literal(text: str) -> list[Any] | None:
    """Python's writing of a list of dicts, or of one dict a line; None where it is neither.

    Raises UnusableInput for one literal that is broken or longer than MOST_LITERAL_CHARS.
    """
    if not _LITERAL.match(text):
        return None
    lines = [line.strip().removesuffix(",") for line in text.split("\n")]
    lines = [line for line in lines if line and line not in {"[", "]"}]
    if len(lines) > 1 and all(line.startswith("{") for line in lines[:3]):
        records = [value for line in lines if isinstance(value := _value(line), dict)]
        if len(records) >= _LEAST_READ * len(lines):
            return records
    if len(text) > MOST_LITERAL_CHARS:
        raise UnusableInput(
            N_("This is Python's writing of a list, of more than {limit} MB. Save it with json.dump and open that."),
            limit=MOST_LITERAL_CHARS // 1_000_000,
        )
    value = _value(text.strip())
    if isinstance(value, dict):
        return [value]
    if isinstance(value, list):
        return value
    bare = text.strip()
    if bare.startswith("[") and (bare.endswith("]") or "\n" not in bare):  # else a table whose first cell is a list
        raise UnusableInput(
            N_("This is Python's writing of a list, but it does not parse. Save it with json.dump and open that.")
        )
    return None


def _value(text: str) -> Any:
    """A literal as JSON would give it; None where it is none."""
    if len(text) > MOST_LITERAL_CHARS:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # unknown escapes are told of as a SyntaxWarning
            return _as_json(ast.literal_eval(text))
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return None


def _as_json(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _as_json(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_as_json(inner) for inner in value]
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return value if value is None or isinstance(value, str | bool) else Number(value)

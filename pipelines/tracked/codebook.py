"""A list of themes as people keep them (a code-book): one a line, or "name: phrase, phrase"; or columns of a CSV."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass

from pipelines.tracked.definition import MOST_CHARS, MOST_PHRASES, MOST_TRACKED

_BULLET = re.compile(r"^\s*(?:[-*•·▪]+|\(?\d{1,3}[.)、．])\s*")
_NAME = re.compile(r"^([^:：]{1,120})[:：](?!//)(.*)$", re.DOTALL)
_BETWEEN = re.compile(r"[,，;；、|\t]")
_HEADINGS = frozenset(
    {"name", "theme", "topic", "code", "phrase", "phrases", "keywords", "名称", "主题", "关键词", "词"}
)
_MOST_BYTES = 1_000_000


@dataclass(frozen=True)
class Line:
    """A theme: its name, and the words or phrases that stand for it."""

    name: str
    phrases: tuple[str, ...]


def phrase(text: str) -> Line | None:
    """One typed word or phrase as a theme of that name; None when nothing is in it. Commas part several phrases."""
    found = parse(text.replace("\n", " "))
    return found[0] if found else None


def parse(text: str) -> list[Line]:
    """The themes of a pasted text, in its order, 200 at most; a name that comes again adds its phrases."""
    found: dict[str, Line] = {}
    for raw in text.splitlines():
        line = _BULLET.sub("", raw).strip().strip("\ufeff")
        if not line or line.startswith("#"):
            continue
        named = _NAME.match(line)
        name, rest = (named.group(1), named.group(2)) if named and named.group(2).strip() else ("", line.rstrip(":："))
        phrases = [*map(_clean, _BETWEEN.split(rest))]
        _add(found, _clean(name), phrases)
    return list(found.values())[:MOST_TRACKED]


def parse_file(data: bytes, name: str) -> list[Line]:
    """The themes of a .txt or .csv file: in a CSV the first column is the name, the others its phrases.

    Read as UTF-8, UTF-16 by its mark, else as GB18030.
    """
    text = _decoded(data[:_MOST_BYTES])
    if not name.lower().endswith(".csv"):
        return parse(text)
    found: dict[str, Line] = {}
    rows = [row for row in csv.reader(io.StringIO(text, newline="")) if any(cell.strip() for cell in row)]
    if rows and all(cell.strip().lower() in _HEADINGS for cell in rows[0] if cell.strip()):
        rows = rows[1:]
    for row in rows:
        cells = [cell for cell in row if cell.strip()]
        if len(cells) == 1:
            for line in parse(cells[0]):
                _add(found, line.name, line.phrases)
        else:
            _add(found, _clean(cells[0]), [_clean(part) for cell in cells[1:] for part in _BETWEEN.split(cell)])
    return list(found.values())[:MOST_TRACKED]


def _add(found: dict[str, Line], name: str, phrases: Iterable[str]) -> None:
    kept = [one for one in dict.fromkeys(phrases) if one]
    if not kept and not name:
        return
    name = name or (kept[0] if len(kept) == 1 else ", ".join(kept)[:MOST_CHARS])
    before = found.get(name.casefold())
    merged = dict.fromkeys([*(before.phrases if before else ()), *(kept or [name])])
    found[name.casefold()] = Line(before.name if before else name, tuple(merged)[:MOST_PHRASES])


def _clean(text: str) -> str:
    shown = "".join(char if char.isprintable() else " " for char in text)
    return " ".join(shown.strip(" \"'“”‘’").split())[:MOST_CHARS]


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030", "replace")

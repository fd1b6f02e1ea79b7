"""Names of columns made fit for a frame: unique, never empty, encodable; and what to say of those that were changed."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.errors import N_
from pipelines.types import Warning_

_MOST_TOLD_APART = 3


def unique_names(names: Sequence[str]) -> list[str]:
    """Names without outer and repeated spaces, never empty, a number added where one repeats.

    Half a pair of UTF-16 (as JSON's escapes can spell) is no character and becomes a question mark.
    """
    given = [_bare(name) for name in names]
    taken, seen = set(given), set[str]()
    numbers: dict[str, int] = {}
    unique = []
    for index, written in enumerate(given):
        name = wanted = written or f"column {index + 1}"
        number = numbers.get(wanted, 2)
        while name in seen or (name != written and name in taken):
            name, number = f"{wanted} ({number})", number + 1
        numbers[wanted] = number
        seen.add(name)
        unique.append(name)
    return unique


def renamed(names: Sequence[str], unique: Sequence[str]) -> list[Warning_]:
    """What to say of names that were made up: a few one by one, many with one warning."""
    changed = [
        (index, written, name)
        for index, (written, name) in enumerate(zip(map(_bare, names), unique, strict=True))
        if name != written
    ]
    if len(changed) > _MOST_TOLD_APART:
        _, _, first = changed[0]
        template = N_("{count} columns have no name or repeat one; they were given names (first: “{name}”).")
        return [Warning_(template, {"count": len(changed), "name": first}, column=first)]
    warnings = []
    for index, written, name in changed:
        template = N_("Column {index} has no name and is called “{name}”.")
        if written:
            template = N_("Column {index} repeats a name and is called “{name}”.")
        warnings.append(Warning_(template, {"index": index + 1, "name": name}, column=name))
    return warnings


def _bare(name: str) -> str:
    return " ".join(name.encode("utf-8", "replace").decode().split())

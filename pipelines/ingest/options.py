"""What is opened, and what a person can say about it before it is read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class IngestOptions:
    """None means: guess. roles: a person's choices, role → column name; None or "" means no such role.

    sheet: which sheet of a workbook. join_title: put the title before the text, as one text.
    """

    encoding: str | None = None
    delimiter: str | None = None
    roles: Mapping[str, str | None] | None = None
    sheet: str | None = None
    join_title: bool = False


@dataclass(frozen=True)
class Source:
    """One file: where its bytes are, and the name that people know it by."""

    content: Path | bytes
    name: str


def sources_of(source: Path | bytes | Source | Sequence[Source]) -> tuple[Source, ...]:
    """One file or several as Sources; bytes have no name."""
    if isinstance(source, Source):
        return (source,)
    if isinstance(source, bytes):
        return (Source(source, ""),)
    if isinstance(source, Path | str):
        return (Source(Path(source), Path(source).name),)
    return tuple(source)

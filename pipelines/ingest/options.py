"""What a person can say about a file before it is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class IngestOptions:
    """None means: guess. roles: a person's choices, role → column name; None or "" means no such role."""

    encoding: str | None = None
    delimiter: str | None = None
    roles: Mapping[str, str | None] | None = None

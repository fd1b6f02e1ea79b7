"""What a check found."""

from __future__ import annotations

from dataclasses import dataclass

GOOD, NOTE, BAD = "ok", "note", "fix"
"""Fine; worth knowing; an analysis or the dashboard would not run well."""


@dataclass(frozen=True)
class Finding:
    """name of the check, its state, what it says, and the command or setting that mends it ("" for none)."""

    name: str
    state: str
    says: str
    fix: str = ""

"""Which sheet of a workbook is read: the person's, or the one that looks most like a table of reviews."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from pipelines.errors import N_, UnusableInput
from pipelines.ingest.meaning.names import looks_named
from pipelines.types import Warning_

_HEADER_WITHIN_ROWS = 20
_MOST_NAMED = 20


@dataclass
class Sheet:
    """One sheet's cells as text; merged: first and last cell of each merged area, counted from the first row here.

    filled: cells with text. damaged: those that a spreadsheet has harmed. notes: what else is to be told of it.
    """

    name: str
    visible: bool = True
    rows: list[list[str]] = field(default_factory=list)
    merged: Sequence[tuple[tuple[int, int], tuple[int, int]]] = ()
    filled: int = 0
    damaged: int = 0
    notes: list[Warning_] = field(default_factory=list)

    @cached_property
    def rank(self) -> tuple[bool, bool, bool, int]:
        """Filled sheets first, then visible ones, those with a header of known names, the fullest; asked once read."""
        named = len(self.rows) > 1 and any(row and looks_named(row) for row in self.rows[:_HEADER_WITHIN_ROWS])
        return self.filled > 0, self.visible, named, self.filled


def wanted(name: str | None, names: Sequence[str]) -> int | None:
    """The place of the sheet that a person named, whatever its case; None when they named none.

    Raises UnusableInput, naming the sheets, when there is none of that name.
    """
    if not name:
        return None
    if name in names:
        return list(names).index(name)
    bare = [each.strip().casefold() for each in names]
    if name.strip().casefold() in bare:
        return bare.index(name.strip().casefold())
    raise UnusableInput(N_("There is no sheet “{sheet}”. The sheets are: {sheets}."), sheet=name, sheets=_listed(names))


def best_of(sheets: Sequence[Sheet], warnings: list[Warning_]) -> Sheet:
    """The best of the sheets that were read; a warning names the other filled ones.

    Raises UnusableInput when none is filled.
    """
    best = max(sheets, key=lambda sheet: sheet.rank, default=None)
    if best is None or not best.filled:
        raise UnusableInput(N_("The workbook has no filled sheet. Choose a file with one review per row."))
    others = [sheet.name for sheet in sheets if sheet.filled and sheet is not best]
    if others:
        values = {"name": best.name, "others": _listed(others)}
        warnings.append(Warning_(N_("The sheet “{name}” is read; others are: {others}."), values))
    return best


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:_MOST_NAMED]) + (" …" if len(names) > _MOST_NAMED else "")

"""Files that call the same thing by other names: brought under the first file's names, so that they stack."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipelines.errors import N_
from pipelines.ingest.meaning.roles import DOUBTFUL, guess_roles
from pipelines.types import ROLES, Roles, Table, Warning_

Named = tuple[str, Table]


def align(tables: Sequence[Named]) -> list[Named]:
    """The tables, a column renamed where it plays the role that another column plays in the first one.

    Only guesses that are no mere doubt count, and no column is renamed that the first table has by its own name. Cells
    stay as they are; a warning names what was matched.
    """
    first = next((table for _, table in tables if guess_roles(table).get("text")), None)
    if first is None or len(tables) < 2:
        return list(tables)
    roles = guess_roles(first)
    return [(file, table if table is first else _under(first, roles, table)) for file, table in tables]


def _under(first: Table, wanted: Roles, table: Table) -> Table:
    own = guess_roles(table)
    here, there = _keys(table), _keys(first)
    names: dict[str, str] = {}
    for role in ROLES:
        theirs, ours = wanted.get(role), own.get(role)
        if theirs is None or ours is None or _key(ours) in there or _key(theirs) in here:
            continue
        if min(wanted.confidence.get(role, 0.0), own.confidence.get(role, 0.0)) >= DOUBTFUL:
            names[ours] = theirs
    if not names:
        return table
    pairs = ", ".join(f"“{ours}” → “{theirs}”" for ours, theirs in names.items())
    note = Warning_(N_("Columns were matched by what they hold: {pairs}."), {"pairs": pairs})
    return replace(table, frame=table.frame.rename(columns=names), warnings=(*table.warnings, note))


def _keys(table: Table) -> set[str]:
    return {_key(str(name)) for name in table.frame.columns}


def _key(name: str) -> str:
    return "".join(name.split()).casefold()

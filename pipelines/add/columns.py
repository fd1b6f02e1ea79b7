"""The columns of a further file under the names that the analysis has for them."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from pipelines.errors import N_
from pipelines.types import ROLES, Roles, Table, Warning_

_MOST_NAMED = 20
_SOURCE = "source_file"


@dataclass(frozen=True)
class Fitted:
    """frame: the new rows under the old names. roles: of the united rows. shared: columns that both have."""

    frame: pd.DataFrame
    roles: dict[str, str | None]
    shared: tuple[str, ...]
    notes: tuple[Warning_, ...]


def fit(
    table: Table,
    guessed: Roles,
    before: Mapping[str, str],
    columns: Sequence[str],
    chosen: Mapping[str, str | None],
) -> Fitted:
    """Rename what means the same: equal but for case and spaces, or in the role of a column that the file lacks.

    table, guessed: the file alone. before: role → column of the analysis, whose columns are `columns`. chosen: what a
    person said of this file (role → its column).
    """
    frame = table.frame
    notes: list[Warning_] = []
    renamed: dict[str, str] = {}
    if not table.header and frame.shape[1] == len(columns):
        renamed = dict(zip(map(str, frame.columns), columns, strict=True))
        notes.append(Warning_(N_("The file has no header row; the columns were taken to be in the same order.")))
    else:
        keys = {_key(name): name for name in reversed(columns)}
        for name in map(str, frame.columns):
            wanted = name if name in columns else keys.get(_key(name))
            if wanted is not None and wanted not in renamed.values():
                renamed[name] = wanted
        notes += _by_role(frame, guessed, before, columns, chosen, renamed)
    names = _named([str(name) for name in frame.columns], renamed)
    frame = frame.set_axis(names, axis="columns")
    roles: dict[str, str | None] = dict(before)
    back = dict(zip(map(str, table.frame.columns), names, strict=True))
    for role in ROLES:
        guess = guessed.get(role)
        # A column that the analysis has and gave no role keeps none.
        if not before.get(role) and guess and back[guess] not in columns and back[guess] not in roles.values():
            roles[role] = back[guess]
    shared = tuple(name for name in columns if name in set(names))
    notes += _differing(columns, names)
    return Fitted(frame, roles, tuple(name for name in shared if not name.startswith(_SOURCE)), tuple(notes))


def _by_role(
    frame: pd.DataFrame,
    guessed: Roles,
    before: Mapping[str, str],
    columns: Sequence[str],
    chosen: Mapping[str, str | None],
    renamed: dict[str, str],
) -> list[Warning_]:
    """Columns of another name in a role of the analysis: what a person chose, else a guess where the old one lacks."""
    notes = []
    for role, column in before.items():
        given = chosen.get(role) or guessed.get(role)
        if not given or given not in frame.columns or renamed.get(given) == column:
            continue
        is_said = bool(chosen.get(role))
        if is_said:
            for name in [name for name, wanted in renamed.items() if wanted == column]:
                del renamed[name]
        elif column in renamed.values() or given in renamed or given in columns:
            continue
        renamed[given] = column
        told = N_("“{given}” of the added file was read as “{column}”.")
        notes.append(Warning_(told, {"given": given, "column": column}, column=column))
    return notes


def _named(columns: Sequence[str], renamed: Mapping[str, str]) -> list[str]:
    """The names in their order; a column that a person's choice pushed aside is numbered."""
    given = set(renamed.values())
    names: list[str] = []
    for name in columns:
        wanted, number = renamed.get(name, name), 2
        # Names of a file differ, so only one that was given to another column can be taken.
        while name not in renamed and (wanted in given or (wanted != name and wanted in columns)):
            wanted, number = f"{name} ({number})", number + 1
        names.append(wanted)
    return names


def _differing(columns: Sequence[str], names: Sequence[str]) -> list[Warning_]:
    """What one side has and the other lacks."""
    notes = []
    lacking = [name for name in columns if name not in names and not name.startswith(_SOURCE)]
    further = [name for name in names if name not in columns and not name.startswith(_SOURCE)]
    if lacking:
        told = N_("The added file lacks {columns}: empty for its rows.")
        notes.append(Warning_(told, {"columns": _listed(lacking)}))
    if further:
        told = N_("The added file has more columns: {columns}. They are empty for the rows from before.")
        notes.append(Warning_(told, {"columns": _listed(further)}))
    return notes


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"“{name}”" for name in names[:_MOST_NAMED]) + (" …" if len(names) > _MOST_NAMED else "")


def _key(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", str(name)).casefold().split())

"""The upload's columns without personal data: their cells, their names, and who wrote them."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from pipelines.redact import column_kind, names_users, redact, redact_cell


def masked(upload: pd.DataFrame, roles: Mapping[str, str | None]) -> pd.DataFrame:
    """A copy of the upload, all str: personal data in cells and headers replaced, columns of users numbered.

    roles: role → column. A column whose name tells of phones, orders and the like is replaced cell by cell.
    """
    columns: dict[str, pd.Series] = {}
    for name in upload.columns:
        header, copies = redact(str(name)), 1
        # Two addresses as headers become the same mark.
        while header in columns:
            copies += 1
            header = f"{redact(str(name))} {copies}"
        columns[header] = _cells(upload[name], str(name), roles)
    return pd.DataFrame(columns, index=upload.index)


def _cells(cells: pd.Series, name: str, roles: Mapping[str, str | None]) -> pd.Series:
    role = next((role for role, column in roles.items() if column == name), None)
    # A file can name its users in two columns, by name and by number; one of them has the role.
    if role == "user" or (role is None and names_users(name)):
        return _pseudonyms(cells)
    kind = column_kind(name) if role is None else None
    known = {cell: redact_cell(cell, kind) for cell in cells.unique()}
    return cells.map(known).astype("str")


def _pseudonyms(users: pd.Series) -> pd.Series:
    """ "user 1", "user 2", … by first appearance; a cell without a user stays empty."""
    stripped = users.str.strip()
    known = stripped[stripped != ""].unique()
    return stripped.map({name: f"user {i}" for i, name in enumerate(known, start=1)}).fillna("").astype("str")

"""A column of the upload by its name, for what a person says that it holds."""

from __future__ import annotations

from pipelines.errors import N_, UnusableInput
from pipelines.types import Reviews


def cells(reviews: Reviews, column: str) -> list[str]:
    """The column's cells, one a data row; raises UnusableInput where the file has no such column."""
    frame = reviews.table.frame
    if column not in frame.columns:
        raise UnusableInput(
            N_("The file has no column “{column}”; it has: {columns}."),
            column=column,
            columns=", ".join(map(str, frame.columns)),
        )
    return [str(cell) for cell in frame[column].tolist()]

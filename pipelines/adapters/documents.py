"""A bundle's units as LangChain documents: the text, and what the map and the upload say of it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from langchain_core.documents import Document

from pipelines.errors import N_, UnusableInput
from pipelines.store import schema
from pipelines.store.reader import Bundle
from pipelines.types import BoolArray

_PLACES = ("x2", "y2", "x3", "y3", "z3")


class Documents:
    """The n units of a bundle as documents, made when they are asked for.

    Metadata: row_id, unit_id and every further column of points.parquet but the text and the places on the map (topic,
    cluster, sentiment, rating, date, …), and the upload's own columns by their names; one that is called like one of
    ours is "upload:<name>". Plain JSON values; a date is ISO text, what is missing is left out.
    """

    def __init__(self, bundle: Bundle) -> None:
        points = bundle.points
        self._points = points[[name for name in points.columns if name != "text" and name not in _PLACES]]
        self._text = points["text"].to_numpy()
        rows = bundle.rows[list(bundle.upload_columns)]
        self._rows = rows.rename(columns=lambda name: f"upload:{name}" if name in self._ours else name)
        self._row_of = points["row_id"].to_numpy()

    @property
    def _ours(self) -> frozenset[str]:
        return frozenset({*schema.POINT_COLUMNS, *schema.ROLE_COLUMNS, *self._points.columns})

    def __len__(self) -> int:
        return len(self._text)

    def at(self, position: int) -> Document:
        """The document of the unit at a position, which is its unit_id."""
        metadata = _told(self._points.iloc[position]) | _told(self._rows.iloc[int(self._row_of[position])])
        return Document(page_content=str(self._text[position]), metadata=metadata, id=str(position))

    def equal(self, wanted: Mapping[str, object]) -> BoolArray:
        """(n,) whose metadata have all these values. Raises UnusableInput for a name that no document has."""
        is_in = np.ones(len(self), dtype=bool)
        for name, value in wanted.items():
            is_in &= self._column_equal(name, value)
        return is_in

    def _column_equal(self, name: str, value: object) -> BoolArray:
        if name in self._points.columns:
            column = self._points[name]
        elif name in self._rows.columns:
            column = self._rows[name].iloc[self._row_of]
        else:
            raise UnusableInput(
                N_("No review has “{name}”; choose one of: {allowed}."),
                name=name,
                allowed=" · ".join([*self._points.columns, *self._rows.columns]),
            )
        return np.fromiter((agrees(_plain(one), value) for one in column.array), bool, len(self))


def agrees(found: object, wanted: object) -> bool:
    """Whether a document's value is the one asked for: a float32 is met by the number that a person writes (0.1)."""
    if isinstance(found, float) and isinstance(wanted, (int, float)) and not isinstance(wanted, bool):
        return found == wanted or np.float32(found) == np.float32(wanted)
    return found is not None and bool(found == wanted)


def _told(row: pd.Series) -> dict[str, object]:
    plain = {str(name): _plain(value) for name, value in zip(row.index, row.array, strict=True)}
    return {name: value for name, value in plain.items() if value is not None}


def _plain(value: object) -> object:
    """A cell as JSON holds it; None for what is missing."""
    value = value.item() if isinstance(value, np.generic) else value
    if value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and np.isnan(value)):
        return None
    return value.isoformat() if isinstance(value, pd.Timestamp) else value

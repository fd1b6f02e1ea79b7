"""What a person gave for the added rows in place of a stage, as they did for the rows before: topics, places."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipelines.add.before import Before
from pipelines.add.incoming import Incoming
from pipelines.errors import N_
from pipelines.own.labels import cleaned
from pipelines.own.numbers import parse
from pipelines.types import BoolArray, FloatArray, Units, Warning_, name_in_rows

_MOST_TOLD = 5
_UNKNOWN = -2


@dataclass(frozen=True)
class Given:
    """Of the n new units: their topic where `labelled` (−1: one that is not there yet), places with NaN for none."""

    topic: NDArray[np.int32]
    labelled: BoolArray
    places: FloatArray
    notes: tuple[Warning_, ...] = ()

    @classmethod
    def read(cls, before: Before, incoming: Incoming, units: Units) -> Given:
        """From the columns that the analysis took topics and places from; nothing where the file lacks them."""
        topic, notes = _topics(before, incoming, units)
        labelled = topic != -1
        return cls(np.where(topic < 0, -1, topic).astype(np.int32), labelled, _places(before, incoming, units), notes)


def _topics(before: Before, incoming: Incoming, units: Units) -> tuple[NDArray[np.int32], tuple[Warning_, ...]]:
    """(n,) the topic that a row's label has among the old rows; −1 without a label, −2 where the label is new."""
    column, frame = before.config.label_column, incoming.reviews.table.frame
    none = np.full(len(units.text), -1, dtype=np.int32)
    if column is None or column not in frame.columns:
        return none, ()
    bundle = before.bundle
    cells = bundle.rows[name_in_rows(column)].fillna("").astype("str").tolist()
    points = bundle.points
    topic_of = {
        cleaned(cells[row]): topic
        for row, topic in zip(points["row_id"].tolist(), points["cluster"].tolist(), strict=True)
        if topic >= 0 and cleaned(cells[row])
    }
    labels = [cleaned(str(cell)) for cell in frame[column].tolist()]
    of_unit = [labels[row] for row in units.row_id.tolist()]
    found = np.array([topic_of.get(label, _UNKNOWN) if label else -1 for label in of_unit], dtype=np.int32)
    new = list(dict.fromkeys(label for label, topic in zip(of_unit, found, strict=True) if topic == _UNKNOWN))
    if not new:
        return found, ()
    told = N_("“{column}” has values that are no topic yet: {values}. Make the map anew to have them as topics.")
    values = ", ".join(new[:_MOST_TOLD]) + (" …" if len(new) > _MOST_TOLD else "")
    return found, (Warning_(told, {"column": column, "values": values}, column=column),)


def _places(before: Before, incoming: Incoming, units: Units) -> FloatArray:
    """(n, 2) where the columns of places put the new units, on the axes of the map as it was drawn."""
    names, frame = (before.config.x_column, before.config.y_column), incoming.reviews.table.frame
    result = np.full((len(units.text), 2), np.nan, dtype=np.float32)
    for axis, (name, drawn) in enumerate(zip(names, ("x2", "y2"), strict=True)):
        if name is None or name not in frame.columns:
            return np.full_like(result, np.nan)
        points = before.bundle.points.drop_duplicates("row_id")
        cells = before.bundle.rows[name_in_rows(name)].fillna("").astype("str").tolist()
        numbers = parse([*cells, *map(str, frame[name].tolist())])
        old, at = numbers[points["row_id"].to_numpy()], points[drawn].to_numpy(dtype=np.float64)
        has = np.flatnonzero(np.isfinite(old))
        low, high = has[old[has].argmin()], has[old[has].argmax()]
        span = old[high] - old[low]
        # An axis was drawn as it is, or stretched: two places tell.
        scale, shift = ((at[high] - at[low]) / span, at[low]) if span else (1.0, at[low])
        result[:, axis] = (numbers[len(cells) :][units.row_id] - old[low]) * scale + shift
    result[~np.isfinite(result).all(axis=1)] = np.nan
    return result

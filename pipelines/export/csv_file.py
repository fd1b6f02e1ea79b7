"""A table as CSV that gives the same rows when it is read again.

Every text is quoted: whatever stands in it, a lone CR or LF, a delimiter, spaces at its ends, belongs to its cell, and
no reader has to guess which quotes are meant.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import IO

import numpy as np
import pandas as pd

from pipelines.defusing import defuse


def write_csv(table: pd.DataFrame, file: IO[str]) -> None:
    """A table as defused CSV with a header; rows end in CR LF."""
    writer = csv.writer(file, lineterminator="\r\n", quoting=csv.QUOTE_NONNUMERIC)
    writer.writerow([defuse(str(name)) for name in table.columns])
    writer.writerows(["" if cell is None else cell for cell in row] for row in plain_rows(table))


def plain_rows(table: pd.DataFrame) -> Iterator[list[object]]:
    """Row by row: texts defused, numbers and truths as Python's own, missing values None."""
    for row in table.astype(object).itertuples(index=False, name=None):
        yield [_plain(value) for value in row]


def _plain(value: object) -> object:
    if isinstance(value, str):
        return defuse(value)
    if value is None or value is pd.NA or (isinstance(value, float) and np.isnan(value)):
        return None
    return value.item() if isinstance(value, np.generic) else value

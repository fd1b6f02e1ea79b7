"""Rows to columns of Arrow strings, a chunk of rows at a time, and from them a frame without another copy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

_CHUNK_ROWS, _CHUNK_CELLS = 50_000, 1_000_000


class Columns:
    """Takes rows of equal width, gives a frame of str columns; cells longer than `longest` are cut and counted."""

    def __init__(self, width: int, longest: int) -> None:
        self.cut = 0
        self._width, self._longest = width, longest
        self._most = max(1, min(_CHUNK_ROWS, _CHUNK_CELLS // max(1, width)))
        self._rows: list[list[str]] = []
        self._chunks: list[list[pa.Array]] = [[] for _ in range(width)]

    def add(self, row: list[str]) -> None:
        """One row of at least `width` cells; further cells are left out."""
        self._rows.append(row)
        if len(self._rows) >= self._most:
            self._flush()

    def _flush(self) -> None:
        if not self._rows:
            return
        for index, cells in enumerate(zip(*(row[: self._width] for row in self._rows), strict=True)):
            self._chunks[index].append(self._array(cells))
        self._rows = []

    def _array(self, cells: tuple[str, ...]) -> pa.Array:
        import pyarrow as pa

        if max(map(len, cells)) > self._longest:
            self.cut += sum(len(cell) > self._longest for cell in cells)
            cells = tuple(cell[: self._longest] for cell in cells)
        try:
            return pa.array(cells, pa.large_string())
        except UnicodeEncodeError:  # half a pair of UTF-16 is no character
            return pa.array([cell.encode("utf-8", "replace").decode() for cell in cells], pa.large_string())

    def frame(self, names: list[str]) -> pd.DataFrame:
        """All rows so far under the given names, one for each column."""
        import pandas as pd
        import pyarrow as pa

        self._flush()
        dtype = pd.StringDtype(na_value=np.nan)
        arrays = {
            name: pd.arrays.ArrowStringArray(
                pa.chunked_array(chunks, pa.large_string()),
                dtype=dtype,  # type: ignore[call-arg]
            )
            for name, chunks in zip(names, self._chunks, strict=True)
        }
        return pd.DataFrame(arrays, copy=False)

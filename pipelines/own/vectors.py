"""A person's own vectors, from a .npy file with one row a data row of the upload."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np

from pipelines.errors import N_, UnusableInput
from pipelines.ingest import Source
from pipelines.types import FloatArray, Reviews, Units, Vectors

_ROWS_AT_ONCE = 8_192
"""Rows read from the disk and converted at a time: 8,192 × 4,096 numbers are 256 MB as float64."""
_LEAST_DIM = 2


def vectors(file: Path | Source, reviews: Reviews, units: Units) -> Vectors:
    """Vectors of the units' rows, each brought to length 1; (n, d) of any float or integer kind, never unpickled.

    Only rows that take part are held in memory, and only those must be finite and not zero. Raises UnusableInput as
    `opened` does, and for a row that is no direction.
    """
    loaded = opened(file, len(reviews.text))
    matrix = np.empty((len(units.row_id), loaded.shape[1]), dtype=np.float32)
    for start in range(0, len(matrix), _ROWS_AT_ONCE):
        part = units.row_id[start : start + _ROWS_AT_ONCE]
        matrix[start : start + len(part)] = _directions(loaded[part], part, file.name)
    identity = {"name": "own", "sha256": _digest(loaded), "dim": int(loaded.shape[1])}
    return Vectors(matrix, identity, matrix.shape[1], counts={"texts": len(matrix), "embedded": 0, "cached": 0})


def opened(file: Path | Source, rows: int) -> np.ndarray:
    """The file's array (rows, d), mapped and not read; a Source is called by its own name in messages.

    Raises UnusableInput for what is no .npy file of numbers, or has another shape.
    """
    loaded = _mapped(Path(str(file.content)) if isinstance(file, Source) else file, file.name)
    if loaded.ndim != 2 or len(loaded) != rows or loaded.shape[1] < _LEAST_DIM:
        raise UnusableInput(
            N_("{path} has the shape {shape}; the file's {rows} data rows need {rows} vectors of 2 numbers or more."),
            path=file.name,
            shape=loaded.shape,
            rows=rows,
        )
    return loaded


def _mapped(path: Path, name: str) -> np.ndarray:
    try:
        loaded = np.load(path, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        # numpy's own words name its arguments, which nobody here can set.
        raise UnusableInput(
            N_("{path} is no .npy file of numbers: save the array with numpy.save, as float32."), path=name
        ) from error
    if not isinstance(loaded, np.ndarray):
        loaded.close()
        raise UnusableInput(
            N_("{path} holds several arrays (.npz): save the one with the vectors alone, with numpy.save."), path=name
        )
    if loaded.dtype.kind not in "fiu":
        raise UnusableInput(
            N_("{path} holds {kind}, not numbers: save the array with numpy.save, as float32."),
            path=name,
            kind=loaded.dtype.name,
        )
    return loaded


def _directions(values: np.ndarray, rows: np.ndarray, name: str) -> FloatArray:
    """Rows of length 1; divided by their largest number first, so that no square overflows."""
    given = values.astype(np.float64)
    largest = np.abs(given).max(axis=1, keepdims=True)
    sound = (np.isfinite(largest) & (largest > 0))[:, 0]
    if not sound.all():
        raise UnusableInput(
            N_("{path}: the vector of data row {row} is zero or not finite."),
            path=name,
            row=int(rows[np.flatnonzero(~sound)[0]]) + 1,
        )
    given /= largest
    return (given / np.linalg.norm(given, axis=1, keepdims=True)).astype(np.float32)


def _digest(loaded: np.ndarray) -> str:
    """sha256 of the numbers row by row, however they lie in the file."""
    sums = hashlib.sha256()
    for start in range(0, len(loaded), _ROWS_AT_ONCE):
        sums.update(loaded[start : start + _ROWS_AT_ONCE].tobytes())
    return sums.hexdigest()

"""Parts of a large work on the disk: a Parquet file each with page checksums, there whole or not at all."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.store import durable


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A hidden name beside `path` to write, which takes its place once the block has ended well, and is gone else.

    Another run of the same file may have the one that is there mapped: it is never written over.
    """
    temp = durable.temp_beside(path)
    try:
        yield temp
        temp.replace(path)
    finally:
        temp.unlink(missing_ok=True)


def save(path: Path, array: np.ndarray) -> None:
    """An array as .npy, whole or not at all."""
    with replacing(path) as temp, temp.open("wb") as file:
        np.lib.format.write_array(file, np.asarray(array), version=(1, 0), allow_pickle=False)


@dataclass(frozen=True)
class Parts:
    """`count` parts of what is called `name` in a folder, which every process that works on them can see."""

    folder: Path
    name: str
    count: int

    def path(self, part: int) -> Path:
        """Where a part is."""
        return self.folder / f"{self.name}-{part:06d}.parquet"

    def missing(self) -> list[int]:
        """Parts that are not there, or do not read back whole: they are to be made."""
        return [part for part in range(self.count) if not self._is_whole(part)]

    def write(self, part: int, columns: Mapping[str, pa.Array | np.ndarray]) -> None:
        """Publish a part: (n,) or (n, width) arrays by name."""
        arrays = {name: values if isinstance(values, pa.Array) else _arrow(values) for name, values in columns.items()}
        with replacing(self.path(part)) as temp:
            # Numbers of vectors do not compress; plain pages are read as they lie.
            pq.write_table(pa.table(arrays), temp, compression="none", use_dictionary=False, write_page_checksum=True)
            durable.sync_file(temp)

    def read(self, part: int) -> dict[str, np.ndarray]:
        """A part's arrays as they were written; raises OSError or pyarrow.ArrowInvalid where it is damaged."""
        return {name: _numpy(column) for name, column in self._table(part).items()}

    def texts(self, part: int) -> list[str]:
        """The column "text" of a part."""
        found: list[str] = self._table(part)["text"].to_pylist()
        return found

    def begin(self, part: int) -> None:
        """Note that this process took a part in hand, for counting what was begun twice."""
        (self.folder / f"{self.name}-{part:06d}.{os.getpid()}.begun").touch()

    def __iter__(self) -> Iterator[dict[str, np.ndarray]]:
        return (self.read(part) for part in range(self.count))

    def _is_whole(self, part: int) -> bool:
        try:
            self._table(part)
        except (OSError, pa.ArrowException):
            return False
        return True

    def _table(self, part: int) -> dict[str, pa.Array]:
        with pq.ParquetFile(self.path(part), page_checksum_verification=True) as file:
            table = file.read()
        return {name: table.column(name).combine_chunks() for name in table.column_names}


def _arrow(values: np.ndarray) -> pa.Array:
    if values.ndim == 1:
        return pa.array(values)
    return pa.FixedSizeListArray.from_arrays(pa.array(np.ascontiguousarray(values).reshape(-1)), values.shape[1])


def _numpy(column: pa.Array) -> np.ndarray:
    column = column.chunk(0) if isinstance(column, pa.ChunkedArray) else column
    if pa.types.is_fixed_size_list(column.type):
        return column.flatten().to_numpy().reshape(len(column), column.type.list_size)
    return column.to_numpy(zero_copy_only=False)

"""Parquet, Arrow and Feather files to a Table: every value as text, a batch at a time."""

from __future__ import annotations

import datetime
import decimal
import itertools
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from pipelines import settings
from pipelines.errors import N_, ReviewscapeError, UnusableInput
from pipelines.ingest.formats import written
from pipelines.ingest.formats.archive import Budget
from pipelines.ingest.formats.json_rows import cell_of
from pipelines.ingest.tabular.named_columns import table_of_columns
from pipelines.progress import Progress, silent
from pipelines.types import Table, Warning_

if TYPE_CHECKING:
    import pyarrow as pa

_BATCH_ROWS = 16_384
_DEEPEST_STRUCT = 4


def read_parquet(data: bytes, kind: str, budget: Budget, progress: Progress = silent) -> Table:
    """Read a "parquet" or "arrow" file; struct columns are laid flat, their names joined by dots.

    Raises UnusableInput when it is damaged, encrypted, without columns, or larger than the settings max_cells and
    max_unpacked_mb allow.
    """
    try:
        return _read(data, kind, budget, progress)
    except (ReviewscapeError, MemoryError):
        raise
    except Exception as error:  # noqa: BLE001  (ArrowException, OSError, UnicodeDecodeError … of a damaged file)
        raise UnusableInput(
            N_("The Parquet or Arrow file is damaged or protected ({reason}). Export it again."),
            reason=str(error).splitlines()[0][:200] if str(error) else type(error).__name__,
        ) from None


def _read(data: bytes, kind: str, budget: Budget, progress: Progress) -> Table:
    most, longest = settings.get_int("max_columns"), settings.get_int("max_cell_chars")
    schema, rows, batches = _opened(data, kind, budget)
    if not len(schema):
        raise UnusableInput(N_("The file has no columns. Choose a file with one review per row."))
    warnings: list[Warning_] = []
    if len(schema) > most:
        values = {"count": len(schema), "limit": most}
        warnings.append(Warning_(N_("The file has {count} columns; only the first {limit} are read."), values))
    names: list[str] = []
    columns: list[list[str]] = []
    done = 0
    for batch in batches:
        table = _flat(batch, most)
        names = names or table.column_names
        columns = columns or [[] for _ in names]
        for column, values_ in zip(columns, table.columns, strict=True):
            # One character more than the limit, so that what is too long still shows as such.
            cells = [cell for chunk in values_.chunks for cell in _cells(chunk, longest + 1)]
            budget.take(sum(map(len, cells)))
            column.extend(cells)
        done += table.num_rows
        progress("reading", done, max(rows, 1))
    return table_of_columns(names, columns, kind=kind, warnings=warnings)


def _opened(data: bytes, kind: str, budget: Budget) -> tuple[pa.Schema, int, Iterator[pa.RecordBatch]]:
    """The file's columns, number of rows, and its rows: at least one batch, empty where there are none."""
    import pyarrow as pa

    source = pa.BufferReader(data)
    if kind == "parquet":
        import pyarrow.parquet as pq

        file = pq.ParquetFile(source)
        schema, rows = file.schema_arrow, file.metadata.num_rows
        budget.check(sum(file.metadata.row_group(i).total_byte_size for i in range(file.metadata.num_row_groups)))
        batches: Iterator[Any] = file.iter_batches(_BATCH_ROWS, use_threads=False)
    else:
        reader = pa.ipc.open_file(source)
        schema = reader.schema
        loaded = [reader.get_batch(index) for index in range(reader.num_record_batches)]
        rows = sum(batch.num_rows for batch in loaded)
        batches = (batch.slice(at, _BATCH_ROWS) for batch in loaded for at in range(0, batch.num_rows, _BATCH_ROWS))
    _check_cells(rows, len(schema))
    empty = pa.RecordBatch.from_arrays([pa.array([], field.type) for field in schema], schema=schema)
    return schema, rows, itertools.chain([empty], batches)


def _check_cells(rows: int, columns: int) -> None:
    limit = settings.get_int("max_cells")
    if rows * min(columns, settings.get_int("max_columns")) > limit:
        raise UnusableInput(
            N_(
                "The table has {rows} rows and {columns} columns, more than {limit} cells. Raise REVIEWSCAPE_MAX_CELLS."
            ),
            rows=rows,
            columns=columns,
            limit=limit,
        )


def _flat(batch: pa.RecordBatch, most: int) -> pa.Table:
    """The first `most` columns, structs as columns of their own."""
    import pyarrow as pa

    # Offsets and indices of a damaged file point outside its buffers, and reading there ends the process.
    batch.validate(full=True)
    table = pa.Table.from_batches([batch]).select(list(range(min(most, batch.num_columns))))
    for _ in range(_DEEPEST_STRUCT):
        if not any(pa.types.is_struct(field.type) for field in table.schema):
            break
        table = table.flatten()
    return table


def _cells(values: pa.Array, longest: int) -> list[str]:
    """One column's values as text."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_dictionary(values.type):
        words = _cells(values.dictionary, longest)
        return ["" if index is None else words[index] for index in values.indices.to_pylist()]
    if pa.types.is_string(values.type) or pa.types.is_large_string(values.type):
        return ["" if cell is None else cell[:longest] for cell in values.to_pylist()]
    if pa.types.is_timestamp(values.type) and values.type.unit == "ns" and values.type.tz is None:
        text = pc.cast(values, pa.string()).to_pylist()  # Python's own times end at microseconds
        return ["" if cell is None else written.moment(cell) for cell in text]
    return ["" if value is None else _cell(value)[:longest] for value in values.to_pylist()]


def _cell(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return written.number(value)
    if isinstance(value, decimal.Decimal):
        return format(value, "f")
    if isinstance(value, datetime.datetime):
        return written.moment(value.isoformat(sep=" ")) if value.tzinfo is None else value.isoformat()
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.decode("utf-8", errors="replace")
    if isinstance(value, datetime.timedelta):
        return written.duration(value)
    if isinstance(value, list | dict):
        return cell_of(_plain(value))
    return str(value)


def _plain(value: Any) -> Any:
    """Lists and dicts with text in them, as cell_of takes them."""
    if isinstance(value, list) and value and all(isinstance(entry, tuple) for entry in value):
        return {str(key): _plain(entry) for key, entry in value}  # a map
    if isinstance(value, list):
        return [_plain(entry) for entry in value]
    if isinstance(value, dict):
        return {str(key): _plain(entry) for key, entry in value.items()}
    return value if value is None or isinstance(value, bool) else _cell(value)

"""A file, or several stacked, to one Table: what it is by its content, then its reader."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pipelines.errors import N_, UnusableInput
from pipelines.ingest.delimited import read_delimited
from pipelines.ingest.encoding import decode
from pipelines.ingest.options import IngestOptions, Source, sources_of
from pipelines.progress import Progress, silent
from pipelines.types import Table


def read_table(
    source: Path | bytes | Source | Sequence[Source], options: IngestOptions | None = None, progress: Progress = silent
) -> Table:
    """Read a file whatever its format, codec, delimiter, quoting and row ends.

    Raises UnusableInput when the file cannot be opened, is empty or is no table.
    """
    options = options or IngestOptions()
    sources = sources_of(source)
    decoded = decode(_bytes_of(sources[0].content), options.encoding)
    return read_delimited(decoded, options, progress)


def _bytes_of(source: Path | bytes) -> bytes:
    if isinstance(source, bytes):
        return source
    try:
        return Path(source).read_bytes()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise UnusableInput(
            N_("{path} cannot be opened: {reason}. Check the name."), path=source, reason=reason
        ) from None

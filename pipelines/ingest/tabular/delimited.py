"""Decoded text to a Table: CSV and its kin, whatever their delimiter, quoting and row ends."""

from __future__ import annotations

from dataclasses import replace

from pipelines.errors import N_, UnusableInput
from pipelines.ingest.encodings.encoding import Decoded
from pipelines.ingest.options import IngestOptions
from pipelines.ingest.tabular.cells import table_of
from pipelines.ingest.tabular.dialect import detect
from pipelines.ingest.tabular.rows import Rows
from pipelines.progress import Progress, silent
from pipelines.types import Table

_LONGEST_DELIMITER = 3


def read_delimited(decoded: Decoded, options: IngestOptions, progress: Progress = silent) -> Table:
    """Cut a decoded text into a Table.

    Raises UnusableInput when it holds no row, or the chosen delimiter cannot be one.
    """
    dialect = detect(decoded.text, _spelled(options.delimiter))
    rows = Rows(decoded.text, dialect, progress, passes=2)
    table = table_of(rows, encoding=decoded.encoding, delimiter=dialect.delimiter, warnings=list(decoded.warnings))
    if not len(table.frame.columns):
        raise UnusableInput(N_("The file is empty. Choose a file with a header row and one review per row."))
    progress("reading", len(decoded.text), len(decoded.text))
    return replace(table, damaged=decoded.damaged, alternatives=decoded.alternatives)


def _spelled(delimiter: str | None) -> str | None:
    """A delimiter as a person writes it: itself, its name, or \\t for a tab."""
    if not delimiter:
        return None
    spelled = {"\\t": "\t", "tab": "\t", "comma": ",", "semicolon": ";", "pipe": "|", "space": " "}
    character = spelled.get(delimiter.lower(), delimiter)
    if len(character) > _LONGEST_DELIMITER or any(mark in character for mark in '"\r\n'):
        raise UnusableInput(
            N_("The delimiter must be one to three characters, such as , or ; or tab, not “{value}”."), value=delimiter
        )
    return character

"""Decoded text to a Table: CSV and its kin, whatever their delimiter, quoting and row ends."""

from __future__ import annotations

from dataclasses import replace

from pipelines.errors import N_, UnusableInput
from pipelines.ingest.cells import table_of
from pipelines.ingest.dialect import detect, normalize_row_ends, rows_of
from pipelines.ingest.encoding import Decoded
from pipelines.ingest.options import IngestOptions
from pipelines.progress import Progress, silent
from pipelines.types import Table


def read_delimited(decoded: Decoded, options: IngestOptions, progress: Progress = silent) -> Table:
    """Cut a decoded text into a Table.

    Raises UnusableInput when it holds no row, or the chosen delimiter cannot be one.
    """
    text, stand_in = normalize_row_ends(decoded.text)
    dialect = detect(text, _one_character(options.delimiter))
    rows = rows_of(text, dialect)
    if not rows:
        raise UnusableInput(N_("The file is empty. Choose a file with a header row and one review per row."))
    if stand_in:
        rows = [[cell.replace(stand_in, "\r") for cell in row] for row in rows]
    table = table_of(rows, encoding=decoded.encoding, delimiter=dialect.delimiter, warnings=list(decoded.warnings))
    return replace(table, damaged=decoded.damaged, alternatives=decoded.alternatives)


def _one_character(delimiter: str | None) -> str | None:
    if not delimiter:
        return None
    spelled = {"\\t": "\t", "tab": "\t", "comma": ",", "semicolon": ";", "pipe": "|", "space": " "}
    character = spelled.get(delimiter.lower(), delimiter)
    if len(character) != 1 or character in '"\r\n':
        raise UnusableInput(
            N_("The delimiter must be one character, such as , or ; or tab, not “{value}”."), value=delimiter
        )
    return character

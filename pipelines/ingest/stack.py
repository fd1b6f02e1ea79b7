"""Several tables to one: columns united by name, the file each row came from beside them."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from pipelines.errors import N_
from pipelines.ingest.meaning import names
from pipelines.ingest.tabular.cells import NUMBERED
from pipelines.types import Table, Warning_

SOURCE_COLUMN = "source_file"
_TEXT_NAME = 0.8  # how surely a column's name must mean review text


def stack(tables: Sequence[tuple[str, Table]]) -> Table:
    """One Table of one or more named ones, their rows in order; a column "source_file" names each row's file.

    Columns are united in order of first appearance, equal names (whatever their case and spaces) joined; cells that a
    file lacks are empty. A file without a header takes the first file's names where it has as many columns. Encoding,
    delimiter, header, format and sheet are the first one's.
    """
    first = tables[0][1]
    united: dict[str, str] = {}
    parts: list[pd.DataFrame] = []
    warnings: list[Warning_] = []
    shapes = []
    done = 0
    tables = [(_clean(file), table) for file, table in tables]
    for file, table in tables:
        frame, notes = _under_names_of(first, table)
        told = (note for note in table.warnings if not (notes and note.template == NUMBERED))
        for note in (*told, *notes):
            row = None if note.row is None else note.row + done
            warnings.append(replace(note, row=row, file=file or None))
        keys = _keys(frame)
        for key, name in zip(keys, frame.columns, strict=True):
            united.setdefault(key, str(name))
        shapes.append(frozenset(keys))
        parts.append(frame.set_axis(keys, axis="columns"))
        done += len(frame)
    if len(set(shapes)) > 1:
        warnings.append(_differing(united, shapes))
    filled = [part.reindex(columns=list(united), fill_value="").astype("str") for part in parts]
    whole = pd.concat(filled, ignore_index=True) if len(filled) > 1 else filled[0].reset_index(drop=True)
    whole.columns = pd.Index(list(united.values()))
    origin = [file for (file, _), part in zip(tables, parts, strict=True) for _ in range(len(part))]
    whole[_free_name(whole)] = pd.Series(origin, dtype="str")
    return replace(
        first,
        frame=whole,
        header=first.header,
        warnings=tuple(warnings),
        damaged=sum(table.damaged for _, table in tables),
    )


def _clean(name: str) -> str:
    """A file's name as text: bytes of it that are no UTF-8 become a mark."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def alike(tables: Sequence[tuple[str, Table]]) -> list[tuple[str, Table]]:
    """Those of an archive's tables that can be one: the one most like reviews, and all that share its columns.

    An archive may hold a shop's products beside its reviews; half of the smaller table's columns must be shared.
    """
    best = max((table for _, table in tables), key=lambda table: (_is_named(table), len(table.frame)))
    wanted = set(map(_key, best.frame.columns))

    def fits(table: Table) -> bool:
        if not table.header or not best.header:
            return table.frame.shape[1] == best.frame.shape[1]
        keys = set(map(_key, table.frame.columns))
        return 2 * len(keys & wanted) >= min(len(keys), len(wanted))

    return [(name, table) for name, table in tables if table is best or fits(table)]


def _is_named(table: Table) -> bool:
    """Whether a column is called as review texts are."""
    return table.header and any(
        names.strengths(str(name)).get("text", 0.0) >= _TEXT_NAME for name in table.frame.columns
    )


def _keys(frame: pd.DataFrame) -> list[str]:
    """What columns are joined by; "Text" beside "text" in one file stay two."""
    keys: list[str] = []
    for name in frame.columns:
        key = wanted = _key(name)
        number = 2
        while key in keys:
            key, number = f"{wanted}\0{number}", number + 1
        keys.append(key)
    return keys


def _key(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", str(name)).casefold().split())


def _under_names_of(first: Table, table: Table) -> tuple[pd.DataFrame, list[Warning_]]:
    """Exports cut into parts often have the header in the first part only."""
    if table.header or not first.header or table.frame.shape[1] != first.frame.shape[1]:
        return table.frame, []
    note = Warning_(N_("The file has no header row; the first file's column names are used."))
    return table.frame.set_axis(first.frame.columns, axis="columns"), [note]


def _differing(united: dict[str, str], shapes: list[frozenset[str]]) -> Warning_:
    partial = [name for key, name in united.items() if any(key not in shape for shape in shapes)]
    return Warning_(
        N_("The files differ in their columns; not all have: {columns}."),
        {"columns": ", ".join(partial[:20]) + (" …" if len(partial) > 20 else "")},
    )


def _free_name(frame: pd.DataFrame) -> str:
    taken = {_key(name) for name in frame.columns}
    name, number = SOURCE_COLUMN, 2
    while name in taken:
        name, number = f"{SOURCE_COLUMN} ({number})", number + 1
    return name

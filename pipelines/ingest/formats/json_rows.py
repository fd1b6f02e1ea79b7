"""JSON and JSON Lines to a Table: where the records are, nested values laid flat, numbers as they were written."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from pipelines import settings
from pipelines.errors import N_, UnusableInput
from pipelines.ingest.encodings.encoding import Decoded
from pipelines.ingest.formats import json_lists, json_text
from pipelines.ingest.formats.json_text import Number
from pipelines.ingest.tabular.cells import table_of
from pipelines.ingest.tabular.named_columns import table_of_columns
from pipelines.progress import Progress, silent
from pipelines.types import Table, Warning_

_DEEPEST_FLATTENED = 6
_PROGRESS_EVERY = 20_000
_BETWEEN = re.compile(r"[\s,\x1e]*")  # a comma between lines, or RFC 7464's record separator
_LOOKS_BROKEN = re.compile(r'\s*(?:\[\s*)?\{\s*"(?:[^"\\]|\\.)*"\s*:')


def read_json(decoded: Decoded, progress: Progress = silent) -> Table | None:
    """Read a decoded text as JSON or JSON Lines; None when it is neither (a delimited file may begin with a bracket).

    A script's call or assignment around it is taken off, and Python's writing of the same values is read.
    Raises UnusableInput when it is JSON without a record, too deeply nested, or broken from its start.
    """
    warnings = list(decoded.warnings)
    try:
        written = json_text.literal(decoded.text)
        inside = decoded.text if written is not None else json_text.unwrapped(decoded.text) or decoded.text
        found, kind = (written, "json") if written is not None else _parse(inside, warnings, progress)
        if found is None:
            return None
        table = _table(found, kind, decoded.encoding, warnings)
    except RecursionError:
        raise UnusableInput(N_("The JSON is nested too deeply. Export the reviews as a list of objects.")) from None
    return replace(table, damaged=decoded.damaged, alternatives=decoded.alternatives)


def cell_of(value: object) -> str:
    """One JSON-like value as a cell: lists of plain values joined, other nested ones as compact JSON."""
    if isinstance(value, str):
        return str(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list) and not any(isinstance(entry, list | dict) for entry in value):
        return ", ".join(map(cell_of, value))
    return _compact(value)


def flatten(record: Mapping[str, Any], prefix: str = "", depth: int = 1) -> Iterator[tuple[str, str]]:
    """The cells of an object by column name; an inner object's keys follow its own after a dot."""
    for key, value in record.items():
        name = f"{prefix}{key}"
        if isinstance(value, dict) and value and depth < _DEEPEST_FLATTENED:
            yield from flatten(value, f"{name}.", depth + 1)
        else:
            yield name, cell_of(value)


def _parse(text: str, warnings: list[Warning_], progress: Progress) -> tuple[Any, str]:
    """The whole value, or the list of records that the text holds one after another; None when it is no JSON."""
    decoder = json.JSONDecoder(parse_float=Number, parse_int=Number, parse_constant=Number, strict=False)
    try:
        return decoder.decode(text), "json"
    except json.JSONDecodeError as error:
        first_error = error
    records, broken, first_broken = _each_line(text, decoder, progress)
    if records and broken <= len(records):
        if broken:
            values = {"count": broken, "line": first_broken}
            warnings.append(Warning_(N_("{count} lines are no JSON and were left out (first: line {line})."), values))
        return records, "jsonl"
    records, rest = _one_after_another(text, decoder)
    if records:
        if rest:
            line = text.count("\n", 0, rest) + 1
            warnings.append(
                Warning_(
                    N_("The JSON breaks off at line {line}; the {count} records before it are read."),
                    {"line": line, "count": len(records)},
                )
            )
        return records, "json"
    if _LOOKS_BROKEN.match(text):
        raise UnusableInput(
            N_("The JSON is broken at line {line} ({reason}). Export the file again."),
            line=first_error.lineno,
            reason=first_error.msg,
        )
    return None, ""


def _each_line(text: str, decoder: json.JSONDecoder, progress: Progress) -> tuple[list[Any], int, int]:
    """One object (or list) a line: what parsed, how many lines did not, and the first of those, counted from 1."""
    records: list[Any] = []
    broken = first_broken = done = 0
    # Not splitlines: U+2028 and its like stand inside JSON texts.
    for number, line in enumerate(text.split("\n"), 1):
        done += len(line) + 1
        if number % _PROGRESS_EVERY == 0:
            progress("reading", done, len(text))
        bare = line.strip(" \t\r\x1e").removesuffix(",")
        if not bare or bare in {"[", "]"}:
            continue
        try:
            value = decoder.decode(bare) if bare[0] in "{[" else None
        except json.JSONDecodeError:
            value = None
        if isinstance(value, dict | list):
            records.append(value)
        else:
            broken += 1
            first_broken = first_broken or number
            if broken > 1000 + 2 * len(records):
                break  # no JSON Lines; no need to see the end of it
    return records, broken, first_broken


def _one_after_another(text: str, decoder: json.JSONDecoder) -> tuple[list[Any], int]:
    """Objects that follow each other, inside a list that may break off; 0 or where the rest that is no JSON begins."""
    position = _end(text, 0)
    if text[position : position + 1] == "[":
        position = _end(text, position + 1)
    records: list[Any] = []
    while position < len(text):
        if text[position] == "]" and not text[position + 1 :].strip():
            return records, 0
        if text[position] != "{":
            return records, position
        try:
            value, position = decoder.raw_decode(text, position)
        except json.JSONDecodeError:
            return records, position
        records.append(value)
        position = _end(text, position)
    return records, 0 if text.rstrip()[-1:] == "}" and not text.lstrip().startswith("[") else len(text)


def _end(text: str, position: int) -> int:
    match = _BETWEEN.match(text, position)
    assert match is not None  # it matches nothing as well
    return match.end()


def _table(found: Any, kind: str, encoding: str, warnings: list[Warning_]) -> Table:
    named = _pandas_split(found) or _columns(found)
    if named is not None:
        return table_of_columns(*named, kind=kind, encoding=encoding, warnings=warnings)
    records = found if isinstance(found, list) else _records_of(found, warnings)
    records = json_lists.laid_out(records, warnings)
    objects = [record for record in records if isinstance(record, dict)]
    if objects:
        if len(objects) < len(records):
            warnings.append(
                Warning_(
                    N_("{count} entries are no objects and were left out."), {"count": len(records) - len(objects)}
                )
            )
        return _table_of_objects(objects, kind, encoding, warnings)
    lists = [[cell_of(value) for value in record] for record in records if isinstance(record, list) and record]
    if lists:
        return replace(table_of(lists, encoding=encoding, delimiter="", warnings=warnings), format=kind)
    cells = [cell_of(value) for value in records if not isinstance(value, list)]
    if not any(cell.strip() for cell in cells):
        raise UnusableInput(N_("The JSON holds no records. Export the reviews as a list of objects."))
    return table_of_columns(["text"], [cells], kind=kind, encoding=encoding, warnings=warnings)


def _table_of_objects(
    objects: Sequence[Mapping[str, Any]], kind: str, encoding: str, warnings: list[Warning_]
) -> Table:
    most = settings.get_int("max_columns")
    names: dict[str, int] = {}
    columns: list[list[str]] = []
    for row, record in enumerate(objects):
        for name, cell in flatten(record):
            index = names.setdefault(name, len(names))
            if index >= most:
                continue  # only counted: objects without a common key must not fill the memory
            if index == len(columns):
                columns.append([])
            column = columns[index]
            if len(column) > row:
                column[row] = cell  # "a.b" beside {"a": {"b": …}}: the later one stays
                continue
            column.extend([""] * (row - len(column)))
            column.append(cell)
    for column in columns:
        column.extend([""] * (len(objects) - len(column)))
    if not columns:
        raise UnusableInput(N_("The JSON holds no records. Export the reviews as a list of objects."))
    return table_of_columns(list(names), columns, kind=kind, encoding=encoding, warnings=warnings)


def _records_of(found: Mapping[str, Any], warnings: list[Warning_]) -> list[Any]:
    if set(found) == {"schema", "data"} and isinstance(found["data"], list):
        return found["data"]  # pandas' table orientation
    inner = list(found.values())
    if inner and all(isinstance(value, dict) and value for value in inner):
        shared = set.intersection(*(set(value) for value in inner))
        if len(inner) > 1 and shared and not json_lists.is_apart(found):
            return inner  # {"r1": {…}, "r2": {…}}
    return json_lists.records_of(found, warnings)


def _pandas_split(found: Any) -> tuple[list[str], list[list[str]]] | None:
    """{"columns": […], "index": […], "data": [[…], …]}."""
    if not isinstance(found, dict) or not {"columns", "data"} <= set(found) <= {"columns", "data", "index", "schema"}:
        return None
    names, rows = found["columns"], found["data"]
    if not isinstance(names, list) or not isinstance(rows, list) or not names:
        return None
    if any(not isinstance(row, list) or len(row) != len(names) for row in rows):
        return None
    return [cell_of(name) for name in names], [[cell_of(row[index]) for row in rows] for index in range(len(names))]


def _columns(found: Any) -> tuple[list[str], list[list[str]]] | None:
    """{"text": […], "stars": […]}, or as pandas writes columns: {"text": {"0": …, "1": …}, …}."""
    if not isinstance(found, dict) or not found:
        return None
    values = list(found.values())
    if all(isinstance(column, list) for column in values):
        same = {len(column) for column in values}
        plain = not any(isinstance(entry, dict) for column in values for entry in column)
        if len(same) == 1 and plain and (len(values) > 1 or not any(isinstance(entry, list) for entry in values[0])):
            return list(found), [list(map(cell_of, column)) for column in values]
    if all(isinstance(column, dict) for column in values):
        index = list(values[0])
        if index and all(key.isdigit() for key in index) and all(list(column) == index for column in values):
            return list(found), [list(map(cell_of, column.values())) for column in values]
    return None


def _compact(value: object) -> str:
    """JSON without spaces, numbers as they were written."""
    if isinstance(value, Number):
        return value
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, dict):
        inner = ",".join(
            f"{json.dumps(str(key), ensure_ascii=False)}:{_compact(entry)}" for key, entry in value.items()
        )
        return f"{{{inner}}}"
    if isinstance(value, list):
        return f"[{','.join(map(_compact, value))}]"
    return "null" if value is None else cell_of(value)

"""What must hold of anything that was read, whatever the file was; and how two readings are compared."""

from __future__ import annotations

import codecs
import dataclasses
import json
import re
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from pipelines import settings
from pipelines.errors import UnusableInput
from pipelines.ingest import (
    IngestOptions,
    Source,
    Understanding,
    guess_roles,
    handover,
    read_table,
    to_reviews,
    understanding,
)
from pipelines.types import ROLES, Reviews, Roles, Table, Warning_

REASONS = {"", "empty", "too_short", "symbols", "default_praise"}
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_FORMATS = {"delimited", "json", "jsonl", "xlsx", "xlsb", "xls", "ods", "xml", "html", "parquet", "arrow"}


class Unsound(AssertionError):
    """A result that breaks the contract of types.Table, types.Reviews or Understanding."""


def hold(condition: object, what: str) -> None:
    """Raise Unsound unless the condition is true; tests run this in child processes that pytest does not rewrite."""
    if not condition:
        raise Unsound(what)


def outcome_of(data: bytes, file_name: str) -> str:
    """Read a file as a person's upload and check all that came of it; "read", "no text" or "refused: why".

    Raises Unsound when a result breaks its contract, and whatever else a reader lets escape.
    """
    try:
        table = read_table(Source(data, file_name), IngestOptions())
        check_table(table)
        roles = guess_roles(table)
        check_roles(roles, table)
        understood = understanding(table, roles)
        reviews = to_reviews(table, roles) if roles.get("text") is not None else None
    except UnusableInput as error:
        check_message(error)
        return f"refused: {error.template}"
    check_understanding(understood, table, reviews)
    if reviews is None:
        return "no text"
    check_reviews(reviews)
    with tempfile.TemporaryDirectory() as folder:
        handover.save(reviews, Path(folder))
        same(reviews, handover.load(Path(folder)))
    return "read"


def check_message(error: UnusableInput) -> None:
    """The message formats in any language, is not empty and can be written anywhere."""
    hold(str(error).strip(), "an empty message")
    hold(error.translated(lambda template: template) == str(error), "a message that translates to another")
    check_plain(str(error), "the message")
    hold(len(str(error)) < 5_000, "a message that fills the screen")


def check_plain(value: str, where: str) -> None:
    """A real str without lone surrogates."""
    hold(isinstance(value, str), f"{where} is {type(value).__name__}, not text")
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        raise Unsound(f"{where} holds lone surrogates") from None


def check_table(table: Table) -> None:
    frame = table.frame
    names = list(frame.columns)
    for name in names:
        check_plain(name, "a column name")
        hold(name.strip(), "a column without a name")
    hold(len(set(names)) == len(names), "column names are not unique")
    hold(len(names) <= settings.get_int("max_columns"), "more columns than max_columns")
    hold(names, "a table without columns")
    hold(frame.index.equals(pd.RangeIndex(len(frame))) and isinstance(frame.index, pd.RangeIndex), "the index")
    longest = settings.get_int("max_cell_chars")
    for name in names:
        hold(str(frame[name].dtype) == "str", f"a column of {frame[name].dtype}")
        for cell in frame[name].tolist():
            check_plain(cell, "a cell")
            hold(len(cell) <= longest, "a cell longer than max_cell_chars")
    if table.encoding:
        check_plain(table.encoding, "the encoding")
        codecs.lookup(table.encoding)
    check_plain(table.delimiter, "the delimiter")
    hold(table.format in _FORMATS, f"format {table.format}")
    hold(table.damaged >= 0, "damaged below 0")
    hold(table.sheet is None or table.sheet in table.sheets, "a sheet that is none of the sheets")
    for sheet in table.sheets:
        check_plain(sheet, "a sheet's name")
    for other in table.alternatives:
        codecs.lookup(other.encoding)
        hold(0 <= other.plausibility <= 1, "a plausibility outside 0…1")
        check_plain(other.sample, "an alternative's sample")
    check_warnings(table.warnings)


def check_warnings(warnings: tuple[Warning_, ...]) -> None:
    hold(isinstance(warnings, tuple), "warnings are no tuple")
    for warning in warnings:
        check_plain(str(warning), "a warning")
        hold(warning.row is None or (type(warning.row) is int and warning.row >= 0), "a warning's row")
        hold(warning.column is None or isinstance(warning.column, str), "a warning's column")
        json.dumps(dataclasses.asdict(warning))


def check_roles(roles: Roles, table: Table) -> None:
    names = list(table.frame.columns)
    hold(set(roles.columns) == set(ROLES), "roles are missing")
    played = [name for name in roles.columns.values() if name is not None]
    hold(set(played) <= set(names), "a role names no column")
    hold(len(set(played)) == len(played), "a column plays two roles")
    for role, confidence in roles.confidence.items():
        hold(role in ROLES and 0 <= confidence <= 1, "a confidence outside 0…1")


def check_reviews(reviews: Reviews) -> None:
    n = len(reviews.table.frame)
    per_row: dict[str, Any] = {
        "text": reviews.text,
        "kept": reviews.kept,
        "reason": reviews.reason,
        "language": reviews.language,
        "user": reviews.user,
        "item": reviews.item,
        "reply": reviews.reply,
        "rating": reviews.rating,
        "date": reviews.date,
        **{f"score {name}": values for name, values in reviews.scores.items()},
    }
    for name, values in per_row.items():
        hold(values is None or len(values) == n, f"{name} has not one entry a row")
        if isinstance(values, list):
            for value in values:
                check_plain(value, name)
    hold(reviews.kept.dtype == np.bool_, "kept is not bool")
    hold(set(reviews.reason) <= REASONS, "an unknown reason")
    hold(reviews.kept.tolist() == [not why for why in reviews.reason], "kept and reason disagree")
    hold(all(text.strip() for text, kept in zip(reviews.text, reviews.kept, strict=True) if kept), "an empty kept text")
    hold(all(_LANGUAGE.fullmatch(code) for code in reviews.language), "a language code")
    for values in (reviews.rating, *reviews.scores.values()):
        if values is not None:
            hold(values.dtype == np.float32, "stars that are not float32")
            hold(bool((np.isnan(values) | ((values >= 1) & (values <= 5))).all()), "stars outside 1…5")
    hold(reviews.date is None or reviews.date.dtype == np.dtype("datetime64[ns]"), "dates of another unit")
    hold(set(reviews.scores) <= set(reviews.table.frame.columns), "a score of no column")
    check_table(reviews.table)
    check_roles(reviews.roles, reviews.table)
    check_warnings(reviews.warnings)


def check_understanding(understood: Understanding, table: Table, reviews: Reviews | None) -> None:
    line = understood.as_json()
    check_plain(line, "the understanding")
    hold("\n" not in line, "an understanding of several lines")
    hold(Understanding.from_json(line).as_json() == line, "an understanding that changes on its way")
    hold(understood.told["rows"] == len(table.frame), "rows told wrongly")
    hold(understood.told["columns"] == list(table.frame.columns), "columns told wrongly")
    hold(all(len(row) == len(table.frame.columns) for row in understood.preview), "a preview of another width")
    hold(understood.has_text == (reviews is not None), "has_text")
    if reviews is not None:
        kept = int(reviews.kept.sum())
        left_out = understood.told["left_out"]
        hold(understood.told["kept"] == kept, "kept told wrongly")
        hold(isinstance(left_out, dict) and kept + sum(left_out.values()) == len(reviews.text), "left_out told wrongly")
        hold(understood.texts <= kept and (understood.texts > 0) == (kept > 0), "texts told wrongly")


def same(first: Any, second: Any, where: str = "result") -> None:
    """Raise Unsound unless two results are equal, field by field; NaN equals NaN and NaT NaT."""
    if dataclasses.is_dataclass(first):
        hold(type(first) is type(second), f"{where}: another type")
        for field in dataclasses.fields(first):
            same(getattr(first, field.name), getattr(second, field.name), f"{where}.{field.name}")
    elif isinstance(first, pd.DataFrame):
        pd.testing.assert_frame_equal(first, second, check_column_type=False, obj=where)
    elif isinstance(first, np.ndarray):
        hold(isinstance(second, np.ndarray) and first.dtype == second.dtype, f"{where}: another dtype")
        hold(np.array_equal(first, second, equal_nan=first.dtype.kind in "fM"), f"{where}: other values")
        hold(first.flags.writeable <= second.flags.writeable, f"{where}: read-only")
    elif isinstance(first, dict):
        hold(list(first) == list(second), f"{where}: other keys")
        for key in first:
            same(first[key], second[key], f"{where}[{key!r}]")
    elif isinstance(first, list | tuple):
        hold(type(first) is type(second) and len(first) == len(second), f"{where}: another length or type")
        for index, (one, other) in enumerate(zip(first, second, strict=True)):
            same(one, other, f"{where}[{index}]")
    else:
        hold(
            type(first) is type(second) and (first == second or first != first), f"{where}: {first!r} is not {second!r}"
        )

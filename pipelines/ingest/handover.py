"""Reviews as files of one folder, so that a child process can hand them to its parent."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from pipelines.types import Alternative, Reviews, Roles, Table, Warning_

_ARROW, _TOLD = "reviews.arrow", "reviews.json"
_TEXTS = ("text", "reason", "language", "user", "item", "reply")


def save(reviews: Reviews, folder: Path) -> None:
    """Write reviews.arrow (cells and what was read of them) and reviews.json (all else) into a folder that exists."""
    table = reviews.table
    columns: dict[str, pa.Array | pa.ChunkedArray] = {}
    for index, name in enumerate(table.frame.columns):
        columns[f"cell {index}"] = pa.array(table.frame[name], type=pa.large_string())
    for name in _TEXTS:
        values = getattr(reviews, name)
        if values is not None:
            columns[name] = pa.array(values, type=pa.large_string())
    columns["kept"] = pa.array(reviews.kept)
    if reviews.rating is not None:
        columns["rating"] = pa.array(reviews.rating)
    if reviews.date is not None:
        columns["date"] = pa.array(reviews.date.astype("datetime64[ns]").view(np.int64))
    for index, score in enumerate(reviews.scores.values()):
        columns[f"score {index}"] = pa.array(score)
    arrow = pa.table(columns)
    with pa.OSFile(str(folder / _ARROW), "wb") as sink, pa.ipc.new_file(sink, arrow.schema) as writer:
        writer.write_table(arrow)
    told = {
        "columns": [str(name) for name in table.frame.columns],
        "scores": list(reviews.scores),
        "table": {
            "encoding": table.encoding,
            "delimiter": table.delimiter,
            "header": table.header,
            "format": table.format,
            "sheet": table.sheet,
            "sheets": list(table.sheets),
            "damaged": table.damaged,
            "alternatives": [asdict(other) for other in table.alternatives],
            "warnings": [asdict(warning) for warning in table.warnings],
        },
        "roles": {"columns": dict(reviews.roles.columns), "confidence": dict(reviews.roles.confidence)},
        "warnings": [asdict(warning) for warning in reviews.warnings],
    }
    (folder / _TOLD).write_text(json.dumps(told, ensure_ascii=False), "utf-8")


def load(folder: Path) -> Reviews:
    """What `save` wrote; the folder may be removed afterwards."""
    told: dict[str, Any] = json.loads((folder / _TOLD).read_text("utf-8"))
    with pa.OSFile(str(folder / _ARROW), "rb") as source:
        arrow = pa.ipc.open_file(source).read_all()
    frame = pd.DataFrame(
        {
            name: pd.Series(pd.array(arrow.column(f"cell {index}"), dtype="str"))
            for index, name in enumerate(told["columns"])
        }
    )
    lists = {name: arrow.column(name).to_pylist() for name in _TEXTS if name in arrow.column_names}
    return Reviews(
        table=_table(frame, told["table"]),
        roles=Roles(told["roles"]["columns"], told["roles"]["confidence"]),
        text=lists["text"],
        kept=_array(arrow, "kept"),
        reason=lists["reason"],
        rating=_array(arrow, "rating") if "rating" in arrow.column_names else None,
        date=_array(arrow, "date").view("datetime64[ns]") if "date" in arrow.column_names else None,
        user=lists.get("user"),
        item=lists.get("item"),
        language=lists["language"],
        warnings=_warnings(told["warnings"]),
        reply=lists.get("reply"),
        scores={name: _array(arrow, f"score {index}") for index, name in enumerate(told["scores"])},
    )


def _array(arrow: pa.Table, name: str) -> np.ndarray:
    return np.array(arrow.column(name).to_numpy())  # a copy: Arrow's own memory cannot be written to


def _table(frame: pd.DataFrame, told: Mapping[str, Any]) -> Table:
    return Table(
        frame,
        **{
            **told,
            "sheets": tuple(told["sheets"]),
            "alternatives": tuple(Alternative(**other) for other in told["alternatives"]),
            "warnings": _warnings(told["warnings"]),
        },
    )


def _warnings(told: list[dict[str, Any]]) -> tuple[Warning_, ...]:
    return tuple(Warning_(**warning) for warning in told)

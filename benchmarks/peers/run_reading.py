"""Reads the files named on stdin with one reader and says what it understood: one JSON line a file.

`python run_reading.py READER`; readers: pandas, clevercsv, duckdb, polars, sniffer. Every cell is asked for as text
where the reader can be asked, so that 08123 stays 08123: in the readers' favour.
"""

from __future__ import annotations

import csv
import hashlib
import importlib
import json
import os
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

Found = dict[str, Any]


def told(names: list[str] | None, rows: list[list[str]], **more: Any) -> Found:
    """What a reader understood, with a digest of the names (whitespace evened out) and all cells."""
    names = None if names is None else [" ".join(str(name).split()) for name in names]
    cells = json.dumps([names, rows], ensure_ascii=False).encode("utf-8", "replace")
    columns = len(names) if names is not None else max(map(len, rows), default=0)
    even = all(len(row) == columns for row in rows)
    digest = hashlib.sha256(cells).hexdigest()
    return {"header": names is not None, "rows": len(rows), "columns": columns if even else -1, "cells": digest, **more}


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def with_pandas(path: str) -> Found:
    """`pd.read_csv(path)`."""
    import pandas as pd

    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    rows = [[_text(cell) for cell in row] for row in frame.itertuples(index=False)]
    return told(list(frame.columns), rows, delimiter=",", quote='"')


def with_clevercsv(path: str) -> Found:
    """Its dialect and header detection, with its own guess at the encoding."""
    import clevercsv
    from clevercsv.encoding import get_encoding

    encoding = get_encoding(path)
    with Path(path).open(newline="", encoding=encoding) as file:
        text = file.read()
    dialect = clevercsv.Detector().detect(text)
    if dialect is None:
        raise ValueError("no dialect found")
    rows = [row for row in clevercsv.reader(text.splitlines(keepends=True), dialect) if row]
    header = clevercsv.Detector().has_header(text) if len(rows) > 1 else False
    more = {"delimiter": dialect.delimiter or ",", "quote": dialect.quotechar or '"'}
    return told(rows[0], rows[1:], **more) if header else told(None, rows, **more)


def with_duckdb(path: str) -> Found:
    """`FROM read_csv(path, all_varchar = true)`, and `sniff_csv` for the dialect."""
    import duckdb

    link = duckdb.connect(config={"threads": 1})
    sniffed = link.execute("SELECT Delimiter, Quote, HasHeader FROM sniff_csv(?)", [path]).fetchone()
    assert sniffed is not None
    asked = link.execute("SELECT * FROM read_csv(?, all_varchar = true)", [path])
    names = [column[0] for column in asked.description or []]
    rows = [[_text(cell) for cell in row] for row in asked.fetchall()]
    return told(names if sniffed[2] else None, rows, delimiter=sniffed[0], quote=sniffed[1].strip("\x00") or '"')


def with_polars(path: str) -> Found:
    """`pl.read_csv(path)`; it does not look for a delimiter."""
    import polars as pl

    frame = pl.read_csv(path, infer_schema=False)
    return told(frame.columns, [[_text(cell) for cell in row] for row in frame.iter_rows()], delimiter=",", quote='"')


def with_sniffer(path: str) -> Found:
    """The standard library's csv.Sniffer on the first 64 KB, as UTF-8."""
    with Path(path).open(newline="", encoding="utf-8") as file:
        text = file.read()
    dialect = csv.Sniffer().sniff(text[:65536])
    rows = [row for row in csv.reader(text.splitlines(keepends=True), dialect) if row]
    more = {"delimiter": dialect.delimiter, "quote": dialect.quotechar}
    if csv.Sniffer().has_header(text[:65536]):
        return told(rows[0], rows[1:], **more)
    return told(None, rows, **more)


READERS: dict[str, Callable[[str], Found]] = {
    "pandas": with_pandas,
    "clevercsv": with_clevercsv,
    "duckdb": with_duckdb,
    "polars": with_polars,
    "sniffer": with_sniffer,
}


def serve(read: Callable[[str], Found], refusals: tuple[type[Exception], ...], modules: tuple[str, ...]) -> None:
    """Read each file that stdin names, every one in a fork of this process, so that none spoils the next.

    refusals: errors that say what to do. modules: imported once, before the first file.
    """
    for module in modules:
        importlib.import_module(module)
    for line in sys.stdin:
        child = os.fork()
        if not child:
            _tell(read, line.rstrip("\n"), refusals)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if status:
            print(json.dumps({"crashed": "died", "seconds": 0.0}), flush=True)


def _tell(read: Callable[[str], Found], path: str, refusals: tuple[type[Exception], ...]) -> None:
    """Print what was understood of a file, and the processor seconds that it took."""
    begun = time.process_time()
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            found = {"warnings": 0, **read(path)}
            found["warnings"] += sum("DeprecationWarning" not in warned.category.__name__ for warned in caught)
    except refusals as error:
        found = {"refused": type(error).__name__}
    except Exception as error:  # noqa: BLE001  (a reader's crash is a result)
        found = {"crashed": type(error).__name__}
    print(json.dumps({**found, "seconds": time.process_time() - begun}), flush=True)


if __name__ == "__main__":
    name = sys.argv[1]
    serve(READERS[name], (), () if name == "sniffer" else (name,))

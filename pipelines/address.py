"""The working look in an address: short parameters that from_query reads back, whoever wrote them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping

import numpy as np

from pipelines.view import MAX_JSON_CHARS, MAX_SELECTED, View, loads

_MAX_INLINE_CHARS = 160
_DIGEST = re.compile(r"[0-9a-f]{16,64}")
_RANGE = re.compile(r"(\d{1,12})(?:-(\d{1,12}))?")


def to_query(view: View, keep: Callable[[tuple[int, ...]], str] | None = None) -> dict[str, str]:
    """The view as short address parameters; what is as usual is left out.

    keep: stores a selection too long for an address and returns its digest (16…64 hex digits); without it such a
    selection is left out.
    """
    query: dict[str, str] = {"a": view.analysis} if view.analysis else {}
    if view.filters:
        filters = [[item.column, item.op, item.to_dict()["value"]] for item in view.filters]
        query["f"] = json.dumps(filters, ensure_ascii=False, separators=(",", ":"))
    if view.colour != "topic":
        query["c"] = view.colour
    if view.dims != 2:
        query["d"] = str(view.dims)
    if view.camera:
        query["cam"] = json.dumps(view.camera, separators=(",", ":"))
    if view.selection is not None:
        ranges = _as_ranges(view.selection)
        if len(ranges) <= _MAX_INLINE_CHARS:
            query["s"] = ranges
        elif keep is not None:
            query["s"] = f"~{keep(view.selection)}"
    if view.note:
        query["n"] = view.note
    if view.page != "map":
        query["p"] = view.page
    if view.search:
        query["q"] = view.search
    if view.search and view.by_meaning:
        query["m"] = "1"
    return query


def from_query(query: Mapping[str, object], fetch: Callable[[str], tuple[int, ...] | None] | None = None) -> View:
    """The view of address parameters; fetch gives a kept selection by its digest, or None. Never raises for content."""
    selection = query.get("s")
    chosen: tuple[int, ...] | None = None
    if isinstance(selection, str) and selection.startswith("~"):
        digest = selection[1:]
        chosen = fetch(digest) if fetch is not None and _DIGEST.fullmatch(digest) else None
    elif isinstance(selection, str):
        chosen = _from_ranges(selection)
    fields = {
        "analysis": query.get("a"),
        "filters": loads(query.get("f")),
        "colour": query.get("c"),
        "dims": query.get("d"),
        "camera": loads(query.get("cam")),
        "selection": chosen,
        "note": query.get("n"),
        "page": query.get("p"),
        "search": query.get("q"),
        "by_meaning": query.get("m"),
    }
    return View.from_dict(fields)


def _as_ranges(selection: tuple[int, ...]) -> str:
    """Sorted unit ids as "3-7.9.12": dots need no escaping in an address."""
    units = np.unique(np.asarray(selection, dtype=np.int64))
    if not len(units):
        return ""
    breaks = np.flatnonzero(np.diff(units) != 1)
    starts, ends = units[np.r_[0, breaks + 1]], units[np.r_[breaks, len(units) - 1]]
    return ".".join(f"{a}" if a == b else f"{a}-{b}" for a, b in zip(starts.tolist(), ends.tolist(), strict=True))


def _from_ranges(text: str) -> tuple[int, ...] | None:
    units: list[int] = []
    for part in text.split(".") if text and len(text) <= MAX_JSON_CHARS else []:
        match = _RANGE.fullmatch(part)
        if match is None:
            return None
        first, last = int(match[1]), int(match[2] or match[1])
        if last < first or len(units) + last - first >= MAX_SELECTED:
            return None
        units.extend(range(first, last + 1))
    return tuple(units)

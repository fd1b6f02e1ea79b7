"""Compact binary parts for the map in a browser: places once, colours and filters as often as they change.

A part is `RSP1`, the header's length (uint32, little endian), a JSON header {"meta": {…}, "arrays": {name: [dtype,
offset, length]}} padded with spaces, and the arrays, each starting at a multiple of 8 bytes. static/map/pack.js reads
it; the report carries the same parts as base64.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipelines.map.colour import ColourSpec
from pipelines.palette import GREYS, theme
from pipelines.types import BoolArray

MAGIC = b"RSP1"
SNIPPET_CHARS = 160
OUTLIER_FLAG = 1
AXES = ("x2", "y2", "x3", "y3", "z3")
MADE_OF = (*AXES, "is_outlier", "text")
"""The columns that places and what the tip says are made of."""

_DTYPES = {"uint8", "uint16", "uint32", "int8", "float32"}


def pack(meta: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """One part; arrays are one-dimensional, of uint8, uint16, uint32, int8 or float32."""
    table: dict[str, list[object]] = {}
    chunks: list[bytes] = []
    offset = 0
    for name, array in arrays.items():
        if array.dtype.name not in _DTYPES or array.ndim != 1:
            raise TypeError(f"{name}: {array.dtype} of {array.ndim} dimensions cannot be packed")
        raw = np.ascontiguousarray(array).astype(array.dtype.newbyteorder("<"), copy=False).tobytes()
        table[name] = [array.dtype.name, offset, len(array)]
        chunks.append(raw + b"\0" * (-len(raw) % 8))
        offset += len(chunks[-1])
    header = json.dumps({"meta": meta, "arrays": table}, ensure_ascii=False, separators=(",", ":")).encode()
    header += b" " * (-(len(header) + 8) % 8)
    return b"".join([MAGIC, len(header).to_bytes(4, "little"), header, *chunks])


def snippet(text: str) -> str:
    """The beginning of a text on one line, at most SNIPPET_CHARS characters."""
    # A long review is cut before it is split: only its beginning matters here.
    line = " ".join(text[: SNIPPET_CHARS * 4].split())
    return line if len(line) <= SNIPPET_CHARS else line[: SNIPPET_CHARS - 1].rstrip() + "…"


def places(points: pd.DataFrame, at: NDArray[np.int64] | None = None) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """Meta and arrays of the places: coordinates in 16 bits over their range, and flags; 11 bytes a point.

    Axes of one picture share one scale, so that a step is the same length on each. at: positions of the points that
    are meant, where not all are; they go along (15 bytes a point), and the scale is still that of all. A place that is
    not known (NaN) is the lowest.
    """
    arrays: dict[str, NDArray[Any]] = {}
    ranges: dict[str, list[float]] = {}
    for axes in (AXES[:2], AXES[2:]):
        columns = [points[name].to_numpy(dtype=np.float64) for name in axes]
        ends = [_ends(values) for values in columns]
        span = max(*(high - low for low, high in ends), 1e-6)
        for name, values, (low, _high) in zip(axes, columns, ends, strict=True):
            share = ((values if at is None else values[at]) - low) / span
            steps = np.round(np.nan_to_num(share, nan=0.0, posinf=0.0, neginf=0.0) * 65_535)
            arrays[name] = steps.astype(np.uint16)
            ranges[name] = [low, span]
    odd = points["is_outlier"].to_numpy()
    arrays["flags"] = (odd if at is None else odd[at]).astype(np.uint8) * np.uint8(OUTLIER_FLAG)
    if at is not None:
        arrays["at"] = at.astype(np.uint32)
    return {"n": len(points) if at is None else len(at), "ranges": ranges}, arrays


def _ends(values: NDArray[np.float64]) -> tuple[float, float]:
    """Lowest and highest of the numbers that are known."""
    known = values[np.isfinite(values)]
    return (float(known.min()), float(known.max())) if len(known) else (0.0, 0.0)


def points_part(points: pd.DataFrame, at: NDArray[np.int64] | None = None) -> tuple[str, bytes]:
    """The places as a part, and its digest; at: only of these."""
    meta, arrays = places(points, at)
    return with_digest({**meta, "all": len(points)}, arrays)


def paint_part(index: NDArray[np.uint8]) -> tuple[str, bytes]:
    """Which colour each point has (ColourSpec.index), deflated, as a part and its digest: below a byte a point."""
    packed = np.frombuffer(zlib.compress(np.ascontiguousarray(index).tobytes(), 6), dtype=np.uint8)
    return with_digest({}, {"index": packed})


def hits_part(found: NDArray[np.uint32]) -> tuple[str, bytes]:
    """Where a search's hits stand among the points that are drawn, best first, as a part and its digest."""
    return with_digest({}, {"hits": found})


def periods_part(index: NDArray[np.uint8], periods: Sequence[tuple[str, str]]) -> tuple[str, bytes] | None:
    """Which of the periods (first and last day) each point is of, as a part and its digest; None without periods."""
    return with_digest({"periods": [list(period) for period in periods]}, {"period": index}) if periods else None


def outlines_part(found: Mapping[int, Sequence[NDArray[np.float64]]]) -> tuple[str, bytes] | None:
    """Closed lines around topics as a part and its digest; None without any. 4 bytes a corner.

    meta: low and span of each axis (places are low + step / 65,535 · span), and lines as [topic, corners].
    """
    lines = [(topic, line) for topic, own in found.items() for line in own]
    if not lines:
        return None
    corners = np.concatenate([line for _topic, line in lines])
    low = corners.min(axis=0)
    span = np.maximum(corners.max(axis=0) - low, 1e-6)
    steps = np.round((corners - low) / span * 65_535).astype(np.uint16)
    meta = {
        "low": [float(v) for v in low],
        "span": [float(v) for v in span],
        "lines": [[topic, len(line)] for topic, line in lines],
    }
    return with_digest(meta, {"x": steps[:, 0], "y": steps[:, 1]})


def with_digest(meta: dict[str, Any], arrays: Mapping[str, NDArray[Any]]) -> tuple[str, bytes]:
    """A part and the digest that it is kept and asked for by."""
    digest = hashlib.sha256(pack(meta, arrays)).hexdigest()[:16]
    return digest, pack({**meta, "digest": digest}, arrays)


def labels(points: pd.DataFrame, topics: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Where topic names stand: the median of the known places of each topic that nobody hid, largest topic first."""
    found = []
    cluster = points["cluster"].to_numpy()
    matrix = points[list(AXES)].to_numpy(dtype=np.float64)
    for topic in topics:
        own = matrix[cluster == topic["id"]]
        known = own[np.isfinite(own).all(axis=1)]
        # NaN is no JSON: a topic without any place has no name on the map.
        if len(known) and not topic.get("hidden"):
            place = [round(float(v), 4) for v in np.median(known, axis=0)]
            found.append({"id": int(topic["id"]), "name": str(topic["name"]), "n": len(own), "at": place})
    return sorted(found, key=lambda label: (-label["n"], label["id"]))


def theme_labels(placed: Sequence[Mapping[str, Any]], themes: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Where theme names stand on the flat map, largest first: amid their topics' labels (`placed`), weighted by size.

    A theme of one topic in sight has none: the topic's own name stands there.
    """
    found = []
    by_id = {label["id"]: label for label in placed}
    for one in themes:
        inside = [by_id[int(topic)] for topic in one["topics"] if int(topic) in by_id]
        if len(inside) > 1:
            places = np.array([label["at"][:2] for label in inside])
            weights = np.array([label["n"] for label in inside], dtype=np.float64)
            at = [round(float(v), 4) for v in np.average(places, axis=0, weights=weights)]
            found.append({"id": int(one["id"]), "name": str(one["name"]), "n": int(weights.sum()), "at": at})
    return sorted(found, key=lambda label: (-label["n"], label["id"]))


def look_arrays(mask: BoolArray, selection: NDArray[np.uint32] | None) -> dict[str, NDArray[Any]]:
    """Filter and selection: ⅛ byte a point with a filter, ⅛ with a selection (4 a selected one where that is less).

    selection: positions in points.
    """
    arrays: dict[str, NDArray[Any]] = {}
    if not mask.all():
        arrays["mask"] = np.packbits(mask, bitorder="little")
    if selection is not None and len(selection) * 32 > len(mask):
        chosen = np.zeros(len(mask), dtype=bool)
        chosen[selection] = True
        arrays["selected"] = np.packbits(chosen, bitorder="little")
    elif selection is not None:
        arrays["selection"] = selection
    return arrays


def look_meta(colour: ColourSpec, *, dims: int, camera: Mapping[str, Any] | None, dark: bool) -> dict[str, Any]:
    """The settings of a look that the dashboard and the report share."""
    return {
        "colour": colour.meta(theme(dark)),
        "greys": GREYS[theme(dark)],
        "dims": 3 if dims == 3 else 2,
        "camera": dict(camera) if camera else None,
        "dark": dark,
    }


def positions_of(unit_ids: Sequence[int], points: pd.DataFrame) -> NDArray[np.uint32]:
    """Where units stand in `points`, in upload order; ids that are not there are left out."""
    wanted = np.asarray(unit_ids, dtype=np.int64)
    return np.flatnonzero(np.isin(points["unit_id"].to_numpy(), wanted)).astype(np.uint32)

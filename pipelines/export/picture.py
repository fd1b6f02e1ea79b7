"""What the one-page picture of a view says, for a browser to draw.

The picture is drawn on a canvas where it is looked at (template/picture.js), because only a reader's own browser can be
counted on to have letters for every language that reviews are written in: no font comes with Python's own libraries, a
bare Debian has none for Chinese, and one that does would weigh more than everything else that is installed here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd
from numpy.typing import NDArray

from pipelines.errors import N_
from pipelines.export.quotes import quote_rows
from pipelines.map import pack
from pipelines.map.belonging import stability_of
from pipelines.store.reader import Bundle
from pipelines.store.schema import SENTIMENT_LABELS
from pipelines.types import BoolArray

Gettext = Callable[[str], str]

MOST_VOICES, MOST_CHARS = 3, 500
QUOTES, TYPICAL = "quotes", "typical"
ARRAYS = ("x2", "y2", "flags", "mask", "colour0", "selection")
"""What the picture takes of the report's arrays: 6 bytes a point and a bit."""
SAID = (
    "language", "title", "created", "note", "filters", "cards", "total", "stability", "split", "topics", "moves",
    "voices", "voices_are", "made_line", "labels", "colours", "greys", "scales", "dims", "camera", "hasRating", "words",
)  # fmt: skip
_METHODS = {"umap": "UMAP", "tsne": "t-SNE", "pca": "PCA"}


def picture_rows(
    bundle: Bundle,
    chosen: BoolArray,
    topics: Sequence[Mapping[str, Any]],
    quotes: Sequence[int],
    gettext: Gettext,
    *,
    redact: bool,
    allow_text: bool,
) -> dict[str, Any]:
    """What the picture says beside what the report says anyway. topics: the slice's, largest first."""
    part = bundle.points[chosen]
    counted = part["sentiment_label"].value_counts()
    stability = stability_of(part, len(bundle.points), bundle.summary)
    units = quotes or _typical(bundle, part, topics)
    voices = quote_rows(bundle.points, units[:MOST_VOICES], redact=redact) if allow_text else []
    return {
        "total": int(bundle.points["row_id"].nunique()),
        "stability": None if stability is None else round(stability, 2),
        "split": {label: int(counted.get(label, 0)) for label in SENTIMENT_LABELS},
        "voices": [{**row, "text": row["text"][:MOST_CHARS]} for row in voices],
        "voices_are": QUOTES if quotes else TYPICAL,
        "made_line": _made_line(bundle, gettext),
    }


def picture_data(
    facts: Mapping[str, Any], meta: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]
) -> dict[str, Any]:
    """{"facts", "part"}: plain values and bytes of a report, cut down to what its picture needs."""
    said = {name: facts[name] for name in SAID}
    said["colours"] = facts["colours"][:1]
    ranges = {axis: span for axis, span in meta["ranges"].items() if axis in ARRAYS}
    kept = {name: arrays[name] for name in ARRAYS if name in arrays}
    return {"facts": said, "part": pack.pack({**meta, "ranges": ranges}, kept)}


def _typical(bundle: Bundle, part: pd.DataFrame, topics: Sequence[Mapping[str, Any]]) -> list[int]:
    """The most typical review in sight of each of the largest topics."""
    inside = set(part["unit_id"].tolist())
    exemplars = {topic["id"]: topic.get("exemplars", []) for topic in bundle.summary["topics"]}
    first = (next((unit for unit in exemplars.get(topic["id"], []) if unit in inside), None) for topic in topics)
    return [int(unit) for unit in first if unit is not None][:MOST_VOICES]


def _made_line(bundle: Bundle, gettext: Gettext) -> str:
    """Model, methods, version and day in one line."""
    config, own = bundle.config, gettext(N_("a column of the file"))
    places = own if config.get("x_column") else _METHODS.get(str(config.get("projection")), "UMAP")
    return gettext(
        N_("{texts} texts embedded by {model}; places by {places}; topics by {topics}; Reviewscape {version}, {day}.")
    ).format(
        texts=f"{bundle.summary['units']:,}",
        model=bundle.identity.get("name", "–"),
        places=places,
        topics=own if config.get("label_column") else "HDBSCAN",
        version=bundle.manifest.get("versions", {}).get("reviewscape", "–"),
        day=bundle.created[:10],
    )

"""One self-contained HTML file of a view: map, topics, reviews, sentiment, odd reviews, duplicates, how it was made.

The file loads nothing: scripts are inline and named by their hashes in its content security policy, data are JSON and
base64 in script elements that no browser runs. Review texts, topic names, column names, notes and file names are
written by anybody: they reach the page as data, through JSON, and only as text nodes.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipelines import odd
from pipelines.errors import N_, UnusableInput
from pipelines.export import content
from pipelines.export.checked import spot_said
from pipelines.export.made import made_rows, warning_rows
from pipelines.export.moves import move_rows
from pipelines.export.picture import picture_data, picture_rows
from pipelines.export.quotes import quote_rows
from pipelines.export.words import column_word, filter_words, hides_values, report_words
from pipelines.figures import SENTENCE
from pipelines.findings import findings, segment_columns, telling
from pipelines.map import pack
from pipelines.map.colour import (
    MISSING,
    OWN_COLOURS,
    ColourSpec,
    allowed_colours,
    asked_colour,
    colour_by,
    free_columns,
)
from pipelines.map.words import map_words
from pipelines.palette import DIVERGING, GREYS
from pipelines.redact import redact as redact_text
from pipelines.store import durable
from pipelines.store.reader import Bundle
from pipelines.types import name_in_rows
from pipelines.view import UPLOAD_PREFIX, View, mask
from pipelines.words import catalogue

TEMPLATE = Path(__file__).resolve().parent / "template"
STATIC = Path(__file__).resolve().parents[2] / "static"
PLOTLY = "plotly-strict-4.1.1.min.js"
CORE_SCRIPTS = (
    "numbers.js", "pack.js", "plotly.js", "labels.js", "names.js", "figure.js", "sample.js", "fly.js", "turn.js",
    "pick.js", "press.js", "legend.js", "tip.js", "hits.js", "keys.js", "map.js",
)  # fmt: skip
REPORT_SCRIPTS = ("charts.js", "reviews.js", "picture.js", "report.js")
PLOTLY_STYLE = "'sha256-ji27qzEtxXZW+7dun6UwjHXJ18e6WAin1VvNtkzIE/o='"
"""The style sheet that plotly.js adds when it loads; a browser's console names the hash when a new version differs."""
MOST_UNITS = 200_000
"""A report holds every point and text: some 60 MB at so many, more than a browser opens from a mail in good time."""
MAX_COLUMNS = 6
"""Most upload columns that the report offers as colours."""

# The order within one script does not matter to JSON's readers, but <, > and & do to HTML's, and the two separators to
# JavaScript's.
_JSON_ESCAPES = {ord(c): f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"}


def write_report(
    bundle: Bundle,
    path: Path,
    *,
    view: View | None = None,
    redact: bool = False,
    allow_text: bool = True,
    language: str = "en",
) -> int:
    """Write the report of `view` (None: the whole analysis) to `path`; returns its size in bytes.

    Reviews outside the view's filters are grey points: their places and nothing else, but for the view's quotes, which
    somebody chose one by one. A filter on a column that the
    file lacks leaves none inside. redact: personal data in texts, names and notes is replaced; upload columns, users
    and the file's name are left out. allow_text=False: no review text at all, nor words from single reviews; of the
    upload's columns only those that sort reviews into few kinds.
    """
    page = report(bundle, view=view, redact=redact, allow_text=allow_text, language=language).page.encode()
    path.parent.mkdir(parents=True, exist_ok=True)
    # Completely or not at all: a full disk must not cost the report that is there.
    durable.replace_file(path, page)
    return len(page)


@dataclass(frozen=True)
class Report:
    """page: the report as one HTML text. picture: what its one-page picture is drawn from (picture.picture_data)."""

    page: str
    picture: Mapping[str, Any]


def report_html(bundle: Bundle, *, view: View | None, redact: bool, allow_text: bool, language: str) -> str:
    """The report as one HTML text."""
    return report(bundle, view=view, redact=redact, allow_text=allow_text, language=language).page


def report(bundle: Bundle, *, view: View | None, redact: bool, allow_text: bool, language: str) -> Report:
    """The report and its picture, as write_report's arguments say."""
    if len(bundle.points) > MOST_UNITS:
        raise UnusableInput(
            N_("{n} reviews are too many for a report in one file; it holds {most}. Write CSV or Parquet instead."),
            n=len(bundle.points),
            most=MOST_UNITS,
        )
    view = view or View()
    gettext = catalogue(language).gettext
    chosen = mask(bundle.points, bundle.rows, view.filters, strict=True)
    colours = _colours(bundle, view, chosen, redact=redact, allow_text=allow_text)
    facts = _facts(bundle, view, chosen, colours, redact=redact, allow_text=allow_text, language=language)
    if redact:
        facts = _redacted(facts)
    # Interface words are ours: redaction must not touch them.
    facts["words"] = {**map_words(gettext), **report_words(gettext)}
    texts = [""] * len(bundle.points)
    if allow_text:
        clean = redact_text if redact else str
        written = zip(bundle.points["text"], chosen, strict=True)
        # A text outside the filters is not part of what is shared.
        texts = [clean(text) if inside else "" for text, inside in written]
    title = str(facts["title"])
    meta, arrays = _points_part(bundle.points, chosen, view, colours)
    page = _assemble(
        title,
        language,
        gettext(N_("This report needs JavaScript, which is part of this file. Nothing is loaded from anywhere.")),
        report_data=_json(facts),
        report_points=_base64(pack.pack(meta, arrays)),
        report_texts=_base64(zlib.compress(_json(texts).encode(), 9)) if allow_text else "null",
    )
    return Report(page, picture_data(facts, meta, arrays))


def _facts(
    bundle: Bundle,
    view: View,
    chosen: NDArray[np.bool_],
    colours: list[ColourSpec],
    *,
    redact: bool,
    allow_text: bool,
    language: str,
) -> dict[str, Any]:
    gettext = catalogue(language).gettext
    summary, points = bundle.summary, bundle.points
    part = points[chosen]
    topics = summary["topics"]
    table = content.topic_rows(part, topics)
    names = {str(topic["id"]): str(topic["name"]) for topic in topics}
    columns = [] if redact or part.empty else telling(_segments(part, bundle), bundle.summary)
    roles = summary.get("roles", {})
    name = "" if redact else summary.get("source", {}).get("name")
    return {
        "language": "zh-CN" if language == "zh" else "en",
        "title": str(name or gettext(N_("Customer reviews"))),
        "created": bundle.created[:10],
        "note": view.note,
        "filters": [
            filter_words(item, names, gettext, hidden=hides_values(item, roles, redact=redact, allow_text=allow_text))
            for item in view.filters
        ],
        "cards": content.cards(part),
        "topics": table,
        "findings": content.finding_rows(findings(part, bundle.rows, topics, columns), gettext),
        "sentiment": content.sentiment_figures(part),
        "moves": move_rows(part, topics, gettext),
        "odd": content.odd_rows(points, chosen, _graph(bundle), gettext, odd.of(bundle)),
        "duplicates": content.duplicate_rows(points, chosen, gettext),
        "quotes": [{**row, "inside": bool(chosen[row["i"]])} for row in quote_rows(points, view.quotes, redact=redact)]
        if allow_text
        else [],
        **picture_rows(
            bundle,
            chosen,
            [row for row in table if row["id"] >= 0],
            view.quotes,
            gettext,
            redact=redact,
            allow_text=allow_text,
        ),
        "spot": spot_said(summary, gettext),
        "made": made_rows(bundle, gettext, with_file=not redact),
        "warnings": warning_rows(summary, gettext),
        "labels": pack.labels(part, topics),
        "colours": [
            {
                "title": column_word(spec.column, gettext),
                "light": spec.meta("light"),
                "dark": spec.meta("dark"),
            }
            for spec in colours
        ],
        "greys": GREYS,
        "scales": DIVERGING,
        "dims": view.dims,
        "camera": dict(view.camera) if view.camera else None,
        "hasText": allow_text,
        "hasRating": "rating" in points,
        "hasMentions": bundle.config.get("unit") == SENTENCE,
        "redacted": redact,
    }


def _colours(
    bundle: Bundle, view: View, chosen: NDArray[np.bool_], *, redact: bool, allow_text: bool
) -> list[ColourSpec]:
    """The colours that a reader can choose from, the view's first; no upload column in a redacted report."""
    points, rows, summary = bundle.points, bundle.rows, bundle.summary
    segments = [] if redact else [UPLOAD_PREFIX + column for column in _segments(points, bundle)]
    allowed = allowed_colours(points, summary, with_upload=not redact)
    offered = [*(name for name in OWN_COLOURS if name in allowed), *segments[:MAX_COLUMNS]]
    wanted = asked_colour(view.colour, allowed)
    if wanted.startswith(UPLOAD_PREFIX) and not allow_text and wanted not in segments:
        # A column of many values can hold texts too, and the legend would write them out.
        wanted = "topic"
    offered = list(dict.fromkeys([wanted, *offered]))
    specs = [colour_by(points, rows, name, summary["topics"], only=chosen) for name in offered]
    # A colour that says nothing (no value anywhere) is not offered.
    return [spec for spec in specs if spec.is_topic or bool((spec.index[chosen] != MISSING).any())]


def _segments(points: pd.DataFrame, bundle: Bundle) -> list[str]:
    """Upload columns that can slice the reviews; one that is called like a column of ours is none."""
    free = [column for column in free_columns(bundle.summary) if name_in_rows(column) == column]
    return segment_columns(points, bundle.rows, free)


def _graph(bundle: Bundle) -> Mapping[str, np.ndarray] | None:
    try:
        return bundle.state("graph")
    except KeyError:
        return None


def _points_part(
    points: pd.DataFrame, chosen: NDArray[np.bool_], view: View, colours: list[ColourSpec]
) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """Places of all, one byte a point and colour, and what a list of reviews says beside each text of the chosen."""
    meta, arrays = pack.places(points.assign(is_outlier=points["is_outlier"].to_numpy(dtype=bool) & chosen))
    for i, spec in enumerate(colours):
        arrays[f"colour{i}"] = spec.index
    arrays["mask"] = np.packbits(chosen, bitorder="little")
    arrays["topic"] = np.where(chosen, points["cluster"].to_numpy() + 1, 0).astype(np.uint16)
    arrays["sentiment"] = np.where(chosen, np.round(points["sentiment"].to_numpy(dtype=float) * 100), 0).astype(np.int8)
    if "rating" in points:
        # 0 stands for no rating.
        stars = points["rating"].where(chosen).fillna(0).to_numpy(dtype=float)
        arrays["rating"] = np.round(stars * 50).astype(np.uint8)
    if "date" in points:
        days = points["date"].to_numpy(dtype="datetime64[D]").astype("int64")
        is_known = chosen & points["date"].notna().to_numpy()
        arrays["day"] = np.where(is_known, np.clip(days, 0, 65_535), 0).astype(np.uint16)
    if view.selection:
        arrays["selection"] = pack.positions_of(view.selection, points)
    return {**meta, "digest": "report"}, arrays


def _redacted(facts: Any) -> Any:
    """Plain values with every text among them redacted, dictionary keys left as they are."""
    if isinstance(facts, str):
        return redact_text(facts)
    if isinstance(facts, list | tuple):
        return [_redacted(item) for item in facts]
    if isinstance(facts, Mapping):
        return {key: _redacted(value) for key, value in facts.items()}
    return facts


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).translate(_JSON_ESCAPES)


def _base64(raw: bytes) -> str:
    """As a JSON string."""
    return f'"{base64.b64encode(raw).decode()}"'


def _assemble(title: str, language: str, no_script: str, **data: str) -> str:
    scripts = [
        (STATIC / PLOTLY).read_text(encoding="utf-8"),
        "".join((STATIC / "map" / name).read_text(encoding="utf-8") for name in CORE_SCRIPTS),
        "".join((TEMPLATE / name).read_text(encoding="utf-8") for name in REPORT_SCRIPTS),
    ]
    css = (STATIC / "map" / "map.css").read_text(encoding="utf-8") + (TEMPLATE / "report.css").read_text(
        encoding="utf-8"
    )
    # No whitespace may come between a tag and its content: the hash covers every character.
    parts = {
        "LANGUAGE": "zh-CN" if language == "zh" else "en",
        "TITLE": html.escape(title),
        "NO_SCRIPT": html.escape(no_script),
        "POLICY": html.escape(_policy(scripts, css)),
        "CSS": css,
        "SCRIPTS": "\n".join(f"<script>{script}</script>" for script in scripts),
        "DATA": "\n".join(
            f'<script type="application/json" id="{name}">{value}</script>' for name, value in data.items()
        ),
    }
    page = (TEMPLATE / "report.html").read_text(encoding="utf-8")
    pieces = page.split("@@")
    # Odd pieces are names of parts; what a part holds is never looked at again.
    return "".join(parts[piece] if i % 2 else piece for i, piece in enumerate(pieces))


def _policy(scripts: list[str], css: str) -> str:
    """Only these scripts and sheets; Plotly also sets style attributes and adds rules to an empty sheet."""
    script_sources = " ".join(_hash(script) for script in scripts)
    return (
        f"default-src 'none'; script-src {script_sources}; style-src-elem {_hash(css)} {_hash('')} {PLOTLY_STYLE}; "
        "style-src-attr 'unsafe-inline'; img-src data: blob:; base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    # Browsers hash what is left after their own newline normalisation.
    normal = text.replace("\r\n", "\n").replace("\r", "\n")
    return f"'sha256-{base64.b64encode(hashlib.sha256(normal.encode()).digest()).decode()}'"

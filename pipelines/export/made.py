"""How an analysis was made, as label and value, for people who want to repeat or doubt it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pipelines.errors import N_
from pipelines.store.reader import Bundle
from pipelines.words import sentence

Gettext = Callable[[str], str]

SHOWN_VERSIONS = ("reviewscape", "python", "sentence-transformers", "umap-learn", "hdbscan", "scikit-learn", "torch")


def made_rows(bundle: Bundle, gettext: Gettext, *, with_file: bool = True) -> list[list[str]]:
    """[label, value] pairs; what a bundle does not know is left out. with_file: whether the file's name is told."""
    summary, manifest = bundle.summary, bundle.manifest
    rows: list[tuple[str, object]] = [
        (N_("File"), _joined(summary.get("source", {}), ("name", "encoding")) if with_file else ""),
        (N_("Rows"), f"{summary['rows']:,}"),
        (N_("Rows left out"), _pairs(summary.get("left_out", {}))),
        (N_("Texts on the map"), f"{summary['units']:,}"),
        (N_("Columns used"), _pairs(summary.get("roles", {}))),
        (N_("Languages"), _pairs(summary.get("languages", {}))),
        (N_("Analysed"), bundle.created),
        (N_("Embedding model"), _pairs(_flat(bundle.identity))),
        (N_("Why this model"), _sentences([summary.get("embedding", {}).get("why")], gettext)),
        (N_("Share with a topic"), _percent(summary.get("coverage"))),
        (N_("Share at the core of a topic"), _percent(summary.get("core_coverage"))),
        (N_("Stability of the topics"), _two_digits(summary.get("stability"))),
        (N_("Reviews with mostly their true neighbours around them on the map"), _percent(_trust(summary))),
        (N_("Repeated reviews"), _pairs(summary.get("duplicate_kinds") or {})),
        (N_("Smallest topic"), summary.get("min_cluster_size")),
        (N_("Sentiment"), _sentences((summary.get("sentiment") or {}).get("method") or [], gettext)),
        (N_("Sentiment against stars"), _pairs((summary.get("sentiment") or {}).get("check") or {})),
        (N_("Settings"), _pairs(_flat(bundle.config))),
        (N_("Seconds"), _pairs(summary.get("seconds", {}))),
        (N_("Versions"), _pairs({k: v for k, v in manifest.get("versions", {}).items() if k in SHOWN_VERSIONS})),
    ]
    return [[gettext(label), str(value)] for label, value in rows if value not in (None, "")]


def warning_rows(summary: Mapping[str, Any], gettext: Gettext) -> list[str]:
    """What a person should know about the file, as sentences."""
    return [sentence(gettext, warning) for warning in summary.get("warnings", [])]


def _sentences(notes: Sequence[Mapping[str, Any] | None], gettext: Gettext) -> str:
    return " ".join(sentence(gettext, note) for note in notes if note)


def _trust(summary: Mapping[str, Any]) -> float | None:
    return ((summary.get("map_trust") or {}).get("flat") or {}).get("share")


def _joined(values: Mapping[str, Any], names: tuple[str, ...]) -> str:
    return " · ".join(str(values[name]) for name in names if values.get(name))


def _flat(values: Mapping[str, Any], before: str = "") -> dict[str, object]:
    """Nested settings as dotted names; long lists and digests are left to the bundle itself."""
    flat: dict[str, object] = {}
    for name, value in values.items():
        if isinstance(value, Mapping):
            flat |= _flat(value, f"{before}{name}.")
        elif value not in (None, "", [], {}) and len(str(value)) <= 80:
            flat[f"{before}{name}"] = value
    return flat


def _pairs(values: Mapping[str, Any]) -> str:
    return " · ".join(f"{name} {_short(value)}" for name, value in values.items() if value not in (None, ""))


def _short(value: object) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def _percent(value: float | None) -> str:
    return "" if value is None else f"{value:.0%}"


def _two_digits(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"

"""How sure a topic is and how clearly a review belongs to it, in plain words: the same ones on every page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pages.ui.i18n import _, n_
from pipelines.figures import count_reviews
from pipelines.store.reader import Bundle

LEVELS = ((0.75, "●●●"), (0.5, "●●○"), (0.0, "●○○"))
"""Stability: mean overlap (Jaccard) with the topic found again when 10 % of the reviews are left out."""


def stability_mark(value: float | None) -> str:
    """Three plain levels, and the number beside them."""
    if value is None or pd.isna(value):
        return "–"
    dots = next(mark for least, mark in LEVELS if value >= least)
    return f"{dots} {value:.2f}"


def stability_word(value: float | None) -> str:
    """The level in one or two words; "" where it is not known."""
    if value is None or pd.isna(value):
        return ""
    return {"●●●": _("steady"), "●●○": _("fairly steady"), "●○○": _("shaky")}[stability_mark(value)[:3]]


def stability_meaning(value: float) -> str:
    """What a topic's number says, as a sentence."""
    share = f"{value:.0%}"
    said = _("When a tenth of the reviews is left out, about {share} of this topic comes back as the same topic.")
    return said.format(share=share)


def has_core(bundle: Bundle | None) -> bool:
    """Whether topics were found, and have a core; those that a person's own column gave have none."""
    return bundle is None or not (bundle.summary.get("given") or {}).get("labels")


def belonging(unit: Mapping[Any, Any]) -> str:
    """How clearly a review is in its topic; "" without one (no clear topic is said in the topic's place)."""
    if int(unit["cluster"]) < 0:
        return ""
    if unit["joined"]:
        return _("joined by its neighbours (vote {share})").format(share=f"{float(unit['cluster_strength']):.2f}")
    return _("core")


def counted(points: pd.DataFrame) -> str:
    """How many reviews are at the core of a topic, joined one, or have no clear one: "120 core · 35 joined"."""
    inside = points["cluster"] >= 0
    core = points[inside & ~points["joined"]]
    joined = points[inside & points["joined"]]
    unclear = points[~inside]
    parts = [(core, n_("{n} core", "{n} core", count_reviews(core)))]
    parts.append((joined, n_("{n} joined by neighbours", "{n} joined by neighbours", count_reviews(joined))))
    parts.append((unclear, n_("{n} without a clear topic", "{n} without a clear topic", count_reviews(unclear))))
    return " · ".join(words for part, words in parts if len(part))

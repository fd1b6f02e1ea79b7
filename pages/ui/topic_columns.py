"""The columns that tables of topics share, found ones and tracked ones alike."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from pages.ui.i18n import _
from pipelines.figures import SENTENCE
from pipelines.impact import Impact
from pipelines.store.reader import Bundle
from pipelines.trends import Trends


def has_mentions(bundle: Bundle) -> bool:
    """Whether reviews are cut into sentences, so that a review can mention a topic several times."""
    return bundle.config.get("unit") == SENTENCE


def order(*, has_rating: bool, effects: Impact, moves: Trends | None, has_mentions: bool = False) -> list[str]:
    """Which of the shared columns stand in a table of such a file, in their order."""
    columns = ["name", "reviews", *(["mentions"] if has_mentions else []), "share"]
    columns += ["rating"] if has_rating else []
    columns += ["effect"] if effects.outcome else []
    return [*columns, "sentiment", *(["growth", "trend"] if moves is not None else [])]


def figures(table: pd.DataFrame, effects: Impact, moves: Trends | None) -> pd.DataFrame:
    """The cells of the shared columns but `name`, one row for each of a topic table (pipelines.figures)."""
    of_topic = effects.table.set_index("id").reindex(table["id"])
    lines = [moves.line(int(topic)) if moves is not None else [] for topic in table["id"]]
    moving = [None if moves is None else moves.verdict(int(topic)) for topic in table["id"]]
    return pd.DataFrame(
        {
            "reviews": table["reviews"],
            "mentions": table["mentions"],
            "share": table["share"] * 100,
            "rating": table["rating"].round(2),
            "effect": list(map(effect, of_topic["effect"], of_topic["low"], of_topic["high"])),
            "sentiment": table["sentiment"].round(2),
            "growth": [growth(verdict) for verdict in moving],
            "trend": [[100 * share for share in line] for line in lines],
        }
    )


def shared(effects: Impact) -> dict[str, Any]:
    """How each of them is drawn, in the session's language; share is in percent."""
    about = _(
        "Mean stars of the reviews with this topic minus those of the reviews without it, with the 95 % interval. "
        "An interval without 0 says that there is a difference. At least 20 reviews on either side."
    )
    if effects.outcome == "sentiment":
        about = _(
            "Mean sentiment (−1 to 1) of the reviews with this topic minus that of the reviews without it, with the "
            "95 % interval; there are no stars to compare. At least 20 reviews on either side."
        )
    return {
        "name": st.column_config.TextColumn(_("Topic"), width=170, pinned=True),
        "reviews": st.column_config.NumberColumn(_("Reviews"), format="localized", width=60),
        "mentions": st.column_config.NumberColumn(
            _("Mentions"),
            format="localized",
            width=70,
            help=_("Sentences and clauses about it: a review can mention a topic several times"),
        ),
        "share": st.column_config.NumberColumn(_("Of all"), format="%.1f%%", width=60),
        "rating": st.column_config.NumberColumn(_("Mean stars"), format="%.2f", width=75),
        "effect": st.column_config.TextColumn(_("Against the rest"), width=140, help=about),
        "sentiment": st.column_config.NumberColumn(
            _("Sentiment"), format="%+.2f", width=75, help=_("Mean of −1 (negative) to 1 (positive), from the text")
        ),
        "growth": st.column_config.TextColumn(
            _("Growth"),
            width=105,
            help=_(
                "Its share of the reviews in the latest third, divided by that in the earliest third, with the 95 % "
                "interval. ↗ and ↘ are sure, all topics having been looked at; → is no sure change"
            ),
        ),
        "trend": st.column_config.LineChartColumn(
            _("Over time"), y_min=0, width=70, help=_("Its share of the reviews in percent, smoothed")
        ),
    }


def effect(value: float, low: float, high: float) -> str:
    """A difference of means with its interval, "–" where there are too few."""
    return "–" if pd.isna(value) else f"{value:+.2f} ({low:+.2f} … {high:+.2f})".replace("-", "−")


def growth(verdict: pd.Series | None) -> str:
    """A trend of shares as an arrow, a factor and its interval; "–" where there are too few reviews."""
    if verdict is None or verdict["kind"] == "few":
        return "–"
    if verdict["kind"] == "new":
        return "↗ " + _("new")
    arrow = {"rising": "↗", "fading": "↘"}.get(str(verdict["kind"]), "→")
    return f"{arrow} ×{verdict['change']:.1f} ({verdict['low']:.1f}–{verdict['high']:.1f})"

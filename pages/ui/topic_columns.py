"""The columns that tables of topics share, found ones and tracked ones alike."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from pages.ui.i18n import _
from pipelines.figures import SENTENCE
from pipelines.store.reader import Bundle


def has_mentions(bundle: Bundle) -> bool:
    """Whether reviews are cut into sentences, so that a review can mention a topic several times."""
    return bundle.config.get("unit") == SENTENCE


def order(*, has_rating: bool, has_dates: bool, has_mentions: bool = False) -> list[str]:
    """Which of the shared columns stand in a table of such a file, in their order."""
    columns = ["name", "reviews", *(["mentions"] if has_mentions else []), "share"]
    columns += ["rating", "effect"] if has_rating else []
    columns += ["sentiment"]
    return columns + (["growth", "trend"] if has_dates else [])


def shared() -> dict[str, Any]:
    """How each of them is drawn, in the session's language; share is in percent."""
    return {
        "name": st.column_config.TextColumn(_("Topic"), width=190, pinned=True),
        "reviews": st.column_config.NumberColumn(_("Reviews"), format="localized", width=65),
        "mentions": st.column_config.NumberColumn(
            _("Mentions"),
            format="localized",
            width=70,
            help=_("Sentences and clauses about it: a review can mention a topic several times"),
        ),
        "share": st.column_config.NumberColumn(_("Of all"), format="%.1f%%", width=60),
        "rating": st.column_config.NumberColumn(_("Mean stars"), format="%.2f", width=75),
        "effect": st.column_config.TextColumn(
            _("Against the rest"),
            width=140,
            help=_("Mean stars of this topic minus the others', with its 95 % interval"),
        ),
        "sentiment": st.column_config.NumberColumn(
            _("Sentiment"), format="%+.2f", width=75, help=_("Mean of −1 (negative) to 1 (positive), from the text")
        ),
        "growth": st.column_config.TextColumn(
            _("Growth"),
            width=75,
            help=_("Share of reviews in the last third of the time, divided by that in the first third"),
        ),
        "trend": st.column_config.LineChartColumn(_("Over time"), y_min=0, width=80),
    }


def effect(value: float, low: float, high: float) -> str:
    """A difference of mean stars with its interval, "–" where there are too few."""
    return "–" if pd.isna(value) else f"{value:+.2f} ({low:+.2f} … {high:+.2f})".replace("-", "−")

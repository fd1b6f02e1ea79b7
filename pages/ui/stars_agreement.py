"""How often sentiment and stars agree, with its interval: the check of sentiment wherever a file has stars."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.ui import slices, state
from pages.ui.i18n import _
from pipelines.sentiment.agreement import Agreement, of_counts, of_points
from pipelines.store.reader import Bundle


def show(bundle: Bundle, points: pd.DataFrame) -> None:
    """The line for the reviews in sight, `points`; nothing where they have no stars, or too few."""
    found = slices.reckoned("stars agreement", state.digest(bundle), lambda: of_points(points))
    if found is not None:
        st.caption(
            said(found),
            help=_(
                "Of reviews with four stars or more, or two or less. A review is scored by what was learned from other "
                "reviews, never from its own stars."
            ),
        )


def said(found: Agreement) -> str:
    """The figure as a sentence."""
    return _(
        "Sentiment from the text agrees with the stars for {share} of {n} reviews (95 %: {low} to {high})."
    ).format(share=f"{found.share:.0%}", n=f"{found.n:,}", low=f"{found.low:.0%}", high=f"{found.high:.0%}")


def of_check(check: dict[str, float]) -> str:
    """The same from what the run measured, over all reviews; an earlier version's has no interval of its own."""
    n = int(check["n"])
    return said(of_counts(round(check["agree"] * n), n))

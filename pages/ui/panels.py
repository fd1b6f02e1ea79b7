"""The sentiment panel: distribution, by topic, over time, and the most positive and most negative reviews."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import streamlit as st

from pages.ui import charts, compare_cells, slices, stars_agreement, state
from pages.ui.behind import Figures, behind
from pages.ui.i18n import _, n_
from pages.ui.reviews import show_reviews
from pipelines.compare.intervals import wilson
from pipelines.figures import per_period, period_of, sentiment_by_topic
from pipelines.store.reader import Bundle
from pipelines.view import Filter

LABELS = ("negative", "neutral", "positive")
BINS, MOST_EXTREME = 20, 50


def sentiment(bundle: Bundle, points: pd.DataFrame) -> None:
    """Draw the panel for the reviews in sight."""
    st.subheader(_("Sentiment"))
    stars_agreement.show(bundle, points)
    tabs = st.tabs([_("Distribution"), _("By topic"), _("Over time"), _("Most positive"), _("Most negative")])
    with tabs[0]:
        _distribution(bundle, points)
    with tabs[1]:
        _by_topic(bundle, points)
    with tabs[2]:
        _over_time(bundle, points)
    positive, negative = slices.reckoned("extremes", state.digest(bundle), lambda: _extremes(points))
    with tabs[3]:
        show_reviews(positive, bundle, key="most_positive", page=5)
    with tabs[4]:
        show_reviews(negative, bundle, key="most_negative", page=5)


def _extremes(points: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The most positive and the most negative reviews; one that repeats another word for word tells nothing new."""
    once = points[points["duplicate_of"].isna()]
    positive = slices.first(once.sort_values("sentiment", ascending=False, kind="stable"), MOST_EXTREME)
    return positive, slices.first(once.sort_values("sentiment", kind="stable"), MOST_EXTREME)


def _distribution(bundle: Bundle, points: pd.DataFrame) -> None:
    digest = state.digest(bundle)
    counts = slices.reckoned("sentiments", digest, points["sentiment_label"].value_counts)
    left, right = st.columns([1, 2])
    with left:
        for label, name in zip(LABELS, (_("negative"), _("neutral"), _("positive")), strict=True):
            n = int(counts.get(label, 0))
            item = Filter("sentiment_label", "is", label)
            st.button(
                f"{name}: {n:,} ({n / max(len(points), 1):.0%})",
                key=f"only_{label}",
                type="primary" if state.has_filter(item) else "secondary",
                on_click=state.toggle_filter,
                args=(item,),
                help=_("Show only these"),
                width="stretch",
            )
    with right:
        clicked = charts.histogram(
            points["sentiment"],
            bins=BINS,
            low=-1,
            high=1,
            name=_("Sentiment, −1 negative to 1 positive"),
            key="sentiment_histogram",
            digest=digest,
        )
        behind("sentiment", lambda: _bars(points["sentiment"]), key="sentiment_bars")
        if clicked is not None:
            state.add_filter(Filter("sentiment", "between", clicked))
            st.rerun()


def _by_topic(bundle: Bundle, points: pd.DataFrame) -> None:
    table = slices.reckoned("sentiment by topic", state.digest(bundle), lambda: sentiment_by_topic(points))
    table = table.sort_values("n", ascending=False).head(25)
    names = table["topic"].where(table["cluster"] >= 0, _("no clear topic")).tolist()
    clicked = charts.stacked_bars(
        names,
        {
            _("negative"): table["negative"].tolist(),
            _("neutral"): table["neutral"].tolist(),
            _("positive"): table["positive"].tolist(),
        },
        ids=table["cluster"].tolist(),
        key="sentiment_by_topic",
        digest=state.digest(bundle),
    )
    if clicked is not None:
        position, label = clicked
        state.add_filter(Filter("cluster", "is", int(position)))
        state.add_filter(Filter("sentiment_label", "is", LABELS[label]))
        st.rerun()
    st.caption(_("Click a part of a bar to filter every page by it."))
    behind("sentiment-by-topic", lambda: _topics(table, names), key="sentiment_topics")


def _over_time(bundle: Bundle, points: pd.DataFrame) -> None:
    table = slices.reckoned("per period", state.digest(bundle), lambda: per_period(points))
    if len(table) < 2:
        st.caption(_("This file has no dates, or all reviews are from one period."))
        return
    clicked = charts.over_time(table, key="sentiment_over_time", digest=state.digest(bundle))
    behind("sentiment-over-time", lambda: _periods(table), key="sentiment_periods")
    unknown = int(points["date"].isna().sum())
    if unknown:
        st.caption(n_("{n} review without a date is not shown.", "{n} reviews without a date are not shown.", unknown))
    if clicked is not None:
        start = table["period"].iloc[clicked]
        end = start.to_period(period_of(points["date"])).end_time
        state.add_filter(Filter("date", "between", (f"{start:%Y-%m-%d}", f"{end:%Y-%m-%d}")))
        st.rerun()


def _bars(values: pd.Series) -> Figures:
    """A row a bar of the histogram."""
    counts, edges = np.histogram(values.dropna(), bins=BINS, range=(-1, 1))
    return Figures(
        pd.DataFrame(
            {
                _("From"): edges[:-1].round(2),
                _("Up to"): edges[1:].round(2),
                _("Reviews"): counts,
                _("Share, %"): 100 * counts / max(counts.sum(), 1),
            }
        )
    )


def _topics(counted: pd.DataFrame, names: Sequence[str]) -> Figures:
    """A row a topic: the share of each label with what chance allows; saved with the counts behind."""
    n = counted["n"].to_numpy()
    shown: dict[str, object] = {_("Topic"): names, _("Reviews"): n}
    saved: dict[str, object] = {"topic": names, "reviews": n}
    for label, name in zip(LABELS, (_("negative"), _("neutral"), _("positive")), strict=True):
        share, (low, high) = counted[label].to_numpy() / n, wilson(counted[label], n)
        shown[name] = [
            f"{compare_cells.number(one, 'share')} ({compare_cells.between(start, end, 'share')})"
            for one, start, end in zip(share, low, high, strict=True)
        ]
        saved |= {label: counted[label].to_numpy(), f"{label}_share": share, f"{label}_low": low, f"{label}_high": high}
    mean = counted["mean"].to_numpy()
    return Figures(pd.DataFrame({**shown, _("Mean sentiment"): mean}), saved=pd.DataFrame({**saved, "mean": mean}))


def _periods(table: pd.DataFrame) -> Figures:
    """A row a period."""
    return Figures(
        pd.DataFrame(
            {
                _("From"): table["period"].dt.strftime("%Y-%m-%d"),
                _("Reviews"): table["reviews"],
                _("Mean sentiment"): table["sentiment"],
                _("Whole period"): table["whole"],
            }
        )
    )

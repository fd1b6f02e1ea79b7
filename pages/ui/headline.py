"""The Overview's figures and findings: each a button that opens the reviews behind it."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.ui import data
from pages.ui.escape import plain
from pages.ui.i18n import _, n_
from pages.ui.reviews import reviews_dialog, strongest_first
from pipelines.figures import count_reviews, coverage
from pipelines.findings import Finding, findings
from pipelines.store.reader import Bundle
from pipelines.view import mask
from pipelines.words import readable, sentence

FIGURE_WIDTH = 150


def figures(points: pd.DataFrame) -> None:
    """Reviews, mean stars, sentiment, topics and coverage of what is in sight."""
    rated = points.drop_duplicates("row_id")["rating"].dropna() if "rating" in points else pd.Series(dtype=float)
    dates = points["date"].dropna() if "date" in points else pd.Series(dtype="datetime64[ns]")
    span = f"{dates.min():%Y-%m-%d} – {dates.max():%Y-%m-%d}" if len(dates) else None
    positive = float((points["sentiment_label"] == "positive").mean())
    negative = float((points["sentiment_label"] == "negative").mean())
    core = float(((points["cluster"] >= 0) & ~points["joined"]).mean())
    with st.container(horizontal=True, gap="medium", key="figures"):
        _figure(_("Reviews"), f"{count_reviews(points):,}", help=span)
        if len(rated):
            counted = n_("from {n} rated review", "from {n} rated reviews", len(rated))
            _figure(_("Mean stars"), f"{rated.mean():.2f}", help=counted)
        _figure(
            _("Sound positive"),
            f"{positive:.0%}",
            help=_("{n} sound negative, the rest neutral").format(n=f"{negative:.0%}"),
        )
        _figure(_("Topics"), f"{len(set(points['cluster']) - {-1}):,}")
        _figure(
            _("In a topic"),
            f"{coverage(points):.0%}",
            delta=_("{share} at the core").format(share=f"{core:.0%}"),
            help=_(
                "Coverage: the share of reviews in a topic. Those not at its core joined the topic that most of their "
                "neighbours are in."
            ),
        )


def _figure(name: str, value: str, *, help: str | None = None, delta: str | None = None) -> None:  # noqa: A002
    st.metric(name, value, delta, delta_color="off", delta_arrow="off", help=help, width=FIGURE_WIDTH)


def findings_list(bundle: Bundle, points: pd.DataFrame) -> None:
    """A few things to know, each with the door to its evidence."""
    st.subheader(_("What matters"))
    found = findings(points, bundle.rows, bundle.summary["topics"], data.segments(str(bundle.path)))
    if not found:
        st.write(_("Too few reviews for a finding that would hold."))
    for finding in found:
        with st.container(key=f"finding_{finding.kind}", horizontal=True, wrap=False):
            st.markdown(plain(_(finding.template).format(**readable(finding.values)), 400), width="stretch")
            if st.button(
                n_("{n} review", "{n} reviews", _evidence(bundle, points, finding)["row_id"].nunique()),
                key=f"evidence_{finding.kind}",
                type="tertiary",
                icon=":material/format_quote:",
            ):
                reviews_dialog(
                    strongest_first(_evidence(bundle, points, finding)),
                    bundle,
                    _("The reviews behind it"),
                    f"cards_{finding.kind}",
                )
    _checks(bundle, points)


def _evidence(bundle: Bundle, points: pd.DataFrame, finding: Finding) -> pd.DataFrame:
    return points[mask(points.reset_index(drop=True), bundle.rows, finding.filters)]


def _checks(bundle: Bundle, points: pd.DataFrame) -> None:
    """Lines that lead to the Check page: odd reviews and duplicates."""
    odd = int(points["is_outlier"].sum())
    repeated = int(points["duplicate_of"].notna().sum())
    parts = []
    if odd:
        parts.append(n_("{n} review is unlike all others", "{n} reviews are unlike all others", odd))
    if repeated:
        parts.append(n_("{n} repeats another", "{n} repeat another", repeated))
    if parts:
        with st.container(horizontal=True, wrap=False):
            st.markdown(plain(" · ".join(parts)), width="stretch")
            st.page_link("pages/main/check.py", label=_("Check"), icon=":material/fact_check:")


def quality_notes(bundle: Bundle) -> None:
    """What a person should know about the file before they trust a figure."""
    notes = [plain(sentence(_, warning), 300) for warning in bundle.summary["warnings"]]
    check = bundle.summary["sentiment"]["check"]
    if check:
        notes.append(
            _(
                "Sentiment from the text agrees with the stars for {share} of {n} reviews (their "
                "stars were not used to score them)."
            ).format(share=f"{check['agree']:.0%}", n=f"{int(check['n']):,}")
        )
    left_out = sum(bundle.summary["left_out"].values())
    if left_out:
        notes.append(n_("{n} row is left out (no usable text).", "{n} rows are left out (no usable text).", left_out))
    if notes:
        with st.expander(_("About the data ({n})").format(n=len(notes)), icon=":material/info:"):
            for note in notes:
                st.markdown("- " + note)

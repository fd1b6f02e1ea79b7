"""The Overview's figures and findings: each a button that opens the reviews behind it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from pages.ui import data, figured, slices, stars_agreement, state
from pages.ui.escape import plain
from pages.ui.i18n import _, language, n_
from pages.ui.reviews import reviews_dialog, strongest_first
from pages.ui.sampled import sampled
from pages.ui.sure import counted, has_core, stability_mark, stability_word
from pipelines.figures import count_reviews, coverage
from pipelines.findings import Finding, findings, telling
from pipelines.map.belonging import stability_of
from pipelines.store.reader import Bundle
from pipelines.view import mask
from pipelines.words import readable, sentence

FIGURE_WIDTH = 150


def figures(bundle: Bundle, points: pd.DataFrame) -> None:
    """Reviews, mean stars, sentiment, topics and coverage of what is in sight; each opens the reviews behind it."""
    told = slices.reckoned("headline", state.digest(bundle), lambda: _told(bundle, points))
    with st.container(horizontal=True, gap="medium", key="figures"):
        _figure(bundle, "reviews", _("Reviews"), f"{told.reviews:,}", lambda: _latest(points), help=told.span)
        if told.rated:
            counted = n_("from {n} rated review", "from {n} rated reviews", told.rated)
            _figure(bundle, "stars", _("Mean stars"), f"{told.stars:.2f}", lambda: _lowest(points), help=counted)
        _figure(
            bundle,
            "positive",
            _("Sound positive"),
            f"{told.positive:.0%}",
            (lambda: _loudest(points)) if told.positive else None,
            help=_("{n} sound negative, the rest neutral").format(n=f"{told.negative:.0%}"),
        )
        stability = told.stability
        _figure(
            bundle,
            "topics",
            _("Topics"),
            f"{told.topics:,}",
            (lambda: _typical(points)) if told.topics else None,
            delta=None if stability is None else f"{stability_mark(stability)} {stability_word(stability)}",
            help=_("Opens one typical review of each topic") + _stability_help(stability, sampled(bundle.summary)),
        )
        _figure(
            bundle,
            "coverage",
            _("In a topic"),
            f"{told.coverage:.0%}",
            (lambda: _best(points).iloc[::-1]) if told.coverage else None,
            delta=_("{share} at the core").format(share=f"{told.core:.0%}"),
            help=_(
                "Coverage: the share of reviews in a topic. Those not at its core joined the topic that most of their "
                "neighbours are in; they come first in the list."
            ),
        )


@dataclass(frozen=True)
class _Told:
    """What stands in the figures. rated: reviews with stars; topics: those with a name."""

    reviews: int
    span: str | None
    rated: int
    stars: float
    positive: float
    negative: float
    topics: int
    coverage: float
    core: float
    stability: float | None


def _told(bundle: Bundle, points: pd.DataFrame) -> _Told:
    rated = points.drop_duplicates("row_id")["rating"].dropna() if "rating" in points else pd.Series(dtype=float)
    dates = points["date"].dropna() if "date" in points else pd.Series(dtype="datetime64[ns]")
    return _Told(
        reviews=count_reviews(points),
        span=f"{dates.min():%Y-%m-%d} – {dates.max():%Y-%m-%d}" if len(dates) else None,
        rated=len(rated),
        stars=float(rated.mean()),
        positive=float((points["sentiment_label"] == "positive").mean()),
        negative=float((points["sentiment_label"] == "negative").mean()),
        topics=len(_typical(points)),
        coverage=coverage(points),
        core=float(((points["cluster"] >= 0) & ~points["joined"]).mean()),
        stability=stability_of(points, len(bundle.points), bundle.summary),
    )


# What stands behind each figure is put in order when somebody asks for it.
def _latest(points: pd.DataFrame) -> pd.DataFrame:
    has_dates = "date" in points and points["date"].notna().any()
    return points.sort_values("date", ascending=False, kind="stable") if has_dates else points


def _lowest(points: pd.DataFrame) -> pd.DataFrame:
    return points.dropna(subset=["rating"]).sort_values("rating", kind="stable")


def _loudest(points: pd.DataFrame) -> pd.DataFrame:
    return points[points["sentiment_label"] == "positive"].sort_values("sentiment", ascending=False, kind="stable")


def _best(points: pd.DataFrame) -> pd.DataFrame:
    return strongest_first(points[points["cluster"] >= 0])


def _typical(points: pd.DataFrame) -> pd.DataFrame:
    """One review of each topic; a topic that a person hid has no name."""
    best = _best(points)
    return best[best["topic"] != ""].drop_duplicates("cluster")


def _stability_help(stability: float | None, of: str) -> str:
    if stability is None:
        return f". {of}" if of else ""
    said = _(
        "How sure the topics are: when a tenth of the reviews is left out, {share} of a topic comes back on average."
    )
    return ". " + said.format(share=f"{stability:.0%}") + (f" {of}" if of else "")


def _figure(
    bundle: Bundle,
    key: str,
    name: str,
    value: str,
    behind: Callable[[], pd.DataFrame] | None,
    *,
    help: str | None = None,  # noqa: A002
    delta: str | None = None,
) -> None:
    with st.container(width=FIGURE_WIDTH, gap=None, key=f"figure_{key}"):
        st.metric(name, value, delta, delta_color="off", delta_arrow="off", help=help)
        if behind is not None and st.button(
            _("Read them"), key=f"read_{key}", type="tertiary", icon=":material/format_quote:"
        ):
            reviews_dialog(behind(), bundle, name, f"cards_{key}")


def findings_list(bundle: Bundle, points: pd.DataFrame) -> None:
    """A few things to know, each with the door to its evidence."""
    st.subheader(_("What matters"))
    found = slices.reckoned("findings", state.digest(bundle), lambda: _found(bundle, points))
    if not found:
        st.write(_("Too few reviews to say anything reliable."))
    for finding, behind in found:
        with st.container(key=f"finding_{finding.kind}", horizontal=True, wrap=False):
            st.markdown(plain(_(finding.template).format(**readable(finding.values)), 400), width="stretch")
            if st.button(
                n_("{n} review", "{n} reviews", behind),
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


def _found(bundle: Bundle, points: pd.DataFrame) -> list[tuple[Finding, int]]:
    """The findings, each with how many reviews are behind it."""
    found = findings(
        points,
        bundle.rows,
        bundle.summary["topics"],
        telling(data.segments(bundle), bundle.summary),
        effects=figured.impact_of(bundle, points),
        moves=figured.trends_of(bundle, points),
    )
    return [(finding, count_reviews(_evidence(bundle, points, finding))) for finding in found]


def _evidence(bundle: Bundle, points: pd.DataFrame, finding: Finding) -> pd.DataFrame:
    return points[mask(points.reset_index(drop=True), bundle.rows, finding.filters)]


def _checks(bundle: Bundle, points: pd.DataFrame) -> None:
    """Lines that lead to the Check page: odd reviews and duplicates."""
    odd, repeated = slices.reckoned("odd and repeated", state.digest(bundle), lambda: _odd_and_repeated(points))
    parts = []
    if odd:
        parts.append(n_("{n} review is unlike all others", "{n} reviews are unlike all others", odd))
    if repeated:
        parts.append(n_("{n} repeats another", "{n} repeat another", repeated))
    if parts:
        with st.container(horizontal=True, wrap=False):
            st.markdown(plain(" · ".join(parts)), width="stretch")
            st.page_link("pages/main/check.py", label=_("Check"), icon=":material/fact_check:")


def _odd_and_repeated(points: pd.DataFrame) -> tuple[int, int]:
    is_repeated = points["duplicate_of"].notna()
    return count_reviews(points[points["is_outlier"] & ~is_repeated]), int(is_repeated.sum())


def quality_notes(bundle: Bundle) -> None:
    """What a person should know about the file before they trust a figure."""
    notes = [plain(sentence(_, warning), 300) for warning in bundle.summary["warnings"]]
    check = bundle.summary["sentiment"]["check"]
    if check:
        notes.append(stars_agreement.of_check(check))
    if has_core(bundle) and len(bundle.points):
        counts = slices.reckoned(f"belonging/{language()}", bundle.key, lambda: counted(bundle.points))
        notes.append(_("How clearly reviews belong to their topics: {counts}.").format(counts=counts))
    left_out = sum(bundle.summary["left_out"].values())
    if left_out:
        notes.append(n_("{n} row is left out (no usable text).", "{n} rows are left out (no usable text).", left_out))
    if notes:
        with st.expander(_("About the data ({n})").format(n=len(notes)), icon=":material/info:"):
            for note in notes:
                st.markdown("- " + note)

"""A topic's impact and trend in its own panel: verdicts in words, one chart, the method behind "how"."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.ui import figured, impact_chart, state, trend_chart
from pages.ui.behind import Figures, behind
from pages.ui.i18n import _
from pipelines.figures import MIN_RATED
from pipelines.impact import Impact
from pipelines.store.reader import Bundle
from pipelines.trends import TREND_WORDS, Trends
from pipelines.view import Filter


def show(bundle: Bundle, _part: pd.DataFrame, topic_id: int) -> None:
    """Draw it for the reviews that the filters leave, those of the other topics to compare with."""
    points = state.without(bundle, "cluster")
    effects = figured.impact_of(bundle, points, leave=("cluster",))
    moves = figured.trends_of(bundle, points, leave=("cluster",))
    moved = words(moves, topic_id)
    said = [line for line in (_impact_words(effects, topic_id), *moved) if line]
    st.markdown("\n".join(f"- {line}" for line in said))
    if moves is None or not moved:
        no_dates()
        return
    chart(moves, topic_id, key="trend")


def no_dates() -> None:
    """What stands in the place of a trend that cannot be drawn."""
    st.caption(_("This file has no dates, or all reviews are from one period."))


def _signed(value: float) -> str:
    return f"{value:+.2f}".replace("-", "−")


def _impact_words(effects: Impact, topic_id: int) -> str:
    found = effects.table[effects.table["id"] == topic_id]
    if found.empty or pd.isna(found["effect"].iloc[0]):
        return _("Impact: fewer than {n} reviews on one side, too few to say anything.").format(n=MIN_RATED)
    row = found.iloc[0]
    said = (
        _("Impact: {effect} stars against the reviews without it (95 %: {low} to {high}; {n} against {rest} reviews).")
        if effects.outcome == "rating"
        else _(
            "Impact on the sentiment, as there are too few stars: {effect} against the reviews without it "
            "(95 %: {low} to {high}; {n} against {rest} reviews)."
        )
    ).format(
        effect=_signed(row["effect"]),
        low=_signed(row["low"]),
        high=_signed(row["high"]),
        n=f"{int(row['n']):,}",
        rest=f"{int(row['rest']):,}",
    )
    if not row["sure"]:
        return said + " " + _("That is no sure difference.")
    corner = impact_chart.corner_names()[row["corner"]]
    without = _("Without these reviews the mean would be {without} instead of {mean}.")
    said = f"**{corner}** · {said} " + without.format(
        without=f"{effects.mean - row['pull']:.2f}".replace("-", "−"), mean=f"{effects.mean:.2f}".replace("-", "−")
    )
    if effects.several and pd.notna(row["adjusted"]):
        held = _("With the other topics of a review held equal it is {effect} ({low} to {high}).")
        said += " " + held.format(
            effect=_signed(row["adjusted"]), low=_signed(row["adjusted_low"]), high=_signed(row["adjusted_high"])
        )
    return said


def words(moves: Trends | None, topic_id: int) -> list[str]:
    """What is sure about a topic over time, the share of reviews first; nothing where there is no trend."""
    verdict = None if moves is None else moves.verdict(topic_id)
    if moves is None or verdict is None:
        return []
    if verdict["kind"] == "few":
        return [_("Trend: too few reviews or periods to say anything.")]
    early, late = moves.timeline.thirds()
    values = {
        "before": f"{verdict['early']:.1%}",
        "after": f"{verdict['late']:.1%}",
        "until": f"{moves.timeline.ends[early.stop - 1]:%Y-%m-%d}",
        "since": f"{moves.timeline.starts[late.start]:%Y-%m-%d}",
        "ratio": f"{verdict['change']:.1f}",
        "low": f"{verdict['low']:.1f}",
        "high": f"{verdict['high']:.1f}",
    }
    kind = str(verdict["kind"])
    name = _("No sure change in how often it comes up") if kind == "steady" else _(TREND_WORDS[kind])
    shares = _("{before} of the reviews up to {until}, {after} since {since}").format(**values)
    ratio = "" if verdict["kind"] == "new" else " " + _("(×{ratio}; 95 %: {low} to {high})").format(**values)
    said = [f"**{name}** · {shares}{ratio}"]
    if pd.notna(verdict["step"]):
        jumped = _("around {date}: {before} of the reviews before, {after} after").format(
            date=f"{verdict['step']:%Y-%m-%d}",
            before=f"{verdict['step_before']:.1%}",
            after=f"{verdict['step_after']:.1%}",
        )
        said.append("**" + _("Jump") + f"** · {jumped}")
    return said + [line for name in ("rating", "sentiment") if (line := _mean_words(moves, topic_id, name))]


def _mean_words(moves: Trends, topic_id: int, name: str) -> str:
    verdict = moves.verdict(topic_id, name) if name in moves.tables else None
    if verdict is None:
        return ""
    words = {
        ("rating", "rising"): _("More stars than before"),
        ("rating", "falling"): _("Fewer stars than before"),
        ("sentiment", "rising"): _("Sounds better than before"),
        ("sentiment", "falling"): _("Sounds worse than before"),
    }
    word = words.get((name, str(verdict["kind"])))
    if word is None:
        return ""
    said = f"**{word}** · " + _("{before}, now {after} ({change}; 95 %: {low} to {high}).")
    write = _signed if name == "sentiment" else "{:.2f}".format
    return said.format(
        before=write(verdict["early"]),
        after=write(verdict["late"]),
        change=_signed(verdict["change"]),
        low=_signed(verdict["low"]),
        high=_signed(verdict["high"]),
    )


def chart(moves: Trends, topic_id: int, *, key: str) -> None:
    """A topic over time, one of three measures; a clicked period is a filter."""
    names = {"share": _("Share of reviews"), "sentiment": _("Sentiment"), "rating": _("Stars")}
    measure = st.segmented_control(
        _("What to see over time"),
        moves.measures,
        default="share",
        required=True,
        format_func=names.__getitem__,
        key=f"{key}_measure",
        label_visibility="collapsed",
    )
    measure = measure if measure in moves.measures else "share"
    series = moves.series(topic_id, measure)
    verdict = moves.verdict(topic_id, measure)
    clicked = None
    if series["n"].sum() and verdict is not None:
        clicked = trend_chart.draw(series, verdict, measure, key=f"{key}_{topic_id}_{measure}")
    periods = {"D": _("A dot a day"), "W": _("A dot a week"), "M": _("A dot a month")}[moves.timeline.period]
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        said = _("{periods}; click one to see the reviews of that time only. Hollow: part of a period only.")
        st.caption(said.format(periods=periods), width="content")
        with st.popover(_("how"), type="tertiary", icon=":material/help:"):
            _method()
    behind(f"trend-{measure}", lambda: _figures(series, measure), key=key)
    if clicked is not None:
        start, end = series["start"].iloc[clicked], series["end"].iloc[clicked]
        state.add_filter(Filter("date", "between", (f"{start:%Y-%m-%d}", f"{end:%Y-%m-%d}")))
        st.rerun()


def _figures(series: pd.DataFrame, measure: str) -> Figures:
    """A row a period."""
    by = 100 if measure == "share" else 1
    frame = pd.DataFrame(
        {
            _("From"): series["start"].dt.strftime("%Y-%m-%d"),
            _("Up to"): series["end"].dt.strftime("%Y-%m-%d"),
            _("Reviews"): series["n"],
            _("All reviews then"): series["of"],
            _("Share of reviews, %") if measure == "share" else _("Mean"): series["value"] * by,
            _("Smoothed"): series["fit"] * by,
            _("Band from"): series["low"] * by,
            _("Band to"): series["high"] * by,
            _("Whole period"): series["whole"],
        }
    )
    return Figures(frame)


def _method() -> None:
    for line in (
        _(
            "Curve: local straight lines, each period weighted by its reviews (Fan & Gijbels 1996), width chosen by "
            "the corrected AIC. Band: Wilson's interval for shares, the normal one for means, wider where periods vary "
            "more than chance allows. The band is about the curve: single dots may lie outside it."
        ),
        _(
            "Rising, fading: the Cochran–Armitage test over all periods; what is told compares the latest third of the "
            "reviews with the earliest. More or fewer stars: the slope over time."
        ),
        _(
            "Jump: the likelihood-ratio scan for one change point (Hinkley 1970), told only where it explains more "
            "than a straight line."
        ),
        _("All are corrected over the topics (Benjamini & Hochberg 1995): of what is told, 5 % may be by luck."),
        _("Shares and means do not fall because the last period is not over yet; its dot is hollow."),
    ):
        st.markdown("- " + line)

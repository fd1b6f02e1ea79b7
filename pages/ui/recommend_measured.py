"""How well recommending works on these reviews: hidden items found again, against popularity and chance."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from pages.ui import charts, recommend_parts
from pages.ui.behind import Figures, behind
from pages.ui.csv_button import csv_button
from pages.ui.i18n import _, n_
from pages.ui.recommend_parts import Known, ranker_name
from pages.ui.table import table
from pages.ui.theme import theme_name
from pipelines import palette, recommend
from pipelines.recommend import Measured
from pipelines.store.reader import Bundle

POLL_S = 2.0


def show(bundle: Bundle, known: Known) -> None:
    """Draw the tab."""
    _ranker, measured = recommend_parts.ranker(bundle, known)
    if measured is None:
        _wait(bundle, known)
        return
    if measured.few:
        _too_few(measured)
        return
    _verdict(measured)
    charts.show(_figure(measured.table), "recommend_measured", name="recommending")
    behind("recommending", lambda: _figures(measured.table), key="recommend_measured_table")
    _parts(measured)
    _beside(measured)
    with st.expander(_("How this was measured"), icon=":material/help:"):
        _method(measured)


@st.fragment(run_every=POLL_S)
def _wait(bundle: Bundle, known: Known) -> None:
    if recommend.measured(bundle, known.tastes).done():
        st.rerun()
    st.caption(_("How well that works here is being measured."))


def _too_few(measured: Measured) -> None:
    if measured.few == "items":
        said = _("There are {n} items. Below {least} a list of ten says nothing: anybody would find most in it.")
        st.info(said.format(n=measured.items, least=recommend.LEAST_ITEMS))
        return
    said = _(
        "There are {n} people who reviewed two items or more and liked one of them. To measure anything, {least} are "
        "needed."
    )
    st.info(said.format(n=measured.people + measured.chosen_on, least=recommend.LEAST_PEOPLE))


def _share(line: pd.Series, key: str) -> str:
    return f"{line[key]:.1%} ({line[f'{key}_low']:.1%}–{line[f'{key}_high']:.1%})"


def _verdict(measured: Measured) -> None:
    by = {str(line["ranker"]): line for _at, line in measured.table.iterrows()}
    ours, usual, chance = by[measured.chosen], by[recommend.POPULARITY], by[recommend.RANDOM]
    st.markdown(
        _(
            "Of each of {n} people one item that they liked was hidden. Among the ten recommended it was found for "
            "**{ours}**; among the ten most popular for {usual}, by chance for {chance}."
        ).format(
            n=f"{measured.people:,}",
            ours=_share(ours, "hit"),
            usual=_share(usual, "hit"),
            chance=_share(chance, "hit"),
        )
    )
    if measured.chosen == recommend.POPULARITY:
        said = _("Nothing beat popularity here: everybody is recommended what most people reviewed.")
    elif ours["gain_low"] > 0:
        said = _("That is surely more than popularity alone.")
    elif ours["gain_high"] < 0:
        said = _("That is less than popularity alone: on these people the choice was a wrong one.")
    else:
        said = _("Whether that is more than popularity alone is not sure with so few people.")
    st.markdown(f"**{said}** " + _("Used: {how}.").format(how=ranker_name(measured.chosen)))
    worse = [ranker_name(name) for name, line in by.items() if line["gain_high"] < 0 and name != recommend.RANDOM]
    if worse:
        st.markdown(_("Popularity alone surely finds more than: {ways}.").format(ways=", ".join(worse)))


def _figure(lines: pd.DataFrame) -> go.Figure:
    theme = theme_name()
    colours = palette.CATEGORIES[theme]
    at = np.arange(len(lines))
    figure = go.Figure()
    for name, key, colour, shift, symbol in (
        (_("found among ten (hit rate)"), "hit", colours[0], -0.14, "circle"),
        (_("and how far up (nDCG@10)"), "ndcg", colours[1], 0.14, "diamond"),
    ):
        figure.add_scatter(
            x=lines[key],
            y=at + shift,
            error_x={
                "array": lines[f"{key}_high"] - lines[key],
                "arrayminus": lines[key] - lines[f"{key}_low"],
                "color": colour,
                "thickness": 2,
                "width": 0,
            },
            mode="markers",
            marker={"color": colour, "size": 10, "symbol": symbol},
            name=name,
            customdata=[_share(line, key) for _at, line in lines.iterrows()],
            hovertemplate="%{customdata}<extra></extra>",
            unselected={"marker": {"opacity": 1}},
        )
    labels = [ranker_name(str(name)) + " " for name in lines["ranker"]]
    figure.update_yaxes(
        tickvals=at, ticktext=labels, range=[len(lines) - 0.5, -0.5], showgrid=False, zeroline=False, fixedrange=True
    )
    figure.update_xaxes(rangemode="tozero", tickformat=".0%", fixedrange=True)
    return charts.layout(figure, 120 + 44 * len(lines), legend=charts.ON_TOP)


def _figures(lines: pd.DataFrame) -> Figures:
    shown = pd.DataFrame(
        {
            _("Way"): [ranker_name(str(name)) for name in lines["ranker"]],
            _("Hit rate"): [_share(line, "hit") for _at, line in lines.iterrows()],
            _("nDCG@10"): [
                f"{x:.3f} ({a:.3f}–{b:.3f})" for x, a, b in lines[["ndcg", "ndcg_low", "ndcg_high"]].to_numpy()
            ],
            _("More than popularity"): [
                f"{x:+.1%} ({a:+.1%} … {b:+.1%})".replace("-", "−")
                for x, a, b in lines[["gain", "gain_low", "gain_high"]].to_numpy()
            ],
        }
    )
    return Figures(shown, lines)


def _parts(measured: Measured) -> None:
    """For whom, and for which items, it is more than popularity."""
    if measured.parts.empty:
        return
    st.markdown("**" + _("Where it is more than popularity, and where not") + "**")
    names = {
        "1–3": _("people with 1–3 other items"),
        "4–9": _("people with 4–9 other items"),
        "10+": _("people with 10 other items or more"),
        "head": _("hidden item of the tenth reviewed most"),
        "tail": _("hidden item of the others"),
    }
    frame = pd.DataFrame(
        {
            _("Which"): [names[part] for part in measured.parts["part"]],
            _("People"): measured.parts["n"],
            _("Hit rate"): [f"{x:.1%}" for x in measured.parts["chosen"]],
            _("Popularity"): [f"{x:.1%}" for x in measured.parts["popularity"]],
            _("More than popularity"): [
                f"{x:+.1%} ({a:+.1%} … {b:+.1%})".replace("-", "−")
                for x, a, b in measured.parts[["gain", "gain_low", "gain_high"]].to_numpy()
            ],
        }
    )
    table(frame, key="recommend_parts_table", height="content")
    csv_button(measured.parts, "recommending-parts", key="recommend_parts_csv")


def _beside(measured: Measured) -> None:
    """What else was measured: sentences of somebody new, and people alike."""
    lines = []
    if measured.about:
        said = _(
            "Somebody new, by a sentence: the text of a hidden review found its own item among ten for {hit} of {n} "
            "people. The text of another review of theirs found it for {onward}, popularity for {usual}: a sentence "
            "tells what is wanted, less what else somebody likes."
        )
        usual = next(line for _at, line in measured.table.iterrows() if line["ranker"] == recommend.POPULARITY)
        values = {"hit": _share(pd.Series(dict(measured.about)), "hit"), "usual": _share(usual, "hit")}
        onward = _share(pd.Series(dict(measured.onward)), "hit")
        lines.append(said.format(n=f"{measured.people:,}", onward=onward, **values))
    if np.isfinite(measured.own):
        lines.append(
            _(
                "People alike: one half of a person’s reviews is more like the other half than those of {own} of all "
                "others (chance: 50 %; {n} people)."
            ).format(own=f"{measured.own:.0%}", n=f"{measured.own_people:,}")
        )
    for line in lines:
        st.markdown("- " + line)


def _method(measured: Measured) -> None:
    for line in (
        _(
            "The way was chosen on {n} other people, and measured on these, who had no part in the choice. What was "
            "hidden is in no count, no text and no mean that a way may look at (leave-one-out)."
        ).format(n=f"{measured.chosen_on:,}"),
        _(
            "The hidden item is looked for among all {items} items but those that the person has reviewed, not among a "
            "sample of them (Krichene & Rendle 2020). A hidden item is one that they liked more than they usually do; "
            "three times another one, and a person’s mean counts."
        ).format(items=f"{measured.items:,}"),
        _(
            "nDCG@10 is 1 where the item comes first, 0.63 second, 0.29 tenth, 0 beyond. Intervals: bootstrap over "
            "people."
        ),
        _(
            "Reviewed by the same people: how many people reviewed both, divided by a power of how many reviewed each "
            "(item-based, Sarwar et al. 2001). What is written: cosine of a person’s and an item’s mean vector, less "
            "the mean of all. All three together: the sum of standard scores, with popularity’s logarithm."
        ),
        _("An item may be missed because the person never saw it: they might have liked what was recommended, too."),
    ):
        st.markdown("- " + line)
    st.caption(n_("{n} person in all", "{n} people in all", measured.people + measured.chosen_on))

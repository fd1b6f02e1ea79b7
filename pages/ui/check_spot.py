"""The spot check: random reviews, right topic? right sentiment? one key each; and how often it was right."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

import numpy as np
import pandas as pd
import streamlit as st

from pages.ui import data, state, told
from pages.ui.escape import plain
from pages.ui.i18n import _, n_
from pages.ui.reviews import by_ids, show_reviews
from pipelines import checked
from pipelines.checked.spot import said_of
from pipelines.export.checked import spot_said
from pipelines.store.reader import Bundle
from pipelines.types import BoolArray


def show(bundle: Bundle, chosen: BoolArray, points: pd.DataFrame) -> None:
    """Draw the tab; chosen (n,), points: the reviews in sight."""
    st.markdown(
        _(
            "Read {n} reviews drawn at random and say whether their topic and their sentiment are right: so you know "
            "how far to trust both. What you answer is kept, and stands in the report."
        ).format(n=checked.AT_ONCE)
    )
    if bundle.is_draft:
        st.info(_("This is a draft. The spot check waits for the full map."))
        return
    if points.empty:
        st.info(_("No review passes these filters. Remove one of them above."))
        return
    population = _population(bundle, chosen)
    answers = checked.answers(data.entries(state.current().analysis))
    wanted = st.session_state.get(_wanted(population))
    found = checked.next_round(bundle, chosen, answers, population=population, number=wanted)
    _figures(bundle, answers, population)
    with st.container(border=True, key="spot"):
        if found.open:
            _ask(bundle, found, population)
        else:
            _done(found, population)
        _take_back(answers, population)
    if population:
        st.caption(
            _("Drawn from the reviews that pass the filters above; the report gives only what was drawn from all.")
        )


def _population(bundle: Bundle, chosen: BoolArray) -> str:
    """ "" for all reviews, else a short name of what the filters and the selection leave."""
    if np.asarray(chosen).all():
        return ""
    view = state.current()
    said = json.dumps([[item.to_dict() for item in view.filters], view.selection], ensure_ascii=False, default=str)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def _wanted(population: str) -> str:
    return f"spot_round_{state.current().analysis}_{population}"


def _ask(bundle: Bundle, found: checked.Round, population: str) -> None:
    unit, question = found.open[0]
    place = found.units.index(unit) + 1
    st.caption(
        _("Round {round} · review {i} of {n}").format(round=found.number, i=place, n=len(found.units)), width="content"
    )
    show_reviews(by_ids(bundle.points, [unit]), bundle, key="spot_card", likes=False, show_topic=False)
    topic = _shown_topic(bundle, unit)
    label = {"negative": _("negative"), "neutral": _("neutral"), "positive": _("positive")}
    if question == checked.TOPIC:
        st.markdown(_("Topic: “{topic}”. Is that what the review is about?").format(topic=plain(topic, 80)))
    else:
        said = label[said_of(bundle, unit, checked.SENTIMENT)]
        st.markdown(_("Sentiment: **{label}**. Does the review sound like that?").format(label=said))
    with st.container(horizontal=True, gap="small", key="spot_answers"):
        for key, name, right, icon in (
            ("y", _("Yes"), True, ":material/check:"),
            ("n", _("No"), False, ":material/close:"),
            ("s", _("Skip"), None, ":material/skip_next:"),
        ):
            st.button(
                name,
                key=f"spot_{key}",
                icon=icon,
                shortcut=key,
                on_click=_answer,
                args=(bundle, unit, question, right, population, found.number),
            )


def _shown_topic(bundle: Bundle, unit: int) -> str:
    """The topic's name as people gave it; the answer is about what it holds."""
    return str(bundle.points["topic"].iloc[unit])


def _answer(bundle: Bundle, unit: int, question: str, right: bool | None, population: str, number: int) -> None:
    told.attempt(
        lambda: checked.answer(
            state.current().analysis, bundle, unit, question, right, population=population, number=number
        )
    )


def _done(found: checked.Round, population: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        if not found.units:
            st.markdown(_("Every review here was asked about."), width="stretch")
            return
        st.markdown(_("Round {round} is done.").format(round=found.number), width="stretch")
        st.button(
            _("Read {n} more").format(n=checked.AT_ONCE),
            key="spot_more",
            icon=":material/more_horiz:",
            on_click=st.session_state.__setitem__,
            args=(_wanted(population), found.number + 1),
        )


def _take_back(answers: Sequence[checked.Answer], population: str) -> None:
    own = [one for one in answers if one.population == population]
    if own:
        st.button(
            _("Undo the last answer"),
            key="spot_take_back",
            type="tertiary",
            icon=":material/undo:",
            on_click=_taken_back,
            args=(max(own, key=lambda one: one.seq), population),
        )


def _taken_back(last: checked.Answer, population: str) -> None:
    if not told.attempt(lambda: checked.take_back(state.current().analysis, last.seq)):
        return
    # A later round that was begun and not answered gives way to the one of the answer.
    st.session_state[_wanted(population)] = last.round


def _figures(bundle: Bundle, answers: Sequence[checked.Answer], population: str) -> None:
    """The two shares, each with its interval and how many answers it is from."""
    found = checked.precision(bundle, answers, population)
    names = {checked.TOPIC: _("Right topic"), checked.SENTIMENT: _("Right sentiment")}
    if not found:
        return
    with st.container(horizontal=True, gap="medium", key="spot_figures"):
        for question in checked.QUESTIONS:
            if question in found:
                one = found[question]
                with st.container(width=190, key=f"spot_figure_{question}"):
                    st.metric(
                        names[question],
                        f"{one.right / one.asked:.0%}",
                        _("{low} to {high}").format(low=f"{one.low:.0%}", high=f"{one.high:.0%}"),
                        delta_color="off",
                        delta_arrow="off",
                        help=n_("From {n} answer; ", "From {n} answers; ", one.asked)
                        + _("the range holds the true share in 95 of 100 such checks (Wilson interval)."),
                    )
                    st.caption(n_("{n} answer", "{n} answers", one.asked))


def line(bundle: Bundle) -> None:
    """For other pages: the figures over the whole analysis in one line with the way to the check; nothing without."""
    said = spot_said(bundle.summary, _)
    if said:
        with st.container(horizontal=True, wrap=False, key="spot_line"):
            st.markdown(plain(said, 400), width="stretch")
            st.page_link("pages/main/check.py", label=_("Check"), icon=":material/fact_check:")

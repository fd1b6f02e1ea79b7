"""Adapting a copy of a model to the reviews: a job, measured on reviews that it never saw, and taken or not."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.ui import access, data, lab_job, state
from pages.ui.behind import take_along
from pages.ui.escape import plain
from pages.ui.i18n import _, local_moment, n_
from pages.ui.lab_reader import number, percent
from pages.ui.reviews import by_ids, show_reviews
from pages.ui.table import table
from pages.ui.upload import experts
from pipelines.lab import adapted, confirmed
from pipelines.lab.adapted import Adapted
from pipelines.lab.adapting import AdaptConfig
from pipelines.lab.held_back import Change
from pipelines.lab.kinds import ADAPT
from pipelines.store import acting
from pipelines.store.reader import Bundle
from pipelines.view import UPLOAD_PREFIX

_SOURCE, _COLUMN, _ROWS, _PAIRS = "lab_adapt_source", "lab_adapt_column", "lab_adapt_rows", "lab_adapt_pairs"


def show(bundle: Bundle) -> None:
    """Draw the tab."""
    st.markdown(
        _(
            "A copy of a model of this computer can be taught your reviews (contrastive fine-tuning): it learns to put "
            "together what belongs together and to hold the rest apart. Whether that helps is not taken for granted: "
            "it is measured on reviews that were held back, and often enough it does not."
        )
    )
    analysis = state.current().analysis
    together = confirmed.groups(bundle, data.entries(analysis))
    if not lab_job.follow(ADAPT, analysis):
        _form(bundle, analysis, together)
    made = adapted.made_for(analysis)
    if not made:
        st.caption(_("No model was adapted to this analysis yet."))
    for one in made:
        _result(one, bundle)


def _form(bundle: Bundle, analysis: str, together: list[list[int]]) -> None:
    distinct = len(bundle.points) - int(bundle.points["duplicate_of"].notna().sum())
    if distinct < adapted.LEAST_REVIEWS:
        st.info(
            n_("It takes at least {n} different review.", "It takes at least {n} different reviews.",
               adapted.LEAST_REVIEWS)
            + " " + n_("This file has {n}.", "This file has {n}.", distinct)
        )  # fmt: skip
        return
    if access.who() not in (acting.ALL, acting.MACHINE):
        st.info(_("Only the person at the machine adapts models: it keeps its processors busy for minutes."))
        return
    with st.form("lab_adapt_form"):
        source = st.text_input(
            _("The model to adapt"),
            value=_usual(bundle),
            key=_SOURCE,
            help=_("“bundled” (English), or st: and the folder of a sentence-transformers model of this computer."),
        )
        if _is_foreign(bundle):
            st.caption(
                _(
                    "The model that read these reviews cannot be adapted. “bundled” reads English alone: for Chinese "
                    "reviews give a model that reads Chinese."
                )
            )
        pairs = st.segmented_control(
            _("What belongs together"),
            ["parts", "dropout"],
            default="parts",
            required=True,
            format_func=lambda kind: {
                "parts": _("the two halves of a review"),
                "dropout": _("a review with itself, read twice (SimCSE)"),
            }[kind],
            key=_PAIRS,
        )
        columns = ["", *_columns(bundle)]
        column = st.selectbox(
            _("Measure by"),
            columns,
            index=1 if len(columns) > 1 else 0,
            format_func=_column_name,
            key=_COLUMN,
            help=_("Reviews with the same value should be neighbours more often afterwards."),
        )
        rows = st.slider(
            _("Reviews to learn from, at most"), 100, 2_000, 2_000, 100, key=_ROWS,
            help=_("The time grows with it: on two processors some minutes for 2,000."),
        )  # fmt: skip
        count = sum(len(group) for group in together)
        if count:
            st.caption(
                n_("{n} review that you confirmed counts too.", "{n} reviews that you confirmed count too.", count)
                + " "
                + _("They come from tracked topics and spot checks; those of one topic belong together.")
            )
        else:
            st.caption(
                _("What you confirm in tracked topics and spot checks is learned too; nothing is confirmed yet.")
            )
        if st.form_submit_button(_("Adapt a copy"), type="primary", icon=":material/model_training:"):
            config = AdaptConfig(rows=int(rows), pairs="dropout" if pairs == "dropout" else "parts")
            if lab_job.start(lambda: adapted.spec(analysis, bundle, str(source).strip(), str(column), config)):
                st.rerun()
    if together:
        with st.expander(_("The reviews that you confirmed"), type="compact", key="lab_confirmed"):
            show_reviews(
                by_ids(bundle.points, [unit for group in together for unit in group]), bundle, key="lab_confirmed_list"
            )


def _usual(bundle: Bundle) -> str:
    name = str(bundle.identity.get("name", ""))
    return name if name.startswith("st:") else "bundled"


def _is_foreign(bundle: Bundle) -> bool:
    """Whether the usual model here is one that does not read what the reviews are written in."""
    return str(bundle.identity.get("name", "")) in ("offline-zh", "gloss", "lexical")


def _columns(bundle: Bundle) -> list[str]:
    """Columns to measure by: stars first, then what can slice the reviews."""
    stars = ["rating"] if "rating" in bundle.points and bundle.points["rating"].notna().any() else []
    found = [*stars, *(UPLOAD_PREFIX + column for column in data.segments(bundle))]
    return [name for name in found if adapted.labels_of(bundle, name) is not None]


def _column_name(name: str) -> str:
    known = {"": _("no column: the halves of a review alone"), "rating": _("Stars")}
    return known.get(name, name.removeprefix(UPLOAD_PREFIX))


def _result(one: Adapted, bundle: Bundle) -> None:
    with st.container(border=True, key=f"lab_adapted_{one.folder.name}"):
        st.markdown(f"**{plain(one.folder.name)}** · {local_moment(one.created)}")
        st.caption(
            _("A copy of {source}").format(source=plain(one.source))
            + " · "
            + n_("learned from {n} review", "learned from {n} reviews", one.learned)
            + (" · " + n_("{n} confirmed pair", "{n} confirmed pairs", one.confirmed) if one.confirmed else "")
            + " · "
            + n_("measured on {n} held back", "measured on {n} held back", one.held)
            + " · "
            + _("{n} min").format(n=max(1, round(one.seconds / 60)))
        )
        _verdict(one)
        frame = _figures(one)
        table(frame, key=f"lab_figures_{one.folder.name}", height="content")
        take_along(frame, "adapted-model", key=f"lab_adapted_figures_{one.folder.name}")
        _take(one)
        if one.bundle != bundle.id:
            st.caption(_("It learned from an earlier state of this analysis."))


def verdict_of(one: Adapted) -> str:
    """better, worse, mixed or even: by the column where there is one and by halves, each surely or not at all.

    halves: better by these alone though there is a column, which says less: they are what it was taught.
    """
    found = {change.verdict for change in (one.same, one.halves) if change is not None}
    if {"better", "worse"} <= found:
        return "mixed"
    if one.same is not None and one.same.verdict == "even" and "better" in found:
        return "halves"
    return "better" if "better" in found else "worse" if "worse" in found else "even"


def _verdict(one: Adapted) -> None:
    verdict = verdict_of(one)
    if verdict == "better":
        st.success(_("It helped on reviews that it never saw."), icon=":material/check:")
    elif verdict == "worse":
        st.warning(_("It did harm: keep the model as it was."), icon=":material/warning:")
    elif verdict == "halves":
        st.info(
            _("Halves of a review find each other more often; by the column no gain is sure."), icon=":material/info:"
        )
    elif verdict == "mixed":
        st.warning(_("It helped by one measure and did harm by the other."), icon=":material/warning:")
    else:
        st.info(_("It did not help: no difference that so many reviews could show."), icon=":material/info:")


def _figures(one: Adapted) -> pd.DataFrame:
    rows = []
    name = _column_name(one.column)
    for title, change in (
        (_("Ten nearest with the same value: {column}").format(column=name), one.same),
        (_("A half of a review finds its other half"), one.halves),
    ):
        if change is not None:
            rows.append((title, percent(change.before), percent(change.after), _gain(change), f"{change.n:,}"))
    if len(one.groups) == 2:
        before, after = one.groups
        title = _("Groups against the column (AMI, k-means: mean of five starts, in brackets least and most)")
        gain = _("{gain} (no interval)").format(gain=number(after[1] - before[1], 3))
        rows.append((title, _range(before), _range(after), gain, f"{one.same.n if one.same else one.held:,}"))
    names = (_("Measure"), _("Before"), _("After"), _("Gain (95 % interval)"), _("Reviews"))
    return pd.DataFrame(rows, columns=names)


def _gain(change: Change) -> str:
    low, high = (number(100 * value, 1) for value in (change.low, change.high))
    return _("{gain} points ({low} … {high})").format(gain=number(100 * change.gain, 1), low=low, high=high)


def _range(spread: tuple[float, float, float]) -> str:
    return f"{number(spread[1], 3)} ({number(spread[0], 3)} … {number(spread[2], 3)})"


def _take(one: Adapted) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            _("Use this for my next file"),
            key=f"lab_use_{one.folder.name}",
            icon=":material/check:",
            on_click=experts.choose,
            args=(one.name,),
        )
        st.button(
            _("Delete"),
            key=f"lab_delete_{one.folder.name}",
            icon=":material/delete:",
            type="tertiary",
            on_click=adapted.remove,
            args=(one,),
        )
    if experts.embedder() == one.name:
        st.success(_("Chosen for your next file."), icon=":material/check:")
    st.caption(_("Its name, for the Models page and the command line:"))
    st.code(one.name, language=None, wrap_lines=True)

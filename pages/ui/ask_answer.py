"""The answer above the results: sentences with their reviews a click away, counts by column, what documents say."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st

from pages.ui import ask_documents, ask_model, ask_table, search_hits, state
from pages.ui.escape import plain
from pages.ui.i18n import _, n_
from pages.ui.reviews import by_ids, reviews_dialog
from pipelines.answer import Answer, Prepared, Sentence, prepare, reply
from pipelines.answer import words as said
from pipelines.answer.count import FEW_STARS, MANY_STARS
from pipelines.answer.question import asks
from pipelines.documents import Passage, Shelf
from pipelines.errors import ReviewscapeError
from pipelines.search import Found
from pipelines.store.reader import Bundle
from pipelines.types import BoolArray
from pipelines.words import catalogue

MOST_CHARS = 700
_ANYWAY = "ask_as_question"
_NUMBERED = 6
"""A sentence on so few reviews names each; one on more says how many they are."""


def show(bundle: Bundle) -> bool:
    """The answer to what stands in the box, for the reviews that pass the filters; whether it was a question."""
    text = state.current().search
    if not text or (not asks(text) and st.session_state.get(_ANYWAY) != text):
        if text:
            st.button(
                _("Answer it as a question"), key="ask_anyway", icon=":material/forum:", type="tertiary",
                on_click=_as_question, args=(text,),
            )  # fmt: skip
        return False
    allowed = state.passing(bundle)
    shelf = ask_documents.shelf(bundle)
    try:
        with st.spinner(_("Looking for an answer …"), show_time=False):
            prepared, plainly = _answered(
                bundle.key, bundle, text, np.packbits(allowed).tobytes(), allowed, ask_documents.signature(), shelf
            )
    except ReviewscapeError as error:
        st.error(plain(error.translated(_), 400))
        return False
    answer = ask_model.written(bundle, prepared) or plainly
    with st.container(border=True, key="ask_answer"):
        _head(answer)
        _sentences(bundle, answer)
        if answer.kind == "count":
            ask_table.show(bundle, answer)
        _how(bundle, answer)
        ask_model.offer(bundle, prepared)
    return True


def nearest(bundle: Bundle, found: Found) -> None:
    """Below an answer what the search found is what may be looked through besides, and no count of its own."""
    opened = st.expander(_("Look through the reviews nearest to the question"), key="ask_nearest", on_change="rerun")
    if opened.open:
        with opened:
            listed = search_hits.shown(bundle, found)
            search_hits.listed(bundle, found, listed, key="ask_hits")


def _as_question(text: str) -> None:
    st.session_state[_ANYWAY] = text


@st.cache_resource(max_entries=32, show_spinner=False)
def _answered(
    key: str, _bundle: Bundle, text: str, inside: bytes, _allowed: BoolArray, documents: str, _shelf: Shelf | None
) -> tuple[Prepared, Answer]:
    prepared = prepare(_bundle, text, shelf=_shelf, allowed=_allowed)
    return prepared, reply(_bundle, prepared)


def _head(answer: Answer) -> None:
    heads = {"answer": _("Answer"), "count": _("Counted"), "thin": _("Too little to answer")}
    by = _("written by {model}; each sentence was checked against the reviews it names").format(model=answer.model)
    how = by if answer.model else _("put together without a language model")
    st.markdown(f"**{heads[answer.kind]}** · :gray[{plain(how, 200)}]")


def _sentences(bundle: Bundle, answer: Answer) -> None:
    """What customers say; beside it, where there are documents, what these say."""
    own = [one for one in answer.sentences if not one.passages]
    told = [one for one in answer.sentences if one.passages]
    if answer.kind == "count":
        own = own[:1]
    if not told:
        _listed(bundle, answer, own, 0)
        return
    left, right = st.columns(2, gap="medium")
    with left:
        st.caption(_("What customers say"))
        if not own:
            st.markdown(_("No review clearly speaks of this."))
        _listed(bundle, answer, own, 0)
    with right:
        st.caption(_("What the document says"))
        _listed(bundle, answer, told, len(own))


def _listed(bundle: Bundle, answer: Answer, sentences: Sequence[Sentence], start: int) -> None:
    translate = catalogue(answer.ask.language).gettext
    before: tuple[int, ...] = ()
    for place, one in enumerate(sentences, start=start):
        with st.container(key=f"ask_sentence_{place}", gap=None):
            st.markdown(plain(said.said(one, translate), MOST_CHARS))
            # Two sentences on the same reviews have one door.
            if one.passages or one.units != before:
                with st.container(horizontal=True, gap="small"):
                    _doors(bundle, one, place)
            before = one.units


def _doors(bundle: Bundle, one: Sentence, place: int) -> None:
    """A button a review where they are few, one for all where they are many; the passage of a document."""
    if 0 < len(one.rows) <= _NUMBERED:
        for row in one.rows:
            if st.button(_("row {n}").format(n=f"{row + 1:,}"), key=f"ask_door_{place}_{row}", type="tertiary"):
                points = bundle.points
                _open(bundle, points.loc[points["row_id"] == row, "unit_id"].tolist())
    elif one.rows:
        label = n_("{n} review", "{n} reviews", len(one.rows))
        if st.button(label, key=f"ask_door_{place}", type="tertiary", icon=":material/reviews:"):
            _open(bundle, one.units)
    for number, passage in enumerate(one.passages):
        _passage(passage, f"ask_passage_{place}_{number}")


def _open(bundle: Bundle, units: Sequence[int]) -> None:
    reviews_dialog(by_ids(bundle.points, list(units)), bundle, _("The reviews behind this"), key="ask_behind")


def _passage(passage: Passage, key: str) -> None:
    where = _("passage {n}").format(n=passage.number)
    if passage.page:
        where = _("page {n}").format(n=passage.page) + " · " + where
    with st.popover(plain(f"{passage.file} · {where}", 80), icon=":material/description:", key=key):
        if passage.heading:
            st.caption(plain(passage.heading, 240))
        st.text(passage.text)


def _how(bundle: Bundle, answer: Answer) -> None:
    """What was counted and why, what was left aside: nothing of it is hidden, all of it is small."""
    counted, ask = answer.counted, answer.ask
    for note in answer.notes:
        st.caption(plain(said.noted(note, answer, _), 300))
    if answer.left_out:
        reasons = "; ".join(f"{_(why)}: {n}" for why, n in answer.left_out.items())
        st.caption(
            plain(_("Sentences of the model that are not shown, because {reasons}").format(reasons=reasons), 600)
        )
    if counted is None or not counted.reviews or not ask.subject:
        return
    with st.expander(_("How this was counted"), type="compact", icon=":material/calculate:"):
        names = {int(topic["id"]): str(topic["name"]) for topic in bundle.summary["topics"]}
        lines = [_(said.HOW_WORDS).format(n=f"{counted.by_words:,}")]
        if not np.isnan(counted.cut):
            lines.append(_(said.HOW_MEANING).format(cut=f"{counted.cut:.2f}", n=f"{counted.by_meaning:,}"))
        if counted.topics:
            called = ", ".join(names.get(topic, "") for topic in counted.topics)
            lines.append(_(said.HOW_TOPIC).format(topics=called, n=f"{counted.by_topic:,}"))
        st.markdown(_("All reviews but those that …") if ask.negated else _("Reviews that …"))
        for line in lines:
            st.markdown("- " + plain(line, 300))
        if ask.polarity:
            rule = said.HOW_COMPLAINT if ask.polarity < 0 else said.HOW_PRAISE
            st.markdown(plain(_(rule).format(few=FEW_STARS, many=MANY_STARS), 300))
        st.caption(_("One review can match in several ways and counts once. Rules count, no language model does."))
        units = bundle.points["unit_id"].to_numpy()[counted.units]
        st.button(
            _("Select these"),
            key="ask_counted_select",
            icon=":material/select_all:",
            on_click=state.change,
            kwargs={"selection": tuple(sorted(units.tolist()))},
            help=_("Every page then shows only these, until you clear the selection in the bar above."),
        )

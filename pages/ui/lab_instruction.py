"""A question with an instruction before it and without: two lists side by side, and a measure on the file's topics."""

from __future__ import annotations

import streamlit as st

from pages.ui import lab_reader
from pages.ui.escape import plain
from pages.ui.i18n import _, language, n_
from pages.ui.lab_reader import number, percent
from pages.ui.models import session_keys
from pages.ui.reviews import by_ids, show_reviews
from pipelines.embed.prompts import MAX_PROMPT_CHARS
from pipelines.errors import ReviewscapeError
from pipelines.lab import instructions, reading
from pipelines.lab.instructions import Measured, Sides
from pipelines.store.reader import Bundle

_ASKED = "lab_instruction_asked"


def show(bundle: Bundle) -> None:
    """Draw the tab."""
    st.markdown(
        _(
            "Some models are told what they are to do by a line before the question (an instruction, or query prompt): "
            "they were trained with it, and find better with it. Others were not, and it only stands in the way."
        )
    )
    if not lab_reader.can_read(bundle):
        return
    own = instructions.own_prompt(bundle)
    if own:
        st.markdown(_("The model of this analysis uses one by itself:") + f" “{plain(own, 300)}”")
    else:
        st.markdown(_("The model of this analysis uses none: below you see what one does to it all the same."))
    question, prompt = _typed(bundle)
    if not question or not prompt.strip():
        st.caption(_("Type a question and an instruction."))
        return
    try:
        with st.spinner(_("Reading …"), show_time=False), session_keys.in_use():
            send = lab_reader.may_send(bundle)
            sides = _sides(bundle.key, question, prompt, send, bundle)
            if sides is not None:
                _lists(bundle, sides)
            _measured(bundle, prompt, send=send)
    except ReviewscapeError as error:
        st.error(plain(error.translated(_), 500), icon=":material/error:")


@st.cache_data(max_entries=64, show_spinner=False)
def _sides(key: str, question: str, prompt: str, send: bool, _bundle: Bundle) -> Sides | None:
    return instructions.compare(_bundle, question, prompt, send=send)


@st.cache_data(max_entries=32, show_spinner=False)
def _measure(key: str, prompt: str, send: bool, _bundle: Bundle) -> Measured | None:
    return instructions.measure(_bundle, prompt, send=send)


def _typed(bundle: Bundle) -> tuple[str, str]:
    example = "哪里需要改进？" if language() == "zh" else "What should be improved?"
    kept = st.session_state.get("lab_instruction_kept", {})
    question = st.text_input(
        _("A question"),
        value=kept.get("question", example),
        key="lab_question",
        max_chars=reading.MOST_CHARS,
    ).strip()
    prompt = st.text_area(
        _("The instruction before it"),
        value=kept.get(bundle.key) or instructions.suggested(bundle),
        key=f"lab_prompt_{bundle.id[:8]}",
        max_chars=MAX_PROMPT_CHARS,
        height=80,
    )
    st.session_state["lab_instruction_kept"] = {"question": question, bundle.key: prompt}
    return question, prompt


def _lists(bundle: Bundle, sides: Sides) -> None:
    st.markdown(
        n_("Of the {n} review that each finds,", "Of the {n} reviews that each finds,", len(sides.with_it))
        + " "
        + n_("**{n} is the same**.", "**{n} are the same**.", sides.both)
    )
    both = {*sides.without.tolist()} & {*sides.with_it.tolist()}
    for place, title, units, key in zip(
        st.columns(2),
        (_("Without it"), _("With it")),
        (sides.without.tolist(), sides.with_it.tolist()),
        ("without", "with"),
        strict=True,
    ):
        with place:
            st.markdown(f"**{title}**")
            why = {unit: _("only here") for unit in units if unit not in both}
            show_reviews(by_ids(bundle.points, units), bundle, key=f"lab_found_{key}", page=5, why=why)


def _measured(bundle: Bundle, prompt: str, *, send: bool) -> None:
    st.subheader(_("Does it help on your reviews?"))
    st.caption(
        _(
            "Each topic's three first keywords are asked as a question, with the instruction and without. Counted is "
            "how many of the ten found are of that topic."
        )
    )
    if st.session_state.get(_ASKED) != bundle.key:
        if not st.button(_("Ask for every topic"), key="lab_instruction_go", icon=":material/quiz:"):
            return
        st.session_state[_ASKED] = bundle.key
    found = _measure(bundle.key, prompt, send, bundle)
    if found is None:
        st.info(_("It takes at least three topics with keywords."))
        return
    with st.container(horizontal=True):
        st.metric(_("Without it"), percent(found.without), border=True)
        st.metric(_("With it"), percent(found.with_it), border=True)
        points = number(100 * found.gain, 1)
        st.metric(_("Gain, percentage points"), points if points.startswith("−") else f"+{points}", border=True)
    between = f"{number(100 * found.low, 1)} … {number(100 * found.high, 1)}"
    told = n_("{n} topic asked", "{n} topics asked", found.topics) + " · " + _("95 % interval {x}").format(x=between)
    if found.low > 0:
        st.success(_("It helps here.") + " " + told)
    elif found.high < 0:
        st.warning(_("It does harm here.") + " " + told)
    else:
        st.info(_("No difference that so few topics could show.") + " " + told)

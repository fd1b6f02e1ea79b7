"""What is put before the texts, so that a model knows its job: the purpose, and prompts of the person's own."""

from __future__ import annotations

import streamlit as st

from pages.ui.escape import plain
from pages.ui.i18n import _
from pages.ui.upload import model_choice, remembered
from pipelines import embed
from pipelines.config import PURPOSES, Purpose
from pipelines.embed.prompts import MAX_PROMPT_CHARS, takes_instruction
from pipelines.errors import ReviewscapeError

_LINES_PX = 72


def purpose() -> Purpose:
    """The purpose chosen; the plain one for a model that takes no instruction."""
    chosen = remembered.value("expert_purpose")
    usual = PURPOSES[0]
    return next((one for one in PURPOSES if one == chosen), usual) if _takes(model_choice.model()) else usual


def own(what: str) -> str | None:
    """The person's own words before a text ("query" or "document"); None for the model's usual ones, "" for none."""
    if not model_choice.model() or not remembered.value(f"expert_own_{what}"):
        return None
    # Not stripped: the blank after “query: ” belongs to it.
    return str(remembered.value(f"expert_{what}") or "")


def show() -> None:
    """The switch, for models that take one, and the prompts, a click further."""
    model = model_choice.model()
    if not model:
        return
    if _takes(model):
        names = {
            "retrieval": _("compare reviews with each other (nothing before them)"),
            "clustering": _("find topics (an instruction before each review)"),
            "classification": _("tell sentiment (an instruction before each review)"),
        }
        st.selectbox(
            _("What the reviews are read for"),
            PURPOSES,
            format_func=names.__getitem__,
            **remembered.widget("expert_purpose"),
            help=_("Leave it as it is unless you have compared the topics with and without an instruction."),
        )
    with st.expander(_("Words before each text (prompts)"), icon=":material/short_text:", key="prompts"):
        usual = _usual()
        _prompt("query", _("Before a question: words of my own"), usual.query)
        _prompt("document", _("Before a review: words of my own"), usual.document)


def _takes(model: str) -> bool:
    return bool(model) and takes_instruction(model)


def _usual() -> embed.Prompts:
    try:
        return embed.usual_prompts(model_choice.name(), purpose())
    except ReviewscapeError:
        return embed.Prompts()


def _prompt(what: str, label: str, usual: str) -> None:
    mine = st.checkbox(label, **remembered.widget(f"expert_own_{what}"))
    if mine:
        st.text_area(
            label,
            **remembered.widget(f"expert_{what}"),
            placeholder=usual,
            max_chars=MAX_PROMPT_CHARS,
            height=_LINES_PX,
            label_visibility="collapsed",
        )
        st.caption(_("An empty field puts nothing before the text."))
    elif usual:
        st.caption(_("The model’s own: {prompt}").format(prompt=plain(usual, 300)))
    else:
        st.caption(_("The model’s own: nothing."))

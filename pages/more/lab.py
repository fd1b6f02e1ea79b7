"""Lab: see what the model sees, with the person's own reviews as the examples."""

import streamlit as st

from pages.ui import (
    lab_adapt,
    lab_instruction,
    lab_many,
    lab_models,
    lab_pair,
    lab_reader,
    lab_shrink,
    lab_words,
    shell,
)
from pages.ui.escape import plain
from pages.ui.i18n import _, language

bundle = shell.current_bundle()

st.title(_("Lab: see what the model sees"))
st.markdown(
    _(
        "A model turns each text into a row of numbers (an embedding, or vector), so that texts that mean alike get "
        "rows alike. The map, topics and search are all built on that. Here you can see how well it works on your own "
        "reviews, and where it goes wrong."
    )
)
st.caption(
    _("The open analysis: {analysis} · the model: {model} · {dim} numbers a review").format(
        analysis=plain(shell.analysis_name()),
        model=plain(lab_reader.name_of(bundle)),
        dim=f"{bundle.vectors.shape[1]:,}",
    )
)
draw = {
    _("Two texts"): lambda: lab_pair.show(bundle),
    _("Many texts"): lambda: lab_many.show(bundle),
    _("Reckoning with words"): lambda: lab_words.show(bundle),
    _("Fewer numbers"): lambda: lab_shrink.show(bundle),
    _("Instruction"): lambda: lab_instruction.show(bundle),
    _("Two models"): lambda: lab_models.show(bundle),
    _("Adapt a model"): lambda: lab_adapt.show(bundle),
}
# Only the open tab is drawn: what the others reckon takes its time.
for tab, show in zip(st.tabs(list(draw), key=f"lab_tab_{language()}", on_change="rerun"), draw.values(), strict=True):
    if tab.open:
        with tab:
            show()

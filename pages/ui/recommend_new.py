"""Somebody new: items for a typed sentence, or for topics, before they have written anything."""

from __future__ import annotations

import numpy as np
import streamlit as st

from pages.ui import recommend_parts
from pages.ui.escape import plain
from pages.ui.i18n import _
from pages.ui.recommend_parts import Known
from pipelines import recommend
from pipelines.recommend.wishes import MOST_CHARS
from pipelines.store.reader import Bundle
from pipelines.types import FloatArray


def show(bundle: Bundle, known: Known) -> None:
    """Draw the tab."""
    st.markdown(_("For somebody who has written nothing yet: the items about which others write what is wanted."))
    can_read = recommend.can_read(bundle)
    sentence = ""
    if can_read:
        sentence = st.text_input(
            _("What do they want?"),
            key="recommend_sentence",
            max_chars=MOST_CHARS,
            placeholder=_("One sentence, as a customer would say it"),
        ).strip()
    else:
        st.caption(
            _(
                "The model that read these reviews ({model}) cannot read a sentence here without asking a service. "
                "Choose topics instead."
            ).format(model=plain(str(bundle.identity.get("name", "?"))))
        )
    names = {int(topic["id"]): str(topic["name"]) for topic in bundle.summary["topics"] if not topic.get("hidden")}
    topics = st.multiselect(
        _("Or topics that they care about") if can_read else _("Topics that they care about"),
        list(names),
        format_func=names.__getitem__,
        key=f"recommend_topics_{bundle.id}",
    )
    vector = _wanted(bundle, known, sentence, topics)
    if vector is None:
        st.info(_("Type a sentence, or choose a topic: the items for it stand here."))
        return
    listed = recommend.for_vector(known.history, vector)
    recommend_parts.show_items(bundle, known, listed, key="recommend_new", name="recommended")
    _how_well(bundle, known)


def _wanted(bundle: Bundle, known: Known, sentence: str, topics: list[int]) -> FloatArray | None:
    """The sentence's vector, the topics' one, or the middle of both."""
    found = []
    if sentence:
        with st.spinner(_("Reading the sentence …")):
            said = recommend.of_sentence(bundle, sentence)
        if said is None:
            st.warning(_("The model that read these reviews could not be loaded. Choose topics instead."))
        else:
            found.append(said)
    about = recommend.of_topics(bundle, known.history, topics) if topics else None
    if about is not None:
        found.append(about)
    if not found:
        return None
    width = min(len(vector) for vector in found)
    lengths = [max(float(np.linalg.norm(vector[:width])), 1e-9) for vector in found]
    return np.mean([vector[:width] / length for vector, length in zip(found, lengths, strict=True)], axis=0)


def _how_well(bundle: Bundle, known: Known) -> None:
    _ranker, measured = recommend_parts.ranker(bundle, known)
    st.caption(_("Ranked by what is written about an item alone: its popularity does not count here."))
    if measured is not None and measured.about:
        said = _(
            "Measured here: the text of a hidden review found the item that it is about among the first ten for {hit} "
            "of {n} people (95 %: {low} to {high}). A short sentence says less than a review."
        )
        about = measured.about
        values = {part: f"{about[key]:.0%}" for part, key in (("hit", "hit"), ("low", "hit_low"), ("high", "hit_high"))}
        st.caption(said.format(n=f"{measured.people:,}", **values))

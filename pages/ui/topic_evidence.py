"""Why a topic is called what it is and how far to believe it: words with weights and counts, exemplars, stability."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from pages.ui import state
from pages.ui.escape import plain
from pages.ui.i18n import _
from pages.ui.reviews import by_ids, show_reviews
from pages.ui.sure import counted, has_core, stability_mark, stability_meaning, stability_word
from pages.ui.table import picked
from pipelines.figures import count_reviews
from pipelines.store.reader import Bundle
from pipelines.view import Filter

MOST_WORDS = 10
IN_LINE = 8


def show(bundle: Bundle, part: pd.DataFrame, topic_id: int) -> None:
    """The line of typical words and how sure the topic is; the evidence behind both one click away."""
    topic = next((one for one in bundle.summary["topics"] if one["id"] == topic_id), None)
    if topic is None:
        return
    keywords = [(str(word), float(weight)) for word, weight, _count in topic.get("keywords", ())][:MOST_WORDS]
    if keywords:
        words = ", ".join(word for word, _weight in keywords[:IN_LINE])
        st.caption(_("Typical words: {words}").format(words=plain(words, 300)))
    facts = [counted(part)] if has_core(bundle) and len(part) else []
    value = topic.get("stability")
    if value is not None:
        facts.insert(0, _("How sure: {mark}, {word}").format(mark=stability_mark(value), word=stability_word(value)))
    if facts:
        st.caption(" · ".join(facts))
    with st.expander(_("Why this name, and how sure"), icon=":material/fact_check:", key=f"evidence_{topic_id}"):
        if value is not None:
            st.markdown(stability_meaning(float(value)))
        _words(part, keywords, topic_id)
        _exemplars(bundle, topic)


def _words(part: pd.DataFrame, keywords: list[tuple[str, float]], topic_id: int) -> None:
    """A table of the words; a row becomes a filter, which shows the reviews that hold the word."""
    if not keywords:
        return
    heaviest = max(weight for _word, weight in keywords) or 1.0
    frame = pd.DataFrame(
        {
            "word": [word for word, _weight in keywords],
            "weight": [weight / heaviest for _word, weight in keywords],
            "reviews": [count_reviews(_holding(part, word)) for word, _weight in keywords],
        }
    )
    row = picked(
        frame,
        # Counts before bars: a narrow screen cuts the last column.
        column_order=["word", "reviews", "weight"],
        height="content",
        key=f"evidence_words_{topic_id}",
        column_config={
            "word": st.column_config.TextColumn(_("Word"), width=110),
            "weight": st.column_config.ProgressColumn(
                _("Weight"),
                min_value=0.0,
                max_value=1.0,
                format=" ",
                color="gray",
                width=70,
                help=_("How much more this word belongs to this topic than to the others (class-based TF-IDF)"),
            ),
            "reviews": st.column_config.NumberColumn(_("Reviews with it"), format="localized", width=90),
        },
    )
    st.caption(_("Choose a word to read the reviews that hold it."))
    if row is not None:
        state.add_filter(Filter("text", "contains", keywords[row][0]))
        st.rerun()


def _holding(part: pd.DataFrame, word: str) -> pd.DataFrame:
    """As a filter on the text finds them, so that the number is that of the reviews that it opens."""
    return part[part["text"].str.contains(word, case=False, regex=False)]


def _exemplars(bundle: Bundle, topic: dict[str, Any]) -> None:
    exemplars = by_ids(bundle.points, [int(unit) for unit in topic.get("exemplars", ())])
    if len(exemplars):
        title = _("Typical reviews, nearest to the core")
        st.markdown(f"**{title}**")
        show_reviews(exemplars, bundle, key="topic_exemplars", show_topic=False, page=3)

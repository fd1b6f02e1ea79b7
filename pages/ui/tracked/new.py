"""New tracked topics: a typed word or phrase with a look at what it finds, or a whole list of themes."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.ui import state, told
from pages.ui.escape import plain
from pages.ui.i18n import _, n_
from pages.ui.reviews import show_reviews
from pages.ui.tracked import opened
from pipelines import tracked
from pipelines.errors import ReviewscapeError
from pipelines.figures import count_reviews
from pipelines.store.reader import Bundle

TYPED = "tracked_phrase"
_EXAMPLES, _MOST_LISTED = 3, 50


def phrase(bundle: Bundle) -> None:
    """The box for a word or phrase; what is typed is counted at once, and kept on a button."""
    typed = st.text_input(
        _("Track a word or phrase"),
        placeholder=_("battery life"),
        max_chars=300,
        key=TYPED,
        icon=":material/bookmark_add:",
        help=_("Several wordings of one thing with commas between: refund, money back"),
    )
    line = tracked.phrase(typed or "")
    if line is None:
        return
    with st.spinner(_("Looking for it …")):
        topic = tracked.drafted(bundle, line)
        judged = tracked.judge(bundle, topic)
    found = bundle.points[judged.belongs].assign(_sure=judged.probability[judged.belongs])
    with st.container(border=True, key="tracked_preview"):
        with st.container(horizontal=True, vertical_alignment="center"):
            if len(found):
                said = n_("{n} review speaks of it", "{n} reviews speak of it", count_reviews(found))
            else:
                said = _("No review speaks of it. It can be tracked all the same, for files added later.")
            st.markdown(said, width="stretch")
            st.button(
                _("Track it"),
                key="tracked_keep",
                type="primary",
                icon=":material/bookmark_added:",
                on_click=_keep,
                args=(bundle, [line]),
            )
        if judged.how == tracked.BY_WORDS:
            st.caption(_("Found by its words alone: the model that read these reviews cannot be asked here."))
        if len(found):
            once = found[found["duplicate_of"].isna()].sort_values("_sure", ascending=False, kind="stable")
            show_reviews(once.head(_EXAMPLES), bundle, key="tracked_preview_cards", likes=False, page=_EXAMPLES)


def code_book(bundle: Bundle) -> None:
    """The list of themes, pasted or as a file: all are made at once."""
    with st.expander(_("Track a list of themes"), icon=":material/list_alt_add:", key="tracked_list"):
        pasted = st.text_area(
            _("One theme a line"),
            placeholder=_("late delivery\nrefund: refund, money back\nnoise: loud, noisy, grinder"),
            key="tracked_pasted",
            max_chars=100_000,
        )
        file = st.file_uploader(_("or a file (.txt, .csv)"), type=["txt", "csv"], key="tracked_file", max_upload_size=1)
        lines = tracked.parse_file(file.getvalue(), file.name) if file else tracked.parse(pasted or "")
        if lines:
            listed = "; ".join(line.name for line in lines[:_MOST_LISTED])
            st.caption(n_("{n} theme", "{n} themes", len(lines)) + ": " + plain(listed, 400))
        st.button(
            _("Track them all"),
            key="tracked_keep_all",
            type="primary",
            icon=":material/bookmark_added:",
            disabled=not lines,
            on_click=_keep,
            args=(bundle, lines),
        )


def _keep(bundle: Bundle, lines: Sequence[tracked.Line]) -> None:
    analysis = state.current().analysis
    try:
        made = tracked.create(analysis, bundle, lines)
    except ReviewscapeError as error:
        told.toast(error)
        return
    st.session_state[TYPED] = ""
    st.session_state["tracked_pasted"] = ""
    if len(made) == 1:
        opened.open_topic(made[0])
    said = n_("{n} topic is tracked now.", "{n} topics are tracked now.", len(made))
    opened.set_undo((analysis, "made", made, said))

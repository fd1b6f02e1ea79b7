"""The doubtful reviews of a tracked topic, one after the other: yes, no, or pass."""

from __future__ import annotations

import streamlit as st

from pages.ui import state, told
from pages.ui.escape import plain
from pages.ui.i18n import _, n_
from pages.ui.reviews import by_ids, show_reviews
from pages.ui.tracked import opened
from pipelines import tracked
from pipelines.store.reader import Bundle


def ask(bundle: Bundle, topic: tracked.Tracked, judged: tracked.Judged) -> None:
    """One review with its three answers; keys y, n and s answer too."""
    units = opened.batch(topic.id)
    if units is None:
        units = _next(bundle, topic, judged)
    with st.container(border=True, key="tracked_ask"):
        if not units:
            _done(bundle, topic, judged)
            return
        unit = units[0]
        st.markdown(_("Does this review belong to “{name}”?").format(name=plain(topic.name, 60)))
        share = f"{judged.probability[unit]:.0%}"
        why = {unit: _("Counted so far, {share} sure").format(share=share) if judged.belongs[unit]
               else _("Not counted so far, {share} sure that it belongs").format(share=share)}  # fmt: skip
        show_reviews(
            by_ids(bundle.points, [unit]),
            bundle,
            key=f"tracked_card_{topic.id}",
            likes=False,
            why=why,
            show_topic=False,
        )
        with st.container(horizontal=True, gap="small", key="tracked_answers"):
            for key, label, yes, icon in (
                ("y", _("Yes"), True, ":material/check:"),
                ("n", _("No"), False, ":material/close:"),
                ("s", _("Skip"), None, ":material/skip_next:"),
            ):
                st.button(
                    label,
                    key=f"tracked_{key}",
                    icon=icon,
                    shortcut=key,
                    on_click=_answer,
                    args=(bundle, topic, unit, yes, bool(judged.belongs[unit])),
                )
            _take_back(bundle, topic)
        st.caption(n_("{n} review left in this round", "{n} reviews left in this round", len(units)))


def _done(bundle: Bundle, topic: tracked.Tracked, judged: tracked.Judged) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(_("This round is done."), width="stretch")
        _take_back(bundle, topic)
        if len(tracked.borderline(bundle, topic, judged, 1)):
            st.button(
                _("Ask me {n} more").format(n=tracked.AT_ONCE),
                key="tracked_more",
                icon=":material/more_horiz:",
                on_click=opened.set_batch,
                args=(topic.id, None),
            )


def _next(bundle: Bundle, topic: tracked.Tracked, judged: tracked.Judged) -> list[int]:
    passed = opened.skipped(topic.id)
    found = tracked.borderline(bundle, topic, judged, tracked.AT_ONCE + len(passed))
    units = [int(unit) for unit in found if int(unit) not in passed][: tracked.AT_ONCE]
    opened.set_batch(topic.id, units)
    return units


def _answer(bundle: Bundle, topic: tracked.Tracked, unit: int, yes: bool | None, was: bool) -> None:
    left = [other for other in opened.batch(topic.id) or () if other != unit]
    if yes is None:
        opened.skipped(topic.id).add(unit)
    else:
        if not told.attempt(lambda: tracked.answer(state.current().analysis, bundle, topic.id, unit, yes, was=was)):
            return
        opened.set_last_answer((topic.id, unit))
    opened.set_batch(topic.id, left)


def _take_back(bundle: Bundle, topic: tracked.Tracked) -> None:
    last = opened.last_answer()
    if last and last[0] == topic.id:
        st.button(
            _("Undo the last answer"),
            key="tracked_take_back",
            type="tertiary",
            icon=":material/undo:",
            on_click=_taken_back,
            args=(bundle, topic.id, last[1]),
        )


def _taken_back(bundle: Bundle, topic_id: str, unit: int) -> None:
    if not told.attempt(lambda: tracked.answer(state.current().analysis, bundle, topic_id, unit, None)):
        return
    opened.set_last_answer(None)
    opened.set_batch(topic_id, [unit, *(opened.batch(topic_id) or ())])

"""A tracked topic opened: how it was found, how sure that is, what can be done with it, its reviews."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.ui import go, state, told
from pages.ui.escape import plain
from pages.ui.i18n import _, n_
from pages.ui.reviews import show_reviews
from pages.ui.tracked import asking, opened
from pipelines import tracked
from pipelines.figures import count_reviews
from pipelines.store.reader import Bundle
from pipelines.view import Filter

FEWEST_CHECKED = 3
"""Answers about counted reviews from which a share is told."""


def show(bundle: Bundle, points: pd.DataFrame, topic: tracked.Tracked) -> None:
    """The panel below the table; points: those in sight."""
    judged = tracked.judge(bundle, topic)
    part = points[judged.belongs[points["unit_id"].to_numpy()]]
    with st.container(border=True, key="opened_tracked"):
        st.markdown(f"**{plain(topic.name)}** · " + n_("{n} review", "{n} reviews", count_reviews(part)))
        for line in _facts(bundle, topic, judged):
            st.caption(line)
        _buttons(topic)
        asking.ask(bundle, topic, judged)
        if len(part):
            sure = judged.probability[part["unit_id"].to_numpy()]
            strongest = part.assign(_sure=sure).sort_values("_sure", ascending=False, kind="stable")
            why = {
                int(unit): _("{share} sure").format(share=f"{share:.0%}")
                for unit, share in zip(strongest["unit_id"].head(200), strongest["_sure"], strict=False)
            }
            show_reviews(strongest, bundle, key="tracked_reviews", why=why, show_topic=False, page=5)


def _facts(bundle: Bundle, topic: tracked.Tracked, judged: tracked.Judged) -> list[str]:
    said = {
        tracked.BY_WORDS: _("Found by its words alone: the model that read these reviews cannot be asked here."),
        tracked.BY_MEANING: _("Found by its words and by meaning. Confirm a few reviews and it gets better."),
        tracked.BY_EXAMPLES: _("Found by being like the reviews you chose. Confirm a few and it gets better."),
        tracked.BY_ANSWERS: n_("Learned from {n} answer of yours.", "Learned from {n} answers of yours.",
                               len(topic.answers)),
    }[judged.how]  # fmt: skip
    lines = [said]
    if topic.phrases:
        lines.insert(0, _("Looks for: {words}").format(words=plain("; ".join(topic.phrases), 300)))
    found = tracked.checked(topic.answers)
    if found and found.asked >= FEWEST_CHECKED:
        lines.append(
            _("Of {n} doubtful reviews that had counted, {right} were right: {share} ({low} to {high}).").format(
                n=found.asked,
                right=found.right,
                share=f"{found.right / found.asked:.0%}",
                low=f"{found.low:.0%}",
                high=f"{found.high:.0%}",
            )
        )
    if judged.lost:
        lines.append(
            n_(
                "{n} review that you chose or answered about is not in this map and counts no more.",
                "{n} reviews that you chose or answered about are not in this map and count no more.",
                judged.lost,
            )
        )
    return lines


def _buttons(topic: tracked.Tracked) -> None:
    with st.container(horizontal=True, gap="small", key="tracked_actions"):
        item = Filter(topic.column, "not", "")
        st.button(
            _("Only these reviews"),
            key="tracked_filter",
            icon=":material/filter_alt:",
            type="primary" if state.has_filter(item) else "secondary",
            help=_("Every page then shows this topic alone"),
            on_click=state.toggle_filter,
            args=(item,),
        )
        if st.button(_("Show on map"), key="tracked_on_map", icon=":material/bubble_chart:"):
            go.to("pages/main/map.py", lambda: state.change(colour=topic.column))
        with st.popover(_("Name"), icon=":material/edit:"), st.form("tracked_rename", border=False):
            name = st.text_input(_("Name"), value=topic.name, max_chars=120, key=f"tracked_name_{topic.id}")
            # Said by a toast, which a rerun would take along.
            if st.form_submit_button(_("Save")) and told.attempt(
                lambda: tracked.change(state.current().analysis, topic.id, name=name)
            ):
                st.rerun()
        with st.popover(_("How strict"), icon=":material/tune:"):
            st.slider(
                _("A review counts from this sureness on"),
                5,
                95,
                round(topic.threshold * 100),
                5,
                format="%d %%",
                key=f"tracked_threshold_{topic.id}",
                on_change=_set_threshold,
                args=(topic.id,),
                help=_("Higher: fewer reviews, and surer ones"),
            )
        st.button(
            _("Stop tracking"),
            key="tracked_remove",
            type="tertiary",
            icon=":material/delete:",
            on_click=_remove,
            args=(topic,),
        )
        st.button(_("Close"), key="tracked_close", type="tertiary", on_click=opened.open_topic, args=("",))


def _set_threshold(topic_id: str) -> None:
    asked = st.session_state[f"tracked_threshold_{topic_id}"] / 100
    told.attempt(lambda: tracked.change(state.current().analysis, topic_id, threshold=asked))


def _remove(topic: tracked.Tracked) -> None:
    analysis = state.current().analysis
    if told.attempt(lambda: tracked.remove(analysis, [topic.id])):
        opened.open_topic("")
        state.change(filters=tuple(item for item in state.current().filters if item.column != topic.column))
        opened.set_undo((analysis, "removed", (topic.id,), _("“{name}” is tracked no longer.").format(name=topic.name)))

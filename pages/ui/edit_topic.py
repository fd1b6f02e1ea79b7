"""Changing the topic of an open panel: rename, merge with others, split, hide, pin."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from pages.ui import edits, state
from pages.ui.escape import plain
from pages.ui.i18n import _, n_
from pages.ui.reviews import by_ids, show_reviews
from pipelines import corrections
from pipelines.corrections.record import MAX_NAME_CHARS
from pipelines.errors import ReviewscapeError
from pipelines.store.reader import Bundle

_EXAMPLES = 2


def show(bundle: Bundle, _part: pd.DataFrame, topic_id: int) -> None:
    """The row of what can be done with a topic."""
    topic = next((one for one in bundle.summary["topics"] if one["id"] == topic_id), None)
    if topic is None:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="edit_topic"):
        if bundle.is_draft:
            st.caption(":material/edit_off: " + _("Changes to topics wait for the full map."))
        else:
            _rename(bundle, topic)
            _merge(bundle, topic)
            if st.button(_("Split"), key="split", type="tertiary", icon=":material/call_split:"):
                _split(bundle, topic)
            _hide(bundle, topic)
            _pin(bundle, topic)
    if topic.get("plain_name") and topic["plain_name"] != topic["name"]:
        st.caption(_("Its name before: {name}").format(name=plain(str(topic["plain_name"]))))


def _key(what: str, bundle: Bundle, topic: Mapping[str, Any]) -> str:
    """A new key for each state of the topics: fields begin anew, and what was open closes."""
    return f"{what}_{topic['id']}_{bundle.key[-16:]}"


def _rename(bundle: Bundle, topic: Mapping[str, Any]) -> None:
    with st.popover(_("Rename"), type="tertiary", icon=":material/edit:", key=_key("rename", bundle, topic)):
        field = _key("rename_to", bundle, topic)
        st.text_input(_("Name"), value=topic["name"], max_chars=MAX_NAME_CHARS, key=field)

        def save() -> None:
            name = str(st.session_state[field])
            edits.do(partial(corrections.rename, state.current().analysis, bundle, topic["id"], name))

        st.button(_("Save"), key=_key("rename_save", bundle, topic), type="primary", on_click=save)


def _merge(bundle: Bundle, topic: Mapping[str, Any]) -> None:
    with st.popover(_("Merge with …"), type="tertiary", icon=":material/merge:", key=_key("merge", bundle, topic)):
        others, name = _key("merge_others", bundle, topic), _key("merge_name", bundle, topic)
        choices = edits.topic_choices(bundle, without=topic["id"])
        st.multiselect(_("Topics"), list(choices), format_func=choices.__getitem__, key=others)
        st.text_input(_("Name"), placeholder=_("found from its reviews"), max_chars=MAX_NAME_CHARS, key=name)

        def save() -> None:
            ids = [int(topic["id"]), *st.session_state[others]]
            decide = partial(corrections.merge, state.current().analysis, bundle, ids, str(st.session_state[name]))
            edits.do(decide, _kept)

        st.button(_("Merge"), key=_key("merge_save", bundle, topic), type="primary", on_click=save)


def _kept(payload: Mapping[str, Any]) -> int:
    return int(payload["topics"][payload["keep"]]["id"])


def _split(bundle: Bundle, topic: Mapping[str, Any]) -> None:
    # Decorated inside, so that the dialog's title is in the session's language.
    @st.dialog(_("Split “{name}”").format(name=plain(str(topic["name"]), 60)), width="medium")
    def ask() -> None:
        try:
            with st.spinner(_("Looking for parts")):
                parts = _parts(bundle.key, int(topic["id"]), bundle)
        except ReviewscapeError as error:
            st.info(plain(error.translated(_), 300))
            return
        st.caption(
            _("Parts that the map itself has.")
            if parts.how == "tree"
            else _("The map sees no parts here; these are two halves by meaning.")
        )
        for rank, part in enumerate(parts.parts):
            count = n_("{n} review", "{n} reviews", part.reviews)
            st.markdown(f"**{plain(part.topic.name)}** · {count}")
            examples = by_ids(bundle.points, part.topic.exemplars[: _EXAMPLES if len(parts.parts) == 2 else 1])
            show_reviews(examples, bundle, key=f"part_{rank}", likes=False, show_topic=False)
        if st.button(_("Split it so"), key="split_save", type="primary"):
            decide = partial(corrections.split, state.current().analysis, bundle, int(topic["id"]), parts)
            if edits.attempt(decide, edits.to_all):
                st.rerun()

    ask()


@st.cache_resource(max_entries=4, show_spinner=False)
def _parts(key: str, topic_id: int, _bundle: Bundle) -> corrections.Parts:
    return corrections.propose(_bundle, topic_id)


def _hide(bundle: Bundle, topic: Mapping[str, Any]) -> None:
    decide = partial(corrections.hide, state.current().analysis, bundle, int(topic["id"]))
    st.button(
        _("Hide"),
        key="hide",
        type="tertiary",
        icon=":material/visibility_off:",
        help=_("Out of lists, the map’s names and findings. Its reviews stay in every total."),
        on_click=edits.do,
        args=(decide, edits.to_all),
    )


def _pin(bundle: Bundle, topic: Mapping[str, Any]) -> None:
    if topic.get("pinned"):
        st.button(
            _("Unpin"),
            key="unpin",
            type="tertiary",
            icon=":material/keep_off:",
            on_click=edits.take_back,
            args=[topic["pinned"]],
        )
        return
    st.button(
        _("Pin"),
        key="pin",
        type="tertiary",
        icon=":material/keep:",
        help=_("First in every list; keeps its name when the map is made anew."),
        on_click=edits.do,
        args=[partial(corrections.pin, state.current().analysis, bundle, int(topic["id"]))],
    )

"""Saved views: the exact look under a name, with a note; saved, opened, overwritten, deleted, and each undone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import streamlit as st

from pages.ui import collect, data, done_line, go, state, steady
from pages.ui.done_line import Done
from pages.ui.escape import plain
from pages.ui.i18n import _, local_moment, n_
from pipelines import saved
from pipelines.errors import DamagedBundle, UnusableInput
from pipelines.store import library
from pipelines.store.history import SavedView
from pipelines.store.reader import Bundle
from pipelines.view import Filter, View

Label = Callable[[Filter, Bundle], str]
POPOVER, NAME, NOTE = "views", "view_name", "view_note"
_NOTE_OF, _TAKEN, _GO, TURN = "view_note_of", "view_taken", "view_go", "views_turn"
PAGES = ("overview", "map", "ask", "compare", "check")
"""Pages that a look is saved on; opening a view leads to its own."""
MAX_NAME, MAX_NOTE = 80, 500
_PAGE = 10


def popover_key() -> str:
    """Another after each thing done in it: a new popover is closed, whatever the browser remembers of the last."""
    turn = st.session_state.get(TURN, 0)
    return f"{POPOVER}_{turn}" if turn else POPOVER


@st.fragment
def popover(bundle: Bundle, label: Label) -> None:
    """The button "Views" of the bar: save this look, and the list of those that were saved."""
    if st.session_state.pop(done_line.CHANGED, False):
        # The whole page follows what was done in here.
        st.rerun()
    analysis = state.current().analysis
    saved_views = library.info(analysis).views
    title = steady.title(popover_key(), _("Views") + (f" · {saved_views}" if saved_views else ""))
    box = st.popover(title, icon=":material/bookmarks:", type="tertiary", key=popover_key(), on_change="rerun")
    if not box.open:
        return
    with box:
        if bundle.is_draft:
            st.caption(_("This is a draft. Saved views wait for the full map, so that they stay as they were seen."))
            return
        _form(bundle)
        listed(bundle, label, library.list_views(analysis), key="bar")


def follow() -> None:
    """Go to the page of a view that was just opened, where it is another; ends the run then."""
    # This run is of the whole page already.
    st.session_state.pop(done_line.CHANGED, None)
    page = st.session_state.pop(_GO, "")
    if page and page != go.here():
        go.to(f"pages/main/{page}.py")


def at_hand(bundle: Bundle) -> View:
    """The look of now as it is saved and shared."""
    page, quotes = go.here(), tuple(collect.units(bundle))
    return replace(state.current(), page=page if page in PAGES else "map", quotes=quotes)


def _form(bundle: Bundle) -> None:
    note = state.current().note
    if st.session_state.get(_NOTE_OF) != note or NOTE not in st.session_state:
        # The look may bring a note; what a person has typed since is left alone.
        st.session_state[NOTE] = st.session_state[_NOTE_OF] = note
    with st.form("save_view", border=False):
        st.text_input(_("Name"), key=NAME, max_chars=MAX_NAME, placeholder=_("Save this look as …"))
        st.text_area(_("Note"), key=NOTE, max_chars=MAX_NOTE, height=68)
        st.form_submit_button(_("Save this look"), icon=":material/bookmark_add:", on_click=_save, args=(bundle,))
    taken = st.session_state.get(_TAKEN)
    if taken is not None and taken[0] == state.current().analysis:
        with st.container(border=True, key="view_taken"):
            st.markdown(_("There is a view called “{name}” already.").format(name=plain(taken[2])))
            with st.container(horizontal=True):
                st.button(_("Overwrite it"), key="view_overwrite_taken", on_click=_overwrite_taken, args=(bundle,))
                st.button(_("Cancel"), key="view_keep_taken", type="tertiary", on_click=_forget_taken)


def _save(bundle: Bundle) -> None:
    analysis, name, note = state.current().analysis, st.session_state[NAME], st.session_state[NOTE]
    st.session_state.pop(_TAKEN, None)
    other = library.view_named(analysis, name)
    if other is not None:
        st.session_state[_TAKEN] = (analysis, other.id, other.name)
        return

    def save() -> Done:
        view_id = library.save_view(analysis, name, replace(at_hand(bundle), note=note), bundle=bundle.id)
        # The note is part of the look once it is kept with it.
        state.change(note=note)
        said = _("Saved: “{name}”.").format(name=plain(name))
        return Done(analysis, said, partial(library.delete_view, analysis, view_id))

    if done_line.attempt(save):
        st.session_state[NAME] = ""
        st.session_state[TURN] = st.session_state.get(TURN, 0) + 1


def _overwrite_taken(bundle: Bundle) -> None:
    _analysis, view_id, name = st.session_state.pop(_TAKEN)
    if _put(view_id, name, bundle, st.session_state[NOTE]):
        st.session_state[NAME] = ""


def _forget_taken() -> None:
    st.session_state.pop(_TAKEN, None)


def _overwrite(view_id: str, name: str, bundle: Bundle) -> None:
    _put(view_id, name, bundle, state.current().note)


def _put(view_id: str, name: str, bundle: Bundle, note: str) -> bool:
    """Put the look of now, with this note, in a saved view's place; whether it could be."""
    analysis = state.current().analysis

    def overwrite() -> Done:
        library.overwrite_view(analysis, view_id, replace(at_hand(bundle), note=note), bundle=bundle.id)
        state.change(note=note)
        said = _("“{name}” is this look now.").format(name=plain(name))
        return Done(analysis, said, partial(library.revert_view, analysis, view_id))

    done = done_line.attempt(overwrite)
    st.session_state[TURN] = st.session_state.get(TURN, 0) + 1
    return done


def _delete(view_id: str, name: str) -> None:
    analysis = state.current().analysis

    def delete() -> Done:
        library.delete_view(analysis, view_id)
        said = _("The view “{name}” was deleted.").format(name=plain(name))
        return Done(analysis, said, partial(library.undelete_view, analysis, view_id))

    done_line.attempt(delete)
    st.session_state[TURN] = st.session_state.get(TURN, 0) + 1


def fitted(one: SavedView, bundle: Bundle) -> saved.Fitted:
    """A saved view as it can be shown on the bundle of now."""
    then: Bundle | None = bundle
    if one.bundle != bundle.id:
        try:
            then = data.bundle_at(str(library.bundle_path(one.analysis_id, one.bundle)))
            then.points  # noqa: B018  (read now: a damaged one is no map to find reviews by)
        except (UnusableInput, DamagedBundle):
            then = None
    found = saved.fitted(one.view, bundle, then)
    return replace(found, view=replace(found.view, analysis=one.analysis_id))


def lost(found: saved.Fitted) -> str:
    """What of a saved view the map of now does not have, in words; "" for nothing."""
    said = []
    if found.lost_topics:
        said.append(_("The topics are others now: its filter by topic was taken away."))
    if found.lost_selection:
        said.append(_("None of the reviews that it selected is on this map."))
    elif found.lost_reviews:
        said.append(
            n_("{n} of its reviews is not on this map.", "{n} of its reviews are not on this map.", found.lost_reviews)
        )
    return " ".join(said)


def _open(one: SavedView, bundle: Bundle) -> None:
    analysis = state.current().analysis

    def open_it() -> Done:
        found = fitted(one, bundle)
        state.show(found.view)
        st.session_state[_GO] = found.view.page if found.view.page in PAGES else "map"
        said = [_("Opened: “{name}”.").format(name=plain(one.name)), lost(found)]
        quoted = collect.replace_by(bundle, found.view.quotes)
        said.append(quoted.said if quoted else "")
        return Done(analysis, " ".join(part for part in said if part), quoted.undo if quoted else None)

    done_line.attempt(open_it)
    st.session_state[TURN] = st.session_state.get(TURN, 0) + 1


def listed(bundle: Bundle, label: Label, kept: list[SavedView], *, key: str) -> None:
    """The saved views, the latest first, each to open, overwrite or delete."""
    if not kept:
        st.caption(_("No view is saved yet. A view keeps filters, colour, place and selection, to come back to."))
        return
    latest = sorted(kept, key=lambda one: (one.saved or one.created, one.id), reverse=True)
    whole = len(latest) <= _PAGE or st.toggle(_("Show all"), key=f"{key}_views_all")
    for one in latest if whole else latest[:_PAGE]:
        _row(one, bundle, label, key)


def _row(one: SavedView, bundle: Bundle, label: Label, key: str) -> None:
    name = plain(one.name, MAX_NAME)
    is_now = _bare(one.view) == _bare(state.current())
    with st.container(key=f"{key}_view_{one.id}", border=True, gap="xsmall"):
        st.button(
            name,
            key=f"{key}_open_{one.id}",
            type="tertiary",
            icon=":material/bookmark_check:" if is_now else ":material/bookmark:",
            help=_("Open this view"),
            on_click=_open,
            args=(one, bundle),
        )
        if one.view.note:
            st.caption(plain(one.view.note, 200))
        st.caption(" · ".join([*shows(one.view, bundle, label), local_moment(one.saved or one.created)]))
        with st.container(horizontal=True, gap="small"):
            st.button(
                _("Overwrite"),
                key=f"{key}_overwrite_{one.id}",
                type="tertiary",
                icon=":material/save:",
                help=_("Put the look of now in its place"),
                on_click=_overwrite,
                args=(one.id, one.name, bundle),
            )
            st.button(
                _("Delete"),
                key=f"{key}_delete_{one.id}",
                type="tertiary",
                icon=":material/delete:",
                on_click=_delete,
                args=(one.id, one.name),
            )


def _bare(view: View) -> View:
    """What two looks have in common that show the same reviews in the same way."""
    return replace(view, analysis="", camera=None, note="", page="map", quotes=())


def shows(view: View, bundle: Bundle, label: Label) -> list[str]:
    """What a view shows, in words."""
    said = [plain(label(item, bundle), 60) for item in view.filters]
    if view.selection:
        said.append(n_("{n} selected", "{n} selected", len(view.selection)))
    said = said or [_("all reviews")]
    if view.quotes:
        said.append(n_("{n} quote", "{n} quotes", len(view.quotes)))
    return said

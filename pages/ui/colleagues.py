"""What people who sign in show each other: the owner's switch on Share, the list on Open, and the read-only page."""

from __future__ import annotations

from functools import partial

import streamlit as st

from pages.ui import go, shared_view, sign_in, state
from pages.ui.escape import plain
from pages.ui.i18n import _, local_moment, n_
from pages.ui.told import plainly
from pipelines import copied, share
from pipelines.errors import DamagedBundle, ReviewscapeError
from pipelines.store import library
from pipelines.store.history import Visibility

PAGE = "pages/main/colleague.py"
PARAMETER = "of"
_OPENED = "colleagues_analysis"


def switch() -> None:
    """Show the open analysis to the others, or to nobody again; nothing where people do not sign in."""
    if not sign_in.is_on():
        return
    info = library.info(state.current().analysis)
    shown = info.visible
    with st.container(border=True, key="share_colleagues"):
        st.subheader(_("Show it to colleagues"))
        st.write(
            _(
                "Everyone who signs in here finds it on Open, “From colleagues”, and can look at it as it stands then. "
                "Only you can change it."
            )
        )
        with st.container(horizontal=True):
            widgets = {
                "colleagues_on": (_("Colleagues can see it"), shown is not None),
                "colleagues_redact": (_("Mask personal data"), shown is None or shown.redact),
                "colleagues_text": (_("Include review texts"), shown is None or shown.allow_text),
            }
            for key, (label, value) in widgets.items():
                # The journal is the one that knows: another analysis, or another tab, says otherwise.
                own_key = f"{key}_{info.id}"
                if shown is not None or key == "colleagues_on" or own_key not in st.session_state:
                    st.session_state[own_key] = value
                st.toggle(label, key=own_key, on_change=_set, args=(info.id,))
        if shown is not None and shown.may_copy:
            st.caption(_("Nothing is masked or left out: colleagues can take a copy, which stays theirs."))


def listed() -> None:
    """The analyses that others show, newest first."""
    found = library.from_colleagues() if sign_in.is_on() else []
    if not found:
        return
    st.subheader(_("From colleagues"))
    for info in found:
        with st.container(border=True, key=f"colleagues_{info.id}"):
            words, button = st.columns([4, 1], vertical_alignment="center")
            with words:
                st.markdown(f"**{plain(_name(info), 120)}**")
                st.caption(
                    " · ".join(
                        [
                            _by(info.visible),
                            n_("{n} row", "{n} rows", info.rows),
                            n_("{n} topic", "{n} topics", info.topics),
                            local_moment(info.updated),
                        ]
                    )
                )
            with button, st.container(horizontal=True, horizontal_alignment="right"):
                if st.button(_("Look at it"), key=f"look_{info.id}"):
                    go.to(PAGE, partial(_open, info.id))


def page() -> None:
    """The read-only page: asked for anew on every run, so that what is not shown any more is gone at once."""
    analysis = st.query_params.get(PARAMETER) or st.session_state.get(_OPENED, "")
    if analysis != st.session_state.get(_OPENED):
        _open(analysis)
    info = library.from_colleague(analysis)
    shared = share.as_shown(info) if info is not None else None
    if info is None or shared is None:
        shared_view.not_found()
        return
    st.query_params[PARAMETER] = analysis
    st.caption(_by(info.visible) + " · " + _("As it stands today. This page is read-only."))
    _copy(info)
    try:
        shared_view.show(shared)
    except DamagedBundle:
        shared_view.not_found()


def _copy(info: library.AnalysisInfo) -> None:
    """The way to a copy of one's own, or why there is none."""
    if info.visible is None or not info.visible.may_copy:
        st.caption(
            ":material/lock: "
            + _("No copy can be taken: its owner masks or leaves out a part of it, and a copy would hold that part.")
        )
        return
    told = _("The map as it stands, for your own library: there you can change it, and it stays when this is gone.")
    if st.button(_("Take a copy"), key="take_copy", icon=":material/content_copy:", help=told):
        try:
            with st.spinner(_("Taking a copy")):
                taken = copied.take(info.id, _("{name} (copy)").format(name=_name(info)))
        except ReviewscapeError as error:
            st.error(plain(error.translated(_), 400))
            return
        go.to("pages/main/overview.py", partial(state.open_analysis, taken))


def _open(analysis_id: str) -> None:
    st.session_state[_OPENED] = analysis_id
    st.query_params.pop(PARAMETER, None)
    # What was selected in another's does not fit.
    st.session_state.pop(shared_view.NOTHING_SELECTED, None)


@plainly
def _set(analysis_id: str) -> None:
    on, masked, text = (st.session_state[f"colleagues_{name}_{analysis_id}"] for name in ("on", "redact", "text"))
    shown = library.info(analysis_id).visible is not None
    if on or shown:
        own = sign_in.person()
        library.set_visible(analysis_id, on, by=own.name if own else "", redact=masked, allow_text=text)


def _by(visible: Visibility | None) -> str:
    name = visible.by if visible is not None else ""
    return _("from {name}").format(name=plain(name, 80)) if name else _("from a colleague")


def _name(info: library.AnalysisInfo) -> str:
    masked = info.visible is None or info.visible.redact
    return shared_view.name_shown(info.name, (str(info.source.get("file") or ""),), masked=masked)

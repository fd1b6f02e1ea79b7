"""What was done last in this session to views and quotes, told in a line with the way back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from pages.ui import state
from pages.ui.escape import plain
from pages.ui.i18n import _
from pipelines.errors import ReviewscapeError

_LAST = "last_done"
CHANGED = "bar_changed"


@dataclass(frozen=True)
class Done:
    """One thing that was done: what to say, and what undoes it (None: nothing to undo)."""

    analysis: str
    said: str
    undo: Callable[[], object] | None = None


def attempt(act: Callable[[], Done | None]) -> bool:
    """Do it as the callback of a button, or say why it cannot be done; whether it was. None: nothing to say."""
    # A fragment's button: the page around it has to follow.
    st.session_state[CHANGED] = True
    try:
        done = act()
    except ReviewscapeError as error:
        # A toast would be gone with the rerun of the whole page.
        said = ":material/error: " + plain(error.translated(_), 300)
        st.session_state[_LAST] = Done(state.current().analysis, said)
        return False
    if done is not None:
        st.session_state[_LAST] = done
    return True


def line() -> None:
    """The line; nothing where nothing was done, or to another analysis."""
    done = st.session_state.get(_LAST)
    if not isinstance(done, Done) or done.analysis != state.current().analysis:
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="last_done"):
        st.markdown(done.said, width="stretch")
        if done.undo is not None:
            st.button(
                _("Undo"), key="last_done_undo", icon=":material/undo:", type="tertiary", on_click=_undo, args=(done,)
            )
        st.button(_("Close"), key="last_done_close", icon=":material/close:", type="tertiary", on_click=forget)


def _undo(done: Done) -> None:
    def undo() -> Done:
        if done.undo is not None:
            done.undo()
        return Done(done.analysis, _("Taken back: {change}").format(change=done.said))

    attempt(undo)


def forget() -> None:
    """Say it no more."""
    st.session_state.pop(_LAST, None)

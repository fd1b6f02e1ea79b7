"""Keys typed into this session: kept in its memory alone, never in the address, a file, a log or another session.

One field a provider, in a place of its own beside the widget's state, since Streamlit forgets a widget that the page
of the moment does not draw.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from pages.ui.i18n import _
from pipelines.embed import keys as provider_keys

_KEPT = "session_keys"


def keys() -> dict[str, str]:
    """Environment variable's name → the key typed in this session, for those that were."""
    return dict(st.session_state.get(_KEPT, {}))


@contextmanager
def in_use() -> Iterator[None]:
    """Use the session's keys in this block alone: to ask a provider, or to start a job that will."""
    with provider_keys.given(keys()):
        yield


def is_set(variable: str) -> bool:
    """Whether a key is at hand, typed or in the environment for who acts; looks at no more of it than that."""
    return bool(keys().get(variable) or provider_keys.of_environment(variable))


def field(variable: str, *, key: str) -> None:
    """A field for one key; what stands in the environment is named and never shown."""
    if provider_keys.of_environment(variable):
        st.caption(_("A key is set in the environment ({variable}).").format(variable=f"`{variable}`"))
    widget = f"{key}_typed"
    if widget not in st.session_state:
        st.session_state[widget] = keys().get(variable, "")
    st.text_input(
        _("Key ({variable})").format(variable=variable),
        type="password",
        key=widget,
        autocomplete="off",
        help=_("Kept for this session only: in no file, no log and no address. A new session asks again."),
        on_change=_keep,
        args=(variable, widget),
    )


def _keep(variable: str, widget: str) -> None:
    # Before the page is drawn: what it says of keys is true of the one just typed, and two fields do not fight.
    typed = st.session_state[widget].strip()
    kept = {name: value for name, value in keys().items() if name != variable}
    st.session_state[_KEPT] = {**kept, variable: typed} if typed else kept

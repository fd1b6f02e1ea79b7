"""Who may see what: on this computer the person is the owner; bound wider, the owner shows the start-up key.

Where people sign in (`sign_in`) each has a library, on this computer too: a web server beside this one would look like
its person. The start-up key then opens what was made at the machine itself. Everyone else reaches share links only, and
a share link opens one view and nothing else.
"""

from __future__ import annotations

import hmac
import logging
import secrets
from functools import lru_cache

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from pages.ui import sign_in
from pages.ui.i18n import _
from pipelines import settings
from pipelines.store import acting

LINK_PARAMETER = "view"
KEY_PARAMETER = "key"
LOCAL = {"localhost", "127.0.0.1", "::1"}
PROXY_HEADERS = ("X-Forwarded-For", "X-Forwarded-Host", "Forwarded", "X-Real-Ip")
log = logging.getLogger(__name__)


def asked_for_link() -> bool:
    """Whether this visit is to a share link. Once so, always so for the session: no way back into the owner's pages."""
    if LINK_PARAMETER in st.query_params:
        st.session_state["link_token"] = st.query_params[LINK_PARAMETER]
    return "link_token" in st.session_state


def bound_locally() -> bool:
    """Whether the server answers this computer alone: bound to it, and no web server or tunnel in front.

    Behind a proxy everyone seems to come from this computer, so a public address or a proxy's header ends the trust.
    """
    if settings.get("public_url") or any(st.context.headers.get(name) for name in PROXY_HEADERS):
        return False
    return is_local_address()


def is_local_address() -> bool:
    """Whether the server is bound to this computer alone."""
    return str(st.get_option("server.address") or "") in LOCAL


# Not st.cache_resource: any visitor may ask Streamlit to clear its caches, which would change the key.
@lru_cache(maxsize=1)
def startup_key() -> str:
    """The key of this server's run: the setting, else made anew and written to the terminal once."""
    configured = str(settings.get("key"))
    if configured:
        return configured
    made = secrets.token_urlsafe(24)
    # Like Jupyter's token: the terminal is the owner's. A logger would hide it at the usual level.
    print(f"\nThe pages of the person who runs this server need this key: ?{KEY_PARAMETER}={made}\n")  # noqa: T201
    return made


def who() -> str:
    """Who acts in this run of a page, a callback or a fragment: library, journal and jobs ask for it (`acting`)."""
    if get_script_run_ctx(suppress_warning=True) is None:
        # No visitor's run: the server's own threads.
        return acting.ALL
    if "link_token" in st.session_state:
        return acting.NOBODY
    if sign_in.is_on():
        person = sign_in.person()
        if person is not None:
            return person.id
    elif bound_locally():
        return acting.MACHINE
    return acting.MACHINE if st.session_state.get("owner") else acting.NOBODY


acting.ask_by(who)


def require_owner() -> None:
    """Let whoever has a library here pass; ask everyone else to sign in, or for the key, and stop."""
    if who() != acting.NOBODY:
        return
    # What was typed comes first: a bookmark may hold the key of an earlier run.
    offered = st.session_state.get("offered_key") or st.query_params.get(KEY_PARAMETER) or ""
    if offered and hmac.compare_digest(offered.encode(), startup_key().encode()):
        st.session_state["owner"] = True
        st.query_params.pop(KEY_PARAMETER, None)
        st.rerun()
    startup_key()
    st.title("Reviewscape")
    if sign_in.is_on():
        sign_in.ask()
        with st.expander(_("I run this server"), expanded=bool(offered)):
            _ask_for_key(offered)
    else:
        _ask_for_key(offered)
    st.stop()


def _ask_for_key(offered: str) -> None:
    st.write(_("These pages belong to the person who runs this server. Enter the key that its terminal printed."))
    if offered:
        st.error(_("That is not the key of this run. The terminal prints a new one at every start."))
    with st.form("key"):
        st.text_input(_("Key"), type="password", key="offered_key")
        st.form_submit_button(_("Open"))

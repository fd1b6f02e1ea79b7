"""Who may see what: on this computer the person is the owner; bound wider, the owner shows the start-up key.

Everyone else reaches share links only, and a share link opens one view and nothing else.
"""

from __future__ import annotations

import hmac
import logging
import secrets
from functools import lru_cache

import streamlit as st

from pages.ui.i18n import _
from pipelines import settings

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
    print(f"\nReviewscape is open to the network. The owner's pages need this key: ?{KEY_PARAMETER}={made}\n")  # noqa: T201
    return made


def is_owner() -> bool:
    """Whether this session may see the owner's pages."""
    return bound_locally() or bool(st.session_state.get("owner"))


def require_owner() -> None:
    """Let the owner pass; ask everyone else for the key and stop."""
    if is_owner():
        return
    # What was typed comes first: a bookmark may hold the key of an earlier run.
    offered = st.session_state.get("offered_key") or st.query_params.get(KEY_PARAMETER) or ""
    if offered and hmac.compare_digest(offered.encode(), startup_key().encode()):
        st.session_state["owner"] = True
        st.query_params.pop(KEY_PARAMETER, None)
        st.rerun()
    startup_key()
    st.title("Reviewscape")
    st.write(_("These pages belong to the person who runs this server. Enter the key that its terminal printed."))
    if offered:
        st.error(_("That is not the key of this run. The terminal prints a new one at every start."))
    with st.form("key"):
        st.text_input(_("Key"), type="password", key="offered_key")
        st.form_submit_button(_("Open"))
    st.stop()

"""Signing in by OpenID Connect (OIDC), where the server's secrets.toml has an [auth] section: who a visitor is.

The provider vouches for a person, Streamlit checks its word and keeps it in a signed cookie; here it is only read.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import streamlit as st
from streamlit import config
from streamlit.errors import StreamlitAuthError

from pages.ui.escape import plain
from pages.ui.i18n import _
from pipelines import settings
from pipelines.store import acting

SECTION = "auth"
LEAST_SECRET_CHARS = 32
"""Whoever guesses cookie_secret can be anybody."""

_DAY_S = 86_400
_REFUSED = "sign_in_refused"
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Person:
    """Somebody who is signed in: id as in acting, name as the provider tells it, "" where it does not."""

    id: str
    name: str


def is_on() -> bool:
    """Whether people sign in here.

    A secrets.toml that cannot be read, or is not where the server was told, may ask for it: then nobody comes in.
    """
    if st.secrets.load_if_toml_exists():
        return SECTION in st.secrets
    return config.is_manually_set("secrets.files") or any(Path(one).exists() for one in st.get_option("secrets.files"))


def person() -> Person | None:
    """Who is signed in; None for a visitor, and for who signed in too long ago."""
    if not _secret_holds() or st.user.get("is_logged_in") is not True:
        return None
    said = {name: value for name, value in st.user.items() if isinstance(value, str | int | float)}
    issuer, subject = str(said.get("iss") or ""), str(said.get("sub") or "")
    if not issuer or not subject or _is_old(said.get("iat")):
        return None
    name = next((str(said[key]) for key in ("name", "preferred_username", "nickname") if said.get(key)), "")
    return Person(acting.person_id(issuer, subject), name)


def ask() -> None:
    """Draw the buttons that lead to the providers."""
    st.write(_("Sign in to see your analyses."))
    providers = _providers()
    if not providers or not _secret_holds() or st.session_state.get(_REFUSED):
        st.error(
            _(
                "Sign-in is not set up completely, so nobody can come in this way. The person who runs this server "
                "finds in README, “Who can see what”, what secrets.toml has to say."
            )
        )
        return
    with st.container(horizontal=True):
        for provider in providers:
            label = _("Sign in with {provider}").format(provider=plain(provider, 40)) if provider else _("Sign in")
            st.button(
                label,
                key=f"sign_in_{provider}",
                type="primary",
                icon=":material/login:",
                on_click=_go,
                args=(provider,),
            )


def sign_out() -> None:
    """The person's name and the way out, in the sidebar."""
    found = person()
    if found is None:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="signed_in"):
        st.markdown(":material/person: " + plain(found.name or _("Signed in"), 80), width="stretch")
        st.button(_("Sign out"), key="sign_out", type="tertiary", on_click=st.logout)


def _go(provider: str) -> None:
    try:
        st.login(provider or None)
    except StreamlitAuthError as error:
        # Names fields of secrets.toml that are missing, and no value.
        _log.error("sign-in is not set up: %s", error)
        st.session_state[_REFUSED] = True


def _section() -> Mapping[str, object]:
    found = st.secrets.get(SECTION) if st.secrets.load_if_toml_exists() else None
    return found if isinstance(found, Mapping) else {}


def _providers() -> list[str]:
    """Names of the providers, "" for the one whose fields stand in the section itself."""
    section = _section()
    named = [name for name, value in section.items() if isinstance(value, Mapping) and "client_id" in value]
    return [*([""] if "client_id" in section else []), *named]


def _secret_holds() -> bool:
    return len(str(_section().get("cookie_secret") or "")) >= LEAST_SECRET_CHARS


def _is_old(signed_at: object) -> bool:
    """Streamlit's cookie lasts 30 days, a person who left may be barred at the provider long before."""
    if not isinstance(signed_at, int | float):
        return True
    return time.time() - signed_at > settings.get_float("sign_in_days") * _DAY_S

"""Words in the session's language: the browser's, unless the person switched in the sidebar."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from pipelines.words import LANGUAGES, catalogue, language_of

STATE_KEY = "language"


def language() -> str:
    """en or zh for this session."""
    chosen = st.session_state.get(STATE_KEY)
    if chosen in LANGUAGES:
        return str(chosen)
    return language_of(st.context.locale)


def _(message: str) -> str:
    """The message in the session's language."""
    return catalogue(language()).gettext(message)


def n_(singular: str, plural: str, n: int) -> str:
    """The message for a count, with {n} filled in and digits grouped."""
    return catalogue(language()).ngettext(singular, plural, n).format(n=f"{n:,}")


def local_moment(iso: str) -> str:
    """A moment (ISO 8601, UTC) as the clock on the person's wall shows it."""
    moment = datetime.fromisoformat(iso.replace("Z", "+00:00"))
    try:
        return moment.astimezone(ZoneInfo(st.context.timezone or "UTC")).strftime("%Y-%m-%d %H:%M")
    except (ZoneInfoNotFoundError, ValueError):
        return moment.strftime("%Y-%m-%d %H:%M UTC")

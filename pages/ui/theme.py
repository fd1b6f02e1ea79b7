"""Light or dark, as the browser shows it now."""

from __future__ import annotations

import streamlit as st

from pipelines.palette import Theme


def is_dark() -> bool:
    """Whether the session's theme is dark."""
    theme = st.context.theme
    return getattr(theme, "type", "light") == "dark"


def theme_name() -> Theme:
    """The theme as the palette names it."""
    return "dark" if is_dark() else "light"

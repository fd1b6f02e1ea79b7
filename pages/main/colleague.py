"""A colleague's analysis, read-only, as it stands today. No other page opens it."""

from pages.ui import colleagues

colleagues.page()

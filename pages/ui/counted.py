"""How many sessions the server holds."""

from __future__ import annotations

from streamlit import runtime

_FAMILY = "active_sessions"


def sessions() -> int | None:
    """Sessions with a browser connected now; None where no server runs."""
    if not runtime.exists():
        return None
    figures = runtime.get_instance().stats_mgr.get_stats(family_names=[_FAMILY]).get(_FAMILY, ())
    return next((int(getattr(one, "value", 0)) for one in figures), 0)

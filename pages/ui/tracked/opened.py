"""Which tracked topic is open, and which of its reviews are being asked about: kept for the session alone."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

_OPEN, _SKIPPED, _LAST, _UNDO = "tracked_open", "tracked_skipped", "tracked_last", "tracked_undo_step"


def topic() -> str:
    """The id of the open one, or ""."""
    return str(st.session_state.get(_OPEN, ""))


def open_topic(topic_id: str) -> None:
    """Show it; "" closes what is open."""
    st.session_state[_OPEN] = topic_id
    st.session_state.pop(_LAST, None)


def skipped(topic_id: str) -> set[int]:
    """Units that a person passed over."""
    return st.session_state.setdefault(_SKIPPED, {}).setdefault(topic_id, set())


def batch(topic_id: str) -> list[int] | None:
    """The units that are being asked about; None before the first, [] when all are answered."""
    return st.session_state.get(f"tracked_batch_{topic_id}")


def set_batch(topic_id: str, units: Sequence[int] | None) -> None:
    """Ask about these next."""
    st.session_state[f"tracked_batch_{topic_id}"] = None if units is None else list(units)


def last_answer() -> tuple[str, int] | None:
    """Topic and unit of the last answer of this session."""
    return st.session_state.get(_LAST)


def set_last_answer(last: tuple[str, int] | None) -> None:
    """Remember it, so that it can be taken back."""
    st.session_state[_LAST] = last


def undo() -> tuple[str, str, tuple[str, ...], str] | None:
    """What can be undone: analysis, "made" or "removed", the ids, what to say."""
    return st.session_state.get(_UNDO)


def set_undo(step: tuple[str, str, tuple[str, ...], str] | None) -> None:
    """Offer it, or nothing any more."""
    st.session_state[_UNDO] = step

"""The looks that a session has had of one analysis, in order: undo and redo walk through them, as the back button does.

A look is a view without its camera: a zoom is no step, and undoing a step leaves the zoom as it is.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import streamlit as st

from pipelines.view import View

_HISTORY = "looks"
MOST = 100
MOST_SELECTED = 100_000
"""Selected reviews in all looks of a session together; the oldest looks are forgotten beyond."""


@dataclass
class History:
    """Looks, oldest first, and which of them is shown."""

    looks: list[View] = field(default_factory=list)
    at: int = -1

    def note(self, view: View, *, arrived: bool = False) -> None:
        """Remember a look. arrived: it came from the address, so that a neighbour means a step back or forward."""
        look = replace(view, camera=None)
        if not self.looks or self.looks[self.at].analysis != look.analysis:
            self.looks, self.at = [look], 0
        elif look == self.looks[self.at]:
            return
        elif arrived and self.at > 0 and look == self.looks[self.at - 1]:
            self.at -= 1
        elif arrived and self.at + 1 < len(self.looks) and look == self.looks[self.at + 1]:
            self.at += 1
        else:
            self.looks = _latest([*self.looks[: self.at + 1], look])
            self.at = len(self.looks) - 1

    def can(self, by: int) -> bool:
        """Whether there is a look `by` steps on (back: below 0)."""
        return bool(self.looks) and 0 <= self.at + by < len(self.looks)

    def step(self, by: int) -> View | None:
        """The look `by` steps on, shown from now on; None where there is none."""
        if not self.can(by):
            return None
        self.at += by
        return self.looks[self.at]


def _latest(looks: list[View]) -> list[View]:
    """The last of them that a session may keep: what was selected is a number a review, and looks often share it."""
    kept, selected, seen = 0, 0, set()
    for look in reversed(looks[-MOST:]):
        if look.selection and id(look.selection) not in seen:
            seen.add(id(look.selection))
            selected += len(look.selection)
        # The look of now and the one before stay: one step back is always there.
        if kept >= 2 and selected > MOST_SELECTED:
            break
        kept += 1
    return looks[-kept:]


def history() -> History:
    """The session's."""
    found = st.session_state.get(_HISTORY)
    if not isinstance(found, History):
        found = st.session_state[_HISTORY] = History()
    return found

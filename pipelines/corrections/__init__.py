"""What people correct about topics: rename, merge, split, hide, pin, move reviews; replayed on every later map.

    a person ─record─▶ journal ─decisions─▶ what stands ─fold─▶ topics of a bundle, as corrected (layer)

A decision keeps who belonged to its topics, and finds them again by overlap where their numbers are others. One that
fits no longer stays in the list with the reason, and is in effect again on a map that it fits.
"""

from pipelines.corrections.kinds import (
    HIDDEN,
    KINDS,
    MERGED,
    MOVED,
    PINNED,
    RENAMED,
    SPLIT,
    Decision,
    decisions,
    hiding,
)
from pipelines.corrections.layer import BY_HAND, OUTCOMES, corrected
from pipelines.corrections.record import hide, merge, move, pin, redo, rename, split, undo
from pipelines.corrections.splitting import Part, Parts, propose

__all__ = [
    "BY_HAND",
    "HIDDEN",
    "KINDS",
    "MERGED",
    "MOVED",
    "OUTCOMES",
    "PINNED",
    "RENAMED",
    "SPLIT",
    "Decision",
    "Part",
    "Parts",
    "corrected",
    "decisions",
    "hide",
    "hiding",
    "merge",
    "move",
    "pin",
    "propose",
    "redo",
    "rename",
    "split",
    "undo",
]

"""Cells that a spreadsheet would run as a formula: how an export marks them, and how that is undone without a trace.

A cell that starts with = + - @ TAB CR LF or the full-width ＝ ＋ － ＠, white space and invisible characters before it
not counted, gets an apostrophe in front (OWASP, "CSV Injection"). A cell that starts with apostrophes before such a
start gets one more, so that taking one away from every marked cell gives back exactly what was there.
"""

from __future__ import annotations

import re

ADDED = (
    "topic", "topic_id", "joined", "topic_strength", "sentiment", "sentiment_label", "outlier_score", "is_outlier",
    "duplicate_of_row", "left_out", "x", "y",
)  # fmt: skip
"""What an export adds behind the upload's columns, in this order."""
REPLY = "reply"
"""Stands before ADDED where merchants' replies were split off the texts."""
MENTIONS = "mentions"
"""Stands before ADDED, and behind the reply, where reviews are cut into sentences: every topic with its sentences."""
PREFIX = "reviewscape_"
"""Stands before an added column's name, as often as needed, where the upload has a column of that name."""

# Spreadsheets trim some of these before they look at a cell; marking one cell more than needed costs nothing.
_START = r"[\s\x00-\x1f\u200b-\u200f\u2060\ufeff]*[=+\-@\t\r\n＝＋－＠]"
_RUNS = re.compile(_START)
_MARKED = re.compile(rf"'+{_START}")
_RUNS_OR_MARKED = re.compile(rf"'*{_START}")


def runs(cell: str) -> bool:
    """Whether a spreadsheet could take the cell for a formula."""
    return _RUNS.match(cell) is not None


def defuse(cell: str) -> str:
    """The cell with an apostrophe before it where it, or what its own apostrophes hide, would run."""
    return "'" + cell if _RUNS_OR_MARKED.match(cell) else cell


def undo(cell: str) -> str:
    """The inverse of defuse."""
    return cell[1:] if _MARKED.match(cell) else cell


def added_at_end(columns: list[str]) -> list[str]:
    """The added columns that end a header, from topic on or what can stand before; none where it is no export's."""
    wanted = ADDED
    found = columns[-len(wanted) :]
    if len(columns) <= len(wanted) or not all(map(_is_ours, found, wanted)):
        return []
    before = columns[: -len(wanted)]
    for optional in (MENTIONS, REPLY):
        if len(before) > 1 and _is_ours(before[-1], optional):
            found = [before.pop(), *found]
    return found


def _is_ours(name: str, wanted: str) -> bool:
    while name.startswith(PREFIX):
        name = name.removeprefix(PREFIX)
    return name == wanted

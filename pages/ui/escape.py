"""Text of others inside Streamlit's Markdown (labels, captions): shown as it is, never interpreted."""

from __future__ import annotations

import re

_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_JOINT = re.compile(r":(?=//|[a-z])|www(?=\.)|.(?=@)", re.IGNORECASE)
_BREAKS = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")


def plain(text: str, limit: int = 120) -> str:
    """`text` with every ASCII punctuation mark escaped (CommonMark 2.4), on one line, cut at `limit` characters."""
    line = _BREAKS.sub(" ", text).strip()
    if len(line) > limit:
        line = line[: limit - 1] + "…"
    # Streamlit makes links and icons of what is left once the escapes are undone (://, www., @, :material_…):
    # a word joiner, which nobody sees, keeps them text.
    return _PUNCTUATION.sub(r"\\\1", _JOINT.sub("\\g<0>\u2060", line))

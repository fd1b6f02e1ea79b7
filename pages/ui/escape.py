"""Text of others inside Streamlit's Markdown (labels, captions): shown as it is, never interpreted."""

from __future__ import annotations

import re

_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_BREAKS = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")


def plain(text: str, limit: int = 120) -> str:
    """`text` with every ASCII punctuation mark escaped (CommonMark 2.4), on one line, cut at `limit` characters."""
    line = _BREAKS.sub(" ", text).strip()
    if len(line) > limit:
        line = line[: limit - 1] + "…"
    return _PUNCTUATION.sub(r"\\\1", line)

"""One text out of several cells: a title before it, or the good and the bad of a review that asks for them apart."""

from __future__ import annotations

import re

from pipelines.ingest.meaning.default_praise import NO_PART, left_out_reason
from pipelines.ingest.meaning.rating_words import spelled

_ENDED = re.compile(r"[.!?。！？…~～;；:：,，、]['\"”’」』)）\]】]*$")
_CUT_OFF = re.compile(r"\s*(?:\.{2,}|…+)$")
_WIDE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uff00-\uff5e]")
_NO_TITLE = re.compile(
    r"(?:no|without|un)[ -]?(?:title[d]?|headline|subject)|\(?no subject\)?|无标题|無標題|无题|暂无标题|未命名|"
    r"(?:one|two|three|four|five|\d) stars?|[\W_]*",
    re.IGNORECASE,
)


def title_and_text(title: str, text: str) -> str:
    """Title and text as one text, unless the title adds nothing: empty, boilerplate, or how the text begins anyway."""
    title = title.strip()
    if left_out_reason(title) or _NO_TITLE.fullmatch(title) or _is_stars(title):
        return text
    if left_out_reason(text):
        return title
    opening = _CUT_OFF.sub("", title).casefold()
    return text if text.casefold().startswith(opening) else join_sentences([title, text])


def _is_stars(title: str) -> bool:
    """Whether a title only repeats the rating."""
    known = spelled(title)
    return known is not None and known[1] == "stars"


def join_sentences(parts: list[str]) -> str:
    """Parts as one text, each ended by a mark; those that say nothing are left out."""
    said = [part.strip() for part in parts if not left_out_reason(part) and not NO_PART.fullmatch(part)]
    joined = ""
    for part in said:
        if joined:
            wide = bool(_WIDE.match(joined[-1]))
            joined += "" if _ENDED.search(joined) else "。" if wide else "."
            joined += "" if _WIDE.match(joined[-1]) or joined[-1] == "。" else " "
        joined += part
    return joined

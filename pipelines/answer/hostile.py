"""Reviews that speak to a machine instead of a reader: "ignore your instructions", "系统提示", role marks, hidden code.

They are no evidence: neither sent to a model nor quoted. The rules (orders/*.txt, one regular expression a line) look
for who is spoken to and what is ordered, and not for what it is about; a review that only mentions an AI or
instructions is none. They are one wall of two: what a model writes must stand in several reviews (support.py),
whatever made it write that.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from pathlib import Path

_FOLDER = Path(__file__).parent / "orders"
_HIDDEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_SPACED = re.compile(r"(?<!\w)(?:\w[ .\-_*]){4,}\w(?!\w)")
_LOOKALIKE = str.maketrans("аеорсухіѕԁһјӏοαερτυκνι0134@$", "aeopcyxisdhjloaeptukvioleaas")
_MOST_CHARS = 20_000


def speaks_to_machine(text: str) -> bool:
    """Whether a text orders a reader that is a program to do something."""
    text = text[:_MOST_CHARS]
    plain = _HIDDEN.sub("", unicodedata.normalize("NFKC", text))
    variants = [text, plain, " ".join(plain.split())]
    if _SPACED.search(plain):
        variants.append(_SPACED.sub(lambda match: re.sub(r"[ .\-_*]", "", match[0]), plain))
    if not plain.isascii() or re.search(r"[A-Za-z][0134@$]|[0134@$][A-Za-z]", plain):
        variants.append(plain.lower().translate(_LOOKALIKE))
    return any(rule.search(variant) for variant in dict.fromkeys(variants) for rule in rules())


@lru_cache(maxsize=1)
def rules() -> tuple[re.Pattern[str], ...]:
    """The regular expressions of orders/: in the English ones a Chinese character ends a word."""
    parts = dict(line.split(" ", 1) for line in _lines("parts"))

    def filled(line: str) -> str:
        return re.sub("@([A-Z]+)@", lambda match: parts[match[1]], line)

    return (
        *(re.compile(filled(line), re.IGNORECASE | re.ASCII) for line in _lines("english")),
        *(re.compile(filled(line), re.IGNORECASE) for name in ("chinese", "marks") for line in _lines(name)),
    )


def _lines(name: str) -> list[str]:
    return [line for line in (_FOLDER / f"{name}.txt").read_text("utf-8").splitlines() if line]

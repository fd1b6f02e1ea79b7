"""Which embedder fits a file when nobody names one: by the languages of its texts and by what this computer has."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.errors import N_
from pipelines.types import Warning_

WITHOUT_SPACES = frozenset({"zh", "ja", "ko"})
"""Languages that the bundled model does not read."""

SHARE_FOR_OFFLINE_ZH = 0.2


def choose(languages: Sequence[str]) -> tuple[str, Warning_]:
    """The name of an embedder, and why it is that one; languages: codes, one a text."""
    known = [language for language in languages if language]
    share = sum(language in WITHOUT_SPACES for language in known) / max(1, len(known))
    if share >= SHARE_FOR_OFFLINE_ZH:
        why = N_(
            "offline-zh (words in English by CC-CEDICT, read by all-MiniLM-L6-v2, and character n-grams), "
            "since {share:.0%} of the reviews are Chinese, Japanese or Korean."
        )
        return "offline-zh", Warning_(why, {"share": share})
    english = sum(language == "en" for language in known) / max(1, len(known))
    if not known or english >= 0.5:
        return "bundled", Warning_(N_("bundled (all-MiniLM-L6-v2), since most reviews are English."), {})
    return "bundled", Warning_(
        N_(
            "bundled (all-MiniLM-L6-v2), made for English: only {share:.0%} of the reviews are. "
            "A multilingual model does better."
        ),
        {"share": english},
    )

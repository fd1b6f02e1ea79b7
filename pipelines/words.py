"""Interface words in the person's language: gettext catalogues in locales/, chosen per call."""

from __future__ import annotations

import gettext
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from pipelines.errors import N_

LOCALES = Path(__file__).resolve().parent.parent / "locales"
LANGUAGES = {"en": "English", "zh": "简体中文"}
LANGUAGE_NAMES: Mapping[object, str] = {"zh": N_("Chinese"), "en": N_("English"), "und": N_("other texts")}
_FOLDERS = {"en": "en", "zh": "zh_CN"}


@lru_cache(maxsize=len(_FOLDERS))
def catalogue(language: str) -> gettext.NullTranslations:
    """The translations of one of LANGUAGES; English strings are their own translation."""
    return gettext.translation("reviewscape", LOCALES, languages=[_FOLDERS.get(language, "en")], fallback=True)


def language_of(locale: str | None) -> str:
    """The interface language for a browser's or system's locale (zh-CN, zh_TW.UTF-8, en-GB, …)."""
    return "zh" if (locale or "").lower().startswith("zh") else "en"


def sentence(translate: Callable[[str], str], note: Mapping[str, Any]) -> str:
    """A sentence kept as {"template", "values"}, in a language; the bare template where the two do not fit.

    A value that is a list holds words to translate each; "language" is a code. "file", where several were read
    together, names the one that it is about.
    """
    try:
        values = {name: _translated(translate, name, value) for name, value in note["values"].items()}
        said = translate(note["template"]).format(**values)
        return f"{note['file']}: {said}" if note.get("file") else said
    except (KeyError, IndexError, ValueError, TypeError):
        return str(note.get("template", "")) if isinstance(note, Mapping) else str(note)


def _translated(translate: Callable[[str], str], name: str, value: object) -> object:
    if isinstance(value, list | tuple):
        return ", ".join(translate(str(part)) for part in value)
    return translate(LANGUAGE_NAMES[value]) if name == "language" and value in LANGUAGE_NAMES else value


def printable(message: str) -> str:
    """A message for a terminal on one line: control characters, which a column's name may hold, become "?"."""
    return "".join(char if char.isprintable() else "?" for char in " ".join(message.split()))


SHARES = frozenset({"share", "before", "after", "here", "there"})
SIGNED = frozenset({"effect", "low", "high"})


def readable(values: Mapping[str, object]) -> dict[str, str]:
    """A finding's values as a person reads them: shares in per cent, effects signed, counts with separators."""
    return {name: _readable(name, value) for name, value in values.items()}


def _readable(name: str, value: object) -> str:
    if isinstance(value, float) and name in SHARES:
        return f"{value:.1%}" if value < 0.1 else f"{value:.0%}"
    if isinstance(value, float) and name in SIGNED:
        return f"{value:+.2f}".replace("-", "−")
    if isinstance(value, int):
        return f"{value:,}"
    return str(value)

"""Changes to topics in the session's language: what was done, and why one is not in effect on a map."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pages.ui.escape import plain
from pages.ui.i18n import _, n_
from pipelines import corrections
from pipelines.corrections import Decision

_MOST_NAMED = 4


def sentence(decision: Decision) -> str:
    """What somebody did, as escaped Markdown."""
    payload = decision.payload
    try:
        return plain(_WORDS[decision.kind](payload), 300)
    except (KeyError, TypeError, ValueError):
        return _("A change that cannot be read")


def why(outcome: Mapping[str, Any]) -> str:
    """Why a change is not in effect, or only in part, as escaped Markdown; "" for one that simply is."""
    template = outcome["template"]
    return plain(_(template).format(**outcome["values"]), 300) if template else ""


def named(names: list[str]) -> str:
    """A few names in quotes."""
    some = ", ".join(f"“{name}”" for name in names[:_MOST_NAMED])
    return some + (" …" if len(names) > _MOST_NAMED else "")


def _renamed(payload: Mapping[str, Any]) -> str:
    return _("“{before}” is now called “{name}”").format(before=payload["topic"]["name"], name=payload["name"])


def _merged(payload: Mapping[str, Any]) -> str:
    names = named([str(topic["name"]) for topic in payload["topics"]])
    return _("Merged into “{name}”: {names}").format(name=payload["name"], names=names)


def _split(payload: Mapping[str, Any]) -> str:
    names = named([str(part["name"]) for part in payload["parts"]])
    return _("“{name}” was split: {names}").format(name=payload["topic"]["name"], names=names)


def _hidden(payload: Mapping[str, Any]) -> str:
    return _("“{name}” is hidden").format(name=payload["topic"]["name"])


def _pinned(payload: Mapping[str, Any]) -> str:
    return _("“{name}” is pinned").format(name=payload["topic"]["name"])


def _moved(payload: Mapping[str, Any]) -> str:
    n = int(payload["reviews"])
    if payload["to"] is None:
        return n_("{n} review was taken out of its topic", "{n} reviews were taken out of their topics", n)
    said = n_("{n} review was moved to a topic", "{n} reviews were moved to a topic", n)
    return f"{said}: {named([str(payload['to']['name'])])}"


_WORDS = {
    corrections.RENAMED: _renamed,
    corrections.MERGED: _merged,
    corrections.SPLIT: _split,
    corrections.HIDDEN: _hidden,
    corrections.PINNED: _pinned,
    corrections.MOVED: _moved,
}

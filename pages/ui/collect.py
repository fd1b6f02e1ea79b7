"""The basket of quotes of the open analysis: which reviews are in it, in which order, and what a star does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import streamlit as st

from pages.ui import data, done_line, state
from pages.ui.done_line import Done
from pages.ui.i18n import _, n_
from pipelines import quotes
from pipelines.corrections import places
from pipelines.store.reader import Bundle
from pipelines.view import MAX_QUOTES

MOST_AT_ONCE = 200
LIST = "quotes_cards"
"""How the key of the list of quotes itself ends."""


def keys() -> tuple[int, ...]:
    """The quotes as the journal names them."""
    return quotes.basket(data.entries(state.current().analysis))


def units(bundle: Bundle) -> list[int]:
    """The quotes that are on this map, as unit_ids, in their order."""
    kept = keys()
    return list(_units(bundle.key, kept, bundle)) if kept else []


@st.cache_resource(max_entries=64, show_spinner=False)
def _units(key: str, kept: tuple[int, ...], _bundle: Bundle) -> list[int]:
    # Every list of reviews on a page asks for the same.
    return places.units_of(_bundle.points, kept)


def answered(key: str) -> int:
    """The last stars of a list that were dealt with, by the browser's own number."""
    return int(st.session_state.get(f"{key}:stars", 0))


def sorted_until(key: str) -> int:
    """The last order of a list that was dealt with, by the browser's own number."""
    return int(st.session_state.get(f"{key}:sorted", 0))


def starred(key: str, bundle: Bundle) -> None:
    """The callback of a list of reviews: collect what was starred, take out what was not."""
    sent = getattr(st.session_state.get(key), "starred", None)
    if not isinstance(sent, Mapping):
        return
    st.session_state[f"{key}:stars"] = sent["seq"] if isinstance(sent.get("seq"), int) else 0
    analysis, before = state.current().analysis, keys()

    def collect() -> Done | None:
        for unit, on in _wanted(sent):
            quotes.star(analysis, bundle, unit, on)
        gone = len({*before} - {*keys()})
        if not gone or not key.endswith(LIST):
            # Elsewhere the review is still there to be starred again, and a line would move it away.
            return None
        said = n_("{n} review is no longer a quote.", "{n} reviews are no longer quotes.", gone)
        return Done(analysis, said, partial(quotes.put, analysis, before))

    done_line.attempt(collect)


def _wanted(sent: Mapping[str, Any]) -> list[tuple[int, bool]]:
    listed = sent.get("set")
    pairs = listed[:MOST_AT_ONCE] if isinstance(listed, list) else []
    return [
        (pair[0], pair[1])
        for pair in pairs
        if isinstance(pair, list) and len(pair) == 2 and type(pair[0]) is int and isinstance(pair[1], bool)
    ]


def moved(key: str, bundle: Bundle) -> None:
    """The callback of the list of quotes: let them stand in the order that a person gave them."""
    sent = getattr(st.session_state.get(key), "ordered", None)
    if not isinstance(sent, Mapping):
        return
    st.session_state[f"{key}:sorted"] = sent["seq"] if isinstance(sent.get("seq"), int) else 0
    listed = sent.get("ids")
    if not isinstance(listed, Sequence) or isinstance(listed, str):
        return
    wanted = [unit for unit in list(listed)[:MAX_QUOTES] if type(unit) is int]
    analysis, before = state.current().analysis, keys()

    def sort() -> Done | None:
        if not quotes.order(analysis, bundle, wanted):
            return None
        return Done(analysis, _("The quotes have another order."), partial(quotes.put, analysis, before))

    done_line.attempt(sort)


def empty() -> None:
    """Take all out."""
    analysis, before = state.current().analysis, keys()

    def clear() -> Done:
        quotes.put(analysis, ())
        return Done(analysis, _("All quotes were taken out."), partial(quotes.put, analysis, before))

    done_line.attempt(clear)


def replace_by(bundle: Bundle, unit_ids: tuple[int, ...]) -> Done | None:
    """Let a saved view's quotes be those of now; None where they are, or where it has none."""
    analysis, before = state.current().analysis, keys()
    wanted = tuple(places.keys_of(bundle.points, unit_ids))
    if not wanted or wanted == before:
        return None
    quotes.put(analysis, wanted)
    said = n_("Its {n} quote is here too.", "Its {n} quotes are here too.", len(wanted))
    if before:
        said += " " + n_("They take the place of {n}.", "They take the place of {n}.", len(before))
    return Done(analysis, said, partial(quotes.put, analysis, before))

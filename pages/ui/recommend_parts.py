"""What the tabs of Recommend share: who wrote what, which ranker is used, and how a list of items is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from pages.ui.csv_button import csv_button
from pages.ui.escape import plain
from pages.ui.i18n import _, n_
from pages.ui.reviews import by_ids, show_reviews
from pages.ui.table import picked
from pipelines import recommend
from pipelines.errors import UnusableInput
from pipelines.recommend import History, Measured, Suggestion, Tastes
from pipelines.store.reader import Bundle

PERSON, NEW, ITEM, GROUPS, MEASURED = "person", "new", "item", "groups", "measured"
MOST_LISTED = 500
"""Names in a list to choose from; any other is typed."""
WAIT_S = 6.0
_TAB, _USER = "recommend_tab_asked", "recommend_user_asked"


@dataclass(frozen=True)
class Known:
    """Who wrote what in the open analysis."""

    tastes: Tastes
    history: History
    has_stars: bool
    subjects: list[str]
    """What each item is mostly about: a topic's name, "" for none."""


def known(bundle: Bundle) -> Known | None:
    """Who wrote what; None, with what is missing said, where the file does not tell."""
    try:
        tastes, history = _known(str(bundle.path), bundle)
    except UnusableInput as error:
        st.info(plain(error.translated(_), 600))
        return None
    if tastes.nameless:
        st.caption(
            n_(
                "{n} review has no name of a user (or an “anonymous” one) or of an item, and is left out.",
                "{n} reviews have no name of a user (or an “anonymous” one) or of an item, and are left out.",
                tastes.nameless,
            )
        )
    has_stars = "rating" in bundle.points and bool(bundle.points["rating"].notna().any())
    return Known(tastes, history, has_stars, _subjects(bundle.key, bundle, tastes))


@st.cache_resource(max_entries=4, show_spinner=False)
def _known(path: str, _bundle: Bundle) -> tuple[Tastes, History]:
    return recommend.of(_bundle)


@st.cache_resource(max_entries=4, show_spinner=False)
def _subjects(key: str, _bundle: Bundle, _tastes: Tastes) -> list[str]:
    return recommend.subjects(_tastes, _bundle.points)


def tab_names() -> dict[str, str]:
    """The tabs in the session's language."""
    return {
        PERSON: _("A person"),
        NEW: _("Somebody new"),
        ITEM: _("Items alike"),
        GROUPS: _("Groups"),
        MEASURED: _("How well it works"),
    }


def turn_to_asked(key: str) -> None:
    """Open the tab that was asked for in the last run; before the tabs are drawn."""
    asked = st.session_state.pop(_TAB, None)
    if asked is not None:
        st.session_state[key] = tab_names()[asked]


def open_person(name: str) -> None:
    """Show a person's tab in a new run."""
    st.session_state[_USER], st.session_state[_TAB] = name, PERSON
    st.rerun()


def asked_person() -> str | None:
    """The person that was asked for, once."""
    return st.session_state.pop(_USER, None)


def ranker(bundle: Bundle, found: Known) -> tuple[str, Measured | None]:
    """Which ranker is used, and what it was measured to do; None while that is under way."""
    future: Future[Measured] = recommend.measured(bundle, found.tastes)
    try:
        with st.spinner(_("Finding out which way of recommending fits these reviews …"), show_time=False):
            measured = future.result(timeout=WAIT_S)
    except TimeoutError:
        return recommend.BLEND, None
    return measured.chosen, measured


def ranker_name(name: str) -> str:
    """A ranker in a few words."""
    return {
        recommend.RANDOM: _("by chance"),
        recommend.POPULARITY: _("popularity alone"),
        recommend.TOGETHER: _("reviewed by the same people"),
        recommend.TEXT: _("what is written"),
        recommend.BLEND: _("all three together"),
    }[name]


def said_of_ranker(name: str, measured: Measured | None) -> str:
    """How items are ranked, and what is known of how well that works."""
    how = _("Ranked by: {how}.").format(how=ranker_name(name))
    if measured is None:
        return how + " " + _("How well that works here is being measured.")
    if measured.few:
        return how + " " + _("Too few people or items to measure how well that works here.")
    line = measured.table.set_index("ranker").loc[name]
    found = _("Measured here: of {n} people’s hidden items, {hit} were among the first ten (95 %: {low} to {high}).")
    values = {part: f"{line[key]:.0%}" for part, key in (("hit", "hit"), ("low", "hit_low"), ("high", "hit_high"))}
    return how + " " + found.format(n=f"{measured.people:,}", **values)


def liked(found: Known, item: int) -> str:
    """What reviewers think of an item, with its interval: in stars, or as sentiment."""
    mean, low, high = (float(part[item]) for part in found.history.opinions)
    if found.has_stars:
        return f"{2 * mean + 3:.1f} ({2 * low + 3:.1f}–{2 * high + 3:.1f})"
    return f"{mean:+.2f} ({low:+.2f} … {high:+.2f})".replace("-", "−")


def about_column() -> object:
    """The column of what an item is mostly about."""
    return st.column_config.TextColumn(_("Mostly about"), width=150, help=_("The topic of most of its reviews"))


def liked_column(found: Known) -> object:
    """Its column."""
    if found.has_stars:
        return st.column_config.TextColumn(_("Stars"), width=110, help=_("Mean, with its 95 % interval"))
    return st.column_config.TextColumn(
        _("Sentiment"),
        width=120,
        help=_("Mean of −1 (negative) to 1 (positive), from the text, with its 95 % interval"),
    )


def choose_name(label: str, names: Sequence[str], counts: Sequence[int], key: str) -> str | None:
    """A choice among names, those with most reviews first; one that is not listed can be typed."""
    order = sorted(range(len(names)), key=lambda at: (-counts[at], at))[:MOST_LISTED]
    listed = {names[at]: counts[at] for at in order}
    chosen = st.selectbox(
        label,
        list(listed),
        index=0,
        format_func=lambda name: f"{name} · {listed[name]:,}" if name in listed else name,
        accept_new_options=True,
        key=key,
        help=_("The number is how many they reviewed. A name that is not listed can be typed.")
        if len(names) > MOST_LISTED
        else None,
    )
    return None if chosen is None else str(chosen)


def show_items(bundle: Bundle, found: Known, listed: Sequence[Suggestion], *, key: str, name: str) -> None:
    """A list of suggested items: a row opens the reviews that say why; the first is open."""
    tastes = found.tastes
    because = [
        ", ".join(f"{tastes.items[other]} ({people:,})" for other, people in one.because) or "–" for one in listed
    ]
    frame = pd.DataFrame(
        {
            "item": [tastes.items[one.item] for one in listed],
            "about": [found.subjects[one.item] for one in listed],
            "liked": [liked(found, one.item) for one in listed],
            "n": [one.n for one in listed],
            "because": because,
            "score": [round(one.score, 3) for one in listed],
        }
    )
    shown = ["item", "about", "liked", "n", *(["because"] if any(one.because for one in listed) else []), "score"]
    row = picked(
        frame[shown],
        key=f"{key}_items",
        height="content",
        column_config={
            "item": st.column_config.TextColumn(_("Item"), width=170, pinned=True),
            "about": about_column(),
            "liked": liked_column(found),
            "n": st.column_config.NumberColumn(_("Reviewed by"), format="localized", width=80),
            "because": st.column_config.TextColumn(
                _("Since they reviewed"),
                width=200,
                help=_("Their own items, and in brackets how many people reviewed both"),
            ),
            "score": st.column_config.NumberColumn(
                _("Score"), format="%.2f", width=60, help=_("Says the order in this list, nothing else")
            ),
        },
    )
    csv_button(frame[shown], name, key=f"{key}_csv")
    at = open_row(f"{key}_open_{name}", [one.item for one in listed], row)
    chosen = listed[at]
    st.markdown("**" + _("Why {item}").format(item=plain(tastes.items[chosen.item])) + "**")
    st.caption(_("Of the reviews that liked it, those nearest to what is wanted."))
    show_reviews(by_ids(bundle.points, list(chosen.units)), bundle, key=f"{key}_why")


def open_row(key: str, items: Sequence[int], row: int | None) -> int:
    """The row whose reviews are open: the one just picked, else the last one where it is still listed."""
    if row is not None:
        st.session_state[key] = items[row]
    listed, kept = list(items), st.session_state.get(key)
    return listed.index(kept) if isinstance(kept, int) and kept in listed else 0

"""The Map page's search: words at once, meaning when asked; hits on the map and in the panel."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from pages.ui import bound, state
from pages.ui.escape import plain
from pages.ui.i18n import _, n_
from pages.ui.reviews import show_reviews
from pages.ui.search_hits import topic_doors
from pipelines import hits as finding
from pipelines.figures import count_reviews
from pipelines.store.reader import Bundle
from pipelines.types import BoolArray, IntArray
from pipelines.view import MAX_SEARCH_CHARS, Filter, mask

BOX, MEANING = "map_words", "map_meaning"
_FLY, _TURNS = "map_fly", "map_fly_turns"


def box(bundle: Bundle) -> None:
    """The box, and whether to look for the meaning too."""
    view = state.current()
    bound.show(BOX, view.search)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.text_input(
            _("Search"),
            placeholder=_("words in the reviews"),
            key=BOX,
            max_chars=MAX_SEARCH_CHARS,
            on_change=bound.take,
            args=(BOX, _search),
            icon=":material/search:",
            width="stretch",
        )
        if finding.can_read(bundle):
            bound.show(MEANING, view.by_meaning)
            st.toggle(
                _("By meaning"),
                key=MEANING,
                on_change=bound.take,
                args=(MEANING, lambda by_meaning: state.change(by_meaning=by_meaning, selection=None)),
                help=_(
                    "Also finds reviews that say it in other words, and in another language where the model reads "
                    "both. Your words are read on this computer by the model that read the reviews."
                ),
            )


def _search(words: str | None) -> None:
    # The last selection would hide what is found.
    state.change(search=(words or "").strip(), selection=None)


def end() -> None:
    """Look for nothing."""
    state.change(search="")


def positions(bundle: Bundle, chosen: BoolArray) -> IntArray | None:
    """Where the hits stand among the points, best first, within the filters; None while nothing is looked for."""
    found = _found(bundle)
    return None if found is None else found.positions[chosen[found.positions]]


def fly() -> tuple[int, int] | None:
    """The position that a person wants to see on the map, once, with a number that differs each time."""
    wanted = st.session_state.pop(_FLY, None)
    if wanted is None:
        return None
    st.session_state[_TURNS] = st.session_state.get(_TURNS, 0) + 1
    return int(wanted), int(st.session_state[_TURNS])


def fly_to(unit_id: int, points: pd.DataFrame) -> None:
    """Show a unit on the map."""
    places = np.flatnonzero(points["unit_id"].to_numpy() == unit_id)
    if len(places):
        st.session_state[_FLY] = int(places[0])
        st.rerun()


def _found(bundle: Bundle) -> finding.Hits | None:
    view = state.current()
    if not view.search:
        return None
    by_meaning = view.by_meaning and finding.can_read(bundle)
    with st.spinner(_("Looking for it …"), show_time=False):
        return _hits(bundle.key, bundle, view.search, by_meaning)


@st.cache_resource(max_entries=32, show_spinner=False)
def _hits(key: str, _bundle: Bundle, text: str, by_meaning: bool) -> finding.Hits:
    return finding.find(_bundle, text, by_meaning=by_meaning)


@st.cache_resource(max_entries=32, show_spinner=False)
def _is_filter(key: str, _bundle: Bundle, _found: finding.Hits, text: str) -> bool:
    """Whether the filter that a search can become has the same reviews: a search also knows a word's other forms."""
    held = mask(_bundle.points, _bundle.rows, (_as_filter(text),))
    return int(held.sum()) == len(_found) and bool(held[_found.positions].all())


def _as_filter(text: str) -> Filter:
    return Filter("text", "contains", text)


def panel(bundle: Bundle, points: pd.DataFrame, chosen: BoolArray, height: int) -> None:
    """What was found among `points`, those inside the filters: how many, of which topics, and the reviews.

    chosen (units of the bundle,): which those are.
    """
    found = _found(bundle)
    if found is None:
        return
    inside = chosen[found.positions]
    part = bundle.points.iloc[found.positions[inside]]
    reviews = count_reviews(part)
    searched = plain(state.current().search, 60)
    st.subheader(f"“{searched}” · " + n_("{n} review", "{n} reviews", reviews))
    beyond = count_reviews(bundle.points.iloc[found.positions[~inside]])
    if found.how == "unread":
        st.caption(_("Found by its words alone: the model that read these reviews cannot be asked here."))
    if part.empty:
        _nothing(bundle, beyond)
        return
    _facts(points, part, found, inside)
    if beyond:
        st.caption(n_("{n} more outside the filters.", "{n} more outside the filters.", beyond))
    with st.container(horizontal=True, gap="small"):
        st.button(
            _("Select these"),
            key="map_hits_select",
            icon=":material/select_all:",
            on_click=state.change,
            kwargs={"selection": tuple(sorted(part["unit_id"].tolist()))},
            help=_("Their topics, stars, trend and words beside all others, and a table."),
        )
        text = state.current().search
        if found.how == "words" and _is_filter(bundle.key, bundle, found, text):
            st.button(
                _("Make it a filter"),
                key="map_hits_filter",
                icon=":material/filter_alt:",
                on_click=_make_filter,
                help=_("Every page then shows only reviews that contain these letters."),
            )
    why = {}
    if found.how == "meaning":
        alike = found.alike[inside]
        why = {
            int(unit): _("likeness {x}").format(x=f"{value:.2f}".replace("-", "−"))
            for unit, value in zip(part["unit_id"].tolist(), alike.tolist(), strict=True)
        }
    with st.container(height=height, border=False):
        shown = show_reviews(part, bundle, key="map_hits", why=why, clickable=True)
    if shown is not None:
        fly_to(shown, bundle.points)


def _facts(points: pd.DataFrame, part: pd.DataFrame, found: finding.Hits, inside: BoolArray) -> None:
    """The share of the reviews in sight, how many say it and how many only mean it, and topics as filters."""
    clear = part[(np.arange(len(found)) < found.clear)[inside]]
    if clear.empty:
        st.info(_("No review clearly speaks of this. These are the nearest in meaning."))
        return
    share = count_reviews(clear) / max(count_reviews(points), 1)
    facts = [_("{x} of the reviews in sight").format(x=f"{share:.1%}")]
    if found.how == "meaning":
        said = count_reviews(part[found.said[inside]])
        meant = count_reviews(clear) - said
        facts = [n_("{n} says it", "{n} say it", said), n_("{n} means it", "{n} mean it", meant), *facts]
        if len(clear) < len(part):
            facts.append(_("then the nearest"))
    st.caption(" · ".join(facts))
    with st.container(horizontal=True, gap="xsmall"):
        topic_doors(part, key="map_hits_topic")


def _make_filter() -> None:
    state.add_filter(_as_filter(state.current().search))
    end()


def _nothing(bundle: Bundle, beyond: int) -> None:
    """What to do where nothing was found."""
    view = state.current()
    if beyond:
        st.info(n_("{n} review outside the filters has it.", "{n} reviews outside the filters have it.", beyond))
        st.button(
            _("Clear the filters"), key="map_hits_unfilter", on_click=state.change, kwargs={"filters": ()}
        )  # fmt: skip
        return
    st.info(_("No review has these words. Try fewer or other words, or one word in its simplest form."))
    with st.container(horizontal=True, gap="small"):
        if finding.can_read(bundle) and not view.by_meaning:
            st.button(
                _("Look for the meaning"),
                key="map_hits_mean",
                icon=":material/psychology:",
                on_click=state.change,
                kwargs={"by_meaning": True},
            )
        st.button(_("End the search"), key="map_hits_end", on_click=end)

"""What the Share page shares: the look of now, or a saved view; and the list of the saved ones."""

from __future__ import annotations

from dataclasses import dataclass, replace

import streamlit as st

from pages.ui import state, views
from pages.ui.chips import filter_label
from pages.ui.escape import plain
from pages.ui.i18n import _, n_
from pipelines.store import library
from pipelines.store.history import SavedView
from pipelines.store.reader import Bundle
from pipelines.view import View

CHOICE = "share_what"


@dataclass(frozen=True)
class Shared:
    """A look to hand over; name: the saved view's, "" for the look of now, whose note can still be written."""

    view: View
    name: str = ""


def choose(bundle: Bundle) -> Shared | None:
    """Let the person choose what is shared, and whether its quotes go along; None where it cannot be shared."""
    shared = _look(bundle)
    if shared is None:
        return None
    n = len(shared.view.quotes)
    if n and not st.toggle(
        n_("With {n} quote", "With {n} quotes", n),
        value=True,
        key="share_quotes",
        help=_("Quotes go along whether or not the filters leave them in sight; without review texts there are none."),
    ):
        shared = replace(shared, view=replace(shared.view, quotes=()))
    return shared


def _look(bundle: Bundle) -> Shared | None:
    kept = [] if bundle.is_draft else library.list_views(state.current().analysis)
    names = {"": _("The look of now"), **{one.id: one.name for one in kept}}
    if st.session_state.get(CHOICE) not in names:
        st.session_state.pop(CHOICE, None)
    if not kept:
        st.caption(_("What you share is the current look: its filters, colour and selection."))
        return Shared(views.at_hand(bundle))
    # A view may be called like the look of now: a label of its own for each, or Streamlit mixes them up.
    chosen = st.selectbox(
        _("What to share"),
        list(names),
        format_func=lambda one: f"“{names[one]}”" if one else names[one],
        key=CHOICE,
    )
    one = next((one for one in kept if one.id == chosen), None)
    shared = Shared(views.at_hand(bundle)) if one is None else _saved(one, bundle)
    if shared is not None:
        st.caption(" · ".join([*views.shows(shared.view, bundle, filter_label), *_note(shared)]))
    with st.expander(_("Saved views ({n})").format(n=len(kept)), icon=":material/bookmarks:", key="share_views"):
        views.listed(bundle, filter_label, kept, key="share")
    return shared


def _saved(one: SavedView, bundle: Bundle) -> Shared | None:
    """A saved view; None where it would show reviews that it was saved to leave out."""
    found = views.fitted(one, bundle)
    told = views.lost(found)
    if found.is_wider:
        told += " " + _(
            "Shared, it would show more reviews than it was saved for, so it cannot be. Open it, choose anew, and "
            "overwrite it."
        )
    if told:
        st.warning(plain(told, 400), icon=":material/link_off:")
    return None if found.is_wider else Shared(found.view, one.name)


def _note(shared: Shared) -> list[str]:
    return ["“" + plain(shared.view.note, 200) + "”"] if shared.name and shared.view.note else []

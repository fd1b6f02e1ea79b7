"""The read-only page behind a share link: its map, its topics and, where allowed, its reviews.

It reads the bundle and the view that the link names and touches nothing else: no library, no journal, no settings.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from pages.ui import data
from pages.ui import map as review_map
from pages.ui.chips import filter_label
from pages.ui.escape import plain
from pages.ui.i18n import _, n_
from pages.ui.reviews import show_reviews, strongest_first
from pages.ui.theme import is_dark
from pipelines.figures import count_reviews, topic_table
from pipelines.redact import redact
from pipelines.share import SharedView
from pipelines.store.reader import Bundle
from pipelines.view import View, mask

NOTHING_SELECTED = "shared_selection"


def not_found() -> None:
    """The one page for a link that is wrong, closed, out of date or whose analysis is gone."""
    st.title("404")
    st.write(
        _(
            "There is nothing here. The link may be wrong, closed or out of date: ask the person who "
            "sent it for a new one."
        )
    )


def show(shared: SharedView) -> None:
    """Draw the view."""
    bundle = data.bundle_at(str(shared.bundle))
    view = shared.view
    st.title(plain(shared.name))
    if view.note:
        st.info(plain(view.note, 1000))
    chosen = mask(bundle.points, bundle.rows, view.filters)
    points = _visible(bundle, shared)
    total = count_reviews(bundle.points)
    facts = [_("{n} of {total} reviews").format(n=f"{count_reviews(points[chosen]):,}", total=f"{total:,}")]
    facts += [plain(filter_label(item, bundle)) for item in view.filters]
    st.caption(" · ".join(facts))
    left, right = st.columns([5, 3], gap="medium")
    with left:
        selection = _map(bundle, points, view, chosen, shared.allow_text)
    with right:
        _side(bundle, points, chosen, selection, shared.allow_text)


def _visible(bundle: Bundle, shared: SharedView) -> pd.DataFrame:
    """The points with texts as the link allows them: none, masked, or as they are."""
    points = bundle.points
    if not shared.allow_text:
        hidden = points.assign(text="")
        return hidden.assign(user="") if "user" in hidden else hidden
    return _masked(str(bundle.path)) if shared.redact else points


@st.cache_resource(max_entries=4, show_spinner=False)
def _masked(path: str) -> pd.DataFrame:
    points = data.bundle_at(path).points
    masked = points.assign(text=points["text"].map(redact))
    # A user name is a person's: with masking on it does not leave.
    return masked.assign(user="") if "user" in masked else masked


def _map(
    bundle: Bundle, points: pd.DataFrame, view: View, chosen: np.ndarray, with_text: bool
) -> tuple[int, ...] | None:
    dims = st.segmented_control(
        _("View"), [2, 3], default=view.dims, required=True, format_func=lambda d: f"{d}D", key="shared_dims"
    )
    selection = st.session_state.get(NOTHING_SELECTED, view.selection)
    shown = View(
        analysis=view.analysis,
        filters=view.filters,
        colour=view.colour,
        dims=dims,
        camera=view.camera if dims == view.dims else None,
        selection=selection,
    )
    topics = bundle.summary["topics"]
    event = review_map.show_map(
        points,
        topics,
        shown,
        mask=chosen,
        colour=review_map.colour_by(bundle.points, bundle.rows, view.colour, topics),
        key="shared_map",
        height=600,
        dark=is_dark(),
        words=review_map.default_words(),
        with_text=with_text,
    )
    if event is not None:
        if event.topic is not None:
            own = points.loc[points["cluster"] == event.topic, "unit_id"]
            selection = tuple(own.tolist())
        elif event.selection is not None:
            selection = event.selection or None
        if selection != st.session_state.get(NOTHING_SELECTED, view.selection):
            st.session_state[NOTHING_SELECTED] = selection
            st.rerun()
    return selection


def _side(
    bundle: Bundle, points: pd.DataFrame, chosen: np.ndarray, selection: tuple[int, ...] | None, allow_text: bool
) -> None:
    part = points[chosen]
    if selection:
        part = part[part["unit_id"].isin(selection)]
        st.subheader(n_("{n} selected review", "{n} selected reviews", count_reviews(part)))
    table = topic_table(part, bundle.summary["topics"])
    table = table[table["reviews"] > 0]
    names = table["name"].where(table["id"] >= 0, _("no clear topic"))
    shown = pd.DataFrame(
        {_("Topic"): names, _("Reviews"): table["reviews"], _("Sentiment"): table["sentiment"].round(2)}
    )
    if table["rating"].notna().any():
        shown[_("Mean stars")] = table["rating"].round(2)
    st.dataframe(shown, hide_index=True, height=260, key="shared_topics")
    if allow_text:
        with st.container(height=420, border=False):
            show_reviews(strongest_first(part), _without_titles(bundle, points), key="shared_reviews")
    else:
        st.caption(_("The person who made this link left the review texts out."))


def _without_titles(bundle: Bundle, points: pd.DataFrame) -> Bundle | None:
    """The bundle for review cards; none when texts are masked, since titles and the other columns are not."""
    return bundle if points is bundle.points else None

"""The read-only page behind a share link, or of a colleague: its map, its topics and, where allowed, its reviews.

It reads the bundle as people had left it when the link was made (a colleague's as they leave it), and the view that the
link names: no later decision, no library, no settings.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from pages.ui import data, shared_take
from pages.ui import map as review_map
from pages.ui.chips import filter_label
from pages.ui.escape import plain
from pages.ui.i18n import _, n_
from pages.ui.reviews import by_ids, show_reviews, strongest_first
from pages.ui.table import table as show_table
from pages.ui.theme import is_dark
from pipelines import share
from pipelines.export.words import hides_values
from pipelines.figures import count_reviews, topic_table
from pipelines.map.colour import allowed_colours, asked_colour
from pipelines.redact import redact
from pipelines.samples import SAMPLES
from pipelines.share import SharedView
from pipelines.store.reader import Bundle
from pipelines.view import MAX_QUOTES, Filter, View, mask

NOTHING_SELECTED = "shared_selection"
MASKED = ("text", "topic", "item")
"""Columns of points that are shown as they are written, or masked."""


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
    if data.damaged_lines(shared.analysis_id):
        # What cannot be read may have closed this door, or changed what stands behind it.
        not_found()
        return
    bundle = data.shown(shared.analysis_id, shared.bundle, up_to=shared.seq)
    view = shared.view
    st.title(plain(_title(bundle, shared)))
    if view.note:
        st.info(plain(redact(view.note) if shared.redact else view.note, 1000))
    filters = json.dumps([item.to_dict() for item in view.filters])
    points, chosen = _visible(bundle.key, bundle, filters, shared.allow_text, shared.redact)
    topics = _topics(bundle, shared.redact)
    total = count_reviews(bundle.points)
    facts = [_("{n} of {total} reviews").format(n=f"{count_reviews(points[chosen]):,}", total=f"{total:,}")]
    facts += [plain(_filter_label(item, bundle, shared)) for item in view.filters]
    st.caption(" · ".join(facts))
    left, right = st.columns([5, 3], gap="medium")
    with left:
        selection = _map(bundle, points, topics, shared, chosen)
    with right:
        _side(bundle, points, topics, shared, chosen, selection)
    if shared.download:
        shared_take.offer(bundle, shared, replace(view, selection=selection), _title(bundle, shared))
    _quotes(bundle, shared)


def _quotes(bundle: Bundle, shared: SharedView) -> None:
    """What the sender chose one by one, whether or not the filters leave it in sight."""
    part = by_ids(bundle.points, shared.view.quotes)
    if part.empty or not shared.allow_text:
        return
    st.subheader(_("Quotes") + f" · {len(part)}")
    part = _allowed(part, allow_text=True, redacted=shared.redact)
    show_reviews(part, None if shared.redact else bundle, key="shared_quotes", collects=False, most=MAX_QUOTES)


def _allowed(points: pd.DataFrame, *, allow_text: bool, redacted: bool) -> pd.DataFrame:
    """Points with texts left out, masked, or as they are; users go with the first two, since a name is a person's."""
    if not allow_text:
        points = points.assign(text="")
    if redacted:
        cells: dict[str, Any] = {
            name: points[name].map(redact, na_action="ignore") for name in MASKED if name in points
        }
        points = points.assign(**cells)
    return points.assign(user="") if "user" in points and (redacted or not allow_text) else points


def name_shown(name: str, files: Iterable[str], *, masked: bool) -> str:
    """An analysis's name as others than its owner read it.

    Masked, it is not the name of one of its files, which names people and companies, and personal data in it is masked;
    a sample that somebody renamed is no exception.
    """
    if name in {sample.title for sample in SAMPLES}:
        return _(name)
    if not masked:
        return name
    return _("Customer reviews") if any(name in (file, Path(file).stem) for file in files if file) else redact(name)


def _title(bundle: Bundle, shared: SharedView) -> str:
    file = str(bundle.summary.get("source", {}).get("name") or "")
    return name_shown(shared.name, (file, shared.file), masked=shared.redact)


def _filter_label(item: Filter, bundle: Bundle, shared: SharedView) -> str:
    roles = bundle.summary.get("roles", {})
    if hides_values(item, roles, redact=shared.redact, allow_text=shared.allow_text):
        item = replace(item, value=("…", "…") if item.op == "between" else "…")
    label = filter_label(item, bundle)
    return redact(label) if shared.redact else label


def _topics(bundle: Bundle, redacted: bool) -> list[dict[str, Any]]:
    topics = bundle.summary["topics"]
    return [{**topic, "name": redact(str(topic["name"]))} for topic in topics] if redacted else topics


@st.cache_resource(max_entries=8, show_spinner=False)
def _visible(
    key: str, _bundle: Bundle, filters: str, allow_text: bool, redacted: bool
) -> tuple[pd.DataFrame, np.ndarray]:
    """The points as the link allows them, and which of them pass the filters.

    filters: as JSON. Outside the filters a point is a place and nothing else.
    """
    points = _bundle.points
    # A link that names a column which is not there shows nothing, rather than everything.
    chosen = mask(points, _bundle.rows, View.from_dict({"filters": json.loads(filters)}).filters, strict=True)
    if not chosen.all():
        points = points.assign(
            text=points["text"].where(chosen, ""),
            topic=points["topic"].where(chosen, ""),
            cluster=points["cluster"].where(chosen, -1),
            is_outlier=points["is_outlier"] & chosen,
        )
    return _allowed(points, allow_text=allow_text, redacted=redacted), chosen


def _map(
    bundle: Bundle, points: pd.DataFrame, topics: list[dict[str, Any]], shared: SharedView, chosen: np.ndarray
) -> tuple[int, ...] | None:
    view = shared.view
    dims = st.segmented_control(
        _("View"), [2, 3], default=view.dims, required=True, format_func=lambda d: f"{d}D", key="shared_dims"
    )
    selection = st.session_state.get(NOTHING_SELECTED, view.selection)
    shown = View(
        analysis=view.analysis,
        filters=view.filters,
        dims=dims,
        camera=view.camera if dims == view.dims else None,
        selection=selection,
    )
    # A legend writes values out: those of the upload's own columns stay here unless everything may be seen.
    allowed = allowed_colours(points, bundle.summary, with_upload=shared.allow_text and not shared.redact)
    colour = asked_colour(view.colour, allowed)
    event = review_map.show_map(
        points,
        topics,
        shown,
        mask=chosen,
        colour=review_map.colour_by(points, bundle.rows, colour, topics, only=chosen),
        key="shared_map",
        height=600,
        dark=is_dark(),
        words=review_map.default_words(),
        with_text=shared.allow_text,
        may_read=partial(_is_open, shared, st.session_state.get("link_token")),
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


def _is_open(shared: SharedView, token: object) -> bool:
    """Whether the reader may still see the reviews: the sender can end it, or leave the texts out, at any time."""
    found = share.open_link(token, count=False) if shared.link_id else share.open_colleagues(shared.analysis_id)
    return found is not None and (found.allow_text, found.redact) == (shared.allow_text, shared.redact)


def _side(
    bundle: Bundle,
    points: pd.DataFrame,
    topics: list[dict[str, Any]],
    shared: SharedView,
    chosen: np.ndarray,
    selection: tuple[int, ...] | None,
) -> None:
    part = points[chosen]
    if selection:
        part = part[part["unit_id"].isin(selection)]
        st.subheader(n_("{n} selected review", "{n} selected reviews", count_reviews(part)))
    table = topic_table(part, topics)
    table = table[table["reviews"] > 0]
    names = table["name"].where(table["id"] >= 0, _("no clear topic"))
    shown = pd.DataFrame(
        {_("Topic"): names, _("Reviews"): table["reviews"], _("Sentiment"): table["sentiment"].round(2)}
    )
    if table["rating"].notna().any():
        shown[_("Mean stars")] = table["rating"].round(2)
    # Beside the map there is room for all four only where the names give way; a cell opens to its whole text.
    widths = {name: st.column_config.Column(width=60 if i else 110) for i, name in enumerate(shown.columns)}
    show_table(shown, height=260, key="shared_topics", column_config=widths)
    if shared.allow_text:
        with st.container(height=420, border=False):
            # The bundle gives the reviews their titles, which are not masked.
            titled = None if shared.redact else bundle
            show_reviews(strongest_first(part), titled, key="shared_reviews", collects=False)
    else:
        by_link = _("The person who made this link left the review texts out.")
        st.caption(by_link if shared.link_id else _("Its owner left the review texts out."))

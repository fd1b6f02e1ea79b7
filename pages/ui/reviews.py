"""Lists of reviews: the door behind every number."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from pages.ui import collect, search_from, slices, thumbnails
from pages.ui.i18n import _, n_
from pages.ui.sure import belonging, has_core
from pipelines.store.reader import Bundle
from pipelines.types import name_in_rows

ASSETS = Path(__file__).parent / "assets"
PAGE = 10
MOST = 200
"""Reviews sent to the browser at most; the rest is a filter or an export away."""
MOST_CHARS = 5_000


@lru_cache(maxsize=1)
def _component() -> object:
    return st.components.v2.component(
        "review_cards",
        js=(ASSETS / "review_cards.js").read_text("utf-8"),
        css=(ASSETS / "review_cards.css").read_text("utf-8"),
    )


def show_reviews(
    points: pd.DataFrame,
    bundle: Bundle | None,
    *,
    key: str,
    why: Mapping[int, str] | None = None,
    marks: Mapping[int, Sequence[tuple[str, bool]]] | None = None,
    clickable: bool = False,
    show_topic: bool = True,
    page: int = PAGE,
    on_move: Callable[[int], None] | None = None,
    move_label: str | None = None,
    collects: bool = True,
    most: int = MOST,
    sorts: bool = False,
    likes: bool = True,
    total: int | None = None,
) -> int | None:
    """List units in the order given; `why` holds a line per unit_id. Returns the unit_id a person wants on the map.

    bundle: where titles are read; None shows none. marks: per unit_id its text in pieces, each with whether it is
    marked; other texts are shown unmarked. on_move: asked with a unit_id to move it to another topic, or to do
    what `move_label` says. collects: a star beside each review collects it as a quote; a draft has none. most: how
    many are sent to the browser; of the others it says how many they are. sorts: the list is the quotes themselves, and
    each can be moved up or down. likes: where quotes are collected, more like a review can be looked for too, on the
    page Ask. total: how many there are, where `points` are the first of them.
    """
    if points.empty:
        st.caption(_("No reviews here. Remove a filter to see more."))
        return None
    part = points.head(most)
    titles = _titles(bundle, part)
    beyond = (len(points) if total is None else total) - len(part)
    # Pictures can show more of a person than was written: they go with no link to a view.
    shown = thumbnails.of_rows(bundle if collects else None, part["row_id"].tolist())
    starred = bundle if collects and bundle is not None and not bundle.is_draft else None
    data = {
        "reviews": [
            {
                "id": int(unit["unit_id"]),
                "text": str(unit["text"])[:MOST_CHARS],
                "marked": [[piece, bool(is_one)] for piece, is_one in (marks or {}).get(int(unit["unit_id"]), ())],
                "title": titles[i],
                "rating": None if pd.isna(unit.get("rating")) else float(unit["rating"]),
                "label": unit["sentiment_label"],
                "meta": _meta(unit),
                "topic": _topic(unit) if show_topic else "",
                "belongs": belonging(unit) if has_core(bundle) else "",
                "pictures": shown[i],
                "why": (why or {}).get(int(unit["unit_id"]), ""),
            }
            for i, unit in enumerate(part.to_dict("records"))
        ],
        "page": page,
        "clickable": clickable,
        "movable": on_move is not None,
        "sortable": sorts and starred is not None,
        "likeable": likes and collects and bundle is not None,
        "stars": collect.units(starred) if starred is not None else None,
        "answered": collect.answered(key),
        "sorted": collect.sorted_until(key),
        "beyond": _beyond(beyond, reads_only=not collects),
        "words": {
            "more": _("Show more"),
            "picture": _("A picture of this review"),
            "show_on_map": _("Show on map"),
            "like": _("More like this"),
            "move": move_label or _("Move to topic …"),
            "stars": _("{n} of 5 stars"),
            "collect": _("Collect as a quote"),
            "collected": _("A quote: press to take it out"),
            "up": _("Move up"),
            "down": _("Move down"),
            "negative": _("negative"),
            "neutral": _("neutral"),
            "positive": _("positive"),
        },
    }
    result = _component()(  # type: ignore[operator]
        key=key,
        data=data,
        on_opened_change=_nothing,
        on_moved_change=_nothing,
        on_liked_change=_nothing,
        on_starred_change=partial(collect.starred, key, starred) if starred is not None else _nothing,
        on_ordered_change=partial(collect.moved, key, starred) if sorts and starred is not None else _nothing,
    )
    moved = getattr(result, "moved", None)
    if on_move is not None and moved is not None:
        on_move(int(moved))
    liked = getattr(result, "liked", None)
    if liked is not None:
        search_from.choose(int(liked))
    opened = getattr(result, "opened", None)
    return int(opened) if opened is not None else None


def _beyond(n: int, *, reads_only: bool) -> str:
    """That n more are not listed; "" for none. Who only reads has neither filters nor exports."""
    if not n:
        return ""
    if reads_only:
        return n_("{n} more is not listed here.", "{n} more are not listed here.", n)
    return n_("{n} more: filter or export to see it.", "{n} more: filter or export to see them.", n)


def _nothing() -> None:
    """An event's name is known to Streamlit only by a callback."""


def _titles(bundle: Bundle | None, part: pd.DataFrame) -> list[str]:
    column = bundle.summary["roles"].get("title") if bundle else None
    if bundle is None or not column:
        return [""] * len(part)
    # No set_index on the whole: it copies every column of every row for the few that are shown.
    titles = pd.Series(bundle.rows[name_in_rows(column)].array, index=bundle.rows["row_id"])
    return titles.reindex(part["row_id"]).fillna("").astype(str).tolist()


def _topic(unit: Mapping[Any, Any]) -> str:
    """The topic's name; one that a person hid has none among the points."""
    return unit["topic"] or (_("hidden topic") if unit["cluster"] >= 0 else _("no clear topic"))


def _meta(unit: Mapping[Any, Any]) -> list[str]:
    parts = []
    date = unit.get("date")
    if date is not None and not pd.isna(date):
        parts.append(pd.Timestamp(date).strftime("%Y-%m-%d"))
    for role in ("item", "user"):
        if unit.get(role):
            parts.append(str(unit[role]))
    if unit.get("by_hand"):
        parts.append(_("placed by hand"))
    parts.append(_("row {n}").format(n=f"{int(unit['row_id']) + 1:,}"))
    return parts


def reviews_dialog(points: pd.DataFrame, bundle: Bundle, title: str, key: str) -> None:
    """The reviews behind a number, over the page."""

    # The session keeps what the dialog draws with for as long as the page is open: no more than is drawn.
    reviews, total, first = points["row_id"].nunique(), len(points), slices.first(points, MOST)

    # Closed, the page follows what was collected in it.
    @st.dialog(title, width="large", on_dismiss="rerun")
    def _open() -> None:
        st.caption(n_("{n} review", "{n} reviews", reviews))
        show_reviews(first, bundle, key=key, total=total)

    _open()


def strongest_first(points: pd.DataFrame) -> pd.DataFrame:
    """Core members before joined ones: the reviews that stand best for a topic."""
    return points.sort_values(["joined", "cluster_strength"], ascending=[True, False], kind="stable")


def by_ids(points: pd.DataFrame, unit_ids: Sequence[int]) -> pd.DataFrame:
    """Units in the order of `unit_ids`."""
    return points.set_index("unit_id", drop=False).loc[[i for i in unit_ids if i < len(points)]].reset_index(drop=True)

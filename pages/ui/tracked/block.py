"""The block "Topics you track" on the Overview: their table, the one that is open, and the ways to a new one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from pages.ui import figured, state, told, topic_columns
from pages.ui.escape import plain
from pages.ui.i18n import _
from pages.ui.table import table as show_table
from pages.ui.tracked import detail, new, opened
from pipelines import tracked
from pipelines.figures import topic_table
from pipelines.store.reader import Bundle


def show(bundle: Bundle) -> None:
    """Draw it for the reviews in sight."""
    st.subheader(
        _("Topics you track"),
        help=_(
            "Themes of your own, beside the topics that were found. They are kept when the map is made anew and when "
            "reviews are added. A review can be in several."
        ),
    )
    if bundle.is_draft:
        st.caption(_("Topics can be tracked once the full map is there."))
        return
    _undo()
    listed: Sequence[Mapping[str, Any]] = bundle.summary.get("tracked", ())
    _focus, points = state.in_focus(bundle)
    if listed:
        _table(bundle, points, listed)
        topics = {topic.id: topic for topic in tracked.tracked(state.current().analysis)}
        if opened.topic() in topics:
            detail.show(bundle, points, topics[opened.topic()])
    new.phrase(bundle)
    new.code_book(bundle)


def _table(bundle: Bundle, points: pd.DataFrame, listed: Sequence[Mapping[str, Any]]) -> None:
    labelled, topics = _labelled(points, listed)
    table = topic_table(labelled, topics)
    table = table[table["id"] >= 0].reset_index(drop=True)
    effects, moves = figured.of_tracked(bundle, labelled, topics)
    figures = topic_columns.figures(table, effects, moves).assign(name=table["name"], sure=list(map(_sure, listed)))
    has_rating = bool(figures["rating"].notna().any())
    columns = [*topic_columns.order(has_rating=has_rating, effects=effects, moves=moves), "sure"]
    ids = [entry["id"] for entry in listed]
    open_row = [ids.index(opened.topic())] if opened.topic() in ids else []
    chosen = show_table(
        figures,
        column_order=columns,
        height="content" if len(figures) <= 12 else 460,
        on_select="rerun",
        selection_mode="single-row",
        # A new key for each choice, so that the widget starts from what is open.
        key=f"tracked_table_{opened.topic()}_{len(ids)}",
        selection_default={"selection": {"rows": open_row}},
        column_config={
            **topic_columns.shared(effects),
            "sure": st.column_config.TextColumn(
                _("How sure"),
                width=100,
                help=_("How likely a counted review belongs, on average, and how many of your answers that rests on"),
            ),
        },
    )
    picked = chosen["selection"]["rows"]
    if picked != open_row:
        opened.open_topic(ids[picked[0]] if picked else "")
        st.rerun()
    if not open_row:
        st.caption(_("Choose a row: confirm its doubtful reviews and read the others."))


def _labelled(
    points: pd.DataFrame, listed: Sequence[Mapping[str, Any]]
) -> tuple[pd.DataFrame, list[dict[str, object]]]:
    """Units with a tracked topic as their cluster (its place in the list, −1 for none), once for each they are in."""
    inside = [points[entry["column"]].notna().to_numpy() for entry in listed]
    parts = [points[mask].assign(cluster=i) for i, mask in enumerate(inside)]
    parts.append(points[~np.any(inside, axis=0)].assign(cluster=-1))
    topics: list[dict[str, object]] = [{"id": i, "name": entry["name"]} for i, entry in enumerate(listed)]
    return pd.concat(parts), topics


def _sure(entry: Mapping[str, Any]) -> str:
    answers = entry["definition"]["answers"]
    sure = "–" if entry["sure"] is None else f"{entry['sure']:.0%}"
    return f"{sure} · " + _("{n} checked").format(n=answers) if answers else sure


def _undo() -> None:
    """A line after something was made or removed, with the way back."""
    step = opened.undo()
    if step is None or step[0] != state.current().analysis:
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="tracked_undo_line"):
        st.markdown(plain(step[3], 200), width="stretch")
        st.button(_("Undo"), key="tracked_undo", icon=":material/undo:", on_click=_take_back, args=(step,))
        st.button(_("Dismiss"), key="tracked_dismiss", type="tertiary", on_click=opened.set_undo, args=(None,))


def _take_back(step: tuple[str, str, tuple[str, ...], str]) -> None:
    analysis, kind, ids, _said = step
    if not told.attempt(lambda: (tracked.remove if kind == "made" else tracked.restore)(analysis, ids)):
        return
    opened.set_undo(None)
    opened.open_topic(ids[0] if kind == "removed" and len(ids) == 1 else "")

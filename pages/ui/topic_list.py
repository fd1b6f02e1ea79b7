"""The topic table: a row opens the topic's reviews and becomes a filter."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.ui import edits, figured, slices, state, topic_columns, topic_groups, topic_panel
from pages.ui.i18n import _, language
from pages.ui.reviews import show_reviews
from pages.ui.sure import stability_mark
from pages.ui.table import table as show_table
from pipelines.figures import topic_table
from pipelines.store.reader import Bundle


def show(bundle: Bundle) -> None:
    """The table of all topics that the other filters leave; a row is a filter, and its reviews stand below."""
    st.subheader(_("Topics"))
    edits.last_change(bundle)
    points = state.without(bundle, "cluster")
    digest = state.digest(bundle, leave=("cluster",))
    table = slices.reckoned("topic table", digest, lambda: topic_table(points, bundle.summary["topics"]))
    table = table[table["reviews"] > 0].sort_values(
        ["pinned", "reviews", "id"], ascending=[False, False, True], kind="stable"
    )
    # What has no topic comes last, however much it is.
    table = pd.concat([table[table["id"] >= 0], table[table["id"] < 0]]).reset_index(drop=True)
    if not (table["id"] >= 0).any():
        st.info(_("No topic was found: there are too few reviews that say similar things."))
        show_reviews(points, bundle, key="all_reviews")
        return
    table = topic_groups.pick(bundle, table)
    has_rating = bool(table["rating"].notna().any())
    effects = figured.impact_of(bundle, points, leave=("cluster",))
    moves = figured.trends_of(bundle, points, leave=("cluster",))
    none = _("no clear topic")
    cells = slices.reckoned(
        f"topic cells/{language()}/{table['id'].tolist()}", digest, lambda: topic_columns.figures(table, effects, moves)
    )
    shown = cells.assign(
        name=table["name"].where(~table["pinned"], "▲ " + table["name"]).where(table["id"] >= 0, none),
        stability=table["stability"].map(stability_mark),
    )
    columns = topic_columns.order(
        has_rating=has_rating, effects=effects, moves=moves, has_mentions=topic_columns.has_mentions(bundle)
    )
    # Topics that a person's own column gave were never found, so nothing says how sure they are.
    columns += ["stability"] if table["stability"].notna().any() else []
    open_id = state.topic()
    open_row = table.index[table["id"] == open_id].tolist()
    chosen = show_table(
        shown,
        hide_index=True,
        column_order=columns,
        height="content" if len(shown) <= 12 else 460,
        on_select="rerun",
        selection_mode="single-row",
        # A new key for each choice: the widget then starts from what the filters say, also when a chip was removed.
        key=f"topics_{open_id}_{len(table)}_{len(points)}_{bundle.key[-16:]}",
        selection_default={"selection": {"rows": open_row}},
        column_config={
            **topic_columns.shared(effects),
            "stability": st.column_config.TextColumn(
                _("How sure"),
                width=75,
                help=_(
                    "Stability: how much of the topic comes back when a tenth of the reviews is left "
                    "out (1 = all of it)"
                ),
            ),
        },
    )
    rows = chosen["selection"]["rows"]
    if rows != open_row:
        state.choose_topic(int(table["id"].iloc[rows[0]]) if rows else None)
        st.rerun()
    if open_row:
        topic_panel.show(
            bundle, points, int(table["id"].iloc[open_row[0]]), str(table["name"].iloc[open_row[0]]) or none
        )
    else:
        st.caption(_("Choose a row: its reviews open here, and every page shows this topic."))

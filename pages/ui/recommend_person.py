"""A person: what they write about and like, items for them with reasons, and people like them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from pages.ui import charts, recommend_parts
from pages.ui.behind import Figures, behind
from pages.ui.csv_button import csv_button
from pages.ui.escape import plain
from pages.ui.i18n import _, n_
from pages.ui.recommend_parts import Known
from pages.ui.reviews import reviews_dialog
from pages.ui.table import picked
from pages.ui.theme import theme_name
from pipelines import palette, recommend
from pipelines.errors import UnusableInput
from pipelines.store.reader import Bundle

KEY = "recommend_user"
MOST_TOPICS = 12
SURELY = 0.999


def show(bundle: Bundle, known: Known) -> None:
    """Draw the tab."""
    user = _choose(known)
    if user is None:
        return
    tastes = known.tastes
    units = recommend.units_of(tastes, user)
    points = bundle.points.iloc[units]
    n = int(points["row_id"].nunique())
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if st.button(n_("{n} review", "{n} reviews", n), key="recommend_read", icon=":material/format_quote:"):
            reviews_dialog(points, bundle, plain(tastes.users[user]), "recommend_read_cards")
        items = n_("of {n} item", "of {n} items", len(tastes.pairs_of(user)))
        st.caption(items, width="content")
    _taste(bundle, known, user)
    st.subheader(_("Items for this person"))
    ranker, measured = recommend_parts.ranker(bundle, known)
    listed = recommend.for_person(known.history, user, ranker)
    if not listed:
        st.info(_("This person has reviewed every item."))
    else:
        recommend_parts.show_items(bundle, known, listed, key="recommend_for", name="recommended")
        st.caption(recommend_parts.said_of_ranker(ranker, measured))
    _alike(known, user)


def _choose(known: Known) -> int | None:
    tastes = known.tastes
    asked = recommend_parts.asked_person()
    if asked is not None:
        st.session_state[KEY] = asked
    elif st.session_state.get(KEY) not in tastes.users and isinstance(st.session_state.get(KEY), str):
        # Another analysis's person, or one that was typed and is not there.
        typed = st.session_state.pop(KEY)
        try:
            st.session_state[KEY] = tastes.users[tastes.user(typed)]
        except UnusableInput:
            st.warning(_("Nobody here is called “{name}”.").format(name=plain(typed)))
    counts = np.bincount(tastes.pair_user, minlength=len(tastes.users)).tolist()
    chosen = recommend_parts.choose_name(_("Person"), tastes.users, counts, KEY)
    return tastes.users.index(chosen) if chosen in tastes.users else None


def _taste(bundle: Bundle, known: Known, user: int) -> None:
    st.subheader(_("What they write about, and like"))
    topics = recommend.topics_of(known.tastes, bundle.points, [user])
    if topics.empty:
        st.caption(_("None of this person’s reviews has a clear topic."))
        return
    clicked = charts.show(_figure(topics.head(MOST_TOPICS)), "recommend_taste", name="taste")
    st.caption(
        _(
            "Stars, or the sentiment where there are none, against this person’s usual ones: right is liked better, "
            "left worse. Lines: 95 % intervals; few reviews say little. Click a dot to read them."
        )
    )
    chosen = behind("taste", lambda: _figures(topics), key="recommend_taste_table", picks=True)
    at = chosen if clicked is None else int(clicked["customdata"][0])  # type: ignore[index]
    if at is not None:
        points = bundle.points.iloc[recommend.units_of(known.tastes, user)]
        part = points[points["cluster"] == int(topics["id"].iloc[at])]
        title = f"{plain(known.tastes.users[user])} · {plain(str(topics['name'].iloc[at]))}"
        reviews_dialog(part, bundle, title, "recommend_topic_cards")


def _figure(topics: pd.DataFrame) -> go.Figure:
    theme = theme_name()
    scale, grey = palette.DIVERGING[theme], palette.GREYS[theme]
    at = np.arange(len(topics))
    sure = (topics["low"] > 0) | (topics["high"] < 0)
    colours = np.where(sure, np.where(topics["liking"] > 0, scale[-1], scale[0]), grey["other"])
    figure = go.Figure()
    for row, (low, high, colour) in enumerate(zip(topics["low"], topics["high"], colours, strict=True)):
        figure.add_shape(type="line", x0=low, x1=high, y0=row, y1=row, line={"color": colour, "width": 2})
    said = [
        f"{charts.escape(str(name))}<br>{n_('{n} review', '{n} reviews', n)}<br>{value:+.2f} ({low:+.2f} … {high:+.2f})"
        for name, n, value, low, high in topics[["name", "reviews", "liking", "low", "high"]].itertuples(
            index=False, name=None
        )
    ]
    figure.add_scatter(
        x=topics["liking"],
        y=at,
        mode="markers",
        marker={"color": colours, "size": np.clip(9 + 2 * topics["reviews"], 10, 22)},
        customdata=np.stack([at.astype(object), np.array(said, dtype=object)], axis=1),
        hovertemplate="%{customdata[1]}<extra></extra>",
        unselected={"marker": {"opacity": 1}},
    )
    labels = [f"{charts.short(str(name))} · {n} " for name, n in zip(topics["name"], topics["reviews"], strict=True)]
    figure.update_layout(showlegend=False)
    figure.update_yaxes(
        tickvals=at, ticktext=labels, range=[len(topics) - 0.4, -0.6], showgrid=False, zeroline=False, fixedrange=True
    )
    figure.update_xaxes(
        title=_("← worse than usual · better →"), zeroline=True, zerolinecolor=grey["missing"], fixedrange=True
    )
    return charts.layout(figure, 90 + 30 * len(topics))


def _figures(topics: pd.DataFrame) -> Figures:
    return Figures(
        pd.DataFrame(
            {
                _("Topic"): topics["name"],
                _("Reviews"): topics["reviews"],
                _("Against their usual"): topics["liking"].round(2),
                _("from"): topics["low"].round(2),
                _("to"): topics["high"].round(2),
            }
        )
    )


def _alike(known: Known, user: int) -> None:
    st.subheader(_("People like this one"))
    tastes = known.tastes
    found = recommend.similar(known.history, user)
    if found.empty:
        st.caption(_("Nobody else has reviewed two items or more."))
        return
    frame = pd.DataFrame(
        {
            "user": [tastes.users[other] for other in found["user"]],
            "likeness": found["likeness"].round(2),
            "above": [f"{share:.1%}" if share < SURELY else f"> {SURELY:.1%}" for share in found["above"]],
            "shared": [
                _("{n}, of one mind on {agree}").format(n=shared, agree=agree) if shared else "0"
                for shared, agree in zip(found["shared"], found["agree"], strict=True)
            ],
            "reviews": found["reviews"],
        }
    )
    row = picked(
        frame,
        key="recommend_alike",
        height="content",
        column_config={
            "user": st.column_config.TextColumn(_("Person"), width=160, pinned=True),
            "likeness": st.column_config.NumberColumn(
                _("Likeness"), format="%.2f", width=70, help=_("Cosine of what the two write about: 1 is the same")
            ),
            "above": st.column_config.TextColumn(
                _("More alike than"), width=95, help=_("Of random pairs of people in this file")
            ),
            "shared": st.column_config.TextColumn(_("Items of both"), width=150),
            "reviews": st.column_config.NumberColumn(_("Items"), format="localized", width=60),
        },
    )
    st.caption(
        _("By what they write about, not by how they like it; people with two items or more. Choose a row to see them.")
    )
    csv_button(frame, "people-alike", key="recommend_alike_csv")
    if row is not None:
        recommend_parts.open_person(str(frame["user"].iloc[row]))

"""Topics under their themes: the list beside the map, and the choice of a theme above the topic table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from pages.ui import slices, state
from pages.ui.escape import plain
from pages.ui.i18n import _, n_
from pages.ui.topic_columns import has_mentions
from pipelines.granularity import themes_of
from pipelines.store.reader import Bundle
from pipelines.view import Filter

_PICKED = "theme_picked"


def themes(bundle: Bundle) -> list[dict[str, Any]]:
    """The bundle's themes as shown, found now where it has none yet."""
    return _themes(bundle.key, bundle)


@st.cache_resource(max_entries=16, show_spinner=False)
def _themes(key: str, _bundle: Bundle) -> list[dict[str, Any]]:
    return themes_of(_bundle)


def of_theme(theme: Mapping[str, Any]) -> Filter:
    """The filter that leaves a theme's topics."""
    return Filter("cluster", "in", tuple(int(topic) for topic in theme["topics"]))


def chosen(found: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """The theme that the view is filtered to."""
    return next((theme for theme in found if state.has_filter(of_theme(theme))), None)


def pick(bundle: Bundle, table: pd.DataFrame) -> pd.DataFrame:
    """A choice of theme above the topic table, and the table's rows of the one chosen."""
    # A theme of one topic is that topic, which stands in the table anyway.
    found = [theme for theme in themes(bundle) if len(theme["topics"]) > 1]
    if not found:
        return table
    names = {int(theme["id"]): str(theme["name"]) for theme in found}
    now = chosen(found)
    st.session_state[_PICKED] = None if now is None else int(now["id"])
    st.pills(
        _("Themes"),
        list(names),
        format_func=lambda one: plain(names[one], 60),
        key=_PICKED,
        on_change=_take,
        args=(found,),
        help=_("Groups of topics that speak of similar things. Choose one to see its topics only."),
    )
    return table if now is None else table[table["id"].isin(now["topics"])].reset_index(drop=True)


def _take(found: Sequence[Mapping[str, Any]]) -> None:
    picked = st.session_state[_PICKED]
    others = tuple(item for item in state.current().filters if item.column != "cluster")
    chosen_ = [of_theme(theme) for theme in found if int(theme["id"]) == picked]
    state.change(filters=(*others, *chosen_))


def listed(bundle: Bundle, points: pd.DataFrame) -> None:
    """Buttons, one a topic with its reviews, each a filter; under its theme where there are themes."""
    mentions = points["cluster"].value_counts().to_dict() if has_mentions(bundle) else {}
    shown = sorted(
        (topic for topic in bundle.summary["topics"] if not topic.get("hidden")), key=lambda one: not one.get("pinned")
    )
    topics = {int(topic["id"]): str(topic["name"]) for topic in shown}
    pinned = {int(topic["id"]) for topic in shown if topic.get("pinned")}
    found = themes(bundle)
    counts, totals = slices.reckoned(
        "topics and themes", slices.digest(bundle, state.current().filters), lambda: _sizes(points, found, set(topics))
    )
    placed = {topic for theme in found for topic in theme["topics"]}
    for theme in found:
        inside = [topic for topic in topics if topic in theme["topics"] and counts.get(topic, 0)]
        if len(inside) < 2:
            # A theme of one topic is that topic.
            placed -= set(inside)
            continue
        st.button(
            f"**{plain(str(theme['name']), 60)}** · {totals[int(theme['id'])]:,}",
            key=f"map_theme_{theme['id']}",
            type="tertiary",
            on_click=state.add_filter,
            args=(of_theme(theme),),
            help=_("Show the reviews of these topics"),
        )
        with st.container(key=f"map_theme_topics_{theme['id']}", gap="xsmall"):
            for topic in inside:
                _button(topic, topics[topic], counts[topic], mentions.get(topic), pinned=topic in pinned)
    for topic, name in topics.items():
        if topic not in placed and counts.get(topic, 0):
            _button(topic, name, counts[topic], mentions.get(topic), pinned=topic in pinned)
    if counts.get(-1, 0):
        _button(-1, _("no clear topic"), counts[-1], mentions.get(-1))


def _sizes(
    points: pd.DataFrame, found: Sequence[Mapping[str, Any]], shown: set[int]
) -> tuple[dict[int, int], dict[int, int]]:
    """Reviews of each topic, and of each theme, where one that speaks of several of its topics counts once."""
    reviews = points.groupby("cluster")["row_id"].nunique()
    inside = {int(one["id"]): points["cluster"].isin(shown.intersection(one["topics"])) for one in found}
    of_theme = {theme: points.loc[is_in, "row_id"].nunique() for theme, is_in in inside.items()}
    return dict(zip(reviews.index.tolist(), reviews.tolist(), strict=True)), of_theme


def _button(topic: int, name: str, reviews: int, mentions: int | None = None, *, pinned: bool = False) -> None:
    also = "" if mentions is None else " · " + n_("{n} mention", "{n} mentions", mentions)
    st.button(
        f"{plain(name, 60)} · {reviews:,}{also}",
        key=f"map_topic_{topic}",
        type="tertiary",
        icon=":material/keep:" if pinned else None,
        on_click=state.add_filter,
        args=(Filter("cluster", "is", topic),),
        help=_("Show its reviews"),
    )

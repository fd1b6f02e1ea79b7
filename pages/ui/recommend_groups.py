"""Groups of people on a map, by what they write about: what each group talks about more than the others."""

from __future__ import annotations

from concurrent.futures import Future

import numpy as np
import pandas as pd
import plotly.graph_objects as go_
import streamlit as st

from pages.ui import charts, go, recommend_parts, state
from pages.ui.behind import Figures, behind
from pages.ui.csv_button import csv_button
from pages.ui.escape import plain
from pages.ui.i18n import _, n_
from pages.ui.recommend_parts import Known
from pages.ui.reviews import reviews_dialog
from pages.ui.sure import stability_mark
from pages.ui.table import picked
from pages.ui.theme import theme_name
from pipelines import palette, recommend
from pipelines.recommend import Groups
from pipelines.recommend.groups import LEAST_PEOPLE, LEAST_REVIEWS, MOST_PEOPLE, reviews_of
from pipelines.store.reader import Bundle

POLL_S = 2.0
WAIT_S = 8.0
NAMED, NAME_CHARS = 2, 28
"""Topics that name a group, and how much of each."""


def show(bundle: Bundle, known: Known) -> None:
    """Draw the tab."""
    future: Future[Groups | None] = recommend.grouped(bundle, known.history)
    try:
        with st.spinner(_("Looking for groups of people …")):
            found = future.result(timeout=WAIT_S)
    except TimeoutError:
        _wait(bundle, known)
        return
    if found is None:
        said = _("Fewer than {least} people have reviewed {items} items or more: too few for a map of people.")
        st.info(said.format(least=LEAST_PEOPLE, items=LEAST_REVIEWS))
        return
    told = recommend.told(found, known.tastes, bundle.points)
    names = _names(told, len(found.stability))
    clicked = charts.show(_figure(known, found, names), "recommend_people", name="people")
    _caption(known, found)
    behind("people", lambda: _people(known, found, names), key="recommend_people_table")
    if clicked is not None:
        recommend_parts.open_person(known.tastes.users[int(clicked["customdata"][0])])  # type: ignore[index]
    _table(bundle, known, found, told, names)


@st.fragment(run_every=POLL_S)
def _wait(bundle: Bundle, known: Known) -> None:
    if recommend.grouped(bundle, known.history).done():
        st.rerun()
    st.caption(_("The groups are being looked for."))


def _names(told: pd.DataFrame, groups: int) -> list[str]:
    """Each group by the topics that it speaks of most beyond the others."""
    names = []
    for group in range(groups):
        part = told[(told["group"] == group) & (told["more"] > 0)] if len(told) else told
        said = [shortened(str(name)) for name in part["name"].head(NAMED)] if len(part) else []
        names.append(f"{group + 1} · " + (" + ".join(said) or _("no topic of its own")))
    return names


def shortened(name: str) -> str:
    """A topic's name as a part of a group's."""
    return name if len(name) <= NAME_CHARS else name[: NAME_CHARS - 1] + "…"


def _figure(known: Known, found: Groups, names: list[str]) -> go_.Figure:
    theme = theme_name()
    colours, page = palette.CATEGORIES[theme], palette.GREYS[theme]["page"]
    count = np.bincount(known.tastes.pair_user, minlength=len(known.tastes.users))
    figure = go_.Figure()
    for group, name in enumerate(names):
        inside = np.flatnonzero(found.label == group)
        people = found.people[inside]
        said = [
            charts.escape(known.tastes.users[person]) + "<br>" + n_("{n} item", "{n} items", int(count[person]))
            for person in people.tolist()
        ]
        figure.add_scatter(
            x=found.xy[inside, 0],
            y=found.xy[inside, 1],
            mode="markers",
            marker={"color": colours[group % len(colours)], "size": 7, "line": {"color": page, "width": 0.5}},
            name=charts.escape(name),
            customdata=np.stack([people.astype(object), np.array(said, dtype=object)], axis=1),
            hovertemplate="%{customdata[1]}<extra></extra>",
            unselected={"marker": {"opacity": 1}},
        )
    figure.update_xaxes(visible=False, fixedrange=True)
    figure.update_yaxes(visible=False, fixedrange=True, scaleanchor="x")
    return charts.layout(figure, 520, legend={"y": -0.02, "yanchor": "top"})


def _caption(known: Known, found: Groups) -> None:
    people = n_("{n} person", "{n} people", len(found.people))
    said = _(
        "{people} who reviewed {least} items or more, near each other where they write about the same. Click a dot to "
        "see the person. Directions and distances across the map mean nothing."
    )
    st.caption(said.format(people=people, least=LEAST_REVIEWS))
    if len(found.people) >= MOST_PEOPLE:
        st.caption(_("Only the {n} who reviewed most are shown.").format(n=f"{MOST_PEOPLE:,}"))


def _people(known: Known, found: Groups, names: list[str]) -> Figures:
    count = np.bincount(known.tastes.pair_user, minlength=len(known.tastes.users))
    return Figures(
        pd.DataFrame(
            {
                _("Person"): [known.tastes.users[person] for person in found.people.tolist()],
                _("Group"): [names[group] for group in found.label.tolist()],
                _("Items"): count[found.people],
            }
        )
    )


def _table(bundle: Bundle, known: Known, found: Groups, told: pd.DataFrame, names: list[str]) -> None:
    st.subheader(_("What each group talks about"))
    sizes = np.bincount(found.label, minlength=len(names))
    frame = pd.DataFrame(
        {
            "group": names,
            "people": sizes,
            "reviews": [
                reviews_of(known.tastes, bundle.points, found.people[found.label == group])
                for group in range(len(names))
            ],
            "sure": [stability_mark(float(value)) for value in found.stability],
        }
    )
    row = picked(
        frame,
        key="recommend_groups",
        height="content",
        column_config={
            "group": st.column_config.TextColumn(_("Group"), width=330),
            "people": st.column_config.NumberColumn(_("People"), format="localized", width=65),
            "reviews": st.column_config.NumberColumn(_("Reviews"), format="localized", width=65),
            "sure": st.column_config.TextColumn(
                _("How sure"),
                width=75,
                help=_("Stability: how much of the group comes back when a tenth of the people is left out (1 = all)"),
            ),
        },
    )
    if row is not None:
        st.session_state["recommend_group"] = row
    chosen = min(int(st.session_state.get("recommend_group", 0)), len(names) - 1)
    _group(bundle, known, found, told, chosen, names[chosen])


def _group(bundle: Bundle, known: Known, found: Groups, told: pd.DataFrame, group: int, name: str) -> None:
    """One group: its topics with intervals, its reviews, and its place on the map of reviews."""
    tastes = known.tastes
    inside = np.isin(tastes.pair_user[tastes.unit_pair], found.people[found.label == group])
    points = bundle.points.iloc[np.sort(tastes.unit[inside])]
    st.markdown(f"**{plain(name)}** · " + n_("{n} person", "{n} people", int((found.label == group).sum())))
    with st.container(horizontal=True, gap="small"):
        n = int(points["row_id"].nunique())
        if st.button(n_("{n} review", "{n} reviews", n), key="recommend_group_read", icon=":material/format_quote:"):
            reviews_dialog(points, bundle, f"{_('Group')} {group + 1}", "recommend_group_cards")
        if st.button(_("Show on the map"), key="recommend_group_map", icon=":material/bubble_chart:"):
            units = tuple(int(unit) for unit in points["unit_id"])
            go.to("pages/main/map.py", lambda: state.change(selection=units))
    part = told[(told["group"] == group) & (told["n"] > 0)] if len(told) else told
    if part.empty:
        st.caption(_("None of this group’s reviews has a clear topic."))
        return
    frame = pd.DataFrame(
        {
            "topic": part["name"].to_numpy(),
            "n": part["n"].to_numpy(),
            "here": [f"{x:.0%} ({a:.0%}–{b:.0%})" for x, a, b in part[["share", "low", "high"]].to_numpy()],
            "elsewhere": [f"{x:.0%}" for x in part["elsewhere"]],
            "liking": part["liking"].round(2).to_numpy(),
        }
    )
    picked_topic = picked(
        frame,
        key=f"recommend_group_topics_{group}",
        height="content" if len(frame) <= 12 else 460,
        column_config={
            "topic": st.column_config.TextColumn(_("Topic"), width=190, pinned=True),
            "n": st.column_config.NumberColumn(_("Reviews"), format="localized", width=62),
            "here": st.column_config.TextColumn(_("Here"), width=120, help=_("Share of its reviews, 95 % interval")),
            "elsewhere": st.column_config.TextColumn(
                _("Elsewhere"), width=70, help=_("Share of the reviews of all other groups")
            ),
            "liking": st.column_config.NumberColumn(
                _("Liked"), format="%+.2f", width=60, help=_("Against what these people usually say: above 0 is better")
            ),
        },
    )
    st.caption(
        _(
            "The groups were made from these very texts, so that they differ in topics is no discovery: the shares "
            "say what each is about."
        )
    )
    csv_button(frame, "group-topics", key="recommend_group_csv")
    if picked_topic is not None:
        topic = int(part["topic"].iloc[picked_topic])
        about = points[points["cluster"] == topic]
        reviews_dialog(about, bundle, plain(str(part["name"].iloc[picked_topic])), "recommend_group_topic_cards")

"""Two models on the same reviews: how far they agree, their maps on each other, and what moves most."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from pages.ui import charts, data, lab_job, lab_reader, shell, state
from pages.ui.behind import Figures, behind
from pages.ui.check_odd import snippet
from pages.ui.escape import plain
from pages.ui.i18n import _, n_
from pages.ui.lab_reader import number, percent
from pages.ui.reviews import by_ids, show_reviews
from pages.ui.table import picked
from pages.ui.theme import theme_name
from pipelines import palette
from pipelines.errors import DamagedBundle
from pipelines.lab import compared, two_models
from pipelines.lab.kinds import COMPARE
from pipelines.lab.two_models import Compared
from pipelines.store import library
from pipelines.store.reader import Bundle

_MODEL = "lab_second_model"
_MOST_MOVED = 50
_COLOURS = 8
_OPENED = "lab_moved_opened"


def show(bundle: Bundle) -> None:
    """Draw the tab."""
    st.markdown(
        _(
            "Another model sees other things as alike. Here a second model reads the same reviews: how many of each "
            "review's nearest do both give, and which reviews stand elsewhere on its map?"
        )
    )
    mine = _names()
    ways = ["model", *(["analysis"] if mine else [])]
    way = st.segmented_control(
        _("Compare with"),
        ways,
        default="model",
        required=True,
        format_func=lambda name: {"model": _("A model of this computer"), "analysis": _("Another analysis")}[name],
        key="lab_models_way",
    )
    found, other = _by_model(bundle) if way == "model" else _by_analysis(bundle, mine)
    if found is not None:
        _told(found, bundle, other)


def _names() -> dict[str, str]:
    """Other analyses of the library, with their labels."""
    infos = [info for info in library.list_analyses() if not info.is_draft and info.id != state.current().analysis]
    labels = shell.labels(infos)
    return {info.id: labels[info.id] for info in infos}


def _by_model(bundle: Bundle) -> tuple[Compared | None, str]:
    own = str(bundle.identity.get("name", ""))
    usual = [name for name in compared.listed(state.current().analysis) if name != own]
    is_free = compared.may_name_any()
    kept = st.session_state.get("lab_second_kept", usual[0])
    if not is_free and kept not in usual:
        # Chosen for another analysis.
        kept = usual[0]
    other = st.selectbox(
        _("The second model"),
        list(dict.fromkeys([*usual, kept])),
        index=list(dict.fromkeys([*usual, kept])).index(kept),
        accept_new_options=is_free,
        key=_MODEL,
        help=_("Or type st: and the folder of a sentence-transformers model, such as one adapted here.")
        if is_free
        else None,
    )
    other = str(other or usual[0]).strip()
    st.session_state["lab_second_kept"] = other
    analysis = state.current().analysis
    if lab_job.follow(COMPARE, analysis):
        return None, other
    found = compared.kept(analysis, bundle.id, other)
    most = n_("{n} review is read", "{n} reviews are read", min(compared.MOST_COMPARED, len(bundle.points)))
    said = _("Compare anew") if found else _("Compare")
    is_asked = st.button(said, key="lab_compare", icon=":material/compare_arrows:")
    if is_asked and lab_job.start(lambda: compared.spec(analysis, bundle, other)):
        st.rerun()
    if found is None:
        st.caption(most + " " + _("on this computer, at most; that takes a minute or so, and goes on by itself."))
    return found, other


def _by_analysis(bundle: Bundle, mine: dict[str, str]) -> tuple[Compared | None, str]:
    chosen = st.selectbox(_("The other analysis"), list(mine), format_func=mine.__getitem__, key="lab_second_analysis")
    path = library.latest_bundle(str(chosen))
    if path is None:
        return None, ""
    try:
        other = data.bundle_at(str(path))
        found = _of_bundles(bundle.key, str(path), bundle, other)
    except DamagedBundle as error:
        st.error(plain(error.translated(_), 1000), icon=":material/error:")
        return None, ""
    if found is None:
        st.info(
            _("The two have too few texts in common: it takes {n}. Run the same file again with another model.").format(
                n=two_models.LEAST
            )
        )
    return found, lab_reader.name_of(other)


@st.cache_data(max_entries=8, show_spinner=False)
def _of_bundles(key: str, path: str, _bundle: Bundle, _other: Bundle) -> Compared | None:
    return two_models.of_bundles(_bundle, _other)


def _told(found: Compared, bundle: Bundle, other: str) -> None:
    all_in_all = two_models.agreement(found)
    with st.container(horizontal=True):
        st.metric(
            _("Nearest that both give"),
            percent(all_in_all.shared),
            border=True,
            help=_("Of each review's {k} nearest, the mean share that both models give.").format(k=found.k),
        )
        st.metric(
            _("Moved, in the middle"),
            number(all_in_all.moved),
            border=True,
            help=_(
                "How far half of the reviews lie from their place at least, in widths of the map, after the second map "
                "was turned and scaled onto the first (Procrustes)."
            ),
        )
    st.caption(
        _("{low}–{high} with 95% certainty; by chance {chance}.").format(
            low=percent(all_in_all.low), high=percent(all_in_all.high), chance=percent(found.by_chance)
        )
        + " "
        + n_("{n} review compared.", "{n} reviews compared.", all_in_all.n)
        + " "
        + (
            _("The same model's map made anew moves {x} in the middle: so much is the layout's own chance.").format(
                x=number(found.again)
            )
            if found.again == found.again
            else _("A part of what moves is the layout's own chance; that is not measured between two analyses.")
        )
    )
    first = lab_reader.name_of(bundle)
    left, right = st.columns(2)
    with left:
        st.markdown(f"**{plain(first)}**")
        _map(found, bundle, second=False)
    with right:
        st.markdown(f"**{plain(other)}**")
        _map(found, bundle, second=True)
    st.caption(_("Coloured by the topics of the open analysis, the largest ones; grey: the others and none."))
    _topics(found, bundle)
    _moved(found, bundle)


def _map(found: Compared, bundle: Bundle, *, second: bool) -> None:
    theme = theme_name()
    points = bundle.points.loc[found.units]
    cluster = points["cluster"].to_numpy()
    largest = points.loc[cluster >= 0, "cluster"].value_counts().index.tolist()[:_COLOURS]
    names = dict(zip(points["cluster"].tolist(), points["topic"].tolist(), strict=True))
    places = found.aligned if second else found.places
    figure = go.Figure()
    for i, topic in enumerate([None, *largest]):
        own = ~points["cluster"].isin(largest).to_numpy() if topic is None else cluster == topic
        colour = palette.GREYS[theme]["missing"] if topic is None else palette.CATEGORIES[theme][i - 1]
        name = _("others") if topic is None else str(names[topic])
        figure.add_scattergl(
            x=places[own, 0],
            y=places[own, 1],
            mode="markers",
            name=charts.short(name),
            marker={"color": colour, "size": 4},
            customdata=found.units[own],
            text=[charts.escape(snippet(text)) for text in points["text"][own]],
            hovertemplate="%{text}<extra></extra>",
        )
    for axis in (figure.update_xaxes, figure.update_yaxes):
        axis(visible=False)
    figure.update_yaxes(scaleanchor="x")
    figure.update_layout(showlegend=False)
    key = "second" if second else "first"
    point = charts.show(charts.layout(figure, 380), f"lab_map_{key}", name=f"two-models-{key}")
    if point is not None:
        st.session_state[_OPENED] = int(point["customdata"])  # type: ignore[call-overload]


def _topics(found: Compared, bundle: Bundle) -> None:
    topics = {int(topic["id"]): str(topic["name"]) for topic in bundle.summary["topics"] if not topic.get("hidden")}
    rows = two_models.by_topic(found, bundle.points["cluster"].to_numpy()[found.units], list(topics))
    if not rows:
        return
    st.subheader(_("Topics that the second model holds together least"))
    frame = pd.DataFrame(
        {
            _("Topic"): [topics[topic] for topic, _n, _shared, _moved in rows],
            _("Reviews compared"): [n for _topic, n, _shared, _moved in rows],
            _("Nearest that both give"): [percent(shared) for _topic, _n, shared, _moved in rows],
            _("Moved, in the middle"): [number(moved) for _topic, _n, _shared, moved in rows],
        }
    )
    behind("two-models-topics", lambda: Figures(frame), key="lab_models_topics")


def _moved(found: Compared, bundle: Bundle) -> None:
    st.subheader(_("What moved most"))
    order = (-found.moved).argsort(kind="stable")[:_MOST_MOVED]
    points = by_ids(bundle.points, found.units[order].tolist())
    frame = pd.DataFrame(
        {
            _("Review"): [snippet(str(text)) for text in points["text"]],
            _("Topic"): points["topic"],
            _("Moved"): [number(value) for value in found.moved[order]],
            _("Nearest that both give"): [percent(float(value)) for value in found.shared[order]],
        }
    )
    chosen = picked(frame, key="lab_moved", height=300)
    if chosen is not None:
        st.session_state[_OPENED] = int(found.units[order[chosen]])
    opened = st.session_state.get(_OPENED)
    if opened is None or opened not in found.units:
        st.caption(_("Choose a row, or click a point of a map, to read the review."))
        return
    show_reviews(by_ids(bundle.points, [opened]), bundle, key="lab_moved_review")

"""How many numbers a review needs (Matryoshka): neighbours kept against dimension, as a chart and as a table."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from pages.ui import charts, data, shell, state
from pages.ui.behind import take_along
from pages.ui.escape import plain
from pages.ui.i18n import _, n_
from pages.ui.models.reads import said
from pages.ui.sizes import in_words
from pages.ui.table import table
from pages.ui.theme import theme_name
from pipelines import palette
from pipelines.embed import dimensions
from pipelines.embed.dimensions import Agreement
from pipelines.errors import DamagedBundle
from pipelines.store import library

_AT_ONCE_BYTES = 200 * 2**20
"""Vectors up to this size are compared without being asked to."""


def show() -> None:
    """Draw the section for an analysis of the library."""
    st.subheader(_("Fewer numbers per review"))
    st.markdown(
        _(
            "A model gives each review hundreds of numbers. Some models are trained so that the first of them serve "
            "nearly as well (Matryoshka dimensions): smaller files, a quicker search. Below, on your own reviews: of "
            "the ten most similar reviews, how many are still found with fewer numbers."
        )
    )
    # A draft's vectors are its stand-in's, not the model's.
    infos = {info.id: info for info in library.list_analyses() if not info.is_draft}
    if not infos:
        st.info(_("There is no analysis yet. With one, the comparison stands here."))
        st.page_link("pages/main/open.py", label=_("Use my file"), icon=":material/upload_file:")
        return
    labels = shell.labels(list(infos.values()))
    opened = state.current().analysis
    chosen = st.selectbox(
        _("Analysis to compare"),
        list(infos),
        index=list(infos).index(opened) if opened in infos else 0,
        format_func=labels.__getitem__,
        key="fewer_analysis",
    )
    path = library.latest_bundle(chosen)
    try:
        if path is not None:
            _compare(str(path))
    except DamagedBundle as error:
        st.error(plain(error.translated(_), 1000), icon=":material/error:")


def _compare(path: str) -> None:
    bundle = data.bundle_at(path)
    identity = dict(bundle.manifest["embedder"])
    name = str(identity.get("name", "?"))
    if not dimensions.can_be_cut(identity):
        st.info(
            _("{model} joins several kinds of numbers side by side: cut short, it would lose whole kinds.").format(
                model=plain(name)
            )
        )
        return
    if bundle.vectors.nbytes > _AT_ONCE_BYTES and not st.session_state.get(f"compare_{bundle.id}"):
        if not st.button(_("Compare"), key=f"compare_button_{bundle.id}"):
            return
        st.session_state[f"compare_{bundle.id}"] = True
    with st.spinner(_("Comparing neighbours …")):
        found = _agreement(path)
    if found is None or len(found.dims) < 2:
        st.info(_("Too few reviews, or too few numbers each, to compare."))
        return
    _advice(found, identity)
    left, right = st.columns(2)
    with left:
        _chart(found)
    with right:
        _table(found, bundle.vectors.nbytes)
    st.caption(
        n_("Measured on {n} different review", "Measured on {n} different reviews", found.sampled)
        + " "
        + _("of {total}, each against all others; the band holds the mean with 95% certainty.").format(
            total=f"{found.total:,}"
        )
    )


@st.cache_data(max_entries=32, show_spinner=False)
def _agreement(path: str) -> Agreement | None:
    """Of the distinct reviews of a bundle, which never changes."""
    bundle = data.bundle_at(path)
    kept = bundle.state("graph")["representatives"] if "graph" in bundle.state_names else slice(None)
    return dimensions.agreement(np.ascontiguousarray(bundle.vectors[kept], dtype=np.float32))


def _advice(found: Agreement, identity: dict[str, object]) -> None:
    told = plain(said(dimensions.recommendation(found)), 300)
    trained = dimensions.is_trained(identity)
    name = plain(str(identity.get("name", "?")))
    how = (
        _("The model {model} is trained for it.").format(model=name)
        if trained
        else _("The model {model} is not trained for it and loses more than one that is.").format(model=name)
    )
    st.markdown(f"**{told}** {how}")
    if found.recommended != found.native:
        st.caption(_("On the command line: {option}").format(option=f"`--dim {found.recommended}`"))


def _chart(found: Agreement) -> None:
    colour = palette.CATEGORIES[theme_name()][0]
    dims = list(found.dims)
    figure = go.Figure()
    figure.add_scatter(
        x=[*dims, *reversed(dims)],
        y=[*found.high, *reversed(found.low)],
        fill="toself",
        line={"width": 0},
        fillcolor=colour,
        opacity=0.2,
        hoverinfo="skip",
        showlegend=False,
    )
    figure.add_scatter(
        x=dims,
        y=found.kept,
        mode="lines+markers",
        line_color=colour,
        marker_size=[14 if dim == found.recommended else 8 for dim in dims],
        hovertemplate="%{x}: %{y:.1%}<extra></extra>",
        showlegend=False,
    )
    figure.add_hline(y=dimensions.ENOUGH, line_dash="dot", line_color=palette.GREYS[theme_name()]["other"])
    figure.update_layout(height=320, margin={"l": 8, "r": 8, "t": 8, "b": 8}, dragmode=False)
    figure.update_xaxes(title=_("Numbers per review"), type="log", tickvals=dims, ticktext=[str(dim) for dim in dims])
    figure.update_yaxes(title=_("Neighbours kept"), tickformat=".0%", range=[0, 1.04])
    st.plotly_chart(figure, key="fewer_chart", config=charts.config("fewer-numbers"), width="stretch")


def _table(found: Agreement, size: int) -> None:
    """size: bytes of all vectors of the analysis, repeated reviews' among them."""
    sizes = [size * dim // found.native for dim in found.dims]
    frame = pd.DataFrame(
        {
            _("Numbers"): list(found.dims),
            _("Neighbours kept"): [f"{kept:.1%}" for kept in found.kept],
            _("Size"): [in_words(left) for left in sizes],
            _("Saved"): [in_words(size - left) for left in sizes],
        }
    )
    table(frame, key="fewer_table")
    take_along(frame, "fewer-numbers", key="fewer")

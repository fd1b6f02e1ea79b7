"""How far the map may be believed: the line below it, the warning when it misleads, and the one for a region."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from pages.ui import state
from pages.ui.i18n import _
from pipelines import trust
from pipelines.store.reader import Bundle

COLOUR = "map_trust"


def known(bundle: Bundle) -> Bundle:
    """The bundle with the trust of its map; computed here, once, for one that was made before there was any."""
    return bundle if trust.COLUMN in bundle.points else _known(bundle.key, bundle)


@st.cache_resource(max_entries=4, show_spinner=False)
def _known(key: str, _bundle: Bundle) -> Bundle:
    return trust.of_bundle(_bundle)


def column(colour: str, dims: int, points: pd.DataFrame) -> str:
    """The column behind a colour: trust is another one for the map in three dimensions."""
    deep = trust.column_of(dims)
    return deep if colour == COLOUR and deep in points else colour


def line(bundle: Bundle, dims: int) -> None:
    """One honest sentence below the map, and how it was counted."""
    entry = bundle.summary.get(trust.SUMMARY)
    found = (entry or {}).get("deep" if dims == 3 else "flat") or {}
    # Places of the person's own mean what they say, not likeness.
    if not entry or found.get("share") is None or _own_places(bundle):
        return
    share = float(found["share"])
    said = _("On this map {n} of 100 reviews have mostly their true neighbours around them.").format(
        n=round(share * 100)
    )
    is_poor = share < trust.POOR
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="map_trust"):
        if is_poor:
            mark = _("This map misleads")
            advice = _("Read the reviews before you conclude anything from what stands close together.")
            st.markdown(f":orange-badge[:material/warning: {mark}] {said} {advice}", width="stretch")
        else:
            st.caption(said, width="content")
        with st.popover(_("how"), type="tertiary", icon=":material/help:"):
            _how(entry, found)
            if state.current().colour != COLOUR:
                st.button(
                    _("Show it on the map"),
                    key="map_trust_colour",
                    icon=":material/palette:",
                    on_click=state.change,
                    kwargs={"colour": COLOUR},
                )


def _how(entry: dict[str, Any], found: dict[str, Any]) -> None:
    st.markdown(
        _(
            "For each review the {k} nearest on the map are looked at. A neighbour counts fully when it is among the "
            "{k} most similar of all reviews, by meaning, and less the further down it ranks; from rank {reach} on it "
            "counts as none. A review has mostly its true neighbours around it from one half on."
        ).format(k=entry["k"], reach=entry["reach"])
    )
    st.markdown(
        _("Mean of all reviews: {mean}. Kept together of what is similar (continuity): {continuity}.").format(
            mean=f"{found['mean']:.2f}", continuity="–" if found["continuity"] is None else f"{found['continuity']:.2f}"
        )
    )
    st.caption(
        _("Trustworthiness and continuity after Venna and Kaski (2001), with ranks cut off where likeness ends.")
    )


def region(bundle: Bundle, part: pd.DataFrame, dims: int) -> None:
    """A warning above the reviews of a selected region where the map misleads."""
    if not _own_places(bundle) and trust.misleads(part, trust.column_of(dims)):
        share = round(trust.share_true(part, trust.column_of(dims)) * 100)
        said = _(
            "Reviews here are less alike than they look: only {n} of 100 have mostly their true neighbours around them."
        )
        st.warning(said.format(n=share), icon=":material/warning:")


def _own_places(bundle: Bundle) -> bool:
    return bool((bundle.summary.get("given") or {}).get("places"))

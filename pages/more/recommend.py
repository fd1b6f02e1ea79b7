"""Recommend: what people like, who is like them, and what they may like next; where the file names users and items."""

import streamlit as st

from pages.ui import (
    recommend_groups,
    recommend_item,
    recommend_measured,
    recommend_new,
    recommend_parts,
    recommend_person,
    shell,
    state,
)
from pages.ui.i18n import _, language

bundle = shell.current_bundle()
st.title(_("Recommend"))
st.caption(
    _(
        "Who wrote what is personal data: names are shown on this page only, and go with no link to a view. All "
        "reviews of the analysis count here."
    )
    + (" " + _("The filters do not apply on this page.") if state.current().filters else "")
)
known = recommend_parts.known(bundle)
if known is not None:
    tabs = {
        recommend_parts.PERSON: lambda: recommend_person.show(bundle, known),
        recommend_parts.NEW: lambda: recommend_new.show(bundle, known),
        recommend_parts.ITEM: lambda: recommend_item.show(bundle, known),
        recommend_parts.GROUPS: lambda: recommend_groups.show(bundle, known),
        recommend_parts.MEASURED: lambda: recommend_measured.show(bundle, known),
    }
    names = recommend_parts.tab_names()
    key = f"recommend_tab_{language()}"
    recommend_parts.turn_to_asked(key)
    # Only the open tab is drawn: the others take time.
    for tab, draw in zip(st.tabs([names[one] for one in tabs], key=key, on_change="rerun"), tabs.values(), strict=True):
        if tab.open:
            with tab:
                draw()

"""Check: can these results be trusted? Odd reviews, duplicates, stars against text, what was left out, a spot check."""

import streamlit as st

from pages.ui import check_contradictions, check_left_out, check_odd, check_repeated, check_spot, chips, shell, state
from pages.ui.i18n import _, language

bundle = shell.current_bundle()
chosen, points = state.in_focus(bundle)

st.title(_("Check"))
chips.bar(bundle)
draw = {
    _("Odd reviews"): lambda: check_odd.show(bundle, points),
    _("Duplicates"): lambda: check_repeated.show(bundle, points),
    _("Stars against text"): lambda: check_contradictions.show(bundle, points),
    _("Left out"): lambda: check_left_out.show(bundle),
    _("Spot check"): lambda: check_spot.show(bundle, chosen, points),
}
# Only the open tab is drawn: the others' figures cost time, and the spot check's keys are its own.
for tab, show in zip(st.tabs(list(draw), key=f"check_tab_{language()}", on_change="rerun"), draw.values(), strict=True):
    if tab.open:
        with tab:
            show()

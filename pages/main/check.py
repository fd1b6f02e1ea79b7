"""Check: can these results be trusted? Odd reviews, duplicates, stars against text, what was left out."""

import streamlit as st

from pages.ui import check_contradictions, check_tabs, chips, shell, state
from pages.ui.i18n import _

bundle = shell.current_bundle()
chosen, points = state.in_focus(bundle)

st.title(_("Check"))
chips.bar(bundle)
tabs = st.tabs([_("Odd reviews"), _("Duplicates"), _("Stars against text"), _("Left out")])
with tabs[0]:
    check_tabs.odd(bundle, points)
with tabs[1]:
    check_tabs.repeated(bundle, points)
with tabs[2]:
    check_contradictions.show(bundle, points)
with tabs[3]:
    check_tabs.left_out(bundle)
